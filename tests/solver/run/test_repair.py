"""Repairs to choose from: each keeps every rule, says truly whom it tells and what it scores, and none is useless."""

import json
import time

import pytest

from bench.asked.changes import change
from bench.asked.homes import make_home
from solver.documents.exchange import ProblemDocument, digest, read_problem
from solver.documents.problem import Weights
from solver.documents.schedule import ScheduleDocument
from solver.explaining.comparing import PeopleTold, people_told
from solver.model.check import broken, score
from solver.run.limits import Limits
from solver.run.repair import DEARER, SHARES, Repair, best_of, dearer, options
from tests.patience import PATIENCE
from tests.solver.builders import NOT_SOLVED

EMPTY = ScheduleDocument.model_validate({"problem": "0" * 64, "status": "unknown", **NOT_SOLVED})


def repair(told: int, score: int, invited: int = 0) -> Repair:
    people = PeopleTold(
        withdrawn=frozenset(map(str, range(told))), invited=frozenset(f"new {k}" for k in range(invited))
    )
    return Repair(score, people, EMPTY)


def after(what: str) -> tuple[ProblemDocument, str]:
    home = make_home(30, 4)
    raw = json.dumps(change(home.tree, home.witness, what, 4)).encode()
    return read_problem(raw), digest(raw)


def test_who_tells_more_must_be_better() -> None:
    rows = [repair(5, 100), repair(3, 90), repair(3, 80), repair(4, 90), repair(9, 120), repair(2, 10)]

    assert [(each.told, each.score) for each in best_of(rows)] == [(2, 10), (3, 90), (5, 100), (9, 120)]


def test_of_equals_the_one_that_invites_fewest_anew_is_kept() -> None:
    assert [each.only_invited for each in best_of([repair(1, 5, 4), repair(1, 5, 2)])] == [2]


def test_who_loses_something_and_is_invited_elsewhere_counts_once() -> None:
    people = PeopleTold(withdrawn=frozenset({"ada"}), moved=frozenset({"ada"}), invited=frozenset({"ada", "ben"}))

    assert (Repair(0, people, EMPTY).told, Repair(0, people, EMPTY).only_invited) == (1, 1)


def test_changes_become_dearer_even_where_they_cost_nothing() -> None:
    assert dearer(Weights(), 1) == Weights()
    assert (dearer(Weights(), 3).cancel, dearer(Weights(), 3).relocate) == (60, 6)
    assert (dearer(Weights(drop=0), 12).drop, dearer(Weights(drop=40), 12).drop) == (180, 480)
    assert dearer(Weights(cancel=900_000), 50).cancel == 1_000_000


def test_the_last_is_asked_by_the_problems_own_weights_and_has_all_the_time_left() -> None:
    assert (DEARER[-1], SHARES[-1]) == (1, 1.0)


@pytest.mark.slow(3)
@pytest.mark.parametrize("what", ["away", "nothing"])
def test_every_repair_is_what_it_says(what: str) -> None:
    problem, name = after(what)

    found = options(problem, name, Limits(3.0, time.monotonic(), 1, 3))

    people = [row.id for row in problem.residents]
    assert found
    for each in found:
        sessions = each.schedule.sessions
        assert broken(problem, sessions) == []
        assert each.schedule.terms == score(problem, sessions)
        assert each.score == each.schedule.objective == sum(each.schedule.terms.values())
        assert each.people == people_told(problem.previous, sessions, people)
    assert [each.told for each in found] == sorted({each.told for each in found})
    assert [each.score for each in found] == sorted({each.score for each in found})
    assert found[0].told <= 1 or what != "nothing"  # where nothing has changed, hardly anybody need be told


@pytest.mark.slow(2)
def test_a_stop_ends_it_with_what_there_is() -> None:
    problem, name = after("away")
    began = time.monotonic()

    found = options(problem, name, Limits(3 * PATIENCE, began, 1), should_stop=lambda: time.monotonic() > began + 0.8)

    assert time.monotonic() - began < PATIENCE
    assert len(found) <= len(DEARER)
