"""Planted impossibilities of every kind are found, blamed on no more than clashes, and never claimed where there is
none.
"""

import json
import time

import pytest

from bench.asked.impossible import KINDS, make_impossible
from solver.documents.exchange import digest, read_problem
from solver.infeasibility import conflict, diagnosis, proving
from solver.infeasibility.conflict import find_conflict
from solver.infeasibility.proving import Prover
from solver.instance.compilation import compile_problem
from solver.instance.demands import Wanted, everything_wanted
from solver.instance.narrowing import narrowed
from solver.instance.problem import Problem
from solver.instance.size import size_of
from solver.model.building import any_answer, whole_model
from tests.patience import PROVING
from tests.solver.search.searches import Trial
from tests.solver.strategies import Chance, make_problem

pytestmark = pytest.mark.slow(1)

BLAMED = {  # how many demands clash, where it is not one alone
    "one hour": 2,
    "one room": 2,
    "one leader": 2,
    "pin refused": 2,
    "pinned apart": 3,
    "wheelchairs": 2,
    "support": 3,
    "escorts": 2,
    "room hours": 3,
    "halves": 2,
    "cohorts": 2,
    "pinned twice": 2,
    "in and out": 3,
    "one person": 3,
    "five together": 5,
    "leader's days": 2,
    "same people": 2,
    "leaders refused": 2,
    "apart": 2,
    "calm": 2,
}

VAGUE = {"cannot", "cannot_together", "never_fits"}


@pytest.fixture(autouse=True)
def _patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """What one proof and what explains it may take is meant for a machine that does little else."""
    monkeypatch.setattr(proving, "SECONDS", PROVING)
    monkeypatch.setattr(conflict, "EXPLAINING", PROVING)
    monkeypatch.setattr(diagnosis, "TRYING", PROVING)
    monkeypatch.setattr(diagnosis, "MOST_SLOTS", 30)  # of the hours of a week, in which a lifted rule is seen to help


def compiled(kind: str, residents: int) -> Problem:
    raw = json.dumps(make_impossible(residents, 1, kind)).encode()
    return compile_problem(read_problem(raw), digest(raw))


@pytest.mark.slow(1)
@pytest.mark.parametrize("kind", KINDS)
def test_a_planted_impossibility_is_proved_and_no_more_is_blamed(kind: str) -> None:
    problem = compiled(kind, 30)

    found = find_conflict(problem, time.monotonic() + PROVING)

    assert found is not None
    assert len(found.demands) == BLAMED.get(kind, 1)
    assert found.is_minimal
    assert VAGUE.isdisjoint(each.code for each in found.reasons)


@pytest.mark.parametrize("kind", ["one hour", "one room"])
def test_without_any_one_of_the_blamed_the_whole_home_can_be_had(kind: str) -> None:
    problem = compiled(kind, 12)
    found = find_conflict(problem, time.monotonic() + PROVING)
    assert found is not None

    for demand in found.demands:
        wanted = dict(everything_wanted(problem))
        del wanted[demand]
        prover = Prover(problem, wanted, time.monotonic() + PROVING)
        assert prover.clashes(list(wanted)) is False


def whole_says(problem: Problem, wanted: Wanted) -> str:
    """What a model of the whole narrowed problem says, in which nothing is left out or counted together."""
    small = narrowed(problem, wanted)
    if small.contradictions:
        return "infeasible"
    return any_answer(whole_model(small, None, has_score=False), small.identities, PROVING).status


@pytest.mark.slow(2)
@pytest.mark.parametrize("first", range(3000, 3060, 30))
def test_whole_models_of_small_problems_agree(first: int) -> None:
    for seed in range(first, first + 30):
        problem = Trial(make_problem(Chance(seed), 0.2 if seed % 2 else 0.33)).problem
        wanted = everything_wanted(problem)
        if not wanted or size_of(problem) > 4000:
            continue

        found = find_conflict(problem, time.monotonic() + PROVING)

        assert whole_says(problem, wanted) == ("feasible" if found is None else "infeasible"), seed
        if found is not None:
            clashing = {demand: wanted[demand] for demand in found.demands}
            assert whole_says(problem, clashing) == "infeasible", seed
            for demand in found.demands:
                rest = {other: least for other, least in clashing.items() if other != demand}
                assert whole_says(problem, rest) == "feasible", (seed, demand)
