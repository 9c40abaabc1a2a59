"""Publishes and dies on the way: a program of the fault tests, not of the product.

    python publisher.py URL COMMUNITY WORK [PLAN]

For each number N on standard input it forks a child that does WORK and is gone, like after kill -9, at its N-th step;
the child's exit status is printed: 9 killed, 0 done before. A step is the moment before or after a write or a commit;
a read between them leaves nothing that could differ.
WORK is `publish` (a draft), `repair` (the duty of a day), or `pointer-first`: a publisher with a planted defect.
"""

import gc
import logging
import os
import secrets
import sys
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.pool import Pool

from milieu.coordination.lease import current_fence
from milieu.database import DbSession, Engines, make_engines, reading, retrying, unit_of_work
from milieu.installation.logs import set_up_logs
from milieu.jobs.daily import do_duty, find_duties
from milieu.models import Plan
from milieu.services.republishing import repair_day
from milieu.services.weeks import editions
from milieu.services.weeks.publishing import publish
from milieu.solving.contents import read_plan
from milieu.solving.problem.document import ProblemSource, make_problem
from milieu.solving.process.child import ChildResult, SolverChild
from tests import compiled as _compiled  # noqa: F401 what was compiled in here, children have
from tests.milieu.builders import MONDAY, FixedClock
from tests.milieu.weeks import SETTINGS, WEDNESDAY, quick

LATER_ON_FRIDAY = datetime(2026, 11, 27, 15, 0, tzinfo=UTC)


class Steps:
    """Counts what a process does with the database, and ends it at one of the steps."""

    def __init__(self, last: int) -> None:
        self.left = last
        event.listen(Engine, "before_cursor_execute", self.statement)
        event.listen(Engine, "after_cursor_execute", self.statement)
        event.listen(Engine, "commit", self.step)
        event.listen(Pool, "checkin", self.step)

    def statement(self, _connection: Any, _cursor: Any, statement: str, *_: object) -> None:
        if not statement.lstrip().startswith(("SELECT", "PRAGMA", "BEGIN", "show", "select")):
            self.step()

    def step(self, *_: object) -> None:
        self.left -= 1
        if self.left == 0:
            os._exit(9)


class Remembering(SolverChild):
    """A solver that solves each problem once: what is killed here is the publisher."""

    answers: dict[bytes, ChildResult]

    def solve(self, problem: bytes, **limits: Any) -> ChildResult:
        if problem not in self.answers:
            self.answers[problem] = quick().solve(problem, **{**limits, "watch": None})
        return self.answers[problem]


def publish_draft(engines: Engines, community_id: str, plan_id: str) -> None:
    def do(db: DbSession) -> str:
        plan = db.get_one(Plan, (community_id, plan_id))
        return publish(db, community_id, plan.id, version=plan.version, by=None, now=LATER_ON_FRIDAY)

    retrying(engines, do)


def publish_pointer_first(engines: Engines, community_id: str, plan_id: str) -> None:
    """The planted defect: the pages are told of the publication before it is there."""
    with unit_of_work(engines) as db:
        plan = db.get_one(Plan, (community_id, plan_id))
        source = make_problem(db, community_id, MONDAY, LATER_ON_FRIDAY, repair=False)
        contents = read_plan(db, plan)
        edition = editions.Edition("week", source, contents, plan.objective, None, dict(plan.terms), plan.id)
        changes = editions.changes_of(source, contents)
        publication = editions._publication(
            db, edition, editions.digest_of(contents), secrets.token_hex(32), changes, now=LATER_ON_FRIDAY, fence=0
        )
        editions._move_pointers(db, source, publication, contents, None)
    with unit_of_work(engines) as db:
        editions._add_sessions(db, publication, contents)


def repair_today(engines: Engines, community_id: str, child: SolverChild) -> None:
    clock = FixedClock(WEDNESDAY)

    with unit_of_work(engines) as db:
        fence = current_fence(db)
    for duty in find_duties(engines, clock.now(), fence=fence):
        do_duty(duty, engines=engines, settings=SETTINGS, clock=clock, repair=partial(repair_day, child=child))


def learnt(url: str, community_id: str) -> Remembering:
    """The solver with the answer that the repair will ask for."""
    child = Remembering()
    child.answers = {}
    source = read(url, community_id, repair=True)
    child.solve(source.raw, seconds=2, workers=1, seed=source.seed)
    return child


def read(url: str, community_id: str, *, repair: bool) -> ProblemSource:
    """The facts, as the work will read them: SQLAlchemy need not learn again in each child what it learns here."""
    engines = make_engines(url)
    with reading(engines) as db:
        source = make_problem(db, community_id, MONDAY, WEDNESDAY if repair else LATER_ON_FRIDAY, repair=repair)
    engines.dispose()
    return source


def main(url: str, community_id: str, work: str, plan_id: str = "") -> None:
    set_up_logs(logging.WARNING)
    child = learnt(url, community_id) if work == "repair" else quick()
    read(url, community_id, repair=work == "repair")
    works: dict[str, Callable[[Engines, str], None]] = {
        "publish": partial(publish_draft, plan_id=plan_id),
        "pointer-first": partial(publish_pointer_first, plan_id=plan_id),
        "repair": partial(repair_today, child=child),
    }
    gc.freeze()  # else each child copies what it only looks through for something to free
    for line in sys.stdin:
        if (process := os.fork()) == 0:
            try:
                Steps(int(line))
                works[work](make_engines(url), community_id)
                os._exit(0)
            except BaseException:
                traceback.print_exc()
                os._exit(1)
        print(os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
