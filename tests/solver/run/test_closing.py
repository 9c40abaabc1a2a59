"""What searchers end with: the bound, exact neighbourhoods, and the rest of the time."""

import json
import time
from random import Random

import pytest

from bench.asked.homes import make_home
from solver.documents.exchange import ScheduleDocument, digest, read_problem
from solver.instance.compilation import compile_problem
from solver.instance.placed import Found
from solver.instance.size import size_of
from solver.model.check import broken
from solver.run.limits import Limits, Progress
from solver.run.messages import Message, Task
from solver.run.searcher import MOST_WHOLE, _closing
from solver.run.solve import _Solve, solve
from solver.search.memory.packing import pack
from tests.patience import PROVING
from tests.solver.builders import Tree, written
from tests.solver.search.searches import Trial


def small_home(seed: int) -> Tree:
    """A dozen residents and at most eight sessions, too large for a whole model."""
    tree: Tree = json.loads(make_home(12, seed).document())
    chance = Random(seed)
    open_to_all = [row for row in tree["activities"] if not row.get("only")]
    tree["activities"] = chance.sample(open_to_all, 5)
    for k, row in enumerate(tree["activities"]):
        row["sessions"], row["min_group"] = {"min": 0, "max": 2 if k < 3 else 1}, min(row.get("min_group", 1), 3)
    kept = {row["id"] for row in tree["activities"]}
    for person in tree["residents"]:
        person["interests"] = {name: like for name, like in person["interests"].items() if name in kept}
        person["waiting"] = {name: long for name, long in person["waiting"].items() if name in kept}
        person["required"] = {}
        for no in ("refuses", "avoids"):
            if no in person:
                person[no]["activities"] = [name for name in person[no].get("activities", []) if name in kept]
    tree["pins"], tree["offers"] = [], [{"min": 1}]
    return tree


def run(tree: Tree, seconds: float, workers: int) -> tuple[ScheduleDocument, list[Progress]]:
    raw = written(tree)
    told: list[Progress] = []
    limits = Limits(seconds, time.monotonic(), workers, 1)
    found = solve(read_problem(raw), digest(raw), limits, None, told.append, lambda: False)
    return found, told


@pytest.mark.slow(1.5)
@pytest.mark.parametrize("workers", [1, 2])
def test_a_small_home_is_proved_by_its_bound(workers: int) -> None:
    tree = small_home(18)
    raw = written(tree)
    assert size_of(compile_problem(read_problem(raw), digest(raw))) > MOST_WHOLE

    found, _ = run(tree, PROVING, workers)

    assert (found.status, found.bound) == ("optimal", found.objective)
    assert broken(read_problem(raw), found.sessions) == []


@pytest.mark.slow
def test_who_has_ended_does_not_end_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bound of this home stands still at 979 long before the time is over, above all that is found."""
    monkeypatch.setattr("solver.run.searcher.is_small", lambda _: False)
    began = time.monotonic()

    found, told = run(small_home(3), 5.0, 2)

    assert found.bound is not None
    assert found.objective is not None
    assert found.bound > found.objective
    assert found.status == "feasible"
    assert time.monotonic() - began > 4.5
    assert [each.bound for each in told if each.bound is not None] != []


def waiting(tree: Tree) -> tuple[_Solve, Found, list[Progress]]:
    trial = Trial(tree)
    trial.annealer.begin([])
    found = trial.annealer.found()
    assert found is not None
    told: list[Progress] = []
    limits = Limits(60.0, time.monotonic())
    return _Solve(trial.problem, pack(trial.problem), limits, told.append), found, told


def test_a_bound_below_a_checked_schedule_is_never_stated(capsys: pytest.CaptureFixture[str]) -> None:
    state, found, _ = waiting(small_home(1))
    state.hear(Message(found=found))
    assert state.look(must=True)

    state.hear(Message(bound=found.objective - 1))

    assert (state.bound, state.is_proved) == (None, False)
    assert "lies below" in capsys.readouterr().err


def test_a_bound_that_a_later_schedule_exceeds_is_taken_back() -> None:
    state, found, _ = waiting(small_home(1))
    state.hear(Message(bound=found.objective - 1))
    assert state.bound == found.objective - 1

    state.hear(Message(found=found))

    assert state.look(must=True)
    assert (state.bound, state.is_proved) == (None, False)


def test_a_better_bound_is_told_and_a_met_one_is_a_proof() -> None:
    state, found, told = waiting(small_home(1))
    state.hear(Message(found=found))
    state.look(must=True)

    state.hear(Message(bound=found.objective + 5))
    state.hear(Message(bound=found.objective + 9))
    state.hear(Message(bound=found.objective))

    assert [each.bound for each in told] == [None, found.objective + 5, found.objective]
    assert state.is_proved


@pytest.mark.parametrize(
    ("proves", "bounds", "seconds", "kept"),
    [
        (True, True, 19.0, 0.0),  # alone
        (True, True, 20.0, 3.0),
        (True, False, 24.0, 0.0),  # the first of several
        (True, False, 50.0, 7.5),
        (False, True, 7.0, 0.0),  # the last of several
        (False, True, 60.0, 15.0),
        (False, False, 600.0, 0.0),
    ],
)
def test_how_much_of_the_time_is_kept_for_the_end(proves: bool, bounds: bool, seconds: float, kept: float) -> None:
    state, _, _ = waiting(small_home(1))
    task = Task(state.problem, state.pools, (), 0, 0.0, proves, bounds=bounds)

    assert _closing(task, seconds) == pytest.approx(kept)


@pytest.mark.slow(1.2)
def test_in_a_large_home_what_is_kept_for_the_end_begins_later() -> None:
    trial = Trial(make_home(240, 1).tree)
    first, last = (
        Task(trial.problem, trial.pools, (), 0, 0.0, proves=not bounds, bounds=bounds) for bounds in (False, True)
    )

    assert [_closing(first, seconds) for seconds in (49.0, 50.0)] == [0.0, 7.5]
    assert [_closing(last, seconds) for seconds in (15.0, 16.0)] == [0.0, 4.0]
