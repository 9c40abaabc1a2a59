"""`post` on both sides of the edges that random schedules seldom meet, each held against `broken`."""

from dataclasses import replace
from typing import Any

import pytest

from solver.documents.schedule import ScheduleDocument
from solver.instance.starting import starting_sessions
from solver.model.building import build_model, possible_slots, whole_model
from solver.model.check import broken
from solver.model.rules import RULES
from solver.model.variables import FREE, Model, Place, Slot
from tests.solver.builders import (
    NOT_SOLVED,
    Tree,
    activity,
    facilitator,
    held,
    problem,
    resident,
    session,
    space,
    window,
)
from tests.solver.model.test_agreement import fix, slots_of, solved
from tests.solver.search.searches import Trial

TWO_ROOMS = [space("lounge"), space("hall")]
FAR = [space("lounge", zone="east"), space("hall", zone="west")]
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
    "the way": (
        "R7",
        small(spaces=FAR, facilitators=TWO_LEADERS, travel={"west": {"east": 25}}),
        [session(residents=["ben"]), second("11:30", space="hall")],
        [session(residents=["ben"]), second("11:00", space="hall")],
    ),
    "the way, longer than the rest": (
        "R7",
        small(
            spaces=FAR,
            facilitators=TWO_LEADERS,
            residents=[resident("ada"), resident("ben", rest_minutes=30)],
            travel={"west": {"east": 40}},
        ),
        [session(residents=["ben"]), second("12:00", space="hall")],
        [session(residents=["ben"]), second("11:30", space="hall")],
    ),
    "the leader's way": (
        "R4",
        small(spaces=FAR, travel={"west": {"east": 25}}, facilitators=TWO_LEADERS),
        [session(facilitators=["gila"]), second("11:30", space="hall")],
        [session(facilitators=["gila"]), second("11:00", space="hall")],
    ),
    "the way from one room to the next": (
        "R7",
        small(spaces=TWO_ROOMS, facilitators=TWO_LEADERS, travel={"": {"": 10}}),
        [session(residents=["ben"]), second("11:30", space="hall")],
        [session(residents=["ben"]), second("11:00", space="hall")],
    ),
    "days apart": (
        "R7",
        problem(
            horizon=HORIZON | {"days": 4},
            activities=[activity(**SHORT, days_apart=3)],
        ),
        [session(), session("s2", day=3)],
        [session(), session("s2", day=2)],
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
    "seats": (
        "R2",
        small(spaces=[space(capacity=1)]),
        [session()],
        [session(residents=["ada", "ben"])],
    ),
    "wheelchairs": (
        "R2",
        small(
            spaces=[space(wheelchair_places=1)],
            residents=[resident("ada", wheelchair=True), resident("ben", wheelchair=True)],
        ),
        [session()],
        [session(residents=["ada", "ben"])],
    ),
    "group": (
        "R5",
        problem(horizon=HORIZON, activities=[activity(min_group=2, **SHORT)]),
        [session(residents=["ada", "ben"])],
        [session()],
    ),
    "least count": (
        "R6",
        problem(horizon=HORIZON, activities=[activity(**SHORT | {"sessions": {"min": 1, "max": 2}})]),
        [session()],
        [],
    ),
    "refused space": (
        "R8",
        small(spaces=TWO_ROOMS, residents=[resident("ada", refuses={"spaces": ["hall"]})]),
        [session()],
        [session(space="hall")],
    ),
    "refused leader": (
        "R8",
        small(facilitators=TWO_LEADERS, residents=[resident("ada", avoids={"facilitators": ["gila"]})]),
        [session()],
        [session(facilitators=["gila"])],
    ),
    "support": (
        "R11",
        small(
            facilitators=[facilitator(support=3)], residents=[resident("ada", support=3), resident("ben", support=1)]
        ),
        [session()],
        [session(residents=["ada", "ben"])],
    ),
    "cohorts": (
        "R13",
        small(separate_cohorts=True, residents=[resident("ada", cohort="red"), resident("ben", cohort="blue")]),
        [session()],
        [session(residents=["ada", "ben"])],
    ),
    "required": (
        "R14",
        small(residents=[resident("ada", required={"choir": 1}), resident("ben")]),
        [session()],
        [session(residents=["ben"])],
    ),
}
BELOW, ELSEWHERE = {"R1", "R17"}, {"R18"}  # the last in the tests of agreement


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
    placed = starting_sessions(trial.problem, trial.pools.identities, document)
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


