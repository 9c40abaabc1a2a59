"""What people have in common: what they like, the part of the day they like, who lives next door."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import ColumnElement, select

from milieu.database import DbSession
from milieu.models import Activity, Refusal, Resident, Wish
from milieu.models.validity import is_there, is_valid_within
from milieu.queries.residents.pasts import KINDS, Pasts
from milieu.queries.residents.people import Person
from milieu.queries.residents.wishes import holding_wishes
from milieu.queries.ties.together import SMALL
from milieu.reasons import LIKED

PARTS = ("morning", "afternoon", "evening")
LIKES_TIME = 1
CORRIDOR = 2
"""So many rooms further along the same corridor somebody still lives close by."""


@dataclass(frozen=True)
class Liking:
    """What a resident likes: activities with how much, and parts of the day. `asks_none`: asked for no invitations.

    `needs_familiar`: goes only where somebody is whom they know. `pasts`: languages, origins and trades they have.
    """

    activities: Mapping[str, int] = field(default_factory=dict)
    times: frozenset[str] = frozenset()
    asks_none: bool = False
    needs_familiar: bool = False
    pasts: Pasts = field(default_factory=dict)


def likings_of(db: DbSession, community_id: str, of: Collection[str], today: date) -> Mapping[str, Liking]:
    """What each of these residents likes on a day, by what counts of their wishes, less what they said no to."""
    wishes: dict[str, list[Wish]] = defaultdict(list)
    for row in db.execute(
        select(Wish.id, Wish.resident_id, Wish.activity_id, Wish.strength, Wish.said_by, Wish.said_on).where(
            Wish.community_id == community_id, Wish.resident_id.in_(of), *_holds(Wish, today)
        )
    ):
        wishes[row.resident_id].append(row)  # type: ignore[arg-type]
    noes = {
        (row.resident_id, row.activity_id)
        for row in db.execute(
            select(Refusal.resident_id, Refusal.activity_id).where(
                Refusal.community_id == community_id,
                Refusal.resident_id.in_(of),
                Refusal.activity_id.is_not(None),
                *_holds(Refusal, today),
            )
        )
    }
    rows = db.execute(
        select(
            Resident.id,
            Resident.times,
            Resident.sessions_max,
            Resident.needs_familiar,
            Resident.languages,
            Resident.origins,
            Resident.trades,
        ).where(Resident.community_id == community_id, Resident.id.in_(of))
    )
    return {
        row.id: Liking(
            {
                activity: wish.strength
                for activity, wish in holding_wishes(wishes[row.id]).items()
                if wish.strength >= LIKED and (row.id, activity) not in noes
            },
            frozenset(part for part in PARTS if (row.times or {}).get(part, 0) >= LIKES_TIME),
            row.sessions_max == 0,
            row.needs_familiar,
            {kind: tuple(getattr(row, kind)) for kind in KINDS},
        )
        for row in rows
    }


def _holds(table: type[Wish] | type[Refusal], day: date) -> tuple[ColumnElement[bool], ...]:
    return (is_valid_within(table, day, day),)


@dataclass(frozen=True)
class Gathering:
    """An activity that brings people together; in a small one they meet."""

    name: str
    is_small: bool


def gatherings_of(db: DbSession, community_id: str, today: date) -> Mapping[str, Gathering]:
    """The activities that are for more than one person, open to all, and still are, by id."""
    rows = db.execute(
        select(Activity.id, Activity.name, Activity.max_group).where(
            Activity.community_id == community_id,
            Activity.max_group > 1,
            Activity.is_closed.is_(False),
            is_there(Activity, today),
        )
    )
    return {row.id: Gathering(row.name, row.max_group <= SMALL) for row in rows}


def lives_close(person: Person, other: Person) -> bool:
    """Whether two live within a few doors of each other in one living group."""
    if person.unit != other.unit or not (person.room and other.room):
        return False
    one, two = person.walking_key[1], other.walking_key[1]
    numbers = [part[0] for part in one if part[0] >= 0], [part[0] for part in two if part[0] >= 0]
    words = [part[1] for part in one if part[0] < 0], [part[1] for part in two if part[0] < 0]
    if words[0] != words[1] or not numbers[0] or len(numbers[0]) != len(numbers[1]):
        return one == two
    return numbers[0][:-1] == numbers[1][:-1] and abs(numbers[0][-1] - numbers[1][-1]) <= CORRIDOR
