"""The real command ended from outside at any moment: a valid document or none, and nobody is left behind."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from bench.asked.homes import make_home
from bench.memory import PROC, members
from solver.documents.exchange import digest, read_problem, read_schedule
from solver.model.check import read_whole
from tests.patience import PATIENCE, PROVING
from tests.solver.builders import problem

pytestmark = [
    pytest.mark.slow(0.8),
    pytest.mark.skipif(not PROC.is_dir(), reason="processes are looked at in Linux's /proc"),
]

ROOT = Path(__file__).parents[3]
RAW = make_home(30, 6, True).document()
AT_ONCE = json.dumps(problem()).encode()  # what is best here is proved in a moment
# From before Python has begun, through the imports and the first schedule, to a search that goes on.
MOMENTS = [0.0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0, 1.3, 1.8]  # of both signals, to one and to all of them


class Solving:
    """`solve` of a home in a session of its own, so that all that it starts can be found."""

    def __init__(self, folder: Path, workers: int, seconds: float = 60.0, raw: bytes = RAW) -> None:
        self.source, self.target = folder / "home.json", folder / "week.json"
        self.raw = raw
        self.source.write_bytes(raw)
        command = [sys.executable, "-m", "solver", "solve", str(self.source), "-o", str(self.target), "--progress"]
        self.process = subprocess.Popen(
            [*command, "--workers", str(workers), "--seconds", str(seconds)],
            cwd=ROOT,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def __enter__(self) -> "Solving":
        return self

    def __exit__(self, *rest: object) -> None:
        for pid in self.left():
            os.kill(pid, signal.SIGKILL)
        self.process.communicate()

    def left(self) -> list[int]:
        """The processes of the session that are still at work; the main one is its own parent's to bury."""
        return [pid for pid in members(self.process.pid) if _state(pid) not in ("Z", "X", "")]

    def first_line(self) -> str:
        """Waits until a schedule has been found."""
        assert self.process.stderr is not None
        return self.process.stderr.readline()

    def is_sound(self) -> bool:
        """Whether what was written is whole and keeps what it says; also where nothing was written."""
        if not self.target.exists():
            return True
        document = read_problem(self.raw)
        return read_whole(document, digest(self.raw), read_schedule(self.target.read_bytes(), document)) == []


def _state(pid: int) -> str:
    try:
        return (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return ""


def within(seconds: float, is_so: Callable[[], bool]) -> bool:
    until = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > until:
            return False
        time.sleep(0.01)
    return True


@pytest.mark.parametrize(("number", "moment"), list(enumerate(MOMENTS)))
def test_a_signal_at_any_moment_leaves_a_valid_document_or_none(number: int, moment: float, tmp_path: Path) -> None:
    what = signal.SIGINT if number % 4 == 1 else signal.SIGTERM
    with Solving(tmp_path, workers=1 + number // 2 % 2) as solving:
        time.sleep(moment)
        if number % 3:  # to all of them, as from a terminal
            os.killpg(solving.process.pid, what)
        else:
            solving.process.send_signal(what)
        status = solving.process.wait(PATIENCE)

        assert status in (0, 4, -what) or (what == signal.SIGINT and status == 1)  # while Python begins
        assert solving.target.exists() == (status in (0, 4))
        assert solving.is_sound()
        assert within(PATIENCE, lambda: not solving.left())
        assert [path.name for path in tmp_path.iterdir() if path not in (solving.source, solving.target)] == []


@pytest.mark.parametrize("later", [0.0, 0.02])
def test_who_asks_too_late_hears_that_it_is_done(later: float, tmp_path: Path) -> None:
    with Solving(tmp_path, workers=1, seconds=PROVING, raw=AT_ONCE) as solving:
        assert within(PATIENCE, solving.target.exists)
        time.sleep(later)
        if solving.process.poll() is None:
            solving.process.send_signal(signal.SIGTERM)

        assert solving.process.wait(PATIENCE) == 0
        assert solving.is_sound()


@pytest.mark.parametrize("workers", [1, 2])
def test_nobody_survives_a_solve_that_is_killed(workers: int, tmp_path: Path) -> None:
    with Solving(tmp_path, workers) as solving:
        assert "objective" in solving.first_line()
        assert len(solving.left()) == 1 + workers

        solving.process.kill()

        assert within(PATIENCE, lambda: not solving.left())
        assert not solving.target.exists()


@pytest.mark.parametrize(("workers", "killed"), [(1, 1), (2, 1), (2, 2)])
def test_killed_searchers_do_not_spoil_what_was_found(workers: int, killed: int, tmp_path: Path) -> None:
    with Solving(tmp_path, workers, seconds=PROVING) as solving:
        assert "objective" in solving.first_line()
        searchers = [pid for pid in solving.left() if pid != solving.process.pid]

        for pid in searchers[:killed]:
            os.kill(pid, signal.SIGKILL)
        if killed < workers:  # whoever is left would search on
            solving.process.terminate()

        assert solving.process.wait(PATIENCE) == 0
        assert solving.target.exists()
        assert solving.is_sound()
        assert not solving.left()


@pytest.mark.parametrize("moment", [0.5, 0.7])
def test_searchers_that_die_as_they_begin_end_the_solve(moment: float, tmp_path: Path) -> None:
    with Solving(tmp_path, workers=1, seconds=1.0) as solving:
        time.sleep(moment)
        for pid in solving.left():
            if pid != solving.process.pid:
                os.kill(pid, signal.SIGKILL)

        assert solving.process.wait(PATIENCE) in (0, 4)
        assert solving.target.exists()
        assert solving.is_sound()


def test_an_interrupt_before_anybody_listens_ends_without_a_traceback() -> None:
    interrupted = (
        "import os, runpy, signal, sys, types\n"
        "sys.modules['solver.run.command.cli'] = cli = types.ModuleType('solver.run.command.cli')\n"
        "cli.main = lambda *arguments, **options: os.kill(os.getpid(), signal.SIGINT)\n"
        "runpy.run_module('solver', run_name='__main__')\n"
    )
    done = subprocess.run([sys.executable, "-c", interrupted], cwd=ROOT, capture_output=True, text=True)

    assert (done.returncode, done.stderr) == (-signal.SIGINT, "")
