"""A search that did not end says so, and what is known of why."""

import json
import time
from typing import Any

from solver.documents.exchange import digest, read_problem
from solver.documents.problem import Session
from solver.instance.compilation import compile_problem
from solver.instance.problem import Problem
from solver.run.unfinished import unfinished

OPEN = "In the time given no schedule that meets every demand was found, and none was proved impossible."

ADA = {"id": "ada", "name": "Ada", "required": {"tea": 1}}


def problem(**changed: Any) -> Problem:
    """A Monday on which Ada is to be at a tea that Fay can lead in the garden room."""
    tree = {
        "format": "milieu-problem/2",
        "name": "A made-up community",
        "horizon": {"start": "2026-11-30", "days": 1, "slot_minutes": 15, "timezone": "Europe/London"},
        "spaces": [{"id": "room", "name": "Garden room", "capacity": 4}],
        "facilitators": [{"id": "fay", "name": "Fay", "available": [{"from": "10:00", "to": "12:00"}]}],
        "activities": [{"id": "tea", "name": "Tea", "duration_minutes": 60, "max_group": 4, "sessions": {"min": 1}}],
        "residents": [ADA],
        **changed,
    }
    raw = json.dumps(tree).encode()
    return compile_problem(read_problem(raw), digest(raw))


def held(*residents: str) -> tuple[Session, ...]:
    return (
        Session(id="s", activity="tea", day=0, start="10:00", space="room", facilitators=("fay",), residents=residents),
    )


def later() -> float:
    return time.monotonic() + 3_600


def test_it_says_what_the_nearest_schedule_lacks() -> None:
    assert unfinished(problem(), (), later()) == (
        OPEN,
        "The nearest that was found lacks this:",
        "Tea has 0 sessions; it needs at least 1.",
        "Ada attends Tea 0 times; at least 1 is required.",
    )


def test_it_says_what_keeps_a_demand_from_being_met_by_itself() -> None:
    refusing = problem(residents=[ADA | {"refuses": {"activities": ["tea"]}}, {"id": "ben"}])

    assert unfinished(refusing, None, later()) == (OPEN, "Ada refuses Tea.")


def test_it_says_what_cannot_be_had_by_counting() -> None:
    two = [ADA, ADA | {"id": "ben", "name": "Ben"}]
    small = problem(residents=two, spaces=[{"id": "room", "name": "Garden room", "capacity": 1}])

    assert unfinished(small, None, later()) == (
        OPEN,
        "Tea can only be in Garden room, with at most 1 seat, and is held at most once; 2 are required.",
    )


def test_where_nothing_is_known_it_says_no_more() -> None:
    assert unfinished(problem(), None, later()) == (OPEN,)
    assert unfinished(problem(), held("ada"), later()) == (OPEN,)


def test_where_no_time_is_left_it_looks_no_further() -> None:
    refusing = problem(residents=[ADA | {"refuses": {"activities": ["tea"]}}, {"id": "ben"}])

    assert unfinished(refusing, None, time.monotonic()) == (OPEN,)
