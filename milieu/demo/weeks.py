"""Which weeks the demo lacks, and making them: past ones and this one published as if in time, the next as a draft."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from milieu.clock import Clock
from milieu.database import DbSession, Engines, reading, retrying
from milieu.demo.accounts import director_of
from milieu.errors import Conflict, Unplannable
from milieu.models import Plan, Publication
from milieu.queries.week.runs import RunShown, find_run
from milieu.services.weeks.plans.planning import plan_now
from milieu.services.weeks.publishing import publish
from milieu.settings import Settings
from milieu.solving.places import backend_of
from milieu.solving.process.child import Interrupted

_PLANNED_AT, _PUBLISHED_AT = time(15, 0), time(15, 40)  # on the Friday before


@dataclass(frozen=True)
class DemoWeek:
    """A week that the demo holds. `planned_at` and `published_at` are as if it had been made in time, else None."""

    name: str
    start: date
    planned_at: datetime | None
    published_at: datetime | None


def weeks_around(today: date, timezone: str, *, past: int = 1) -> tuple[DemoWeek, ...]:
    """So many past weeks, the oldest first, then this week and the next."""
    monday = today - timedelta(days=today.weekday())
    zone = ZoneInfo(timezone)

    def made_in_time(name: str, start: date) -> DemoWeek:
        friday = start - timedelta(days=3)
        at = (datetime.combine(friday, clock, tzinfo=zone).astimezone(UTC) for clock in (_PLANNED_AT, _PUBLISHED_AT))
        return DemoWeek(name, start, *at)

    earlier = [monday - timedelta(weeks=ago) for ago in range(past, 1, -1)]
    return (
        *(made_in_time(f"the week of {start.day} {start:%B}", start) for start in earlier),
        made_in_time("last week", monday - timedelta(weeks=1)),
        made_in_time("this week", monday),
        DemoWeek("next week", monday + timedelta(weeks=1), None, None),
    )


def is_there(db: DbSession, community_id: str, week: DemoWeek) -> bool:
    """Whether a week is as the demo wants it: published, or for next week at least a draft."""
    published = select(Publication.id).where(
        Publication.community_id == community_id, Publication.week_start == week.start
    )
    if db.scalar(published.limit(1)) is not None:
        return True
    return week.published_at is None and is_drafted(db, community_id, week)


def is_drafted(db: DbSession, community_id: str, week: DemoWeek) -> bool:
    """Whether a week has a draft."""
    return _draft(db, community_id, week.start) is not None


@dataclass(frozen=True)
class Planner:
    """Makes a demo's weeks; `ending` ends a solve at once, and the same week is planned again at the next start."""

    engines: Engines
    settings: Settings
    clock: Clock
    community_id: str
    ending: threading.Event

    def make(self, week: DemoWeek, *, workers: int, seconds: int | None = None) -> None:
        """Plan a week unless its draft is there, publish it where it should be. Raises Unplannable, Interrupted."""
        with reading(self.engines) as db:
            has_draft = is_drafted(db, self.community_id, week)
        if not has_draft:
            self.plan(week, workers=workers, seconds=seconds)
        try:
            self.publish(week)
        except Conflict:  # facts have changed since it was drafted
            self.plan(week, workers=workers, seconds=seconds)
            self.publish(week)

    def plan(self, week: DemoWeek, *, workers: int, seconds: int | None = None) -> None:
        """Plan a week as if it were the moment it should have been planned at. Raises Unplannable, Interrupted."""
        run = self._plan(week, workers=workers, seconds=seconds)
        if run.is_open:  # the clock took up what an earlier start had left
            self._let_end(run.id)
            with reading(self.engines) as db:
                if is_drafted(db, self.community_id, week):
                    return
            run = self._plan(week, workers=workers, seconds=seconds)
        if run.plan_id is None:
            raise Unplannable(f"No schedule was found for {week.name}. {run.message}".strip(), run.because)

    def _plan(self, week: DemoWeek, *, workers: int, seconds: int | None) -> RunShown:
        settings = self.settings.model_copy(update={"solver_workers": workers})
        run_id = plan_now(
            self.engines,
            settings,
            self.clock,
            self.community_id,
            week.start,
            by=self._director(),
            seconds=seconds,
            as_of=week.planned_at,
            child=backend_of(settings, self.ending),
        )
        return self._run(run_id)

    def _let_end(self, run_id: str) -> None:
        while self._run(run_id).is_open:
            if self.ending.wait(0.2):
                raise Interrupted

    def _run(self, run_id: str) -> RunShown:
        with reading(self.engines) as db:
            return find_run(db, self.community_id, run_id)

    def publish(self, week: DemoWeek) -> None:
        """Publish a week's draft as if in time, where the demo wants it published. Raises Conflict."""
        if (at := week.published_at) is None:
            return

        def do(db: DbSession) -> str:
            draft = _draft(db, self.community_id, week.start)
            if draft is None:
                raise Conflict(f"The draft of {week.name} is gone.")
            by = director_of(db, self.community_id)
            return publish(db, self.community_id, draft.id, version=draft.version, by=by, now=at)

        retrying(self.engines, do)

    def _director(self) -> str | None:
        with reading(self.engines) as db:
            return director_of(db, self.community_id)


def interruptible(job: Callable[[], None], ending: threading.Event) -> None:
    """Do a piece of work in a thread of its own; an interrupt ends it, and its error is raised here."""
    errors: list[BaseException] = []

    def do() -> None:
        try:
            job()
        except BaseException as error:
            errors.append(error)

    thread = threading.Thread(target=do, daemon=True)
    thread.start()
    try:
        while thread.is_alive():
            thread.join(0.2)
    except KeyboardInterrupt:
        ending.set()
        thread.join(10)
        raise
    if errors:
        raise errors[0]


def _draft(db: DbSession, community_id: str, week_start: date) -> Plan | None:
    return db.scalars(
        select(Plan).where(Plan.community_id == community_id, Plan.week_start == week_start, Plan.state == "draft")
    ).first()
