"""What was marked on the floor: of a person in a session what was tapped last holds, of a session the newest mark."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Protocol, TypeVar

from sqlalchemy import ColumnElement, select

from milieu.causes import Cause, read_causes
from milieu.database import DbSession
from milieu.models import Account, Attendance, SessionHeld

AT_ONCE = timedelta(minutes=1)
"""Two people who tap differently within so little time may not know of each other."""


@dataclass(frozen=True)
class Rival:
    """What somebody else tapped for the same resident within a minute of the mark that holds."""

    outcome: str
    level: str | None
    at: datetime
    by: str


@dataclass(frozen=True)
class Mark:
    """The mark that holds for a resident in a session. `outcome` None: what was marked before was taken back.

    `at` is when it was tapped, `by` the name of who tapped it, "" where nobody is known, `by_id` their account.
    """

    session_ref: str
    resident_id: str
    on_date: date
    was_invited: bool
    outcome: str | None
    level: str | None
    at: datetime
    by: str
    by_id: str | None = None
    key: str = ""
    rivals: tuple[Rival, ...] = ()


@dataclass(frozen=True)
class Held:
    """What was last said of a session: `was_held` None takes back what was said before.

    `because` are the facts that stood against it when it was said to be off.
    """

    session_ref: str
    on_date: date
    was_held: bool | None
    reason: str
    at: datetime
    by: str
    because: tuple[Cause, ...] = ()


def marks_of(
    db: DbSession,
    community_id: str,
    *,
    refs: Collection[str] = (),
    days: Collection[date] = (),
    resident_id: str | None = None,
) -> dict[tuple[str, str], Mark]:
    """The marks that hold, by (session ref, resident id): of the sessions named and of those marked for the days."""
    query = (
        select(*_READ, Account.name)
        .outerjoin(Account, (Account.community_id == Attendance.community_id) & (Account.id == Attendance.marked_by))
        .where(Attendance.community_id == community_id, _about(Attendance, community_id, refs, days))
        .order_by(Attendance.tapped_at, Attendance.number)
    )
    if resident_id is not None:
        query = query.where(Attendance.resident_id == resident_id)
    taps: dict[tuple[str, str], list[_Tap]] = defaultdict(list)
    for row in db.execute(query):
        taps[row.session_ref, row.resident_id].append(_Tap(row, row.name or ""))
    return {who: _holding(each) for who, each in taps.items()}


class Tapped(Protocol):
    """A row of a mark, or as much of it as says whether it stands."""

    @property
    def number(self) -> int: ...
    @property
    def takes_back(self) -> int | None: ...
    @property
    def tapped_at(self) -> datetime: ...


TappedRow = TypeVar("TappedRow", bound=Tapped)


def standing(rows: Iterable[TappedRow]) -> list[TappedRow]:
    """Of the marks of a resident in a session those that were not taken back, as they were tapped."""
    rows = list(rows)
    gone = {row.takes_back for row in rows}
    left = [row for row in rows if row.takes_back is None and row.number not in gone]
    return sorted(left, key=lambda row: (row.tapped_at, row.number))


def held_of(
    db: DbSession, community_id: str, *, refs: Collection[str] = (), days: Collection[date] = ()
) -> dict[str, Held]:
    """What holds of sessions, by their ref: of the sessions named and of those of the days named."""
    query = (
        select(SessionHeld, Account.name)
        .outerjoin(Account, (Account.community_id == SessionHeld.community_id) & (Account.id == SessionHeld.marked_by))
        .where(SessionHeld.community_id == community_id, _about(SessionHeld, community_id, refs, days))
        .order_by(SessionHeld.number)
    )
    return {row.session_ref: _held(row, name) for row, name in db.execute(query)}


def not_held(held: Iterable[Held]) -> set[str]:
    """The refs of those sessions that were said not to take place."""
    return {each.session_ref for each in held if each.was_held is False}


def called_off(db: DbSession, community_id: str, refs: Collection[str]) -> frozenset[str]:
    """Those of the sessions of which was said last that they do not take place. One query."""
    return frozenset(not_held(held_of(db, community_id, refs=refs).values()))


def not_held_between(db: DbSession, community_id: str, first: date, last: date) -> set[str]:
    """The refs of the sessions of which was said last, for a day from `first` to `last`, that they are not held."""
    rows = db.execute(
        select(SessionHeld.session_ref, SessionHeld.was_held)
        .where(SessionHeld.community_id == community_id, SessionHeld.on_date.between(first, last))
        .order_by(SessionHeld.number)
    )
    said_last = {row.session_ref: row.was_held for row in rows}
    return {ref for ref, was_held in said_last.items() if was_held is False}


def _about(
    table: type[Attendance] | type[SessionHeld], community_id: str, refs: Collection[str], days: Collection[date]
) -> ColumnElement[bool]:
    """All rows of a session, whatever their day: a session that moved keeps what was said of it before."""
    of_the_days = select(table.session_ref).where(table.community_id == community_id, table.on_date.in_(days))
    return table.session_ref.in_(refs) | table.session_ref.in_(of_the_days)


_READ = (
    Attendance.session_ref,
    Attendance.resident_id,
    Attendance.on_date,
    Attendance.was_invited,
    Attendance.outcome,
    Attendance.level,
    Attendance.tapped_at,
    Attendance.marked_by,
    Attendance.key,
    Attendance.number,
    Attendance.takes_back,
)
"""Plain columns: a week of marks is read with every page of it, and rows cost a third of what entities do."""


@dataclass(frozen=True)
class _Tap:
    """`row` has the columns of `_READ`."""

    row: Any
    by: str


def _holding(taps: list[_Tap]) -> Mark:
    """What holds of the marks of a resident in a session; where all were taken back, that."""
    names = {tap.row.number: tap.by for tap in taps}
    left = standing(tap.row for tap in taps)
    if not left:
        undo = max(taps, key=lambda tap: tap.row.number)
        return _mark(undo.row, undo.by, ())
    newest = left[-1]
    rivals = tuple(
        Rival(row.outcome, row.level, row.tapped_at, names[row.number])
        for row in reversed(left)
        if row.outcome is not None and _differs(row, newest) and newest.tapped_at - row.tapped_at <= AT_ONCE
    )
    return _mark(newest, names[newest.number], rivals)


def _differs(one: Any, other: Any) -> bool:
    """Whether two people said different things; who came "quiet" simply came as well."""
    if one.marked_by == other.marked_by:
        return False
    return one.outcome != other.outcome or (one.level != other.level and None not in (one.level, other.level))


def _mark(row: Any, name: str, rivals: tuple[Rival, ...]) -> Mark:
    what = (row.was_invited, row.outcome, row.level, row.tapped_at)
    return Mark(
        row.session_ref,
        row.resident_id,
        row.on_date,
        *what,
        by=name,
        by_id=row.marked_by,
        key=row.key,
        rivals=rivals,
    )


def _held(row: SessionHeld, name: str | None) -> Held:
    because = read_causes(row.because, {})
    return Held(row.session_ref, row.on_date, row.was_held, row.reason, row.marked_at, name or "", because)
