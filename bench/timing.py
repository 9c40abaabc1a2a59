"""Does it take longer to refuse a name that has an account than one that has none?

    python -m bench.timing [--tries 1000]      both in turn, in an installation of its own; some minutes

Each try is a form of its own with a wrong password, sent to the application in this process, known and unknown names
drawn at random; an hour passes between two, so that none is kept waiting. Told are, for the time on the wall and for
the processor's, the medians and what a rank test (Mann and Whitney, two-sided, by the normal distribution) says of the
two: a z beyond 3 would be a difference. `--blind` sees whether the test sees: an unknown name then costs no hash.
"""

import argparse
import logging
import math
import random
import re
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from flask import Flask
from flask.testing import FlaskClient

from milieu.database import unit_of_work
from milieu.imports.folder import import_folder
from milieu.installation.logs import set_up_logs
from milieu.installation.serving import open_engines
from milieu.services.access.accounts import create_account
from milieu.services.access.passwords import is_right
from milieu.settings import Settings
from web.account import views
from web.app import create_app

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures"
KNOWN, UNKNOWN = "known@alder.example", "wholly@alder.example"
CLOCKS: dict[str, Callable[[], float]] = {"wall": time.perf_counter, "processor": time.process_time}


class HoursClock:
    """An hour later at every try."""

    def __init__(self) -> None:
        self.present = datetime(2026, 12, 2, 9, tzinfo=UTC)

    def now(self) -> datetime:
        return self.present

    def wait(self, event: threading.Event, seconds: float) -> bool:
        return event.wait(seconds)


def measure(tries: int, *, is_blind: bool) -> dict[str, dict[str, list[float]]]:
    """Seconds of each try: clock -> name -> so many."""
    names = [KNOWN, UNKNOWN] * tries
    random.Random(1).shuffle(names)
    taken: dict[str, dict[str, list[float]]] = {clock: {KNOWN: [], UNKNOWN: []} for clock in CLOCKS}
    with tempfile.TemporaryDirectory() as folder:
        settings, clock = Settings(data_dir=Path(folder), secret_key="for measuring only"), HoursClock()  # noqa: S106
        engines = open_engines(settings)
        with unit_of_work(engines) as db:
            community_id = import_folder(db, FIXTURES / "alder", now=clock.now()).community_id
            password = "right for this account"  # noqa: S105 - nobody else has it
            create_account(
                db, community_id, email=KNOWN, name="Known", password=password, roles=("staff",), now=clock.now()
            )
        app = create_app(settings, engines, clock)
        if is_blind:
            vars(views)["is_right"] = lambda stored, typed: stored is not None and is_right(stored, typed)
        for number, name in enumerate([KNOWN, UNKNOWN, *names]):
            clock.present += timedelta(hours=1)
            seconds = _one(app, name)
            if number > 1:  # the first two warm up
                for which, took in seconds.items():
                    taken[which][name].append(took)
        engines.dispose()
    return taken


def z_of(one: list[float], other: list[float]) -> float:
    """How far the ranks of two samples lie apart, in standard deviations (Mann and Whitney 1947)."""
    both = np.concatenate([one, other])
    ranks = np.empty(len(both))
    ranks[np.argsort(both, kind="stable")] = np.arange(1, len(both) + 1)
    count, others = len(one), len(other)
    above = float(ranks[:count].sum()) - count * (count + 1) / 2
    return (above - count * others / 2) / math.sqrt(count * others * (count + others + 1) / 12)


def _one(app: Flask, name: str) -> dict[str, float]:
    """The seconds that one refusal took, by each clock."""
    browser: FlaskClient = app.test_client()
    token = re.findall(r'name="csrf_token" value="([^"]+)"', browser.get("/sign-in").text)[0]
    began = {which: clock() for which, clock in CLOCKS.items()}
    answer = browser.post("/sign-in", data={"csrf_token": token, "email": name, "password": "wrong, and as long"})
    seconds = {which: clock() - began[which] for which, clock in CLOCKS.items()}
    assert answer.status_code == 422, answer.status
    return seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tries", type=int, default=1000, help="of each of the two names")
    parser.add_argument("--blind", action="store_true", help="compute no hash for the unknown name")
    options = parser.parse_args()
    set_up_logs(logging.ERROR)
    for which, taken in measure(options.tries, is_blind=options.blind).items():
        known, unknown = taken[KNOWN], taken[UNKNOWN]
        z = z_of(known, unknown)
        print(
            f"{which:<10} known {1000 * statistics.median(known):7.2f} ms   "
            f"unknown {1000 * statistics.median(unknown):7.2f} ms   "
            f"z {z:+.2f}   p {math.erfc(abs(z) / math.sqrt(2)):.3g}   ({len(known)} each)"
        )


if __name__ == "__main__":
    main()
