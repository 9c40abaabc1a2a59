"""The timetable of published sessions: worth what it says, never less than at first, and where chains of moves lead."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from typing import Any

import pytest

from solver.instance.placed import Placed
from solver.instance.starting import starting_sessions
from solver.search.annealer import Annealer
from solver.search.beginning import timetabled
from tests.solver.builders import Tree, activity, facilitator, problem, resident, session, window
from tests.solver.search.kernel_defects import TIMETABLES
from tests.solver.search.searches import Trial
from tests.solver.search.test_moves import Telling
from tests.solver.search.timetables import wrong_timetable

SINGERS, PLAYERS = ["ada", "ben", "cem"], ["dan", "eva", "fay", "gus"]


def leaderless(**fields: Any) -> Tree:
    """The choir's leader is away. Finn, who leads the band that day, leads one thing a day; the band may go to the
    second day, the choir may not.
    """
    return problem(
        facilitators=[
            facilitator("finn", max_sessions_per_day=1),
            facilitator("gone", available=[window("08:00", "09:00", 6)]),
        ],
        activities=[
            activity("choir", windows=[window("10:00", "11:00", 0)]),
            activity("band", windows=[window("14:00", "16:00", 0), window("10:00", "12:00", 1)]),
        ],
        residents=[resident(name) for name in SINGERS + PLAYERS],
        previous=[
            session("s1", facilitators=["gone"], residents=SINGERS),
            session("s2", of="band", start="14:00", residents=PLAYERS),
        ],
        **fields,
    )


def all_of(annealer: Annealer, start: list[Placed], until: float = 1000.0) -> tuple[list[Placed], int]:
    """The timetable of a start, by a clock that counts its own looks, and in how many pieces it was made."""
    looks = count()
    made, pieces = timetabled(annealer, start, until, lambda: float(next(looks))), 0
    try:
        while True:
            next(made)
            pieces += 1
    except StopIteration as ended:
        return ended.value, pieces


def test_what_a_timetable_is_worth_is_what_it_says() -> None:
    assert wrong_timetable(range(40)) is None


@pytest.mark.parametrize(
    ("fields", "days"),
    [
        ({}, {"choir": 0, "band": 1}),
        ({"pins": [{"session": {"id": "s2", "activity": "band", "day": 0, "start": "14:00"}}]}, {"band": 0}),
        ({"frozen_until": {"day": 1, "time": "00:00"}}, {}),
    ],
    ids=["a chain", "a pin", "facts"],
)
def test_a_session_makes_way_where_it_has_a_place_elsewhere(fields: Tree, days: dict[str, int]) -> None:
    trial = Trial(leaderless(**fields))

    found, _ = all_of(trial.annealer, starting_sessions(trial.problem, trial.pools.identities, None))

    names = [row.id for row in trial.problem.document.activities]
    assert {names[row.activity]: int(trial.problem.times.day[row.time]) for row in found} == days
    assert trial.annealer.state.sessions() == []
    assert trial.annealer.state.load(found) == 0


def test_what_stands_as_it_was_is_left_alone() -> None:
    tree = leaderless() | {"facilitators": [facilitator("finn"), facilitator("gone")]}
    trial = Trial(tree)
    start = starting_sessions(trial.problem, trial.pools.identities, None)

    assert all_of(trial.annealer, start) == (start, 0)


def test_a_timetable_ends_with_its_time_and_keeps_what_is_new() -> None:
    trial = Trial(leaderless())
    start = starting_sessions(trial.problem, trial.pools.identities, None)
    new = replace(start[0], identity=-1)

    found, _ = all_of(trial.annealer, [new, *start], until=0.0)

    assert found[-1] == new
    assert {row.residents for row in found[:-1]} <= {row.residents for row in start}


@pytest.fixture(scope="module")
def noticed() -> Iterator[Telling]:
    telling = Telling("tell_defects", "timetables")
    yield telling
    telling.end()


@pytest.mark.slow(0.4)
def test_without_a_defect_nothing_is_noticed(noticed: Telling) -> None:
    assert noticed[""] is None


@pytest.mark.slow(0.4)
@pytest.mark.parametrize("name", TIMETABLES)
def test_a_defect_in_the_timetable_is_noticed(name: str, noticed: Telling) -> None:
    assert noticed[name] is not None
