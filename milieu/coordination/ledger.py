"""The ledger: at most one row for each (community, local day, kind) says what became of that day's duty.

Rows are claimed by conditional writes, so of two schedulers one does the work. A claim names the fence it was made
under; the transaction that publishes ends its row with `finish`, which refuses every fence but the last that claimed.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, not_, or_, select, update

from milieu.coordination.due import REMEMBERED_DAYS
from milieu.coordination.lease import current_fence
from milieu.database import DbSession
from milieu.errors import Conflict
from milieu.models import LedgerEntry

REPAIR, AGAIN = "repair", "again"
FINISHED = ("published", "unchanged", "waiting", "kept", "asked", "parked", "missed")
ATTEMPTS = 5
_FIRST_WAIT = timedelta(seconds=30)
_LONGEST_WAIT = timedelta(minutes=15)
_LONGEST_WHILE_BUSY = timedelta(minutes=4)


class FenceLost(Conflict):
    """Another scheduler has taken over in the meantime: what was done here must not be written."""


def claim(
    db: DbSession,
    community_id: str,
    local_day: date,
    *,
    due_at: datetime,
    fence: int,
    now: datetime,
    kind: str = REPAIR,
) -> bool:
    """Take a day's duty on: whether it is ours now.

    Not where it is finished, waits for its next attempt, or runs under this very fence. A duty that runs under an older
    fence died with its holder and is taken over.
    """
    taken = db.execute(
        update(LedgerEntry)
        .where(_row(community_id, local_day, kind), _is_free(fence, now))
        .values(state="running", fence=fence, attempts=LedgerEntry.attempts + 1, next_attempt_at=None)
        .returning(LedgerEntry.id)
    ).scalar()
    if taken is not None:
        return True
    if db.scalar(select(LedgerEntry.id).where(_row(community_id, local_day, kind))) is not None:
        return False
    db.add(
        LedgerEntry(
            community_id=community_id,
            local_day=local_day,
            kind=kind,
            state="running",
            due_at=due_at,
            attempts=1,
            fence=fence,
        )
    )
    db.flush()
    return True


def finish(
    db: DbSession,
    community_id: str,
    local_day: date,
    *,
    state: str,
    fence: int,
    now: datetime,
    publication_id: str | None = None,
    message: str = "",
    kind: str = REPAIR,
) -> None:
    """End a day's duty, in the unit of work that has its effect.

    Raises FenceLost where another scheduler has taken over since the claim: the unit must then be rolled back.
    """
    ended = db.execute(
        update(LedgerEntry)
        .where(_row(community_id, local_day, kind), LedgerEntry.state == "running", LedgerEntry.fence == fence)
        .values(state=state, finished_at=now, publication_id=publication_id, message=message, next_attempt_at=None)
        .returning(LedgerEntry.id)
    ).scalar()
    if ended is None or current_fence(db) != fence:
        raise FenceLost("Another scheduler has taken over; nothing was published twice.")


def owe(db: DbSession, community_id: str, local_day: date, *, due_at: datetime, kind: str) -> None:
    """Note a duty that is to be done when there is room; one that is there stays as it is."""
    if db.scalar(select(LedgerEntry.id).where(_row(community_id, local_day, kind))) is None:
        row = LedgerEntry(community_id=community_id, local_day=local_day, kind=kind, state="due", due_at=due_at)
        db.add(row)
        db.flush()


def owed(db: DbSession, days: Mapping[str, date], *, kind: str, fence: int, now: datetime) -> list[tuple[str, date]]:
    """The communities, each with its day of `days`, that are owed such a duty and may have it now."""
    rows = db.execute(
        select(LedgerEntry.community_id, LedgerEntry.local_day).where(
            LedgerEntry.kind == kind,
            LedgerEntry.community_id.in_(days),
            LedgerEntry.local_day >= min(days.values(), default=now.date()),
            _is_free(fence, now),
        )
    )
    return [(community_id, day) for community_id, day in rows if days[community_id] == day]


def put_off(
    db: DbSession,
    community_id: str,
    local_day: date,
    *,
    fence: int,
    now: datetime,
    message: str,
    kind: str = REPAIR,
    is_busy: bool = False,
) -> str:
    """Note a failed attempt: tried again later and later, parked after the last. Returns the row's new state.

    One that failed because the database was taken (`is_busy`) is no such attempt: an instant later it may do, so the
    day is never given up for it, and is tried again after a quarter of the time that it is late, up to four minutes.
    Nothing changes where the row is no longer ours.
    """
    row = db.scalar(select(LedgerEntry).where(_row(community_id, local_day, kind)))
    if row is None or row.state != "running" or row.fence != fence:
        return row.state if row is not None else ""
    row.message = message
    if is_busy:
        row.attempts -= 1
        wait = min(max((now - row.due_at) / 4, _FIRST_WAIT), _LONGEST_WHILE_BUSY)
        row.state, row.next_attempt_at = "due", now + wait
    elif row.attempts >= ATTEMPTS:
        row.state, row.finished_at = "parked", now
    else:
        row.state, row.next_attempt_at = "due", now + min(_FIRST_WAIT * 2 ** (row.attempts - 1), _LONGEST_WAIT)
    db.flush()
    return row.state


def give_back(db: DbSession, community_id: str, local_day: date, *, fence: int, kind: str = REPAIR) -> None:
    """Undo a claim of ours that came to nothing, as if it had not been made."""
    db.execute(
        update(LedgerEntry)
        .where(_row(community_id, local_day, kind), LedgerEntry.state == "running", LedgerEntry.fence == fence)
        .values(state="due", attempts=LedgerEntry.attempts - 1)
    )


def open_again(db: DbSession, community_id: str, local_day: date, *, kind: str = REPAIR) -> bool:
    """Have a day's duty done after all that found nothing to work on, now that there is something; whether it had."""
    opened = db.execute(
        update(LedgerEntry)
        .where(_row(community_id, local_day, kind), LedgerEntry.state == "waiting")
        .values(state="due", attempts=0, next_attempt_at=None, finished_at=None, message="")
        .returning(LedgerEntry.id)
    ).scalar()
    return opened is not None


