"""Exact neighbourhoods: never worse, never wrong, and better where several residents have to move at once."""

import time
from dataclasses import replace

import pytest

from bench.asked.homes import make_home
from solver.exact.neighbourhoods import Improver
from solver.instance.placed import Found
from solver.instance.rendering import rendered
from solver.model.building import Answer
from solver.model.check import broken, score
from tests.patience import PROVING
from tests.solver.builders import Tree, activity, problem, resident, window
from tests.solver.search.searches import Trial

pytestmark = pytest.mark.slow(0.8)


def found_by(trial: Trial, moves: int = 0) -> Found:
    trial.annealer.begin([])
    trial.annealer.step(moves, 20.0, 2.0)
    best = trial.annealer.found()
    assert best is not None
    return best


STEPS = 8


def true_score(trial: Trial, found: Found) -> int:
    sessions = rendered(trial.problem, trial.pools.identities, found.sessions)
    assert broken(trial.problem.document, sessions) == []
    return sum(score(trial.problem.document, sessions).values())


@pytest.mark.parametrize("is_tight", [False, True])
def test_every_step_keeps_every_rule_and_is_never_worse(is_tight: bool) -> None:
    trial = Trial(make_home(30, 5, is_tight).tree)
    first = last = found_by(trial)

    steps = enumerate(Improver(trial.problem, trial.pools.identities, 1).improve(first, time.monotonic() + PROVING))
    for number, found in steps:
        assert found.objective >= last.objective
        if found.objective > last.objective:
            # a model that had no time to prove its best may leave a reward untaken
            assert true_score(trial, found) >= found.objective
        last = found
        if number >= STEPS and last.objective > first.objective:
            break

    assert last.objective > first.objective


@pytest.mark.parametrize("kind", ["people", "friends", "sessions", "weeks", "days"])
def test_a_neighbourhood_holds_the_schedule_that_it_is_made_around(kind: str) -> None:
    trial = Trial(make_home(30, 5).tree)
    found = found_by(trial, 5_000)
    improver = Improver(trial.problem, trial.pools.identities, 3)
    asked = improver.kind(kind)

    models = [model for _ in range(2) if (model := asked.build(found)) is not None]

    assert models
    for model in models:
        answer = asked.solve(model, trial.pools.identities, 5.0, 0, found.objective)
        assert answer.objective is not None
        assert answer.objective >= found.objective
        assert true_score(trial, Found(answer.objective, 0, answer.sessions)) >= answer.objective


def four_friends() -> Tree:
    """Two sessions of two seats at one time; Ada and Ben are dear to each other, and so are Cem and Dia."""
    morning = {"windows": [window("10:00", "11:00", 0)], "sessions": {"min": 1, "max": 1}, "max_group": 2}
    return problem(
        spaces=[{"id": "lounge", "capacity": 2}, {"id": "hall", "capacity": 2}],
        activities=[activity("choir", facilitators=0, **morning), activity("chess", facilitators=0, **morning)],
        residents=[resident(name, interests={"choir": 1, "chess": 1}) for name in ("ada", "ben", "cem", "dia")],
        ties=[{"a": "ada", "b": "ben", "strength": 9}, {"a": "cem", "b": "dia", "strength": 9}],
    )


def test_friends_are_brought_together_in_one_step() -> None:
    trial = Trial(four_friends())
    best = found_by(trial, 2_000)
    together = {frozenset(row.residents) for row in best.sessions}
    first, second = best.sessions
    apart = Found(0, 0, (replace(first, residents=(0, 2)), replace(second, residents=(1, 3))))
    apart = Found(true_score(trial, apart), 0, apart.sessions)
    assert together == {frozenset({0, 1}), frozenset({2, 3})}

    steps = Improver(trial.problem, trial.pools.identities, 0).improve(apart, time.monotonic() + PROVING)

    assert next(each.objective for each in steps if each.objective > apart.objective) == best.objective


def test_nothing_planned_is_nothing_to_improve() -> None:
    trial = Trial(problem(activities=[], residents=[]))
    improver = Improver(trial.problem, trial.pools.identities, 0)
    empty = Found(0, 0, ())

    assert [kind.build(empty) for kind in improver.kinds] == [None] * 5


def test_a_part_for_highs_grows_where_it_is_solved_soon_and_shrinks_where_it_is_not() -> None:
    trial = Trial(make_home(30, 5).tree)
    kind = Improver(trial.problem, trial.pools.identities, 0).kind("weeks")
    at_first = kind.size

    kind.adapt(Answer("optimal", 7, None, ()), 0.9, 1.0)
    assert kind.size == at_first
    kind.adapt(Answer("infeasible", None, None, ()), 0.4, 1.0)
    grown = kind.size
    kind.adapt(Answer("feasible", 7, None, ()), 1.0, 1.0)

    assert grown > at_first
    assert kind.size < grown


@pytest.mark.parametrize("name", ["weeks", "days"])
def test_a_part_for_highs_is_no_larger_than_it_may_be(name: str) -> None:
    trial = Trial(make_home(60, 5).tree)
    found = found_by(trial, 2_000)
    kind = Improver(trial.problem, trial.pools.identities, 1).kind(name)

    for kind.size in (150, 400):
        model = kind.build(found)
        assert model is not None
        free = sum(not isinstance(literal, int) for slot in model.planned for literal in slot.people.values())
        assert 0 < free <= kind.size
