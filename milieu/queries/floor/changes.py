"""What a day's publications changed against the one that held when the day began: by session, and for whom."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from milieu.calendar.weeks import monday_of
from milieu.causes import Cause, for_team
from milieu.database import DbSession
from milieu.models import Publication, PublishedSession
from milieu.queries.names import names_of
from milieu.queries.published.days import invited_to
from milieu.queries.published.kept import kept_changes
from milieu.queries.residents.people import Person, Unit, people_of


@dataclass(frozen=True)
class Placement:
    """Where and when a session is, in local time; minutes from midnight."""

    on_date: date
    start_minute: int
    end_minute: int
    space_id: str
    space: str


@dataclass(frozen=True)
class DayChange:
    """A session that is new (`was` None), gone (`now` None), at another time, in another space, or for other people.

    `left` are not expected any more, `came` are newly invited, `stayed` go with a session that moved; each in walking
    order. `is_open`: nobody is invited by name. `because` is what of the reasons the floor may be told.
    """

    ref: str
    title: str
    is_visit: bool
    was: Placement | None
    now: Placement | None
    left: tuple[Person, ...]
    came: tuple[Person, ...]
    stayed: tuple[Person, ...]
    is_open: bool
    because: tuple[Cause, ...] = ()

    @property
    def is_moved(self) -> bool:
        """Whether its day or start changed."""
        if self.was is None or self.now is None:
            return False
        return (self.was.on_date, self.was.start_minute) != (self.now.on_date, self.now.start_minute)

    @property
    def people(self) -> tuple[Person, ...]:
        """Everybody whom it concerns."""
        return (*self.left, *self.came, *self.stayed)

    def of_unit(self, unit: Unit) -> "DayChange":
        """The same for the people of one living group."""

        def own(people: tuple[Person, ...]) -> tuple[Person, ...]:
            return tuple(each for each in people if each.unit.id == unit.id)

        change = replace(self, left=own(self.left), came=own(self.came), stayed=own(self.stayed))
        return change.explained(self.because)

    def explained(self, because: Iterable[Cause]) -> "DayChange":
        """The same with its reasons; what is about a resident only where it takes that resident out of the session."""
        gone = {each.id for each in self.left}
        return replace(self, because=tuple(each for each in because if not each.people or gone & {*each.people}))


@dataclass(frozen=True)
class _Published:
    id: str
    ref: str
    activity_id: str
    title: str
    is_visit: bool
    place: Placement


_Pair = tuple[_Published | None, _Published | None]


def changes_of_day(
    db: DbSession,
    community_id: str,
    day: date,
    timezone: str,
    publication_id: str,
    units: tuple[Unit, ...],
    unit: Unit | None = None,
) -> tuple[DayChange, ...]:
    """What was published on a day for that day, by time; with a unit, for its people and for whoever drops in.

    `publication_id` is the one that the day shows.
    """
    midnight = datetime.combine(day, time(), tzinfo=ZoneInfo(timezone))
    before_id = _base_before(db, community_id, publication_id, midnight)
    if before_id in (None, publication_id):
        return ()
    pairs, guests = _pairs(db, community_id, before_id, publication_id, day)
    if not pairs:
        return ()
    yesterday = day - timedelta(days=1)  # who has left since was expected
    people = people_of(db, community_id, yesterday, units) | people_of(db, community_id, day, units)
    why = _why(db, community_id, day, midnight)
    told = (_because(_told(was, now, guests, people), (was, now), why) for was, now in pairs)
    own = (each if unit is None else each.of_unit(unit) for each in told if each is not None)
    return tuple(sorted((each for each in own if unit is None or each.people or each.is_open), key=_when))


def _why(db: DbSession, community_id: str, day: date, midnight: datetime) -> dict[str, tuple[Cause, ...]]:
    """What the day's publications keep of why, by ref, as far as the floor may be told."""
    kept = kept_changes(db, community_id, [monday_of(day)], midnight)
    names = names_of(db, community_id) if any(each.causes for each in kept) else {}
    why: dict[str, list[Cause]] = defaultdict(list)
    for each in kept:
        why[each.ref] += [replace(cause, name=_named(cause, names)) for cause in each.causes]
    return {ref: for_team(causes) for ref, causes in why.items()}


def _named(cause: Cause, names: Mapping[str, str]) -> str:
    """Whom or what a cause is about."""
    return names.get(cause.id, "") or ", ".join(names.get(each, "") for each in cause.people)


def _because(change: DayChange | None, pair: _Pair, why: Mapping[str, tuple[Cause, ...]]) -> DayChange | None:
    """A change with why; a session that goes by another name now keeps the reasons of the one that it was."""
    if change is None:
        return None
    causes = dict.fromkeys(cause for each in pair if each is not None for cause in why.get(each.ref, ()))
    return change.explained(causes)


