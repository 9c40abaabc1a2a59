"""Runs of the solver as the director watches them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from milieu.database import DbSession
from milieu.errors import NotFound
from milieu.models import Account, Plan, Run
from milieu.queries.week.bounds import below_best, has_changes_to_pay

OPEN = ("queued", "running")


@dataclass(frozen=True)
class Improvement:
    """A better schedule found after so many seconds; `bound` is what could at most be had, where that is comparable."""

    seconds: float
    objective: int
    bound: int | None


@dataclass(frozen=True)
class RunShown:
    """A run; `state` is queued, running, done, impossible, failed or stopped.

    `because` says why a week is impossible; `notes` which demands were left out or lowered. `bound` is None where it is
    not known, or where the score pays for changes of what stood. `is_set_aside`: what came of it, `plan_id`, is
    not the week's draft.
    """

    id: str
    kind: str
    state: str
    week_start: date
    requested_at: datetime
    requested_by: str
    started_at: datetime | None
    finished_at: datetime | None
    is_stopping: bool
    seconds_limit: int
    objective: int | None
    bound: int | None
    improvements: tuple[Improvement, ...]
    because: tuple[str, ...]
    notes: tuple[str, ...]
    message: str
    plan_id: str | None
    is_set_aside: bool = False

    @property
    def gap(self) -> float | None:
        """How many per cent at most the best found is below the best that could be."""
        last = self.improvements[-1] if self.improvements else None
        best = self.objective if self.objective is not None else last.objective if last else None
        bound = self.bound if self.bound is not None else last.bound if last else None
        return below_best(best, bound)

    @property
    def is_open(self) -> bool:
        """Whether it waits or works."""
        return self.state in OPEN


def find_run(db: DbSession, community_id: str, run_id: str) -> RunShown:
    """A run of the community. Raises NotFound."""
    row = db.execute(_runs().where(Run.community_id == community_id, Run.id == run_id)).one_or_none()
    if row is None:
        raise NotFound("There is no such run.")
    return _shown(row)


def last_run(db: DbSession, community_id: str, week_start: date) -> RunShown | None:
    """The newest run that a person asked for in a week, None where there is none."""
    row = db.execute(
        _runs()
        .where(Run.community_id == community_id, Run.week_start == week_start, Run.kind == "plan")
        .order_by(Run.requested_at.desc(), Run.id)
        .limit(1)
    ).one_or_none()
    return None if row is None else _shown(row)


def is_planning(db: DbSession, community_id: str, week_start: date) -> bool:
    """Whether a plan of the week waits or is being made."""
    mine = Run.community_id == community_id, Run.open_week == week_start.isoformat()
    return db.scalar(select(Run.id).where(*mine)) is not None


def _runs() -> Any:
    return (
        select(
            Run.id,
            Run.kind,
            Run.state,
            Run.week_start,
            Run.requested_at,
            Account.name,
            Run.started_at,
            Run.finished_at,
            Run.stop_requested_at,
            Run.seconds_limit,
            Run.objective,
            Run.bound,
            Run.progress,
            Run.because,
            Run.message,
            Run.plan_id,
            Run.asked,
            has_changes_to_pay().label("pays_for_changes"),
            Plan.state.label("plan_state"),
        )
        .outerjoin(Account, Account.id == Run.requested_by)
        .outerjoin(Plan, (Plan.community_id == Run.community_id) & (Plan.id == Run.plan_id))
    )


def _shown(row: Any) -> RunShown:
    pays = row.pays_for_changes or row.asked is not None
    return RunShown(
        id=row.id,
        kind=row.kind,
        state=row.state,
        week_start=row.week_start,
        requested_at=row.requested_at,
        requested_by=row.name or "",
        started_at=row.started_at,
        finished_at=row.finished_at,
        is_stopping=row.stop_requested_at is not None,
        seconds_limit=row.seconds_limit,
        objective=row.objective,
        bound=None if pays else row.bound,
        improvements=_improvements(row.progress, is_comparable=not pays),
        because=_sentences(row.because, "because"),
        notes=_sentences(row.because, "notes"),
        message=row.message,
        plan_id=row.plan_id,
        is_set_aside=row.plan_state == "set aside",
    )


def _improvements(progress: dict[str, Any] | None, *, is_comparable: bool) -> tuple[Improvement, ...]:
    points = (progress or {}).get("points", [])
    return tuple(
        Improvement(float(point["seconds"]), point["objective"], point.get("bound") if is_comparable else None)
        for point in points
        if point.get("objective") is not None
    )


def _sentences(because: dict[str, Any] | None, key: str) -> tuple[str, ...]:
    return tuple(str(each) for each in (because or {}).get(key, []))
