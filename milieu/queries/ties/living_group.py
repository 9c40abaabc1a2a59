"""One living group's ties, for who plans: all that its page shows."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from milieu.database import DbSession
from milieu.errors import NotFound
from milieu.models import Resident, Tie
from milieu.models.ties import HOPED
from milieu.queries.residents.people import Person, Unit, people_of, units_of
from milieu.queries.residents.stays import Stays, stays_of
from milieu.queries.ties.answers import MEET, TIE, put_off
from milieu.queries.ties.bonds import Bond, Pair, bonds_of, closest
from milieu.queries.ties.help import Help, in_common
from milieu.queries.ties.likely import LOOKED_BACK, Likely, likely, often_together
from milieu.queries.ties.likings import gatherings_of, likings_of
from milieu.queries.ties.measures import (
    LEAST_MEASURED,
    Bridge,
    Drawn,
    Measured,
    bridges,
    measured,
    weeks_drawn,
    weeks_measured,
)
from milieu.queries.ties.together import LATELY, Meeting, meetings, times_together


@dataclass(frozen=True)
class LivingGroupLine:
    """A living group in the list of all: how many live in it, and how many of them have no tie in it."""

    unit: Unit
    people: int
    alone: int


@dataclass(frozen=True)
class LivingGroupShown:
    """A living group on a day. `members` are in walking order, `outside` are the others who are tied to one of them.

    `bonds` are all ties of members that hold, `shown` is what of them does good, one a pair. `together`: how often each
    two members were in one small group in the last four weeks. `weeks` is empty where the group is small. `drawn`
    are the ties among the members week by week, those of today last. `likely` are members who may have
    become close, which nobody has answered yet.
    """

    unit: Unit
    members: tuple[Person, ...]
    outside: tuple[Person, ...]
    bonds: tuple[Bond, ...]
    shown: Mapping[Pair, Bond]
    together: Mapping[Pair, int]
    alone: tuple[Help, ...]
    bridges: tuple[Bridge, ...]
    now: Measured
    weeks: tuple[Measured, ...]
    drawn: tuple[Drawn, ...]
    likely: tuple[Likely, ...]

    @property
    def people(self) -> Mapping[str, Person]:
        """Everybody whom the page names, by id."""
        return {person.id: person for person in (*self.members, *self.outside)}


def living_group_lines(
    db: DbSession, community_id: str, *, today: date, seen_by: Collection[str]
) -> tuple[LivingGroupLine, ...]:
    """Every living group that there is now, in the order in which they are walked."""
    units = units_of(db, community_id)
    people = people_of(db, community_id, today, units)
    bonds = bonds_of(db, community_id, seen_by=seen_by)
    lines = []
    for unit in units:
        members = [person.id for person in people.values() if person.unit == unit]
        lines.append(LivingGroupLine(unit, len(members), measured(members, bonds, today).alone))
    return tuple(lines)


def show_living_group(
    db: DbSession, community_id: str, living_group_id: str, *, today: date, seen_by: Collection[str]
) -> LivingGroupShown:
    """Raises NotFound where there is no such living group now. `seen_by`: whose ties are shown (`bonds`)."""
    units = units_of(db, community_id)
    unit = next((each for each in units if each.id == living_group_id), None)
    if unit is None:
        raise NotFound("There is no such living group.")
    people = people_of(db, community_id, today, units)
    members = sorted((each for each in people.values() if each.unit == unit), key=lambda each: each.walking_key)
    ids = {person.id for person in members}
    ever = bonds_of(db, community_id, seen_by=seen_by)
    bonds = tuple(bond for bond in ever if bond.holds_on(today) and bond.pair & ids and bond.pair <= people.keys())
    shown = closest(bonds, today)
    own = {pair for pair in shown if pair <= ids}
    held = meetings(db, community_id, today - LOOKED_BACK, today - timedelta(days=1))
    lately = [meeting for meeting in held if meeting.on_date >= today - LATELY]
    edge = {who for bond in bonds for who in bond.pair} - ids
    stays = stays_of(db, community_id)
    lived = _lived_in(db, community_id, living_group_id, stays)
    now = measured(ids, bonds, today)
    is_measured = now.people >= LEAST_MEASURED
    return LivingGroupShown(
        unit,
        tuple(members),
        tuple(sorted((people[who] for who in edge), key=lambda each: each.walking_key)),
        bonds,
        shown,
        {pair: count for pair, count in times_together(lately).items() if pair <= ids},
        _alone(db, community_id, members, bonds, stays, today),
        bridges([person.id for person in members], own),
        now,
        weeks_measured(lived, stays, ever, today) if is_measured else (),
        weeks_drawn([person.id for person in members], stays, ever, today),
        _likely(db, community_id, members, ever, held, today),
    )


def require_living_group(db: DbSession, community_id: str, living_group_id: str) -> None:
    """Raises NotFound where the community has no such living group now."""
    if not any(unit.id == living_group_id for unit in units_of(db, community_id)):
        raise NotFound("There is no such living group.")


def require_tie(db: DbSession, community_id: str, living_group_id: str, tie_id: str) -> None:
    """Raises NotFound where neither of the two of a tie lives in this living group of the community."""
    pair = select(Tie.resident_id, Tie.other_id).where(Tie.community_id == community_id, Tie.id == tie_id)
    found = db.execute(pair).one_or_none()
    members = select(Resident.id).where(
        Resident.community_id == community_id, Resident.living_group_id == living_group_id, Resident.id.in_(found or ())
    )
    if db.scalar(members.limit(1)) is None:
        raise NotFound("There is no such tie.")


def _likely(
    db: DbSession,
    community_id: str,
    members: Sequence[Person],
    ever: Sequence[Bond],
    held: Sequence[Meeting],
    today: date,
) -> tuple[Likely, ...]:
    """Members who are often together and of whom no tie was ever noted, but for those that were put off."""
    answered = put_off(db, community_id, TIE, today=today)
    declined = {frozenset((one, other)) for one, other, _activity in answered if other}
    noted = {bond.pair for bond in ever if bond.kind not in HOPED}
    often = often_together(held, but=declined | noted)
    if not often:
        return ()
    people = {person.id: person for person in members}
    likings = likings_of(db, community_id, people.keys(), today)
    return likely(often, people, likings, gatherings_of(db, community_id, today))


def _lived_in(db: DbSession, community_id: str, living_group_id: str, stays: Mapping[str, Stays]) -> tuple[str, ...]:
    rows = db.scalars(
        select(Resident.id).where(Resident.community_id == community_id, Resident.living_group_id == living_group_id)
    )
    return tuple(who for who in rows if who in stays)


def _alone(
    db: DbSession,
    community_id: str,
    members: Sequence[Person],
    bonds: Sequence[Bond],
    stays: Mapping[str, Stays],
    today: date,
) -> tuple[Help, ...]:
    """Those members who have no tie within the group, and what might help."""
    ids = {person.id for person in members}
    tied = frozenset[str]().union(*(bond.pair for bond in bonds if bond.is_close and bond.pair <= ids))
    left = [person for person in members if person.id not in tied]
    if not left:
        return ()
    likings = likings_of(db, community_id, ids, today)
    activities = gatherings_of(db, community_id, today)
    people = {person.id: person for person in members}
    unfit = {bond.pair for bond in bonds}
    declined = {who for who, other, _activity in put_off(db, community_id, MEET, today=today) if other is None}
    found = []
    for person in left:
        hopes = [bond for bond in bonds if bond.kind in HOPED and person.id in bond.pair and bond.pair <= ids]
        asks = not (hopes or likings[person.id].asks_none or person.id in declined)
        found.append(
            Help(
                person,
                stays[person.id].newly_come(today) if person.id in stays else None,
                likings[person.id].asks_none,
                in_common(person, members, likings, activities, unfit) if asks else None,
                tuple(sorted((people[bond.of(person.id)] for bond in hopes), key=lambda each: each.walking_key)),
                max((bond.expires_on for bond in hopes if bond.expires_on), default=None),
                is_put_off=person.id in declined,
            )
        )
    return tuple(found)
