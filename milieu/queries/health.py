"""Whether an installation is ready: its database at the newest revision, its clock ticking, its backups proven."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Subquery, and_, func, select, text

from milieu import __version__
from milieu.coordination import upkeep
from milieu.coordination.ledger import REPAIR
from milieu.database import DbSession, newest_revision
from milieu.models import Community, Lease, LedgerEntry, Publication, Upkeep

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


_IN_TROUBLE = {"due", "parked", "missed"}


@dataclass(frozen=True)
class CommunityHealth:
    """How it stands with one community, as who looks after all of them may know it: nothing of anybody in it.

    `published_at` is of its newest publication, for the week of `week_start`; None: nothing is published. `checked_on`
    and `state` are of the newest day that the clock has on record (`ledger_entry`), None and "" where there is none.
    """

    name: str
    timezone: str
    week_start: date | None
    published_at: datetime | None
    checked_on: date | None
    state: str

    @property
    def is_in_trouble(self) -> bool:
        """Whether its last morning failed, or was not there: what the others do not show."""
        return self.state in _IN_TROUBLE


def program_version() -> str:
    """The version of this program."""
    return __version__


def communities(db: DbSession) -> tuple[CommunityHealth, ...]:
    """All communities, by name."""
    published = _newest(Publication.community_id, Publication.number)
    checked = _newest(LedgerEntry.community_id, LedgerEntry.local_day, LedgerEntry.kind == REPAIR)
    rows = db.execute(
        select(
            Community.name,
            Community.timezone,
            Publication.week_start,
            Publication.published_at,
            LedgerEntry.local_day,
            LedgerEntry.state,
        )
        .outerjoin(published, published.c.community_id == Community.id)
        .outerjoin(
            Publication,
            and_(Publication.community_id == Community.id, Publication.number == published.c.newest),
        )
        .outerjoin(checked, checked.c.community_id == Community.id)
        .outerjoin(
            LedgerEntry,
            and_(
                LedgerEntry.community_id == Community.id,
                LedgerEntry.local_day == checked.c.newest,
                LedgerEntry.kind == REPAIR,
            ),
        )
        .order_by(Community.name, Community.id)
    )
    return tuple(CommunityHealth(*row[:5], row[5] or "") for row in rows)


def _newest(of: Any, what: Any, *where: ColumnElement[bool]) -> Subquery:
    return select(of, func.max(what).label("newest")).where(*where).group_by(of).subquery()
