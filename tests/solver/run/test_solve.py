"""The door: whole solves of small problems, judged from outside; limits, stopping, starts, and what cannot be."""

import itertools
import math
import multiprocessing
import signal
import subprocess
import sys
import threading
import time
from multiprocessing.process import BaseProcess
from typing import Any

import pytest

from bench.asked.greedy import plan
from bench.asked.homes import make_home
from solver.documents.exchange import ScheduleDocument, digest, read_problem
from solver.model.check import broken, score
from solver.run.limits import Limits, Progress
from solver.run.solve import solve
from tests.architecture.sources import ROOT
from tests.patience import PATIENCE, PROVING
from tests.solver.builders import Tree, activity, facilitator, held, problem, resident, session, space, window, written
from tests.solver.judge import judged, needs_referee
from tests.solver.strategies import Chance, make_problem

pytestmark = pytest.mark.slow(0.4)

DAY = {"start": "2026-11-30", "days": 1, "slot_minutes": 60, "timezone": "Europe/London"}


def run(
    tree: Tree,
    seconds: float = PROVING,
    start: ScheduleDocument | None = None,
    enough: float = math.inf,
    **limits: Any,
) -> tuple[ScheduleDocument, list[Progress]]:
    """What is found and all that was told on the way; stopped where a score is enough."""
    raw = written(tree)
    told: list[Progress] = []
    limit = Limits(seconds, time.monotonic(), **limits)

    def has_enough() -> bool:
        return any(each.objective is not None and each.objective >= enough for each in told)

    return solve(read_problem(raw), digest(raw), limit, start, told.append, has_enough), told


def rows_of(document: ScheduleDocument) -> list[Tree]:
    return [row.model_dump(by_alias=True, mode="json") for row in document.sessions]


def tiny(**fields: Any) -> Tree:
    """One room and leader; choir and chess, each at ten or eleven; three residents."""
    open_then = {"windows": [window("10:00", "12:00")], "sessions": {"max": 1}, "max_group": 2, "min_group": 1}
    return problem(
        horizon=DAY,
        activities=[activity("choir", **open_then), activity("chess", **open_then)],
        residents=[
            resident("ada", interests={"choir": 4, "chess": 1}),
            resident("ben", interests={"choir": 2, "chess": -1}, max_per_day=1),
            resident("cem", interests={"chess": 3}, sessions={"min": 1}, times={"morning": 1}),
        ],
        ties=[{"a": "ada", "b": "cem", "strength": 3}, {"a": "ben", "b": "cem", "strength": -2}],
        **fields,
    )


def best_by_brute_force(tree: Tree) -> int:
    """The best score of all schedules of `tiny`."""
    document = read_problem(written(tree))
    names = [row["id"] for row in tree["residents"]]
    groups = [list(group) for n in range(4) for group in itertools.combinations(names, n)]
    choices: list[Any] = [None, *itertools.product(["10:00", "11:00"], groups)]
    best = None
    for choir, chess in itertools.product(choices, repeat=2):
        rows = [
            session(name, name, start=chosen[0], residents=chosen[1])
            for name, chosen in (("choir", choir), ("chess", chess))
            if chosen is not None
        ]
        if not broken(document, held(rows)):
            worth = sum(score(document, held(rows)).values())
            best = worth if best is None else max(best, worth)
    assert best is not None
    return best


def test_a_tiny_problem_is_solved_to_the_proved_best() -> None:
    tree = tiny()

    found, _ = run(tree)

    assert found.status == "optimal"
    assert found.objective == found.bound == best_by_brute_force(tree)


@needs_referee
@pytest.mark.parametrize("seed", range(700, 712))
def test_what_is_found_is_accepted_by_the_referee(seed: int) -> None:
    tree = make_problem(Chance(seed), 0.3)

    found, _ = run(tree, 15.0)

    assert found.status in ("optimal", "infeasible", "feasible")
    if found.status != "infeasible":
        breaks, terms = judged(tree, rows_of(found), [])
        assert not breaks
        assert sum(terms.values()) == found.objective
        assert {name: value for name, value in terms.items() if value} == {k: v for k, v in found.terms.items() if v}