def _base_before(db: DbSession, community_id: str, publication_id: str, moment: datetime) -> str | None:
    """The id of the publication of the same week that held just before a moment, None where there was none."""
    week = select(Publication.week_start).where(
        Publication.community_id == community_id, Publication.id == publication_id
    )
    return db.scalars(
        select(Publication.id)
        .where(
            Publication.community_id == community_id,
            Publication.week_start == week.scalar_subquery(),
            Publication.published_at < moment,
        )
        .order_by(Publication.number.desc())
        .limit(1)
    ).first()


def _pairs(
    db: DbSession, community_id: str, before_id: str | None, after_id: str, day: date
) -> tuple[list[_Pair], dict[str, frozenset[str]]]:
    """Sessions that were or are on the day, each as it was and is; and whom each row invites."""
    before, after = (_sessions(db, community_id, each) for each in (before_id, after_id))
    same: list[_Pair] = [(before[ref], after[ref]) for ref in before.keys() & after.keys()]
    gone = [before[ref] for ref in before.keys() - after.keys() if before[ref].place.on_date >= day]  # else it is over
    new = [after[ref] for ref in after.keys() - before.keys()]
    asked = [each for pair in same if _is_on(day, pair) for each in pair if each is not None]
    guests = invited_to(db, community_id, {each.id for each in (*asked, *gone, *new)})
    return [pair for pair in (*same, *_renamed(gone, new, guests)) if _is_on(day, pair)], guests


def _sessions(db: DbSession, community_id: str, publication_id: str | None) -> dict[str, _Published]:
    row = PublishedSession
    found = db.execute(
        select(
            row.id,
            row.ref,
            row.activity_id,
            row.title,
            row.is_visit,
            row.on_date,
            row.start_minute,
            row.end_minute,
            row.space_id,
            row.space_name,
        ).where(row.community_id == community_id, row.publication_id == publication_id)
    )
    return {
        ref: _Published(id, ref, activity_id, title, is_visit, Placement(*place))
        for id, ref, activity_id, title, is_visit, *place in found
    }


def _renamed(gone: list[_Published], new: list[_Published], guests: dict[str, frozenset[str]]) -> Iterable[_Pair]:
    """What is gone and what is new of one activity is one session: a week planned anew gives its sessions new names.

    The nearest go together; a visit only with one to the same resident.
    """

    def is_one(was: _Published, now: _Published) -> bool:
        is_same_guest = guests.get(was.id) == guests.get(now.id) or not (was.is_visit or now.is_visit)
        return was.activity_id == now.activity_id and is_same_guest

    def far(was: _Published, now: _Published) -> tuple[int, int, str, str]:
        days = abs((was.place.on_date - now.place.on_date).days)
        return days, abs(was.place.start_minute - now.place.start_minute), was.ref, now.ref

    left, fresh = {each.ref: each for each in gone}, {each.ref: each for each in new}
    near = sorted(((was, now) for was in gone for now in new if is_one(was, now)), key=lambda pair: far(*pair))
    for was, now in near:
        if was.ref in left and now.ref in fresh:
            yield left.pop(was.ref), fresh.pop(now.ref)
    yield from ((was, None) for was in left.values())
    yield from ((None, now) for now in fresh.values())


def _told(
    was: _Published | None, now: _Published | None, guests: dict[str, frozenset[str]], people: dict[str, Person]
) -> DayChange | None:
    """What changed of one session, None where nothing did."""
    asked_before = guests.get(was.id, frozenset()) if was is not None else frozenset()
    asked_now = guests.get(now.id, frozenset()) if now is not None else frozenset()
    is_still = was is not None and now is not None and _same(was.place, now.place)
    if is_still and asked_before == asked_now:
        return None

    def walked(ids: Collection[str]) -> tuple[Person, ...]:
        return tuple(sorted((people[each] for each in ids if each in people), key=lambda each: each.walking_key))

    named = now or was
    assert named is not None
    return DayChange(
        named.ref,
        named.title,
        named.is_visit,
        was.place if was is not None else None,
        now.place if now is not None else None,
        left=walked(asked_before - asked_now),
        came=walked(asked_now - asked_before),
        stayed=() if is_still else walked(asked_before & asked_now),
        is_open=not (asked_before or asked_now or named.is_visit),
    )


def _is_on(day: date, pair: _Pair) -> bool:
    return any(each is not None and each.place.on_date == day for each in pair)


def _same(was: Placement, now: Placement) -> bool:
    return (was.on_date, was.start_minute, was.space_id) == (now.on_date, now.start_minute, now.space_id)


def _when(change: DayChange) -> tuple[date, int, str]:
    place = change.now or change.was
    assert place is not None
    return place.on_date, place.start_minute, change.ref
