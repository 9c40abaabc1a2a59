"""`post` on both sides of the edges that random schedules seldom meet, each held against `broken`."""

from typing import Any

import pytest

from solver.check import broken
from solver.model import whole_model
from solver.repair import starting_sessions
from solver.schedules import ScheduleDocument
from tests.solver.builders import NOT_SOLVED, Tree, activity, facilitator, problem, resident, session, space, window
from tests.solver.searches import Trial
from tests.solver.test_agreement import fix, slots_of, solved

TWO_ROOMS = [space("lounge"), space("hall")]
TWO_LEADERS = [facilitator("finn"), facilitator("gila")]
HORIZON = {"start": "2026-11-30", "days": 1, "slot_minutes": 30, "timezone": "Europe/London"}
SHORT = {"windows": [window("10:00", "13:00")], "sessions": {"max": 2}}


def small(**fields: Any) -> Tree:
    return problem(horizon=HORIZON, activities=[activity(**SHORT), activity("chess", **SHORT)], **fields)


def second(start: str, **fields: Any) -> Tree:
    return session("s2", "chess", start=start, residents=["ben"], facilitators=["gila"], **fields)


CASES: dict[str, tuple[str, Tree, list[Tree], list[Tree]]] = {
    "turnaround": (
        "R3",
        small(spaces=[space("lounge", turnaround_minutes=30)], facilitators=TWO_LEADERS),
        [session(), second("11:30")],
        [session(), second("11:00")],
    ),
    "shared": (
        "R3",
        small(
            spaces=[space("lounge", shares=["hall"]), space("hall", turnaround_minutes=30)], facilitators=TWO_LEADERS
        ),
        [session(), second("11:30", space="hall")],
        [session(), second("11:00", space="hall")],
    ),
    "leader": (
        "R4",
        small(spaces=TWO_ROOMS, facilitators=[facilitator("finn"), facilitator("gila", gap_minutes=30)]),
        [session(facilitators=["gila"]), second("11:30", space="hall")],
        [session(facilitators=["gila"]), second("11:00", space="hall")],
    ),
    "rest": (
        "R7",
        small(
            spaces=TWO_ROOMS,
            facilitators=TWO_LEADERS,
            residents=[resident("ada"), resident("ben", rest_minutes=30)],
        ),
        [session(residents=["ben"]), second("11:30", space="hall")],
        [session(residents=["ben"]), second("11:00", space="hall")],
    ),
    "calm": (
        "R9",
        problem(
            horizon=HORIZON,
            activities=[activity(noise=2, windows=[window("10:00", "13:00")])],
            residents=[resident("ada", calm=[window("11:00", "12:00", noise_max=1)])],
        ),
        [session(start="10:00")],
        [session(start="10:30")],
    ),
    "apart": (
        "R10",
        small(ties=[{"a": "ada", "b": "ben", "apart": True}]),
        [session(residents=["ada", "cem"])],
        [session(residents=["ada", "ben"])],
    ),
    "escorts": (
        "R12",
        small(
            spaces=[space("lounge", zone="west"), space("hall", zone="west")],
            facilitators=TWO_LEADERS,
            residents=[resident("ada", escort=True, zone="east"), resident("ben", escort=True, zone="east")],
            escorts={"default": 1, "windows": []},
        ),
        [session(), second("11:30", space="hall")],
        [session(), second("11:00", space="hall")],
    ),
    "familiar": (
        "R15",
        small(
            residents=[resident("ada", needs_familiar=True), resident("ben")],
            ties=[{"a": "ada", "b": "ben", "strength": 1}],
        ),
        [session(residents=["ada", "ben"])],
        [session(residents=["ada"])],
    ),
    "bleed": (
        "R16",
        problem(
            horizon=HORIZON,
            spaces=[space("lounge", adjacent=["hall"]), space("hall")],
            facilitators=TWO_LEADERS,
            activities=[activity(noise=3, **SHORT), activity("chess", noise=1, **SHORT)],
        ),
        [session(), second("11:00", space="hall")],
        [session(), second("10:30", space="hall")],
    ),
}


def is_possible(tree: Tree, rows: list[Tree]) -> bool:
    """Whether the model of the whole problem can be exactly these sessions."""
    trial = Trial(tree)
    document = ScheduleDocument.model_validate(
        {
            "problem": "0" * 64,
            "status": "feasible",
            **NOT_SOLVED,
            "sessions": [{**row, "id": f"x{k}"} for k, row in enumerate(rows)],
        }
    )
    placed = starting_sessions(trial.problem, trial.pools, document)
    model = whole_model(trial.problem)
    held = slots_of(trial, model, placed)
    assert held is not None
    assert len(placed) == len(rows)
    for k, slot in enumerate(model.slots):
        fix(model, slot, held.get(k))
    return solved(model) is not None


@pytest.mark.parametrize("case", CASES)
def test_both_sides_of_an_edge(case: str) -> None:
    rule, tree, good, bad = CASES[case]
    document = Trial(tree).problem.document

    def breaks(rows: list[Tree]) -> list[str]:
        sessions = ScheduleDocument.model_validate(
            {"problem": "0" * 64, "status": "feasible", **NOT_SOLVED, "sessions": rows}
        )
        return [each.rule for each in broken(document, sessions.sessions)]

    assert (breaks(good), is_possible(tree, good)) == ([], True)
    assert (breaks(bad), is_possible(tree, bad)) == ([rule], False)
