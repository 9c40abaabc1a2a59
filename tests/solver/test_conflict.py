"""Demands that cannot hold together: proved quickly, and no more of them named than clash."""

import json
import time
from typing import Any

import pytest

from solver.compilation import compile_problem
from solver.conflict import find_conflict
from solver.demands import sentences
from solver.exchange import digest, read_problem
from solver.problem import Problem
from solver.search.packing import pack

Tree = dict[str, Any]


def community(**changed: Any) -> Tree:
    """Twelve residents, one leader, choir and yoga each demanded once in a week."""
    hour = {"duration_minutes": 60, "max_group": 10, "sessions": {"min": 1, "max": 2}}
    return {
        "format": "milieu-problem/1",
        "name": "A made-up community",
        "horizon": {"start": "2026-11-30", "days": 7, "slot_minutes": 15, "timezone": "Europe/London"},
        "spaces": [{"id": "hall", "capacity": 20}],
        "facilitators": [{"id": "ana"}],
        "activities": [{"id": "choir", **hour}, {"id": "yoga", **hour}],
        "residents": [{"id": f"r{k}"} for k in range(12)],
        **changed,
    }


def compiled(tree: Tree) -> Problem:
    raw = json.dumps(tree).encode()
    return compile_problem(read_problem(raw), digest(raw))


def conflict_of(tree: Tree) -> tuple[list[tuple[str, tuple[int, ...]]], tuple[str, ...]]:
    """The demands that clash and their sentences; both empty where none is proved."""
    problem = compiled(tree)
    found = find_conflict(problem, pack(problem), time.monotonic() + 60)
    if found is None:
        return [], ()
    return [(demand.rule, demand.names) for demand in found.demands], sentences(problem, found)


def ana_from_ten(to: str) -> list[Tree]:
    return [{"id": "ana", "available": [{"day": 1, "from": "10:00", "to": to}]}]


def test_two_demands_do_not_fit_into_one_hour_and_do_into_two() -> None:
    demands, words = conflict_of(community(facilitators=ana_from_ten("11:00")))

    assert demands == [("R6", (0,)), ("R6", (1,))]
    assert words[0] == "choir is to be held at least once."
    assert words[-1] == "These cannot all be had together."
    assert conflict_of(community(facilitators=ana_from_ten("12:00"))) == ([], ())


def test_pins_that_contradict_each_other_are_named_alone() -> None:
    session = {"session": {"id": "s1", "activity": "choir", "day": 1, "start": "10:00"}}
    both = [session, {"attend": "r1", "session": "s1"}, {"absent": "r1", "session": "s1"}]

    two_hours = ana_from_ten("12:00")

    assert conflict_of(community(pins=both, facilitators=two_hours))[0] == [("R18", (k,)) for k in range(3)]
    assert conflict_of(community(pins=both[:2], facilitators=two_hours))[0] == []


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"facilitators": [{"id": "ana", "available": []}]}, "Nobody who could lead choir is there at its times."),
        ({"spaces": [{"id": "hall", "capacity": 0}]}, "No space has the seats and the features that choir needs."),
        (
            {"spaces": [{"id": "hall", "capacity": 9, "open": []}]},
            "No space that fits choir is open at any of its times.",
        ),
    ],
    ids=["no leader", "no seats", "never open"],
)
def test_what_stands_in_the_way_of_one_demand_is_named(changed: Tree, sentence: str) -> None:
    demands, words = conflict_of(community(**changed))

    assert demands == [("R6", (0,))]
    assert words == ("choir is to be held at least once.", sentence)


def test_missing_skill_is_named() -> None:
    tree = community()
    tree["activities"][0]["needs_skills"] = ["music"]

    assert conflict_of(tree)[1][-1] == "Nobody who could lead choir (it needs music) is there at its times."


def test_time_that_is_over_proves_nothing() -> None:
    problem = compiled(community(facilitators=ana_from_ten("11:00")))

    assert find_conflict(problem, pack(problem), time.monotonic() - 1) is None
