"""The lease: who of several processes is the one scheduler, in the database's own time.

`fence` rises whenever somebody else takes over. A holder that was paused and comes back still believes in its lease;
what it writes names its old fence and is refused (`ledger.finish`).
"""

from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import or_, select, update

from milieu.database import DbSession, database_now
from milieu.models import Fence, Lease

SCHEDULER = "scheduler"


def new_holder() -> str:
    """A name for this process as a holder; a restarted process is another one."""
    return uuid4().hex


def take(db: DbSession, *, holder: str, seconds: float, role: str = SCHEDULER) -> int | None:
    """Take or renew the lease for so many seconds; the fence held, None where another holds it.

    A lease that runs longer than any is given was written before the database's clock was set back: it is over.
    """
    now = database_now(db)
    until = now + timedelta(seconds=seconds)
    is_over = or_(Lease.expires_at <= now, Lease.expires_at > now + timedelta(seconds=2 * seconds))
    renewed = update(Lease).values(expires_at=until, beat_at=now).where(Lease.role == role, Lease.holder == holder)
    if db.scalar(renewed.returning(Lease.role)) is not None:
        return current_fence(db, role=role)
    taken = update(Lease).values(holder=holder, expires_at=until, beat_at=now).where(Lease.role == role, is_over)
    if db.scalar(taken.returning(Lease.role)) is None:
        if db.scalar(select(Lease.role).where(Lease.role == role)) is not None:
            return None
        db.add(Lease(role=role, holder=holder, expires_at=until, beat_at=now))
        db.flush()
    return _raise_fence(db, role)


def keep(db: DbSession, *, holder: str, seconds: float, role: str = SCHEDULER) -> bool:
    """Hold on to one's lease for so many seconds more; whether it was still one's own.

    It takes nothing that ran out, and is no beat: while a tick takes long, others still see how long.
    """
    now = database_now(db)
    kept = db.execute(
        update(Lease)
        .where(Lease.role == role, Lease.holder == holder, Lease.expires_at > now)
        .values(expires_at=now + timedelta(seconds=seconds))
        .returning(Lease.role)
    ).scalar()
    return kept is not None


def give_up(db: DbSession, *, holder: str, role: str = SCHEDULER) -> None:
    """End one's lease, so that another process need not wait for it to run out."""
    now = database_now(db)
    db.execute(update(Lease).where(Lease.role == role, Lease.holder == holder).values(expires_at=now))


def current_fence(db: DbSession, *, role: str = SCHEDULER) -> int:
    """The fence that holds now, 0 where there never was a holder."""
    return db.scalar(select(Fence.fence).where(Fence.role == role)) or 0


def hold(db: DbSession, fence: int, *, role: str = SCHEDULER) -> bool:
    """Keep everybody from taking over until this transaction ends; whether this fence still holds.

    Beats go on meanwhile, and so does whoever else writes under the same fence.
    """
    held = select(Fence.fence).where(Fence.role == role, Fence.fence == fence).with_for_update(read=True)
    return db.scalar(held) is not None


def last_beat(db: DbSession, *, role: str = SCHEDULER) -> datetime | None:
    """When a scheduler last said that it lives, in the database's time."""
    return db.scalar(select(Lease.beat_at).where(Lease.role == role))


def _raise_fence(db: DbSession, role: str) -> int:
    raised = update(Fence).where(Fence.role == role).values(fence=Fence.fence + 1).returning(Fence.fence)
    if (fence := db.scalar(raised)) is not None:
        return fence
    db.add(Fence(role=role, fence=1))
    db.flush()
    return 1
