"""One day on the floor: what is on, whom to ask in which order and how, and what has been marked."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from milieu.database import DbSession
from milieu.errors import NotFound
from milieu.models import Community, Tie
from milieu.queries.floor.bringing import ways_of
from milieu.queries.floor.changes import DayChange, changes_of_day
from milieu.queries.published.absent import absences_between
from milieu.queries.published.days import (
    Leader,
    Slot,
    base_sessions,
    day_sessions,
    invited_to,
    leaders_of,
    newest_places,
)
from milieu.queries.published.freshness import Freshness, freshness
from milieu.queries.published.marks import Held, Mark, held_of, marks_of
from milieu.queries.residents.people import Person, Unit, people_of, units_of


@dataclass(frozen=True)
class Guest:
    """Somebody invited to a session, or marked in it. `sits_well_with`: others invited to it, as they are called.

    `absent`: why they cannot be asked then, one of `published.absent.ABSENT_KINDS`; "" where they can.
    """

    person: Person
    is_invited: bool
    sits_well_with: tuple[str, ...]
    mark: Mark | None
    absent: str = ""

    @property
    def is_asked(self) -> bool:
        """Whether they are invited and can be asked."""
        return self.is_invited and not self.absent

    @property
    def outcome(self) -> str | None:
        """The outcome that holds, None where nothing is marked."""
        return None if self.mark is None else self.mark.outcome


@dataclass(frozen=True)
class DaySession:
    """A session with its guests in walking order.

    `ask_from` is when to begin inviting: how early follows from who needs a wheelchair or a helper, and from how far.
    `now_at` concerns a session that is shown for its marks only: where it is published now, None where it was taken
    out.
    """

    slot: Slot
    leaders: tuple[Leader, ...]
    guests: tuple[Guest, ...]
    ask_from: datetime
    held: Held | None
    now_at: Slot | None = None

    @property
    def is_off(self) -> bool:
        """Whether it was marked that it cannot be held."""
        return self.held is not None and self.held.was_held is False

    @property
    def invited(self) -> int:
        return sum(guest.is_invited for guest in self.guests)

    @property
    def asked(self) -> int:
        """How many of those invited can be asked."""
        return sum(guest.is_asked for guest in self.guests)

    @property
    def unmarked(self) -> int:
        """How many of those asked have no mark; of what is not held nothing is left to mark."""
        return 0 if self.is_off else sum(guest.is_asked and guest.outcome is None for guest in self.guests)

    @property
    def wheelchairs(self) -> int:
        """How many of those asked come in a wheelchair."""
        return sum(guest.is_asked and guest.person.wheelchair for guest in self.guests)

    @property
    def helpers(self) -> int:
        """How many of those asked need somebody to come along."""
        return sum(guest.is_asked and guest.person.escort for guest in self.guests)

    def is_over(self, moment: datetime) -> bool:
        return self.slot.ends_at <= moment

    def guest(self, resident_id: str) -> Guest | None:
        return next((guest for guest in self.guests if guest.person.id == resident_id), None)

    def of_unit(self, unit: Unit) -> tuple[Guest, ...]:
        return tuple(guest for guest in self.guests if guest.person.unit.id == unit.id)


@dataclass(frozen=True)
class StaffDay:
    """A local day for the staff.

    `sessions`: the day's publication by start; with a `unit`, those that concern it (each with all its guests).
    `moved`: sessions that the publication no longer has on this day, but that were marked for it. `changes`: what was
    published on this very day, of a unit for its people. `base`: the same weekday of an earlier week, where nothing is
    published for this one.
    """

    day: date
    as_of: datetime
    timezone: str
    units: tuple[Unit, ...]
    unit: Unit | None
    freshness: Freshness | None
    sessions: tuple[DaySession, ...]
    moved: tuple[DaySession, ...]
    changes: tuple[DayChange, ...]
    base: tuple[Slot, ...]

    @property
    def changes_at(self) -> datetime | None:
        """When the day next looks different by itself: people are to be asked, something begins or ends."""
        moments = {
            moment for each in self.sessions for moment in (each.ask_from, each.slot.starts_at, each.slot.ends_at)
        }
        return min((moment for moment in moments if moment > self.as_of), default=None)

    def session(self, ref: str) -> DaySession | None:
        """The session of that ref, held on this day or marked for it."""
        return next((each for each in (*self.sessions, *self.moved) if each.slot.ref == ref), None)


def staff_day(
    db: DbSession,
    community_id: str,
    today: date,
    now: datetime,
    living_group_id: str | None = None,
    *,
    day: date | None = None,
) -> StaffDay:
    """Today, or another `day`, of a community or of one of its living groups.

    Raises NotFound where there is no such community or living group.
    """
    shown = day or today
    timezone = db.scalars(select(Community.timezone).where(Community.id == community_id)).first()
    units = units_of(db, community_id)
    unit = next((unit for unit in units if unit.id == living_group_id), None)
    if timezone is None or (living_group_id is not None and unit is None):
        raise NotFound("There is no such living group.")
    fresh = freshness(db, community_id, shown, today, now)
    sessions, moved = _sessions(db, community_id, shown, units)
    return StaffDay(
        day=shown,
        as_of=now,
        timezone=timezone,
        units=units,
        unit=unit,
        freshness=fresh,
        sessions=_concerning(sessions, unit),
        moved=_concerning(moved, unit),
        changes=()
        if fresh is None
        else changes_of_day(db, community_id, shown, timezone, fresh.publication_id, units, unit),
        base=() if fresh is not None else base_sessions(db, community_id, shown),
    )


def _sessions(
    db: DbSession, community_id: str, day: date, units: tuple[Unit, ...]
) -> tuple[list[DaySession], list[DaySession]]:
    """The day's sessions, and those that are shown for their marks only."""
    slots = day_sessions(db, community_id, day)
    refs = {slot.ref for slot in slots}
    marks = marks_of(db, community_id, refs=refs, days=[day])
    held = held_of(db, community_id, refs=refs, days=[day])
    gone, now_at = newest_places(db, community_id, ({ref for ref, _ in marks} | held.keys()) - refs, day)
    ids = [slot.id for slot in (*slots, *gone)]
    invited, leaders = invited_to(db, community_id, ids), leaders_of(db, community_id, ids)
    people, friends = people_of(db, community_id, day, units), _companions(db, community_id, day)
    ways = ways_of(db, community_id, ids, day)
    everybody = {each for them in invited.values() for each in them}
    away = absences_between(db, community_id, day, day, everybody, marks.values())
    marked: dict[str, list[Mark]] = defaultdict(list)
    for mark in marks.values():
        marked[mark.session_ref].append(mark)

    def session(slot: Slot, asked: frozenset[str]) -> DaySession:
        absent = {each: kind for each in asked if (kind := away.kind(each, slot))}
        here = [people[each] for each in asked if each in people and each not in absent]
        ahead = ways.lead(here, slot.id, slot.on_date, slot.start_minute)
        guests = _guests(asked, marked[slot.ref], people, friends, absent)
        return DaySession(
            slot, leaders.get(slot.id, ()), guests, slot.starts_at - ahead, held.get(slot.ref), now_at.get(slot.ref)
        )

    return (
        [session(slot, invited.get(slot.id, frozenset())) for slot in slots],
        [session(slot, frozenset()) for slot in gone],
    )


