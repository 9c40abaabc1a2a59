"""Whether an installation is ready: its database at the newest revision, its clock ticking."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, text

from milieu.database import DbSession, newest_revision
from milieu.models import Lease


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
