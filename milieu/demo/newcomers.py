"""Who is new in the demo: the lists are of one day for ever, but people move in all the time."""

from datetime import date, timedelta

from sqlalchemy import select, update

from milieu.database import DbSession
from milieu.models import Resident, Stay, Wish
from milieu.queries.residents.stays import lives_here, stays_of

CAME_AGO = (timedelta(days=5), timedelta(days=9))


def move_in_lately(db: DbSession, community_id: str, *, today: date) -> int:
    """Let the guests of some weeks who came last in the lists have come in the last days; how many there are.

    What they wish for was said since. So that a neighbour and groups to meet, and what is still to be asked, can be
    tried on any day.
    """
    spans = {who: stays.spans for who, stays in stays_of(db, community_id).items()}
    here = select(Resident.id).where(
        Resident.community_id == community_id, Resident.is_short_stay, lives_here(today, today)
    )
    guests = [who for who in db.scalars(here.order_by(Resident.key)) if len(spans[who]) == 1 and not spans[who][0][1]]
    guests.sort(key=lambda who: spans[who][0][0], reverse=True)
    for who, ago in zip(guests, CAME_AGO, strict=False):
        day = max(spans[who][0][0], today - ago)
        mine = Stay.community_id == community_id, Stay.resident_id == who
        db.execute(update(Stay).where(*mine).values(arrived_on=day))
        for wish in db.scalars(select(Wish).where(Wish.community_id == community_id, Wish.resident_id == who)):
            wish.said_on = wish.said_on and max(wish.said_on, day)
    db.flush()
    return min(len(guests), len(CAME_AGO))
