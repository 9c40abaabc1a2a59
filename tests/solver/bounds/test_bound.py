"""Bounds: never below a schedule that keeps every rule, whatever the prices; and not idle where the best is known."""

import math
import os
import subprocess
import sys
import time
from fractions import Fraction
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.asked.changes import change
from bench.asked.greedy import plan
from bench.asked.homes import make_home
from solver.bounds import bound, week
from solver.bounds.bound import bounds
from solver.bounds.linear import cells
from solver.bounds.linear.descent import Descent, polished
from solver.bounds.linear.program import Linear, proved
from solver.bounds.outline import outlined
from solver.bounds.rows import attendance, worth
from solver.bounds.simple import simple_bound
from solver.instance import compilation
from solver.instance.problem import Problem
from solver.instance.size import size_of
from solver.model.building import solve_model, whole_model
from solver.model.check import broken, objective
from tests.patience import PATIENCE, PROVING
from tests.solver.builders import Tree, activity, problem, read, resident, session, written
from tests.solver.search.searches import Trial
from tests.solver.strategies import Chance, make_problem
from tests.solver.work import counted

pytestmark = pytest.mark.slow(0.5)

SMALL = 5_000
SEEDS = (*range(50), 85, 193, 1105, 1471)
"""In 85 and 193 being crowded and being left out matter; in the last two what is published is pinned, in any space."""


def last_bound(problem: Problem, seconds: float = 5.0) -> int:
    return list(bounds(problem, time.monotonic() + seconds))[-1]


@cache
def solved(seed: int) -> tuple[Problem, int] | None:
    """A small problem and its best score, where it has one and that is proved."""
    trial = Trial(make_problem(Chance(seed), (0.3, 0.5, 0.7)[seed % 3]), seed)
    if size_of(trial.problem) > SMALL:
        return None
    with counted():
        answer = solve_model(whole_model(trial.problem), trial.pools.identities, PROVING, 0)
    return (trial.problem, answer.objective) if answer.status == "optimal" and answer.objective is not None else None


def known() -> list[tuple[Problem, int]]:
    return [row for row in map(solved, SEEDS) if row is not None]


@pytest.mark.slow(2)
def test_no_schedule_of_a_small_problem_is_better_and_most_bounds_are_met() -> None:
    met = 0
    for small, best in known():
        told = list(bounds(small, time.monotonic() + PROVING))

        assert told == sorted(set(told), reverse=True)
        assert told[-1] >= best, small.document.name
        met += told[-1] == best

    assert met >= 0.7 * len(known()) > 5


@pytest.mark.parametrize("what", [None, "away", "people", "outbreak"])
def test_no_week_made_by_hand_is_better(what: str | None) -> None:
    home = make_home(24, 5)
    tree = home.tree if what is None else change(home.tree, home.witness, what, 5)
    document = read(tree)
    sessions = plan(document)
    assert broken(document, sessions) == []

    told = last_bound(compilation.compile_problem(document, "0" * 64), 1.5)

    assert told >= objective(document, sessions)


@cache
def program(seed: int, has_days: bool) -> tuple[Linear, int] | None:
    """The program of a small problem, its first part or with the days too, and the best score."""
    row = solved(seed)
    if row is None:
        return None
    whole = week.Week(row[0])
    if has_days:
        whole.refine(np.zeros(len(whole.linear.worth)))
    return whole.linear, row[1]


@settings(max_examples=120, deadline=None)
@given(st.sampled_from(SEEDS), st.booleans(), st.integers(0, 2**32), st.sampled_from([0.01, 1.0, 100.0, 1e9, 1e30]))
def test_any_prices_prove_a_bound(seed: int, has_days: bool, dice: int, size: float) -> None:
    row = program(seed, has_days)
    if row is None:
        return
    linear, best = row
    prices = np.random.default_rng(dice).normal(0.0, size, len(linear.limit))

    assert proved(linear, prices) >= best


@pytest.mark.parametrize("has_days", [False, True])
def test_good_prices_of_either_part_prove_a_bound(has_days: bool) -> None:
    for seed in SEEDS:
        row = program(seed, has_days)
        if row is not None:
            descent = Descent(row[0])
            for _ in range(8):
                prices = descent.advance()
            assert proved(row[0], polished(row[0], prices, 3)) >= row[1], seed


MANY = 512  # steps


