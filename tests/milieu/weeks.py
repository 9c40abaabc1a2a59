"""Weeks planned and published by the services themselves, with a quick solver or the real one; and broken ones."""

import sys
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from milieu.database import DbSession, Engines, reading, retrying, unit_of_work
from milieu.models import Fence, Lease, Plan, Run
from milieu.services.weeks.plans.planning import execute_next_run, request_run
from milieu.services.weeks.publishing import publish
from milieu.settings import Settings
from milieu.solving.contents import PublishedWeek, SessionContent, read_published
from milieu.solving.process.child import SolverChild
from tests.milieu.builders import MONDAY, CommunityBuilder, FixedClock, small_community

FRIDAY = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)  # before the week of MONDAY
WEDNESDAY = datetime(2026, 12, 2, 5, 30, tzinfo=UTC)
SETTINGS = Settings(solver_workers=1)
FENCE = 3
SECONDS = 8  # for the real solver, which loads for one to three of them


@dataclass
class Flow:
    """A small community on a database, and a clock."""

    engines: Engines
    elm: CommunityBuilder
    clock: FixedClock

    @property
    def id(self) -> str:
        return self.elm.id

    def at(self, now: datetime) -> "Flow":
        self.clock.present = now
        return self

    def request(self, week: date = MONDAY, seconds: int | None = None) -> str:
        def ask(db: DbSession) -> str:
            return request_run(db, self.id, week, by=None, now=self.clock.now(), seconds=seconds)

        return retrying(self.engines, ask)

    def execute(self, child: SolverChild | None = None) -> bool:
        return execute_next_run(self.engines, SETTINGS, self.clock, child=child or quick())

    def run(self, run_id: str) -> Run:
        with reading(self.engines) as db:
            return db.get_one(Run, {"community_id": self.id, "id": run_id})

    def plan(self, week: date = MONDAY, child: SolverChild | None = None, seconds: int | None = None) -> Plan:
        """Plan a week; the draft."""
        run_id = self.request(week, seconds)
        assert self.execute(child)
        plan_id = self.run(run_id).plan_id
        assert plan_id is not None, self.run(run_id).message
        with reading(self.engines) as db:
            return db.get_one(Plan, {"community_id": self.id, "id": plan_id})

    def publish(self, plan: Plan, fence: int | None = None) -> str:
        def do(db: DbSession) -> str:
            return publish(db, self.id, plan.id, version=plan.version, by=None, now=self.clock.now(), fence=fence)

        return retrying(self.engines, do)

    def publish_week(self, week: date = MONDAY) -> str:
        """Plan and publish a week; the publication's id."""
        return self.publish(self.plan(week))

    def published(self, week: date = MONDAY) -> PublishedWeek:
        with reading(self.engines) as db:
            found = read_published(db, self.id, week)
        assert found is not None
        return found

    def sessions(self, week: date = MONDAY) -> dict[str, SessionContent]:
        return {each.ref: each for each in self.published(week).sessions}

    def runs(self) -> list[Run]:
        with reading(self.engines) as db:
            return list(db.scalars(select(Run).order_by(Run.requested_at)))


def small_flow(engines: Engines, now: datetime = FRIDAY) -> Flow:
    """A small community and the scheduler's lease under FENCE."""
    with unit_of_work(engines) as db:
        elm = small_community(db)
        later = now + timedelta(days=400)
        db.add(Lease(role="scheduler", holder="test", expires_at=later, beat_at=now))
        db.add(Fence(role="scheduler", fence=FENCE))
    return Flow(engines, elm, FixedClock(now))


def solver() -> SolverChild:
    """The real one: it takes all the time that it is given."""
    return SolverChild(beat_seconds=0.1)


def quick() -> SolverChild:
    """A director by hand behind the solver's command line, for tests of what goes round a solve."""
    script = Path(__file__).with_name("quick_solver.py")
    return SolverChild((sys.executable, str(script)), beat_seconds=0.05)


def crashing() -> SolverChild:
    """A solver that breaks off at once."""
    return SolverChild((sys.executable, "-c", "import os; os.abort()"), beat_seconds=0.05)


def answering(tmp_path: Path, answer: bytes, status: int = 0) -> SolverChild:
    """A solver that answers whatever it is asked with these bytes."""
    (tmp_path / "answer").write_bytes(answer)
    (tmp_path / "answering.py").write_text(
        "import pathlib, sys\n"
        f"answer = pathlib.Path({str(tmp_path / 'answer')!r}).read_bytes()\n"
        "pathlib.Path(sys.argv[sys.argv.index('-o') + 1]).write_bytes(answer)\n"
        f"sys.exit({status})\n"
    )
    return SolverChild((sys.executable, str(tmp_path / "answering.py")), beat_seconds=0.05)
