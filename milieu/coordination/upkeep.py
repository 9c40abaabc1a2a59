"""The ledger of the installation's own duties: at most one row for each (kind, day) says what became of it.

As with the days of communities (`ledger`), rows are claimed by conditional writes and ended under their claim's fence.
"""

from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select, update

from milieu.coordination.lease import current_fence
from milieu.coordination.ledger import ATTEMPTS, FenceLost
from milieu.database import DbSession
from milieu.models import Upkeep

BACKUP, PING = "backup", "ping"
DUE, RUNNING, PARKED = "due", "running", "parked"
MADE, PROVEN, SENT = "made", "proven", "sent"
_FIRST_WAIT = timedelta(minutes=1)
_ABANDONED = timedelta(hours=6)  # a command that was killed holds no lease that would run out


def claim(db: DbSession, kind: str, day: date, *, fence: int, now: datetime) -> bool:
    """Take a duty on: whether it is ours now. Not where it is ended, waits, or is under way elsewhere."""
    taken = db.execute(
        update(Upkeep)
        .where(_row(kind, day), _is_free(fence, now))
        .values(
            state=RUNNING, fence=fence, attempts=Upkeep.attempts + 1, began_at=now, next_attempt_at=None, message=""
        )
        .returning(Upkeep.kind)
    ).scalar()
    if taken is not None:
        return True
    if db.get(Upkeep, (kind, day)) is not None:
        return False
    db.add(Upkeep(kind=kind, on_day=day, state=RUNNING, attempts=1, began_at=now, fence=fence))
    db.flush()
    return True


def is_open(db: DbSession, kind: str, day: date, *, fence: int, now: datetime) -> bool:
    """Whether `claim` would take the duty on."""
    if db.scalar(select(func.count()).select_from(Upkeep).where(_row(kind, day))) == 0:
        return True
    return db.scalar(select(Upkeep.kind).where(_row(kind, day), _is_free(fence, now))) is not None


def finish(db: DbSession, kind: str, day: date, *, state: str, fence: int, now: datetime, message: str = "") -> None:
    """End a duty. Raises FenceLost where another scheduler has taken over since the claim."""
    ended = db.execute(
        update(Upkeep)
        .where(_row(kind, day), Upkeep.state == RUNNING, Upkeep.fence == fence)
        .values(state=state, finished_at=now, message=message, next_attempt_at=None)
        .returning(Upkeep.kind)
    ).scalar()
    if ended is None or current_fence(db) != fence:
        raise FenceLost("Another scheduler has taken over; what it does counts.")


def put_off(
    db: DbSession, kind: str, day: date, *, fence: int, now: datetime, message: str, gives_up: bool = True
) -> str:
    """Note a failed attempt: tried again later and later, parked after the last. The row's new state.

    Where it never `gives_up`, as for a database that was only taken, it is tried again after as long as it took.
    """
    row = db.get(Upkeep, (kind, day))
    if row is None or row.state != RUNNING or row.fence != fence:
        return "" if row is None else row.state
    row.message = message
    if not gives_up:
        row.attempts -= 1
        row.state, row.next_attempt_at = DUE, now + max(now - row.began_at, _FIRST_WAIT)
    elif row.attempts >= ATTEMPTS:
        row.state, row.finished_at = PARKED, now
    else:
        row.state, row.next_attempt_at = DUE, now + _FIRST_WAIT * 2 ** (row.attempts - 1)
    db.flush()
    return row.state


def note(db: DbSession, kind: str, day: date, *, state: str, now: datetime, message: str = "") -> None:
    """Write down what somebody did by hand; what the clock has under way on that day stays its own."""
    row = db.get(Upkeep, (kind, day))
    if row is None:
        row = Upkeep(kind=kind, on_day=day, began_at=now)
        db.add(row)
    elif row.state == RUNNING or (row.state == PROVEN and state != PROVEN):
        return
    row.state, row.finished_at, row.message, row.next_attempt_at = state, now, message, None
    db.flush()


def _row(kind: str, day: date) -> ColumnElement[bool]:
    return and_(Upkeep.kind == kind, Upkeep.on_day == day)


def _is_free(fence: int, now: datetime) -> ColumnElement[bool]:
    is_waiting = or_(Upkeep.next_attempt_at.is_(None), Upkeep.next_attempt_at <= now)
    is_left = or_(Upkeep.fence < fence, Upkeep.began_at < now - _ABANDONED)
    return or_(and_(Upkeep.state == DUE, is_waiting), and_(Upkeep.state == RUNNING, is_left))
