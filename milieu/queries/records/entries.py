"""The rows that the records are counted from: sessions as they stood on their days, and who was there."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from milieu.database import DbSession
from milieu.errors import Invalid
from milieu.models import Invitation, PublishedDay, PublishedSession, Resident
from milieu.queries.names import resident_names
from milieu.queries.published.marks import Mark, held_of, marks_of
from milieu.queries.residents.people import Unit, units_of

MOST_DAYS = 366
_NOT_ASKED = (None, "not invited", "not held")
MORNING, AFTERNOON, EVENING = "morning", "afternoon", "evening"
WEEKDAY, WEEKEND = "weekday", "weekend"


@dataclass(frozen=True)
class Period:
    """From a day to a day, both included. Raises Invalid where it ends before it begins or is longer than a year."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if not 0 <= (self.last - self.first).days < MOST_DAYS:
            raise Invalid("Choose a first day and a last day, at most a year apart.")

    @property
    def days(self) -> tuple[date, ...]:
        return tuple(self.first + timedelta(days=each) for each in range((self.last - self.first).days + 1))

    @property
    def weeks(self) -> float:
        return len(self.days) / 7


@dataclass(frozen=True)
class Taken:
    """A session as it stood on its day. `is_off`: it was said not to be held, `why_off` as it was said."""

    ref: str
    on_date: date
    start_minute: int
    end_minute: int
    title: str
    activity_id: str
    domains: tuple[str, ...]
    space: str
    is_visit: bool
    is_off: bool
    why_off: str

    @property
    def part(self) -> str:
        """The part of the day in which it begins: morning before 12:00, afternoon before 17:00."""
        return MORNING if self.start_minute < 12 * 60 else AFTERNOON if self.start_minute < 17 * 60 else EVENING

    @property
    def kind_of_day(self) -> str:
        return WEEKEND if self.on_date.weekday() >= 5 else WEEKDAY


@dataclass(frozen=True)
class Entry:
    """A resident in a session: invited to it, or marked in it without."""

    session: Taken
    resident_id: str
    name: str
    unit: Unit
    is_invited: bool
    outcome: str | None
    level: str | None

    @property
    def was_asked(self) -> bool:
        """Whether they were invited and something was marked that shows that they were asked."""
        return self.is_invited and not self.session.is_off and self.outcome not in _NOT_ASKED

    @property
    def came(self) -> bool:
        return self.outcome == "attended" and not self.session.is_off

    @property
    def is_unmarked(self) -> bool:
        """Whether nobody said what became of the invitation."""
        return self.is_invited and not self.session.is_off and self.outcome is None


@dataclass(frozen=True)
class Records:
    """Everything of a period: its sessions by time, and its entries by session and name."""

    period: Period
    sessions: tuple[Taken, ...]
    entries: tuple[Entry, ...]


def records_of(db: DbSession, community_id: str, period: Period) -> Records:
    """The sessions of a community in a period and everybody who was invited to them or came. Six queries."""
    rows = _rows(db, community_id, period)
    held = held_of(db, community_id, refs={row.ref for row in rows})
    off = {ref: each.reason for ref, each in held.items() if each.was_held is False}
    sessions = {row.id: _taken(row, off) for row in rows}
    invited: dict[str, set[str]] = defaultdict(set)
    for session_id, resident_id in _invited(db, community_id, period):
        invited[sessions[session_id].ref].add(resident_id)
    marks: dict[str, dict[str, Mark]] = defaultdict(dict)
    for (ref, resident_id), mark in marks_of(db, community_id, refs={row.ref for row in rows}).items():
        marks[ref][resident_id] = mark
    names, units = resident_names(db, community_id), _units(db, community_id)

    def entry(session: Taken, resident_id: str) -> Entry:
        mark = marks[session.ref].get(resident_id)
        return Entry(
            session=session,
            resident_id=resident_id,
            name=names.get(resident_id, ""),
            unit=units[resident_id],
            is_invited=resident_id in invited[session.ref],
            outcome=mark.outcome if mark else None,
            level=mark.level if mark else None,
        )

    entries = [
        entry(session, resident_id)
        for session in sessions.values()
        for resident_id in _of_session(session.ref, invited, marks)
    ]
    return Records(
        period,
        tuple(sorted(sessions.values(), key=_when)),
        tuple(sorted(entries, key=lambda each: (_when(each.session), each.name, each.resident_id))),
    )


def _of_session(ref: str, invited: dict[str, set[str]], marks: dict[str, dict[str, Mark]]) -> set[str]:
    """Who was invited to a session, and of whom something is marked in it that stands."""
    return invited[ref] | {who for who, mark in marks[ref].items() if mark.outcome is not None}


def _rows(db: DbSession, community_id: str, period: Period) -> list[Any]:
    """The sessions that the publication of each day holds on it."""
    return list(
        db.execute(
            select(
                PublishedSession.id,
                PublishedSession.ref,
                PublishedSession.on_date,
                PublishedSession.start_minute,
                PublishedSession.end_minute,
                PublishedSession.title,
                PublishedSession.activity_id,
                PublishedSession.domains,
                PublishedSession.space_name,
                PublishedSession.is_visit,
            )
            .join(PublishedDay, _HOLDS)
            .where(
                PublishedSession.community_id == community_id,
                PublishedDay.on_date.between(period.first, period.last),
            )
        )
    )


_HOLDS = (
    (PublishedDay.community_id == PublishedSession.community_id)
    & (PublishedDay.publication_id == PublishedSession.publication_id)
    & (PublishedDay.on_date == PublishedSession.on_date)
)
"""The pointer of the session's own day points at the session's publication."""


def _invited(db: DbSession, community_id: str, period: Period) -> Iterable[tuple[str, str]]:
    rows = db.execute(
        select(Invitation.published_session_id, Invitation.resident_id)
        .join(
            PublishedSession,
            (PublishedSession.community_id == Invitation.community_id)
            & (PublishedSession.id == Invitation.published_session_id),
        )
        .join(PublishedDay, _HOLDS)
        .where(Invitation.community_id == community_id, PublishedDay.on_date.between(period.first, period.last))
    )
    return ((row.published_session_id, row.resident_id) for row in rows)


def _units(db: DbSession, community_id: str) -> dict[str, Unit]:
    """Where each resident lives now, or lived last."""
    known = {unit.id: unit for unit in units_of(db, community_id)}
    rows = db.execute(select(Resident.id, Resident.living_group_id).where(Resident.community_id == community_id))
    return {row.id: known.get(row.living_group_id) or Unit(row.living_group_id, "", len(known)) for row in rows}


def _taken(row: Any, off: dict[str, str]) -> Taken:
    return Taken(
        ref=row.ref,
        on_date=row.on_date,
        start_minute=row.start_minute,
        end_minute=row.end_minute,
        title=row.title,
        activity_id=row.activity_id,
        domains=tuple(row.domains),
        space=row.space_name,
        is_visit=row.is_visit,
        is_off=row.ref in off,
        why_off=off.get(row.ref, ""),
    )


def _when(session: Taken) -> tuple[date, int, int, str, str]:
    return session.on_date, session.start_minute, session.end_minute, session.title, session.ref
