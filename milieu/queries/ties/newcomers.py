"""Whom somebody who has just moved in might meet within two weeks: a neighbour and three groups, each with its reason.

A suggestion from what is known: rooms close by, languages and pasts, what people like. Nothing until somebody says yes.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from milieu.database import DbSession
from milieu.models import Activity, Limit, Refusal, Resident, Wish
from milieu.models.ties import HOPED
from milieu.models.validity import is_not_over
from milieu.queries.residents.pasts import Shared, shared_pasts
from milieu.queries.residents.people import Person, people_of, units_of
from milieu.queries.residents.stays import stays_of
from milieu.queries.residents.wishes import holding_wishes
from milieu.queries.ties.answers import GROUP, MEET, put_off
from milieu.queries.ties.bonds import DIRECTOR, Bond, bonds_of
from milieu.queries.ties.likings import Gathering, Liking, gatherings_of, likings_of, lives_close

MEETS = timedelta(days=14)
GROUPS = 3
_NEAR, _PAST, _LIKES = 2, 3, 1
"""What speaks for a neighbour: a room close by, a past in common, something that both like."""


@dataclass(frozen=True)
class Neighbour:
    """Somebody of the same living group to meet, and why: `activity` "" where both like nothing in common."""

    person: Person
    lives_close: bool
    shared: Shared | None
    activity: str
    is_hoped: bool = False


@dataclass(frozen=True)
class Group:
    """A group to meet. `is_liked`: they like it already. `likes`: so many of their living group do; `near` of them
    live close by or have a past in common with them. `like` is something they like of the same domain, "" where none.
    """

    activity_id: str
    name: str
    is_liked: bool
    likes: int
    near: tuple[Person, ...]
    like: str


@dataclass(frozen=True)
class Welcome:
    """What is proposed for somebody on a `day` of their stay; they are to have met until `until`."""

    person: Person
    day: int
    until: date
    neighbour: Neighbour | None
    groups: tuple[Group, ...]

    @property
    def is_open(self) -> bool:
        """Whether something waits for an answer."""
        is_asked = self.neighbour is not None and not self.neighbour.is_hoped
        return is_asked or any(not group.is_liked for group in self.groups)


def welcomes(
    db: DbSession, community_id: str, today: date, *, of: Collection[str] | None = None
) -> tuple[Welcome, ...]:
    """Those who came less than four weeks ago (or some of them) and did not ask for quiet, the newest last."""
    came = {
        who: day
        for who, stays in stays_of(db, community_id).items()
        if (of is None or who in of) and (day := stays.newly_come(today)) is not None and stays.is_here(today)
    }
    if not came:
        return ()
    people = people_of(db, community_id, today, units_of(db, community_id))
    likings = likings_of(db, community_id, people.keys(), today)
    known = _Known(
        people,
        likings,
        gatherings_of(db, community_id, today),
        tuple(bond for bond in bonds_of(db, community_id, seen_by=DIRECTOR) if bond.holds_on(today)),
        _domains(db, community_id),
        frozenset(put_off(db, community_id, MEET, today=today) | put_off(db, community_id, GROUP, today=today)),
    )
    kept = _kept_out(db, community_id, came.keys(), today)
    found = [
        _welcome(known, people[who], day, kept.get(who, frozenset()), today)
        for who, day in came.items()
        if who in people and not likings[who].asks_none
    ]
    return tuple(sorted(found, key=lambda each: (-each.day, each.person.walking_key)))


@dataclass(frozen=True)
class _Known:
    """What proposals are made from; `declined` are answers of "not now" and "never"."""

    people: Mapping[str, Person]
    likings: Mapping[str, Liking]
    gatherings: Mapping[str, Gathering]
    bonds: Sequence[Bond]
    domains: Mapping[str, Sequence[str]]
    declined: frozenset[tuple[str, str | None, str | None]]

    def members(self, person: Person) -> list[Person]:
        """The others of their living group, who have not asked to be left in peace."""
        return [
            other
            for other in self.people.values()
            if other.unit == person.unit and other.id != person.id and not self.likings[other.id].asks_none
        ]


def _welcome(known: _Known, person: Person, came_on: date, kept: Collection[str], today: date) -> Welcome:
    members = known.members(person)
    pasts = shared_pasts(person.id, {each.id: known.likings[each.id].pasts for each in (person, *members)})
    return Welcome(
        person,
        (today - came_on).days + 1,
        came_on + MEETS,
        _neighbour(known, person, members, pasts),
        _groups(known, person, members, pasts, kept),
    )


def _neighbour(
    known: _Known, person: Person, members: Sequence[Person], pasts: Mapping[str, Shared]
) -> Neighbour | None:
    """The one for whom most speaks, and of whom nothing is noted yet; whom a wish to meet is there for comes first."""
    own = {bond.of(person.id): bond.kind for bond in known.bonds if person.id in bond.pair}
    likings, mine = known.likings, known.likings[person.id]
    hoped = [other for other in members if own.get(other.id) in HOPED]
    free = [
        other
        for other in members
        if other.id not in own
        and not likings[other.id].needs_familiar
        and (person.id, other.id, None) not in known.declined
    ]

    def of(other: Person) -> Neighbour:
        both = mine.activities.keys() & likings[other.id].activities.keys() & known.gatherings.keys()
        activity = min((known.gatherings[each].name for each in both), default="")
        return Neighbour(other, lives_close(person, other), pasts.get(other.id), activity, other in hoped)

    def weight(each: Neighbour) -> int:
        return _NEAR * each.lives_close + _PAST * (each.shared is not None) + _LIKES * bool(each.activity)

    found = [each for each in map(of, hoped or free) if each.is_hoped or weight(each)]
    return min(found, key=lambda each: (-weight(each), each.person.walking_key), default=None)


def _groups(
    known: _Known, person: Person, members: Sequence[Person], pasts: Mapping[str, Shared], kept: Collection[str]
) -> tuple[Group, ...]:
    """Those they like, then those that most of their neighbours like, in small groups; at most three."""
    mine = known.likings[person.id].activities

    def of(activity: str) -> Group:
        fans = [other for other in members if activity in known.likings[other.id].activities]
        near = sorted(
            (other for other in fans if other.id in pasts or lives_close(person, other)),
            key=lambda other: other.walking_key,
        )
        same = sorted(
            known.gatherings[each].name
            for each in mine.keys() & known.gatherings.keys() - {activity}
            if set(known.domains.get(each, ())[:1]) & set(known.domains.get(activity, ()))
        )
        name = known.gatherings[activity].name
        return Group(activity, name, activity in mine, len(fans), tuple(near), same[0] if same else "")

    def weight(group: Group) -> tuple[bool, int, int, str]:
        many = group.likes + 2 * len(group.near)
        is_small = known.gatherings[group.activity_id].is_small
        return not group.is_liked, -(many * (2 if is_small else 1)) - 2 * bool(group.like), -len(group.near), group.name

    open_to = [
        of(activity)
        for activity in known.gatherings
        if activity not in kept and (person.id, None, activity) not in known.declined
    ]
    return tuple(sorted((each for each in open_to if each.is_liked or each.likes or each.like), key=weight)[:GROUPS])


def _domains(db: DbSession, community_id: str) -> dict[str, list[str]]:
    rows = db.execute(select(Activity.id, Activity.domains).where(Activity.community_id == community_id))
    return {row.id: list(row.domains) for row in rows}


def _kept_out(db: DbSession, community_id: str, of: Collection[str], today: date) -> dict[str, frozenset[str]]:
    """What each of them said no to, is kept from, does not like, or cannot do."""
    found: dict[str, set[str]] = {who: set() for who in of}
    for table in (Refusal, Limit):
        rows = db.execute(
            select(table.resident_id, table.activity_id).where(
                table.community_id == community_id,
                table.resident_id.in_(of),
                table.activity_id.is_not(None),
                is_not_over(table, today),
            )
        )
        for row in rows:
            found[row.resident_id].add(row.activity_id)
    wishes: dict[str, list[Wish]] = {who: [] for who in of}
    for wish in db.scalars(
        select(Wish).where(
            Wish.community_id == community_id,
            Wish.resident_id.in_(of),
            is_not_over(Wish, today),
        )
    ):
        wishes[wish.resident_id].append(wish)
    for who, held in wishes.items():
        found[who] |= {each for each, wish in holding_wishes(held).items() if wish.strength < 0}
    asks = db.execute(select(Activity.id, Activity.asks).where(Activity.community_id == community_id)).all()
    cannot = select(Resident.id, Resident.cannot).where(Resident.community_id == community_id, Resident.id.in_(of))
    for who, lacks in db.execute(cannot):
        found[who] |= {each.id for each in asks if set(each.asks) & set(lacks)}
    return {who: frozenset(each) for who, each in found.items()}
