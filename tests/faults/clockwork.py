"""A scheduler in a process of its own, at Wednesday's publishing time, with a slow solver: for the fault tests.

    python clockwork.py URL SECONDS_A_SOLVE

Its lease lives a second, and what failed is tried again after one: the tests have no half minutes to wait.
"""

import signal
import sys
import threading
import time
from datetime import timedelta
from functools import partial
from typing import Any

from milieu.coordination import ledger
from milieu.database import make_engines
from milieu.installation.logs import set_up_logs
from milieu.jobs import scheduler
from milieu.services.republishing import repair_day
from milieu.services.weeks.plans.planning import execute_next_run
from milieu.solving.process.child import ChildResult, SolverChild
from tests.milieu.builders import ShiftedClock
from tests.milieu.weeks import SETTINGS, WEDNESDAY, quick


class Slow(SolverChild):
    """Thinks for a while after it has its answer, and says that it has begun."""

    seconds = 0.0

    def solve(self, problem: bytes, **limits: Any) -> ChildResult:
        result = quick().solve(problem, **limits)
        print("solving", flush=True)
        time.sleep(self.seconds)
        return result


def main(url: str, seconds: str) -> None:
    set_up_logs()
    ledger._FIRST_WAIT = timedelta(seconds=1)
    scheduler.adopt = partial(scheduler.adopt, silence=timedelta(seconds=3))
    child = Slow()
    child.seconds = float(seconds)
    settings = SETTINGS.model_copy(update={"tick_seconds": 0.2, "lease_seconds": 1.0})
    clock = ShiftedClock(WEDNESDAY + timedelta(minutes=1))
    beat = scheduler.Scheduler(
        make_engines(url),
        settings,
        clock,
        repair=partial(repair_day, child=child),
        run_next=partial(execute_next_run, child=child),
    )
    beat.start()
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    ended.wait()
    beat.stop(seconds=30)


if __name__ == "__main__":
    main(*sys.argv[1:])
