"""What was marked on the floor: of each person in a session, and of each session, the newest mark holds."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, select

from milieu.database import DbSession
from milieu.models import Account, Attendance, SessionHeld


@dataclass(frozen=True)
class Mark:
    """The mark that holds for a resident in a session. `outcome` None: what was marked before was taken back.

    `by` is the name of who marked it, "" where nobody is known.
    """

    session_ref: str
    resident_id: str
    on_date: date
    was_invited: bool
    outcome: str | None
    level: str | None
    at: datetime
    by: str


@dataclass(frozen=True)
class Held:
    """What was last said of a session: `was_held` None takes back what was said before."""

    session_ref: str
    on_date: date
    was_held: bool | None
    reason: str
    at: datetime
    by: str


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
        select(Attendance, Account.name)
        .outerjoin(Account, (Account.community_id == Attendance.community_id) & (Account.id == Attendance.marked_by))
        .where(Attendance.community_id == community_id, _about(Attendance, community_id, refs, days))
        .order_by(Attendance.number)
    )
    if resident_id is not None:
        query = query.where(Attendance.resident_id == resident_id)
    return {(row.session_ref, row.resident_id): _mark(row, name) for row, name in db.execute(query)}


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


def _about(
    table: type[Attendance] | type[SessionHeld], community_id: str, refs: Collection[str], days: Collection[date]
) -> ColumnElement[bool]:
    """All rows of a session, whatever their day: a session that moved keeps what was said of it before."""
    of_the_days = select(table.session_ref).where(table.community_id == community_id, table.on_date.in_(days))
    return table.session_ref.in_(refs) | table.session_ref.in_(of_the_days)


def _mark(row: Attendance, name: str | None) -> Mark:
    what = (row.was_invited, row.outcome, row.level, row.marked_at)
    return Mark(row.session_ref, row.resident_id, row.on_date, *what, by=name or "")


def _held(row: SessionHeld, name: str | None) -> Held:
    return Held(row.session_ref, row.on_date, row.was_held, row.reason, row.marked_at, name or "")
