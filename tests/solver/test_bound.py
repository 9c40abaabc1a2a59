"""Bounds: never below a schedule that keeps every rule, whatever the prices."""

import time

import pytest

from solver.bound import bounds
from solver.model import solve_model, whole_model
from solver.search.packing import size_of
from tests.solver.searches import Trial
from tests.solver.strategies import Chance, make_problem

SMALL = 12_000


def last_bound(trial: Trial, seconds: float = 10.0) -> int:
    return list(bounds(trial.problem, time.monotonic() + seconds))[-1]


@pytest.mark.parametrize("seed", range(60))
def test_no_schedule_of_a_small_problem_is_better(seed: int) -> None:
    trial = Trial(make_problem(Chance(seed), 0.5 if seed % 2 else 0.3), seed)
    if size_of(trial.problem) > SMALL:
        pytest.skip("too large")
    answer = solve_model(whole_model(trial.problem), trial.pools, 1.0, 0)

    if answer.objective is not None:
        told = list(bounds(trial.problem, time.monotonic() + 10.0))
        assert told[-1] >= answer.objective
        assert told == sorted(set(told), reverse=True)
