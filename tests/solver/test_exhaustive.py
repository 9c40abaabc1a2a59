"""The solve against every schedule that there is, on tiny problems: the same best, and the same "there is none"."""

import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

import solver.model.building  # noqa: F401 - loads OR-Tools once, for all the searchers that are forked from here
from solver.documents.exchange import digest, read_problem, write_schedule
from solver.infeasibility import relax
from solver.model.check import read_whole
from tests.solver.builders import Tree, written
from tests.solver.enumerating import TooMany, best_of_all, lacking, make_tiny
from tests.solver.run.test_solve import run
from tests.solver.strategies import Chance

pytestmark = pytest.mark.slow(0.2)

ROOT = Path(__file__).parents[2]
SHARES = (0.15, 0.3, 0.5)
SEEDS = range(1000, 1048)
TWICE = range(1000, 1008)


@cache
def tiny(seed: int) -> Tree:
    return make_tiny(Chance(seed), SHARES[seed % 3])


@cache
def best(seed: int) -> tuple[int, int] | None:
    """What is lacking at least, and the best score there is then; None where there are too many schedules."""
    try:
        return best_of_all(tiny(seed))
    except TooMany:
        return None


def known() -> list[int]:
    return [seed for seed in SEEDS if best(seed) is not None]


@pytest.mark.parametrize("seed", SEEDS)
def test_the_best_of_all_schedules_is_found_and_proved(seed: int) -> None:
    if (row := best(seed)) is None:
        pytest.skip("too many schedules")
    least, score = row

    found, _ = run(tiny(seed), 30.0, workers=1 + seed % 2)

    assert found.status == ("infeasible" if least else "optimal")
    assert (found.objective, found.bound) == ((None, None) if least else (score, score))
    raw = written(tiny(seed))
    assert read_whole(read_problem(raw), digest(raw), found) == []


@pytest.mark.parametrize("seed", SEEDS[::2])
def test_no_more_is_relaxed_than_must_be(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    if (row := best(seed)) is None:
        pytest.skip("too many schedules")
    least, score = row
    monkeypatch.setattr(relax, "TRYING", 0.0)  # what a few attempts do not find is proved, or a model has it

    found, _ = run(tiny(seed), 30.0, relax=True)

    assert lacking(found.relaxed) == least
    assert found.objective is not None
    assert found.objective <= score
    assert found.objective == score or found.status == "feasible"
    assert found.bound is None or found.bound >= score


def test_the_tiny_problems_are_no_trifles() -> None:
    """Nearly all are looked through; many can be kept and many cannot, and few of the best are worth nothing."""
    rows = [best(seed) for seed in known()]

    assert len(rows) >= 0.9 * len(SEEDS)
    assert sum(least > 0 for least, _ in rows) >= 10
    assert sum(least == 0 and score != 0 for least, score in rows) >= 16


@pytest.mark.parametrize("seed", TWICE)
def test_one_worker_makes_the_same_bytes_twice(seed: int) -> None:
    first, second = (write_schedule(run(tiny(seed), 30.0, seed=5)[0]) for _ in range(2))

    assert first == second


@pytest.mark.slow(4)
def test_the_real_command_makes_the_same_bytes_whatever_the_hashes_are(tmp_path: Path) -> None:
    source = tmp_path / "problem.json"
    for seed in (next(seed for seed in known() if (best(seed)[0] > 0) == cannot) for cannot in (True, False)):
        source.write_bytes(written(tiny(seed)))
        made = [
            subprocess.run(
                [sys.executable, "-m", "solver", "solve", str(source), "--workers", "1", "--seconds", "60"],
                env={**os.environ, "PYTHONHASHSEED": hashes},
                cwd=ROOT,
                capture_output=True,
            ).stdout
            for hashes in ("1", "2")
        ]

        assert made[0] == made[1]
        assert made[0]
