"""HiGHS's program of a model means the same as the model: equal best scores of small problems, and of parts of larger
ones; and what is not written as rows is refused.
"""

import inspect
from collections.abc import Callable
from itertools import product
from textwrap import dedent
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from ortools.sat.python import cp_model

from bench.asked.homes import make_home
from solver.exact import highs
from solver.exact.highs import _Program, solve_by_highs
from solver.exact.neighbourhoods import Improver
from solver.instance.placed import Found
from solver.model.building import solve_model, whole_model
from tests.solver.exact.test_improve import found_by, true_score
from tests.solver.search.searches import Trial
from tests.solver.strategies import Chance, make_problem, seeds

ENOUGH = 2_000  # literals that both solve in a moment


def asked_of_both(chance: Chance, share: float) -> list[tuple[str, int | None]]:
    """Status and score, by CP-SAT and by HiGHS, of a whole small problem; nothing where one of them had no time."""
    trial = Trial(make_problem(chance, share), 0)
    told = []
    for solve in (solve_model, solve_by_highs):
        model = whole_model(trial.problem)
        if len(model.cp.proto.variables) > ENOUGH:
            return []
        answer = solve(model, trial.pools.identities, 10.0, 0)
        told.append((answer.status, answer.objective))
        if answer.status == "optimal":
            assert true_score(trial, Found(0, 0, answer.sessions)) == answer.objective
    return told if all(status in ("optimal", "infeasible") for status, _ in told) else []


@pytest.mark.slow(5)
@given(chance=seeds())
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_both_engines_find_the_same_best(chance: Chance) -> None:
    told = asked_of_both(chance, 0.4)

    assert not told or told[0] == told[1]


DEFECTS: dict[str, tuple[str, str, str]] = {
    "a clause that may be broken": ("_post", "self._at_least(_count(row.bool_or.literals), 1, given)", "pass"),
    "no upper limit": ("_post", "if row.linear.domain[1] < ENDLESS:", "if False:"),
    "too little slack": ("_at_least", "row[k] += n * lacking", "row[k] += n"),
    "any of none": ("_is_any", "self._at_least(_count([*literals, ~target]), 1, [])", "pass"),
}


@pytest.mark.slow(0.5)
@pytest.mark.parametrize("name", DEFECTS)
def test_a_wrong_row_is_noticed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    method, good, bad = DEFECTS[name]
    source = dedent(inspect.getsource(getattr(_Program, method)))
    assert good in source
    space = dict(vars(highs))
    exec(source.replace(good, bad), space)
    monkeypatch.setattr(_Program, method, space[method])

    def is_noticed(seed: int) -> bool:
        try:
            told = asked_of_both(Chance(seed), 0.4)
        except AssertionError:
            return True
        return bool(told) and told[0] != told[1]

    assert any(is_noticed(seed) for seed in (5, *range(60)))  # in 5 each of them is


@pytest.mark.parametrize(("kind", "size"), [("weeks", 250), ("days", 60)])
def test_who_comes_is_solved_alike_by_both(kind: str, size: float) -> None:
    trial = Trial(make_home(30, 5).tree)
    found = found_by(trial, 5_000)
    improver = Improver(trial.problem, trial.pools.identities, 3)
    improver.kind(kind).size = size
    models = [improver.kind(kind).build(found) for _ in range(2)]

    for model in models:
        assert model is not None
        by_highs = solve_by_highs(model, trial.pools.identities, 20.0, 0, found.objective)
        by_cp_sat = solve_model(model, trial.pools.identities, 20.0, 0)
        assert by_highs.status == by_cp_sat.status == "optimal"
        assert by_highs.objective == by_cp_sat.objective is not None
        assert true_score(trial, found) <= by_highs.objective


POSTED: dict[str, tuple[Callable[..., Any], Callable[[int, int, int, int], bool]]] = {
    "some of three": (lambda m, a, b, c, n: m.add_bool_or([a, ~b, c]), lambda a, b, c, n: bool(a or not b or c)),
    "at most one": (lambda m, a, b, c, n: m.add_at_most_one([a, ~b, c]), lambda a, b, c, n: a + (1 - b) + c <= 1),
    "both, where a third": (
        lambda m, a, b, c, n: m.add_bool_and([a, ~b]).only_enforce_if(c),
        lambda a, b, c, n: not c or (a and not b) == 1,
    ),
    "a limit, where two": (
        lambda m, a, b, c, n: m.add(2 * n + a <= 4).only_enforce_if([b, ~c]),
        lambda a, b, c, n: not (b and not c) or 2 * n + a <= 4,
    ),
    "a sum": (lambda m, a, b, c, n: m.add(n - a - 2 * b == c), lambda a, b, c, n: n - a - 2 * b == c),
    "no way": (lambda m, a, b, c, n: m.add_bool_or([]), lambda a, b, c, n: False),
    "any": (lambda m, a, b, c, n: m.add_max_equality(a, [b, ~c]), lambda a, b, c, n: a == max(b, 1 - c)),
}


@pytest.mark.parametrize("name", POSTED)
def test_rows_are_kept_by_what_keeps_the_constraint_and_by_nothing_else(name: str) -> None:
    post, is_true = POSTED[name]
    model = cp_model.CpModel()
    post(model, *(model.new_bool_var("") for _ in range(3)), model.new_int_var(0, 3, ""))
    program = _Program(model.proto)

    for values in product((0, 1), (0, 1), (0, 1), range(4)):
        assert program.is_kept(list(values)) == is_true(*values), values


def test_what_is_no_row_is_refused() -> None:
    model = cp_model.CpModel()
    model.add_all_different([model.new_int_var(0, 3, "") for _ in range(2)])
    with pytest.raises(NotImplementedError, match="not written as rows"):
        _Program(model.proto)

    model = cp_model.CpModel()
    numbers = [model.new_int_var(0, 3, "") for _ in range(3)]
    model.add_max_equality(numbers[0], [2 * numbers[1], numbers[2]])
    with pytest.raises(NotImplementedError, match="no literal"):
        _Program(model.proto)