def miss(
    db: DbSession,
    community_id: str,
    local_day: date,
    *,
    due_at: datetime,
    fence: int,
    now: datetime,
    kind: str = REPAIR,
) -> None:
    """Say of a past day that its duty was not done; a row that is finished stays as it is."""
    row = db.scalar(select(LedgerEntry).where(_row(community_id, local_day, kind)))
    if row is None:
        row = LedgerEntry(community_id=community_id, local_day=local_day, kind=kind, due_at=due_at)
        db.add(row)
    elif row.state in FINISHED:
        return
    row.state, row.finished_at, row.fence, row.next_attempt_at = "missed", now, fence, None
    db.flush()


def last_settled_days(db: DbSession, until: Mapping[str, date], *, kind: str = REPAIR) -> dict[str, date]:
    """Of each community the newest day up to its day of `until` whose duty ended somehow; the day before the first on
    record where none did. Communities with nothing on record are not in it.

    As many queries for many communities as for few, unless the clock was set back.
    """
    if not until:
        return {}
    newest = func.max(LedgerEntry.local_day).filter(LedgerEntry.state.in_(FINISHED))
    found = select(LedgerEntry.community_id, newest, func.min(LedgerEntry.local_day)).where(LedgerEntry.kind == kind)
    found = found.group_by(LedgerEntry.community_id)
    of_late = min(until.values()) - timedelta(days=REMEMBERED_DAYS + 1)
    rows = list(db.execute(found.where(LedgerEntry.local_day >= of_late)))
    settled = {community_id: day for community_id, day, _ in rows if day is not None}
    if quiet := until.keys() - settled.keys():  # nothing ended of late: before that, or never
        for community_id, day, first in db.execute(found.where(LedgerEntry.community_id.in_(quiet))):
            settled[community_id] = day or first - timedelta(days=1)
    for community_id, day in list(settled.items()):
        if community_id in until and day > until[community_id]:  # the clock was set back
            before = _last_settled_day(db, community_id, until[community_id], kind)
            settled.pop(community_id)
            settled |= {community_id: before} if before is not None else {}
    return settled


def _last_settled_day(db: DbSession, community_id: str, until: date, kind: str) -> date | None:
    of_kind = and_(LedgerEntry.community_id == community_id, LedgerEntry.kind == kind, LedgerEntry.local_day <= until)
    newest = db.scalar(select(func.max(LedgerEntry.local_day)).where(of_kind, LedgerEntry.state.in_(FINISHED)))
    if newest is not None:
        return newest
    first = db.scalar(select(func.min(LedgerEntry.local_day)).where(of_kind))
    return first - timedelta(days=1) if first is not None else None


def taken_days(db: DbSession, since: date, *, fence: int, now: datetime, kind: str = REPAIR) -> set[tuple[str, date]]:
    """The communities with their days from a day on that `claim` would not take on now."""
    rows = select(LedgerEntry.community_id, LedgerEntry.local_day).where(
        LedgerEntry.kind == kind, LedgerEntry.local_day >= since, not_(_is_free(fence, now))
    )
    return {(community_id, day) for community_id, day in db.execute(rows)}


def was_finished(db: DbSession, community_id: str, local_day: date, *, fence: int, kind: str = REPAIR) -> bool:
    """Whether the day's duty was ended, and under this fence."""
    row = db.scalar(select(LedgerEntry).where(_row(community_id, local_day, kind)))
    return row is not None and row.state in FINISHED and row.fence == fence


def _is_free(fence: int, now: datetime) -> ColumnElement[bool]:
    """Whether a duty waits for nothing, or runs under an older fence, whose holder is gone."""
    is_waiting = or_(LedgerEntry.next_attempt_at.is_(None), LedgerEntry.next_attempt_at <= now)
    return or_(
        and_(LedgerEntry.state == "due", is_waiting),
        and_(LedgerEntry.state == "running", LedgerEntry.fence < fence),
    )


def _row(community_id: str, local_day: date, kind: str) -> ColumnElement[bool]:
    return and_(LedgerEntry.community_id == community_id, LedgerEntry.local_day == local_day, LedgerEntry.kind == kind)
