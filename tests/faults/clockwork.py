"""Schedulers, each a process of its own, at Wednesday's publishing time, with a slow solver: for the fault tests.

    python clockwork.py

For each line on standard input, [database's URL, seconds a solve, file of what it prints] as JSON, one is forked off a
process that has loaded the product already; its process id is printed. Nobody need wait for those that have ended.
Its lease lives a second, and what failed is tried again after one: the tests have no half minutes to wait.
"""

import gc
import json
import os
import signal
import sys
import threading
import time
import traceback
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


def run(url: str, seconds: float) -> None:
    """Be a scheduler until the process is asked to end."""
    set_up_logs()
    ledger._FIRST_WAIT = timedelta(seconds=1)
    scheduler.adopt = partial(scheduler.adopt, silence=timedelta(seconds=3))
    child = Slow()
    child.seconds = seconds
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


def begin(url: str, seconds: float, said: str) -> None:
    """Be the process of a scheduler, from its first line to its last."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.dup2(os.open(said, os.O_WRONLY | os.O_APPEND), sys.stdout.fileno())
    try:
        run(url, seconds)
        os._exit(0)
    except BaseException:
        traceback.print_exc()
        os._exit(1)


def main() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # what has ended is gone at once
    gc.freeze()  # else each child copies what it only looks through for something to free
    for line in sys.stdin:
        if (process := os.fork()) == 0:
            begin(*json.loads(line))
        print(process, flush=True)


if __name__ == "__main__":
    main()
