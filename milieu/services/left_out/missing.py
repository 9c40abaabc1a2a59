"""What somebody may miss in a week. Read from what is drafted or published, what was marked, and what is known of them.

Nothing here judges: who wants no invitations misses none, and who is here for a part of the week is told as nothing.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import select

from milieu.database import DbSession
from milieu.models import Wish
from milieu.models.validity import is_valid_within
from milieu.queries.programme.asked import Asked
from milieu.queries.residents.stays import stays_of
from milieu.queries.residents.wishes import holding_wishes
from milieu.queries.ties.bonds import DIRECTOR, bonds_of, closest
from milieu.queries.week.people_out import Share
from milieu.queries.week.weeks import DAYS, Card
from milieu.reasons import LOVED

NOTHING, LITTLE, UNLOVED, UNKNOWN, REFUSED, NEW = KINDS = (
    "nothing",  # invited to nothing
    "little",  # to less than they wish for
    "unloved",  # to something, and to nothing that they love
    "unknown",  # to groups, and to none with anybody whom they are known to like
    "refused",  # said no to everything that they were asked to of late
    "new",  # just come, and asked to fewer groups than makes a choice
)
FEWEST_NOES = 3
"""So many noes, and not one yes, are a no to everything: fewer may be chance."""
MET = 3
"""Who has just come should have met so many groups."""


@dataclass(frozen=True)
class Known:
    """What is known of a resident in a week: what they love, whom they like, and since when they live here."""

    loved: frozenset[str] = frozenset()
    friends: frozenset[str] = frozenset()
    arrived: date | None = None


NOBODY = Known()


@dataclass(frozen=True)
class Before:
    """What became of the weeks before: how often a resident said yes and no, and which groups they were asked to."""

    yes: int = 0
    no: int = 0
    groups: frozenset[str] = field(default=frozenset())


def known_of(db: DbSession, community_id: str, week_start: date) -> Mapping[str, Known]:
    """What holds in a week, by resident; of ties all that a director may see. Three queries."""
    last = week_start + timedelta(days=DAYS - 1)
    wishes: dict[str, list[Wish]] = defaultdict(list)
    for row in db.execute(
        select(Wish.id, Wish.resident_id, Wish.activity_id, Wish.strength, Wish.said_by, Wish.said_on).where(
            Wish.community_id == community_id,
            is_valid_within(Wish, week_start, last),
        )
    ):
        wishes[row.resident_id].append(row)  # type: ignore[arg-type]
    friends: dict[str, set[str]] = defaultdict(set)
    for bond in closest(bonds_of(db, community_id, seen_by=DIRECTOR), last).values():
        friends[bond.one].add(bond.other)
        friends[bond.other].add(bond.one)
    return {
        who: Known(
            frozenset(what for what, wish in holding_wishes(wishes[who]).items() if wish.strength >= LOVED),
            frozenset(friends[who]),
            stays.newly_come(last),
        )
        for who, stays in stays_of(db, community_id).items()
    }


def before_week(
    asked: Iterable[Asked], answers: Mapping[tuple[str, str], str], groups: frozenset[str]
) -> dict[str, Before]:
    """Of sessions that were held: `answers` are outcomes by (ref, resident), `groups` the activities that are such."""
    yes, no = Counter[str](), Counter[str]()
    met: dict[str, set[str]] = defaultdict(set)
    for session in asked:
        for who in session.residents:
            outcome = answers.get((session.ref, who))
            yes[who] += outcome == "attended"
            no[who] += outcome == "declined"
            if session.activity_id in groups:
                met[who].add(session.activity_id)
    return {who: Before(yes[who], no[who], frozenset(met[who])) for who in yes.keys() | no.keys() | met.keys()}


def missing_in(
    people: Iterable[Share], cards: Sequence[Card], known: Mapping[str, Known], before: Mapping[str, Before]
) -> dict[str, tuple[str, ...]]:
    """The kinds that are true of each resident of a week, in the order of KINDS; who misses nothing is left out.

    `cards` are the sessions that are held. Who asked for quiet, and who is here for a part of the week, misses nothing.
    """
    own: dict[str, list[Card]] = defaultdict(list)
    for card in cards:
        for place in card.places:
            own[place.resident_id].append(card)
    found = {}
    for person in people:
        if person.wants_none or person.is_part:
            continue
        who = person.resident_id
        kinds = tuple(_kinds(person, own[who], known.get(who, NOBODY), before.get(who, Before())))
        if kinds:
            found[who] = kinds
    return found


def _kinds(person: Share, own: Sequence[Card], known: Known, before: Before) -> Iterable[str]:
    groups = [card for card in own if not card.is_visit]
    if not own:
        yield NOTHING
    elif person.is_short:
        yield LITTLE
    if own and known.loved and not any(card.activity_id in known.loved for card in own):
        yield UNLOVED
    if groups and not any(place.resident_id in known.friends for card in groups for place in card.places):
        yield UNKNOWN
    if before.no >= FEWEST_NOES and not before.yes:
        yield REFUSED
    if known.arrived and len(before.groups | {card.activity_id for card in groups}) < MET:
        yield NEW
