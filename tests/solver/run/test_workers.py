"""Searching before the kernels are compiled: the same functions in plain Python, silent, and making the same moves."""

import json
import multiprocessing
import os
import subprocess
import sys
import time
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import pytest

from bench.asked.homes import make_home
from solver.documents.exchange import digest, read_problem, read_schedule
from solver.instance.placed import Found, Placed
from solver.model.check import read_whole
from solver.run.workers import PLAIN, crew
from tests.patience import PATIENCE
from tests.solver.search.searches import Trial

pytestmark = pytest.mark.slow(2)

ROOT = Path(__file__).parents[3]
MOVES = """
from bench.asked.homes import make_home
from tests.solver.search.searches import Trial
trial = Trial(make_home(30, 2, True).tree, 5)
trial.annealer.begin([])
trial.annealer.step(1500, 40.0, 10.0, share=0.1)
print(trial.annealer.state.objective, trial.annealer.state.lacking, trial.annealer.state.sessions())
"""


class Deaf:
    """A process that never listens, as one that compiles or proves."""

    def Process(self, *, args: tuple[Any, ...], **rest: Any) -> BaseProcess:  # noqa: N802 - a context's own word
        return multiprocessing.get_context("fork").Process(target=time.sleep, args=(3 * PATIENCE,), daemon=True)


def test_who_does_not_listen_holds_nobody_up() -> None:
    large = Found(1, 0, tuple(Placed(0, k, 0, -1, (), tuple(range(k, k + 100))) for k in range(150)))
    with crew(Deaf()) as workers:  # type: ignore[arg-type]
        workers.start(None)  # type: ignore[arg-type]
        begun = time.monotonic()
        for _ in range(200):
            workers.tell(large)

        assert time.monotonic() - begun < PATIENCE
        assert list(workers.owed.values()) == [large]


def plain(*arguments: str) -> "subprocess.Popen[str]":
    """Python with these arguments, with uncompiled kernels."""
    return subprocess.Popen(
        [sys.executable, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, PLAIN: "1"},
    )


def test_plain_kernels_make_the_same_moves_without_a_warning() -> None:
    trial = Trial(make_home(30, 2, True).tree, 5)
    trial.annealer.begin([])
    trial.annealer.step(1500, 40.0, 10.0, share=0.1)
    state = trial.annealer.state

    told, warned = plain("-W", "error", "-c", MOVES).communicate()

    assert warned == ""
    assert told == f"{state.objective} {state.lacking} {state.sessions()}\n"


def test_a_solve_with_plain_kernels_tells_nothing_but_its_progress(tmp_path: Path) -> None:
    source, target = tmp_path / "home.json", tmp_path / "week.json"
    raw = make_home(12, 2, True).document()
    source.write_bytes(raw)

    solving = plain("-m", "solver", "solve", str(source), "-o", str(target), "--progress", "--seconds", str(PATIENCE))
    assert solving.stderr is not None
    first = solving.stderr.readline()
    solving.terminate()

    lines = [json.loads(line) for line in [first, *solving.communicate()[1].splitlines()]]
    problem = read_problem(raw)
    schedule = read_schedule(target.read_bytes(), problem)
    assert solving.returncode == 0
    assert lines[-1]["objective"] == schedule.objective
    assert read_whole(problem, digest(raw), schedule) == []