@pytest.mark.slow(1)
@needs_referee
@pytest.mark.parametrize("is_tight", [False, True])
def test_a_home_is_planned_better_than_by_hand(is_tight: bool) -> None:
    home = make_home(60, 11, is_tight)
    document = read_problem(home.document())
    by_hand = sum(score(document, plan(document)).values())

    found, told = run(home.tree, workers=2, enough=by_hand + 1)

    breaks, terms = judged(home.tree, rows_of(found), [])
    assert not breaks
    assert sum(terms.values()) == found.objective
    assert [each.objective for each in told] == sorted(each.objective or 0 for each in told)
    assert found.objective is not None
    assert found.objective > by_hand


def test_equal_problem_and_seed_give_equal_schedules() -> None:
    first, second = run(tiny(), seed=3)[0], run(tiny(), seed=3)[0]

    assert first.status == "optimal"
    assert first == second


def test_or_tools_is_loaded_when_it_is_needed_and_not_before() -> None:
    """It takes as long as all else that a solve loads, and a short solve needs none of it."""
    line = "import solver.run.command.cli, solver.run.solve, solver.run.searcher, sys; print('ortools' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", line], capture_output=True, text=True, cwd=ROOT).stdout == "False\n"


def test_the_time_limit_holds() -> None:
    begun = time.monotonic()

    found, told = run(make_home(60, 4).tree, 1.0, workers=2)

    assert time.monotonic() - begun < PATIENCE
    assert found.status == ("feasible" if told else "unknown")


def test_stopping_ends_it_at_once_with_what_was_found() -> None:
    stop = threading.Event()
    raw = written(make_home(30, 4).tree)
    stopped: list[float] = []

    def take(progress: Progress) -> None:
        if not stop.is_set():
            stopped.append(time.monotonic())
            stop.set()

    found = solve(read_problem(raw), digest(raw), Limits(3 * PATIENCE, time.monotonic()), None, take, stop.is_set)

    assert time.monotonic() - stopped[0] < PATIENCE
    assert found.status == "feasible"


def test_a_killed_searcher_is_survived() -> None:
    def kill_one(progress: Progress) -> None:
        if not killed:  # a searcher, and nothing else that this process has started: a browser, a server
            searchers = [each for each in multiprocessing.active_children() if each not in others]
            killed.append(searchers[0])
            killed[0].kill()
            ends.append(time.monotonic() + 0.5)

    killed: list[BaseProcess] = []
    ends: list[float] = []
    others = multiprocessing.active_children()
    raw = written(make_home(30, 4).tree)

    found = solve(
        read_problem(raw),
        digest(raw),
        Limits(PATIENCE, time.monotonic(), 2),
        None,
        kill_one,
        lambda: bool(ends) and time.monotonic() > ends[0],
    )

    assert killed[0].exitcode == -signal.SIGKILL
    assert found.status == "feasible"


def week(**fields: Any) -> Tree:
    """Two days of choir and chess in two rooms."""
    return problem(
        horizon={**DAY, "days": 2},
        spaces=[space("lounge"), space("hall")],
        facilitators=[facilitator("finn"), facilitator("gila")],
        activities=[
            activity("choir", windows=[window("10:00", "13:00")], sessions={"max": 2}),
            activity("chess", windows=[window("10:00", "13:00")], sessions={"max": 2}),
        ],
        residents=[resident(name, interests={"choir": 3, "chess": 2}) for name in ("ada", "ben", "cem")],
        **fields,
    )


def test_what_happened_stands_as_it_was() -> None:
    past = session("past", residents=["ada", "gone"], start="11:00")
    tree = week(previous=[past, session("next", day=1)], frozen_until={"day": 1, "time": "00:00"})

    found, _ = run(tree)

    rows = {row["id"]: row for row in rows_of(found)}
    assert rows["past"] == {**past, "residents": ["ada"]}
    assert "next" in rows
    assert broken(read_problem(written(tree)), found.sessions) == []