def test_every_rule_has_an_edge() -> None:
    assert {rule for rule, *_ in CASES.values()} | BELOW | ELSEWHERE == {rule.code for rule in RULES}


@pytest.mark.parametrize("case", CASES)
def test_a_rule_that_is_not_posted_is_noticed(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    code, tree, _, bad = CASES[case]
    rules = tuple(replace(rule, post=nothing) if rule.code == code else rule for rule in RULES)

    monkeypatch.setattr("solver.model.building.RULES", rules)

    assert is_possible(tree, bad)


def nothing(posted: Model) -> None:
    """Asks nothing."""


# ---- R1 and R17, whose breaches have no literal in a model of the whole problem


def new_slot(trial: Trial) -> Slot:
    """The choir, new, as it may be held."""
    (slot,) = [slot for slot in possible_slots(trial.problem, [0], lambda a: 1) if slot.identity is None]
    return slot


def choir(**fields: Any) -> Trial:
    hours = {**HORIZON, "slot_minutes": 60}
    return Trial(problem(horizon=hours, **fields))


@pytest.mark.parametrize(
    ("fields", "starts"),
    [
        ({"activities": [activity(windows=[window("10:00", "12:00")])]}, [600, 660]),
        ({"activities": [activity(windows=[])]}, []),
        ({"spaces": [space(open=[window("09:00", "11:00"), window("11:00", "12:00")])]}, [540, 600, 660]),
        ({"spaces": [space(open=[window("23:00", "24:00")])]}, [1380]),
        ({"activities": [activity(needs_features=["piano"])], "spaces": [space(open=[window("09:00", "10:00")])]}, []),
        (
            {
                "activities": [activity(needs_features=["piano"])],
                "spaces": [space(open=[window("09:00", "10:00")], features=["piano"])],
            },
            [540],
        ),
    ],
)
def test_a_session_may_stand_just_where_its_windows_and_its_room_allow(fields: Tree, starts: list[int]) -> None:
    trial = choir(**fields)

    found = [place.begin for slot in possible_slots(trial.problem, [0], lambda a: 1) for place in slot.options]

    assert sorted(found) == starts
    for start in range(0, 24 * 60, 60):
        rows = [session(start=f"{start // 60:02}:00")]
        assert ("R1" in [each.rule for each in broken(trial.problem.document, held(rows))]) == (start not in starts)


def build(trial: Trial, slot: Slot) -> tuple[Model, Slot]:
    model = build_model(trial.problem, [slot], [], has_score=False)
    return model, model.planned[0]


@pytest.mark.parametrize(("places", "is_good"), [(0, False), (1, True), (2, False)])
def test_a_session_that_is_held_stands_in_one_place(places: int, is_good: bool) -> None:
    trial = choir(activities=[activity(windows=[window("10:00", "12:00")])])
    model, slot = build(trial, new_slot(trial))

    model.cp.add(slot.present == 1)
    for k, literal in enumerate(slot.options.values()):
        model.cp.add(literal == int(k < places))

    assert (solved(model) is not None) == is_good


@pytest.mark.parametrize(("begin", "is_good"), [(600, False), (660, True)])
def test_nothing_new_starts_before_the_moment_that_is_frozen(begin: int, is_good: bool) -> None:
    trial = choir(frozen_until={"day": 0, "time": "10:30"})
    slot = new_slot(trial)
    slot.options = {Place(time=0, day=0, begin=begin, end=begin + 60, space=0): FREE}
    model, slot = build(trial, slot)

    model.cp.add(slot.present == 1)

    assert (solved(model) is not None) == is_good
