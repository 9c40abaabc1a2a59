"""Runs whose worker died: begun again once, then failed in words.

A run is dead when nobody has heard of it for a while, or at once where the lease's fence shows it: who began it then is
no longer the scheduler, and nothing that it could still write would be taken. A run whose row is held is neither: who
ends a run holds it from the first statement on, however long the rest takes (`solves.hold_run`).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, func, select, true, update

from milieu.coordination.lease import current_fence
from milieu.database import DbSession
from milieu.models import Run

SILENCE = timedelta(seconds=30)
_FAILED = "The plan was stopped twice by a fault of the machine. Please try again, or ask whoever looks after it."
_REPAIR_FAILED = "The machine stopped while the week was being checked."


@dataclass(frozen=True)
class Adopted:
    """How many runs were put back into the queue, and how many were ended."""

    queued: int
    ended: int


def adopt(db: DbSession, now: datetime, *, silence: timedelta | None = SILENCE) -> Adopted:
    """Take up the runs that nobody has heard of for so long (None: all, where nobody else can be at work).

    What a person asked for is queued again the first time and failed the second; what was asked to stop is stopped; a
    repair is failed, for the ledger begins it anew.
    """
    last_heard = func.coalesce(Run.heartbeat_at, Run.started_at, Run.requested_at)
    is_silent = true() if silence is None else last_heard < now - silence
    silent = select(Run.id).where(Run.state == "running", is_silent).with_for_update(skip_locked=True)
    if not (ids := list(db.scalars(silent))):
        return Adopted(0, 0)
    is_orphan = and_(Run.state == "running", Run.id.in_(ids))
    queued = db.execute(
        update(Run)
        .where(is_orphan, Run.kind != "repair", Run.adoptions == 0, Run.stop_requested_at.is_(None))
        .values(state="queued", adoptions=1, worker=None, started_at=None, heartbeat_at=None, progress=None)
        .returning(Run.id)
    ).all()
    ended = 0
    for condition, state, message in (
        (Run.stop_requested_at.is_not(None), "stopped", ""),
        (Run.kind != "repair", "failed", _FAILED),
        (Run.kind == "repair", "failed", _REPAIR_FAILED),
    ):
        rows = db.execute(
            update(Run)
            .where(is_orphan, condition)
            .values(state=state, open_week=None, finished_at=now, message=message)
            .returning(Run.id)
        )
        ended += len(rows.all())
    return Adopted(len(queued), ended)


def end_fenced_off(db: DbSession, now: datetime) -> int:
    """End at once the repairs that an earlier holder of the lease had under way; how many they were."""
    fenced_off = select(Run.id).where(Run.state == "running", Run.kind == "repair", Run.fence < current_fence(db))
    ids = list(db.scalars(fenced_off.with_for_update(skip_locked=True)))
    ended = db.execute(
        update(Run)
        .where(Run.id.in_(ids))
        .values(state="failed", open_week=None, finished_at=now, message=_REPAIR_FAILED)
        .returning(Run.id)
    )
    return len(ended.all())