def _guests(
    asked: frozenset[str],
    marks: Iterable[Mark],
    people: dict[str, Person],
    friends: dict[str, set[str]],
    absent: Mapping[str, str],
) -> tuple[Guest, ...]:
    """Who is invited, and who was marked without being invited (until that is taken back), in walking order."""
    by_id = {mark.resident_id: mark for mark in marks}
    shown = asked | {mark.resident_id for mark in by_id.values() if mark.outcome is not None}

    def guest(person: Person) -> Guest:
        others = (friends.get(person.id, set()) & asked & people.keys()) - absent.keys()
        well_with = tuple(sorted(people[each].called for each in others))
        return Guest(person, person.id in asked, well_with, by_id.get(person.id), absent.get(person.id, ""))

    here = sorted((people[each] for each in shown & people.keys()), key=lambda person: person.walking_key)
    return tuple(map(guest, here))


def _companions(db: DbSession, community_id: str, day: date) -> dict[str, set[str]]:
    """Whom each resident likes to be with, as far as the team may know."""
    rows = db.execute(
        select(Tie.resident_id, Tie.other_id).where(
            Tie.community_id == community_id,
            Tie.visibility == "team",
            Tie.is_apart.is_(False),
            Tie.kind != "meet",  # they might get on: nobody says yet that they do
            Tie.strength > 0,
            Tie.noted_on <= day,
            Tie.expires_on.is_(None) | (Tie.expires_on >= day),
        )
    )
    friends: dict[str, set[str]] = defaultdict(set)
    for one, other in rows:
        friends[one].add(other)
        friends[other].add(one)
    return friends


def _concerning(sessions: list[DaySession], unit: Unit | None) -> tuple[DaySession, ...]:
    """The sessions that have a guest of the unit, and those that are open to whoever drops in."""
    return tuple(
        each for each in sessions if unit is None or each.of_unit(unit) or not (each.guests or each.slot.is_visit)
    )