def stepped(descent: Descent, steps: int) -> Descent:
    while descent.done < steps:
        descent.advance()
    return descent


def told_by(linear: Linear, descent: Descent) -> int:
    return proved(linear, polished(linear, descent.prices, 3))


@pytest.mark.slow(2)
def test_what_needs_no_days_is_a_part_of_the_work_and_proves_most() -> None:
    """Of a home with a base week, in counted work: so much of it is done at a moment at which the whole is hardly
    written.
    """
    document = read(make_home(48, 7).tree)
    assert document.usual
    assert document.offers
    whole = week.Week(compilation.compile_problem(document, "0" * 64))
    first = whole.linear
    descent = stepped(Descent(first), MANY)
    assert whole.refine(descent.values)
    last = stepped(Descent(whole.linear, descent), MANY)

    assert len(first.row) < len(whole.linear.row) / 3
    assert told_by(whole.linear, last) <= told_by(first, descent) <= 1.03 * told_by(whole.linear, last)


@pytest.mark.parametrize("what", [None, "away", "people"])
def test_with_the_days_nothing_is_lost_of_what_was_proved_without(what: str | None) -> None:
    home = make_home(24, 8)
    document = read(home.tree if what is None else change(home.tree, home.witness, what, 5))
    whole = week.Week(compilation.compile_problem(document, "0" * 64))
    first = whole.linear
    descent = stepped(Descent(first), MANY)
    whole.refine(descent.values)
    goes_on = Descent(whole.linear, descent)

    assert told_by(whole.linear, goes_on) <= told_by(first, descent) + 1


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(SEEDS), st.integers(0, 2**32), st.sampled_from([0.01, 1.0, 100.0]))
def test_any_prices_of_the_outline_prove_a_bound(seed: int, dice: int, size: float) -> None:
    row = solved(seed)
    if row is None:
        return
    small, best = row
    linear = outlined(small, math.inf)
    prices = np.random.default_rng(dice).normal(0.0, size, len(linear.limit))

    assert proved(linear, prices) >= best
    assert proved(linear, polished(linear, prices, 3)) >= best
    assert proved(linear, Descent(linear).advance()) >= best


@pytest.mark.slow(2)
@pytest.mark.parametrize("what", [None, "away"])
def test_the_larger_the_home_the_coarser_the_bound(what: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    home = make_home(12, 6)
    document = read(home.tree if what is None else change(home.tree, home.witness, what, 5))
    small = compilation.compile_problem(document, "0" * 64)
    told = [last_bound(small, PATIENCE)]
    for name in ("LARGE", "VAST", "HUGE"):
        for place in (bound, cells):
            monkeypatch.setattr(place, name, 0, raising=False)
        told.append(last_bound(small, PATIENCE))

    sessions = plan(document)
    assert objective(document, sessions) <= told[0]
    assert [round(each, -2) for each in told] == sorted(round(each, -2) for each in told)
    assert told[-1] < simple_bound(small)


@pytest.mark.parametrize("odd", [np.inf, -np.inf, np.nan, -1.0])
def test_prices_that_are_none_count_as_nothing(odd: float) -> None:
    linear, best = next(row for seed in SEEDS if (row := program(seed, has_days=True)) is not None)

    prices = np.where((linear.free == 1) & np.isfinite(odd), 0.0, odd)  # where rows are equalities, -1 is a price
    assert proved(linear, prices) == proved(linear, np.zeros(len(linear.limit))) >= best


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32))
def test_a_bound_is_the_exact_value_of_its_prices(dice: int) -> None:
    chance = np.random.default_rng(dice)
    rows, columns = 4, 5
    table = chance.integers(-9, 10, (rows, columns))
    row, column = np.nonzero(table)
    linear = Linear(
        7,
        chance.integers(-9, 10, columns),
        chance.integers(0, 9, columns),
        chance.integers(-9, 10, rows),
        row,
        column,
        table[row, column],
    )
    prices = chance.integers(0, 64, rows) / 16

    exact = [Fraction(price) for price in prices.tolist()]
    left = [linear.worth[j] - sum(exact[i] * int(table[i, j]) for i in range(rows)) for j in range(columns)]
    value = sum(exact[i] * int(linear.limit[i]) for i in range(rows))
    value += sum(max(Fraction(0), left[j]) * int(linear.most[j]) for j in range(columns))
    assert proved(linear, prices) == 7 + value.__floor__()


