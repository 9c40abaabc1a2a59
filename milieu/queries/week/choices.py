"""Which weeks have choices that wait for a person, or that are being looked for."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from milieu.calendar.weeks import DAYS
from milieu.database import DbSession
from milieu.models import Choice, Plan, Publication, Run

OPEN = ("queued", "running")
_CHOICES, _CHOICE = "choices", "choice"


@dataclass(frozen=True)
class WaitingChoices:
    """A week that is not over and whose newest choices wait; `is_open`: they are still being found."""

    week_start: date
    is_open: bool


def waiting_choices(db: DbSession, community_id: str, today: date) -> tuple[WaitingChoices, ...]:
    """The weeks in order. Choices of a week that was published anew since wait no more."""
    runs = db.execute(
        select(Run.id, Run.week_start, Run.state)
        .where(Run.community_id == community_id, Run.kind == _CHOICES, Run.week_start > today - timedelta(days=DAYS))
        .order_by(Run.week_start, Run.open_week.is_not(None), Run.requested_at, Run.id)
    ).all()
    newest = {row.week_start: row for row in runs}
    found = []
    for week_start, row in newest.items():
        if row.state in OPEN or _waits(db, community_id, week_start, row.id):
            found.append(WaitingChoices(week_start, row.state in OPEN))
    return tuple(found)


def _waits(db: DbSession, community_id: str, week_start: date, run_id: str) -> bool:
    current = db.scalar(
        select(Publication.id)
        .where(Publication.community_id == community_id, Publication.week_start == week_start)
        .order_by(Publication.number.desc())
        .limit(1)
    )
    rows = db.execute(
        select(Choice.publication_id, Plan.state)
        .join(Plan, (Plan.community_id == Choice.community_id) & (Plan.id == Choice.plan_id))
        .where(Choice.community_id == community_id, Choice.run_id == run_id)
    ).all()
    return bool(rows) and all(row.publication_id == current and row.state == _CHOICE for row in rows)
