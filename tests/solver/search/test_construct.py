"""First schedules: tight communities have one after a few attempts, and what is asked for comes before what pays."""

import json
from typing import Any

import pytest

from bench.asked.changes import change
from bench.asked.homes import make_home
from solver.instance.starting import starting_sessions
from solver.search.beginning import attempts, best_beginning
from solver.search.parameters import PARAMETERS
from solver.search.searching import search
from tests.solver.builders import Tree, activity, facilitator, problem, resident, session, window
from tests.solver.search.searches import Trial

MORNING = {"windows": [window("10:00", "12:00", 0)], "sessions": {"max": 1}}


def first(tree: Tree, seed: int = 0) -> tuple[Trial, int]:
    """A trial with its first schedule, and after how many attempts."""
    trial = Trial(tree, seed)
    begin = starting_sessions(trial.problem, trial.pools.identities, None)
    return trial, sum(1 for _ in attempts(trial.annealer, begin))


@pytest.mark.parametrize(("residents", "seed"), [(30, 7), (30, 11), (60, 14), (60, 15), (120, 1), (120, 12), (120, 22)])
def test_a_tight_home_has_a_schedule_after_a_few_attempts(residents: int, seed: int) -> None:
    trial, tried = first(make_home(residents, seed, tight=True).tree)

    assert trial.breaches() == []
    assert tried <= PARAMETERS.attempts


@pytest.mark.parametrize("what", ["away", "closed", "people", "outbreak", "nothing"])
def test_a_changed_week_has_a_schedule_after_a_few_attempts(what: str) -> None:
    home = make_home(60, 1, tight=True)

    trial, _ = first(change(home.tree, home.witness, what, 1))

    assert trial.breaches() == []


@pytest.mark.parametrize(
    ("looks_at_the_clock", "begun"), [(PARAMETERS.beginnings, PARAMETERS.beginnings), (7, 7), (0, 0)]
)
def test_a_repair_goes_on_from_its_best_beginning(looks_at_the_clock: int, begun: int) -> None:
    home = make_home(30, 1)
    trial = Trial(change(home.tree, home.witness, "away", 1))
    before, looks = trial.annealer.state.objective, iter(range(PARAMETERS.beginnings + 1))
    starts = [starting_sessions(trial.problem, trial.pools.identities, None), []]

    beginnings = best_beginning(trial.annealer, starts, looks_at_the_clock, lambda: next(looks))
    found = [trial.annealer.state.objective for _ in beginnings]

    assert len(found) == begun
    assert len(set(found)) > 1 or begun == 0
    assert trial.annealer.state.objective == max(found, default=before)
    assert trial.wrong() == []


def test_a_demand_that_cannot_be_met_is_lacking_and_nothing_else() -> None:
    tree = problem(
        activities=[activity(**MORNING)], residents=[resident("ada", required={"choir": 2}), resident("ben")]
    )

    trial, tried = first(tree)

    assert tried == PARAMETERS.attempts
    assert trial.annealer.state.lacking == 1
    assert [each.rule for each in trial.breaches()] == ["R14"]


@pytest.mark.parametrize(("seats", "lacking"), [(2, 0), (1, 1)])
def test_a_required_attendance_brings_the_familiar_face_along(seats: int, lacking: int) -> None:
    """Ada comes only with Ben (R15) and has to come (R14); to Ben the session is worth less than nothing."""
    tree = problem(
        activities=[activity(**MORNING, max_group=seats)],
        residents=[
            resident("ada", required={"choir": 1}, needs_familiar=True),
            resident("ben", interests={"choir": -2}),
            resident("cem", interests={"choir": 5}),
        ],
        ties=[{"a": "ada", "b": "ben", "strength": 1}],
    )

    trial, _ = first(tree)
    for _ in range(20):
        trial.annealer.step(200, 20.0, 1.0)

    assert trial.annealer.state.lacking == lacking
    assert trial.wrong() == []


@pytest.mark.parametrize(("least", "held"), [(0, ["chess"]), (1, ["choir"])])
def test_a_least_count_takes_the_room_from_what_pays_more(least: int, held: list[str]) -> None:
    tree = problem(
        activities=[
            activity("choir", windows=[window("10:00", "11:00", 0)], sessions={"min": least, "max": 1}),
            activity("chess", windows=[window("10:00", "11:00", 0)], sessions={"max": 1}),
        ],
        residents=[resident(name, interests={"chess": 5}) for name in ("ada", "ben", "cem")],
        weights={"engagement": []},
    )

    trial, _ = first(tree)
    trial.annealer.step(500, 5.0, 1.0, share=0.5)
    best = trial.annealer.found()

    assert best is not None
    assert [trial.problem.document.activities[row.activity].id for row in best.sessions] == held


def test_pins_come_before_what_stands_in_their_way() -> None:
    fixed = {
        "id": "fixed",
        "activity": "choir",
        "day": 0,
        "start": "10:00",
        "space": "lounge",
        "facilitators": ["gila"],
    }
    tree = problem(
        facilitators=[facilitator("finn"), facilitator("gila")],
        previous=[session("old", "chess", residents=["ada", "ben", "cem"], facilitators=["gila"])],
        activities=[activity("choir"), activity("chess")],
        pins=[{"session": fixed}, {"attend": "ada", "session": "fixed"}, {"absent": "ben", "session": "fixed"}],
    )

    trial, _ = first(tree)

    assert trial.breaches() == []
    (row,) = [row for row in trial.sessions() if row.id == "fixed"]
    assert "ada" in row.residents
    assert "ben" not in row.residents


def hardened(residents: int, seed: int) -> Tree:
    """A tight home that demands every session of its witness's week."""
    home = make_home(residents, seed, tight=True)
    tree: Any = json.loads(json.dumps(home.tree))
    for row in tree["activities"]:
        held = sum(session.activity == row["id"] for session in home.witness)
        row["sessions"]["min"] = max(row["sessions"].get("min", 0), held)
    return tree  # type: ignore[no-any-return]


@pytest.mark.parametrize("seed", [3, 7, 8])
def test_a_home_that_demands_a_whole_week_of_sessions_is_planned_in_counted_moves(seed: int) -> None:
    trial = Trial(hardened(30, seed))
    clock = iter(range(10**6))

    for _ in search(trial.annealer, [], 100.0, lambda: float(next(clock)), lambda: iter(())):
        if trial.annealer.found() is not None:
            break

    assert trial.annealer.found() is not None


def test_two_who_need_each_other_begin_a_group_together() -> None:
    """Neither may be there without a familiar face, and each is the only one of the other."""
    trial, _ = first(
        problem(
            residents=[resident("ada", needs_familiar=True), resident("ben"), resident("cem", needs_familiar=True)],
            activities=[activity(min_group=2, sessions={"min": 1, "max": 1}, only=["ada", "cem"])],
            ties=[{"a": "ada", "b": "cem", "strength": 1}],
        )
    )

    assert trial.breaches() == []
    assert [row.residents for row in trial.sessions()] == [("ada", "cem")]