@cache
def weighty() -> list[tuple[Problem, int]]:
    """Problems whose bound is met, and those bounds; asked for before anything is planted."""
    return [(small, best) for small, best in known() if last_bound(small) == best]


def is_right(rows: list[tuple[Problem, int]]) -> bool:
    """Whether bounds are what they were: neither below the best nor above it."""
    return all(last_bound(small) == best for small, best in rows)


@pytest.mark.parametrize("term", worth.POSTS)
def test_a_term_that_is_dropped_is_noticed(term: str, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = weighty()

    monkeypatch.delitem(worth.POSTS, term)

    assert not is_right(rows)


def test_a_rule_that_asks_too_much_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = weighty()
    limit = attendance._limit

    monkeypatch.setattr(
        attendance, "_limit", lambda frame, level, need, room, who=None: limit(frame, level, need, room - 1, who)
    )

    assert not is_right(rows)


def test_it_ends_where_the_best_is_known() -> None:
    small, best = weighty()[0]

    told = list(bounds(small, time.monotonic() + 60.0, lambda: best + 10_000))

    assert len(told) <= 2


def test_it_ends_with_its_time() -> None:
    home = compilation.compile_problem(read(make_home(60, 3).tree), "0" * 64)
    begun = time.monotonic()

    told = list(bounds(home, begun))

    assert told == [simple_bound(home)]
    assert time.monotonic() - begun < PATIENCE


CHILD = """
import os, sys, time
from solver.bounds.bound import bounds
from solver.instance.compilation import compile_problem
from solver.documents.exchange import read_problem

problem = compile_problem(read_problem(sys.stdin.buffer.read()), "0" * 64)
print(*bounds(problem, time.monotonic() + 5.0), sep="\\n")
assert not {"numba", "ortools"} & set(sys.modules)
"""


@pytest.mark.slow(1)
@pytest.mark.parametrize("is_plain", [False, True])
def test_a_process_of_its_own_needs_no_compiler(is_plain: bool) -> None:
    tree = problem(activities=[activity(sessions={"max": 1})], residents=[resident("ada", interests={"choir": 5})])
    environment = {**os.environ, **({"MILIEU_PLAIN_KERNELS": "1"} if is_plain else {})}

    done = subprocess.run(
        [sys.executable, "-c", CHILD], input=written(tree), capture_output=True, check=True, env=environment
    )

    assert int(done.stdout.split()[-1]) == 4 * 5 + 12 - 6


def test_where_not_all_starts_are_known_only_the_first_bound_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compilation, "MOST_CELLS", 1)
    coarse = compilation.compile_problem(read(problem()), "0" * 64)

    assert list(bounds(coarse, time.monotonic() + 60.0)) == [simple_bound(coarse)]


HOURS = {"start": "2026-11-30", "days": 1, "slot_minutes": 60, "timezone": "Europe/London"}


@pytest.mark.parametrize(
    ("fields", "busy", "best"),
    [
        ({}, "06:00", 3 * 4 * 5 + 3 * 12 - 6),
        ({"previous": [session(residents=["ada", "ben"])]}, "06:00", 3 * 4 * 5 + 3 * 12 - 6),
        # What was published is pinned to its time, in whatever space: it may stay where it was.
        (
            {
                "previous": [session(residents=["ada", "ben"])],
                "pins": [{"session": {"id": "s1", "activity": "choir", "day": 0, "start": "10:00"}}],
            },
            "06:00",
            3 * 4 * 5 + 3 * 12 - 6,
        ),
        # What happened: Ada alone came to the only session there may be.
        ({"previous": [session()], "frozen_until": {"day": 0, "time": "12:00"}}, "06:00", 4 * 5 + 12 - 6),
        # A session must be held at a time at which nobody can come.
        ({"pins": [{"session": {"id": "p", "activity": "choir", "day": 0, "start": "03:00"}}]}, "12:00", -6),
    ],
)
def test_what_is_published_past_or_pinned_counts(fields: Tree, busy: str, best: int) -> None:
    people = [
        resident(name, interests={"choir": 5}, busy=[{"from": "00:00", "to": busy}]) for name in ("ada", "ben", "cem")
    ]
    tree = problem(horizon=HOURS, residents=people, activities=[activity(sessions={"max": 1})], **fields)

    assert last_bound(compilation.compile_problem(read(tree), "0" * 64)) == best
