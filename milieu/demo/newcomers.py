"""Who is new in the demo: the lists are of one day for ever, but people move in all the time."""

from datetime import date, timedelta

from sqlalchemy import select

from milieu.database import DbSession
from milieu.models import Resident, Wish

CAME_AGO = (timedelta(days=5), timedelta(days=9))


def move_in_lately(db: DbSession, community_id: str, *, today: date) -> int:
    """Let the guests of some weeks who came last in the lists have come in the last days; how many there are.

    What they wish for was said since. So that a neighbour and groups to meet, and what is still to be asked, can be
    tried on any day.
    """
    guests = [
        each
        for each in db.scalars(
            select(Resident).where(Resident.community_id == community_id, Resident.is_short_stay).order_by(Resident.key)
        )
        if len(each.stays) == 1 and each.left_on is None and each.arrived_on <= today
    ]
    guests.sort(key=lambda each: each.arrived_on, reverse=True)
    for guest, ago in zip(guests, CAME_AGO, strict=False):
        day = max(guest.arrived_on, today - ago)
        guest.arrived_on = day
        for wish in db.scalars(select(Wish).where(Wish.community_id == community_id, Wish.resident_id == guest.id)):
            wish.said_on = wish.said_on and max(wish.said_on, day)
    db.flush()
    return min(len(guests), len(CAME_AGO))
