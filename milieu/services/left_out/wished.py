"""Which loved activities a week leaves without whom: wishes that stay open, told before the week is published."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from milieu.database import DbSession
from milieu.models import Activity
from milieu.models.validity import is_there
from milieu.queries.ties.likings import likings_of
from milieu.queries.week.people_out import Share
from milieu.queries.week.weeks import Card
from milieu.reasons import LOVED


@dataclass(frozen=True)
class OpenWish:
    """An activity that some love and are not invited to this week: `lovers` is how many love it, `times` how often it
    is on; `people` are those whom it is without.
    """

    title: str
    lovers: int
    times: int
    people: tuple[Share, ...]


def open_wishes(
    db: DbSession, community_id: str, week_start: date, cards: Sequence[Card], people: Sequence[Share]
) -> tuple[OpenWish, ...]:
    """Of a week's sessions that are held (`cards`) and of those who live here (`people`); most people come first.

    Who said no to an activity for good, who wants no invitations, who has as many as they want at most, and who is here
    for a part of the week does not wish for more.
    """
    invited = {(card.activity_id, place.resident_id) for card in cards for place in card.places}
    likings = likings_of(db, community_id, [each.resident_id for each in people], week_start)
    lovers, without = defaultdict[str, int](int), defaultdict[str, list[Share]](list)
    for person in people:
        if person.wants_none or person.is_part:
            continue
        for what, strength in likings[person.resident_id].activities.items():
            if strength < LOVED:
                continue
            lovers[what] += 1
            if (what, person.resident_id) not in invited and not person.has_enough:
                without[what].append(person)
    going_on = select(Activity.id, Activity.name).where(
        Activity.community_id == community_id,
        Activity.id.in_(without),
        is_there(Activity, week_start),
    )
    found = [
        OpenWish(
            row.name,
            lovers[row.id],
            sum(card.activity_id == row.id for card in cards),
            tuple(sorted(without[row.id], key=lambda each: each.name)),
        )
        for row in db.execute(going_on)
    ]
    return tuple(sorted(found, key=lambda each: (-len(each.people), each.title)))
