"""The lease: who of several processes is the one scheduler, in the database's own time.

`fence` rises whenever somebody else takes over. A holder that was paused and comes back still believes in its lease;
what it writes names its old fence and is refused (`ledger.finish`).
"""

from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import case, or_, select, update

from milieu.database import DbSession, database_now
from milieu.models import Lease

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
    renewed = db.execute(
        update(Lease)
        .where(Lease.role == role, or_(Lease.holder == holder, is_over))
        .values(
            fence=Lease.fence + case((Lease.holder == holder, 0), else_=1),
            holder=holder,
            expires_at=until,
            beat_at=now,
        )
        .returning(Lease.fence)
    ).scalar()
    if renewed is not None:
        return renewed
    if db.scalar(select(Lease.role).where(Lease.role == role)) is not None:
        return None
    db.add(Lease(role=role, holder=holder, fence=1, expires_at=until, beat_at=now))
    db.flush()
    return 1


def keep(db: DbSession, *, holder: str, seconds: float, role: str = SCHEDULER) -> bool:
    """Hold on to one's lease for so many seconds more; whether it was still one's own.

    It takes nothing that ran out, and is no beat: while a tick takes long, others still see how long.
    """
    now = database_now(db)
    kept = db.execute(
        update(Lease)
        .where(Lease.role == role, Lease.holder == holder, Lease.expires_at > now)
        .values(expires_at=now + timedelta(seconds=seconds))
        .returning(Lease.fence)
    ).scalar()
    return kept is not None


def give_up(db: DbSession, *, holder: str, role: str = SCHEDULER) -> None:
    """End one's lease, so that another process need not wait for it to run out."""
    now = database_now(db)
    db.execute(update(Lease).where(Lease.role == role, Lease.holder == holder).values(expires_at=now))


def current_fence(db: DbSession, *, role: str = SCHEDULER) -> int:
    """The fence that holds now, 0 where there never was a holder."""
    return db.scalar(select(Lease.fence).where(Lease.role == role)) or 0


def last_beat(db: DbSession, *, role: str = SCHEDULER) -> datetime | None:
    """When a scheduler last said that it lives, in the database's time."""
    return db.scalar(select(Lease.beat_at).where(Lease.role == role))