def test_what_happened_twice_alike_stands_twice() -> None:
    past = [session("one", residents=["ada"]), session("two", residents=["ben"])]
    tree = week(previous=past, frozen_until={"day": 1, "time": "00:00"})

    found, _ = run(tree)

    assert [row for row in rows_of(found) if row["day"] == 0] == past


def test_what_is_pinned_is_kept() -> None:
    pins = [
        {
            "session": {
                "id": "fixed",
                "activity": "chess",
                "day": 1,
                "start": "12:00",
                "facilitators": ["gila"],
                "residents": ["cem"],
            }
        },
        {"absent": "ada", "session": "fixed"},
    ]

    found, _ = run(week(pins=pins))

    (fixed,) = [row for row in found.sessions if row.id == "fixed"]
    assert (fixed.day, fixed.start, fixed.facilitators) == (1, "12:00", ("gila",))
    assert "cem" in fixed.residents
    assert "ada" not in fixed.residents


def test_a_session_alike_to_one_of_before_has_its_id() -> None:
    before = session("before", residents=["ada"])

    found, _ = run(week(previous=[before]))

    alike = [
        row.id
        for row in found.sessions
        if (row.activity, row.day, row.start, row.space) == ("choir", 0, "10:00", "lounge")
    ]
    assert alike in ([], ["before"])
    assert broken(read_problem(written(week(previous=[before]))), found.sessions) == []


def test_a_start_is_taken_up() -> None:
    tree = make_home(30, 8).tree
    first, _ = run(tree, 3.0)

    again, told = run(tree, start=first, enough=-math.inf)

    assert told[0].objective is not None
    assert first.objective is not None
    assert told[0].objective >= first.objective
    assert again.status == "feasible"


IMPOSSIBLE: dict[str, tuple[Tree, list[Tree]]] = {
    "required too often": (
        {"residents": [resident("ada", required={"choir": 3})]},
        [{"rule": "R14", "resident": "ada", "activity": "choir"}],
    ),
    "a least count on one day": (
        {
            "activities": [
                activity(
                    "choir", sessions={"min": 2, "max": 2}, one_per_day=True, windows=[window("10:00", "12:00", 0)]
                )
            ],
            "residents": [resident("ada")],
        },
        [{"rule": "R6", "activity": "choir"}],
    ),
    "two pins in one place": (
        {
            "pins": [
                {"session": {"id": "a", "activity": "choir", "day": 0, "start": "10:00", "space": "lounge"}},
                {"session": {"id": "b", "activity": "chess", "day": 0, "start": "10:00", "space": "lounge"}},
            ]
        },
        [{"rule": "R18", "pin": 0}, {"rule": "R18", "pin": 1}],
    ),
}


@pytest.mark.parametrize("case", IMPOSSIBLE)
def test_what_cannot_be_is_told_with_the_demands_that_clash(case: str) -> None:
    fields, demands = IMPOSSIBLE[case]

    found, _ = run({**week(), **fields})

    assert found.status == "infeasible"
    assert found.conflict is not None
    assert [row.model_dump(mode="json") for row in found.conflict] == demands
    assert found.because


def test_relaxed_is_what_cannot_be_kept_and_no_more() -> None:
    tree = {**week(), "residents": [resident("ada", required={"choir": 3}, interests={"choir": 3})]}

    found, _ = run(tree, relax=True)

    assert (found.status, found.bound) == ("optimal", found.objective)
    assert [row.model_dump(mode="json") for row in found.relaxed] == [
        {"rule": "R14", "resident": "ada", "activity": "choir", "by": 1}
    ]
    assert broken(read_problem(written(tree)), found.sessions, found.relaxed) == []


@pytest.mark.parametrize("missing", ["residents", "activities", "spaces", "facilitators"])
def test_a_community_that_lacks_something_altogether_is_no_trouble(missing: str) -> None:
    people = [] if missing == "residents" else [resident("ada")]

    found, _ = run({**week(), "residents": people, missing: []})

    assert found.status == "optimal"
