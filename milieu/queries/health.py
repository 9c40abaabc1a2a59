"""Whether an installation is ready: its database at the newest revision, its clock ticking, its backups proven."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, text

from milieu.coordination import upkeep
from milieu.database import DbSession, newest_revision
from milieu.models import Lease, Upkeep

PROOF_HOLDS = timedelta(days=7)
_THERE = (upkeep.MADE, upkeep.PROVEN)


@dataclass(frozen=True)
class Readiness:
    """`clock_age_seconds` is None where no clock has ever run on this database."""

    ok: bool
    revision: str
    newest_revision: str
    clock_age_seconds: float | None
    is_late: bool


def readiness(db: DbSession, *, now: datetime, lease_seconds: float) -> Readiness:
    """What a watcher asks: the clock is late when it has not beaten for three leases."""
    revision = db.execute(text("SELECT version_num FROM alembic_version")).scalar() or ""
    beat = db.scalar(select(Lease.beat_at).order_by(Lease.beat_at.desc()).limit(1))
    age = None if beat is None else max(0.0, (now - beat).total_seconds())
    is_late = age is None or age > 3 * lease_seconds
    return Readiness(revision == newest_revision() and not is_late, revision, newest_revision(), age, is_late)


@dataclass(frozen=True)
class Backups:
    """How it stands with the backups. `why`: what was wrong the last time, "" where it was restored and found sound.

    `made_at` and `proven_at` are of the newest; None: there is none. `is_proven`: restored on trial within a week.
    """

    made_at: datetime | None
    proven_at: datetime | None
    is_proven: bool
    why: str


def backups(db: DbSession, *, now: datetime) -> Backups:
    """The newest backup that is there, and the newest that was restored on trial, by whatever process."""
    rows = db.scalars(
        select(Upkeep).where(Upkeep.kind == upkeep.BACKUP).order_by(Upkeep.on_day.desc()).limit(400)
    ).all()
    made = max((row.finished_at for row in rows if row.state in _THERE and row.finished_at), default=None)
    proven = max((row.finished_at for row in rows if row.state == upkeep.PROVEN and row.finished_at), default=None)
    return Backups(made, proven, proven is not None and now - proven <= PROOF_HOLDS, rows[0].message if rows else "")
