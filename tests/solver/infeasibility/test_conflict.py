"""Demands that cannot hold together: proved quickly, and no more of them named than clash."""

import json
import time
from typing import Any

import pytest

from solver.documents.exchange import digest, read_problem
from solver.infeasibility import proving, relax
from solver.infeasibility.conflict import find_conflict
from solver.infeasibility.proving import never
from solver.infeasibility.relax import Relaxer
from solver.instance import compilation
from solver.instance.compilation import compile_problem
from solver.instance.demands import everything_wanted
from solver.instance.placed import Placed
from solver.instance.problem import Problem
from solver.instance.rendering import rendered
from solver.model.check import broken
from solver.model.wording.words import sentences
from tests.patience import PROVING

Tree = dict[str, Any]


def community(**changed: Any) -> Tree:
    """Twelve residents, one leader, choir and yoga each demanded once in a week."""
    hour = {"duration_minutes": 60, "max_group": 10, "sessions": {"min": 1, "max": 2}}
    return {
        "format": "milieu-problem/2",
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
    found = find_conflict(problem, time.monotonic() + PROVING)
    if found is None:
        return [], ()
    return [(demand.rule, demand.names) for demand in found.demands], sentences(problem.document, found.reasons)


def ana_from_ten(to: str) -> list[Tree]:
    return [{"id": "ana", "available": [{"day": 1, "from": "10:00", "to": to}]}]


def test_two_demands_do_not_fit_into_one_hour_and_do_into_two() -> None:
    demands, words = conflict_of(community(facilitators=ana_from_ten("11:00")))

    assert sorted(demands) == [("R6", (0,)), ("R6", (1,))]
    assert "choir is to be held at least once." in words[:2]
    assert words[2:] == ("choir and yoga need ana, who could lead them Tuesday 10:00–11:00: not enough for all.",)
    assert conflict_of(community(facilitators=ana_from_ten("12:00"))) == ([], ())


def test_pins_that_contradict_each_other_are_named_alone() -> None:
    session = {"session": {"id": "s1", "activity": "choir", "day": 1, "start": "10:00"}}
    both = [session, {"attend": "r1", "session": "s1"}, {"absent": "r1", "session": "s1"}]

    two_hours = ana_from_ten("12:00")

    demands, words = conflict_of(community(pins=both, facilitators=two_hours))

    assert sorted(demands) == [("R18", (k,)) for k in range(3)]
    assert words[-1] == "r1 cannot be both in and out of choir on Tuesday at 10:00."
    assert conflict_of(community(pins=both[:2], facilitators=two_hours))[0] == []


HARP = {
    "id": "choir",
    "duration_minutes": 60,
    "max_group": 10,
    "sessions": {"min": 1, "max": 2},
    "needs_skills": ["music"],
    "windows": [{"day": 1, "from": "14:00", "to": "17:00"}],
}


def choir(**changed: Any) -> list[Tree]:
    return [HARP | changed]


def required(**changed: Any) -> list[Tree]:
    return [{"id": "bo", "required": {"choir": 1}, **changed}, *({"id": f"r{k}"} for k in range(3))]


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        (
            {"facilitators": [{"id": "ana", "available": []}]},
            "choir needs somebody to lead it every day 00:00–24:00; ana is not there then.",
        ),
        ({"facilitators": []}, "Nobody is there to lead choir."),
        ({"spaces": [{"id": "hall", "capacity": 0}]}, "No space has the 1 seat that choir needs."),
        (
            {"spaces": [{"id": "hall", "capacity": 9, "open": []}]},
            "choir needs hall, not open when it could be held (every day 00:00–24:00).",
        ),
        ({"activities": choir()}, "choir needs somebody with music, and nobody has that."),
        (
            {
                "activities": choir(),
                "facilitators": [{"id": "ana", "name": "Ana", "skills": ["music"], "available": []}],
            },
            "choir needs somebody with music Tuesday 14:00–17:00; Ana is not there then and nobody else has it.",
        ),
        (
            {"activities": choir(facilitators=2), "facilitators": [{"id": "ana"}, {"id": "ben"}]},
            "choir needs somebody with music, and nobody has that.",
        ),
        (
            {
                "activities": choir(facilitators=2, needs_skills=["song", "music"]),
                "facilitators": [
                    {"id": "ana", "skills": ["song"]},
                    {"id": "ben"},
                    {"id": "cleo", "skills": ["music"], "available": []},
                ],
            },
            "choir needs somebody with music Tuesday 14:00–17:00; cleo is not there then and nobody else has it.",
        ),
        ({"activities": choir(windows=[])}, "There is no time left at which choir could be held."),
        (
            {"activities": choir(needs_skills=[], needs_features=["piano"])},
            "No space has what choir needs: piano, and 1 seat.",
        ),
        (
            {"activities": choir(needs_skills=[], sessions={"min": 2, "max": 2})},
            "choir is held once a day and can only be held on Tuesday.",
        ),
        (
            {"activities": choir(needs_skills=[], sessions={"min": 5, "max": 5}, one_per_day=False)},
            "choir cannot be held 5 times in the hours it has (Tuesday 14:00–17:00).",
        ),
        (
            {"activities": choir(facilitators=0, sessions={"min": 2, "max": 2})},
            "choir is held once a day and can only be held on Tuesday.",
        ),
        (
            {"activities": choir(needs_skills=[], min_group=9, only=["r1"])},
            "choir needs 9 residents; at none of its hours could more than 1 come together.",
        ),
    ],
    ids=[
        "away",
        "no leader",
        "no seats",
        "never open",
        "no skill",
        "skilled and away",
        "no skill in a team",
        "skilled and away from a team",
        "no hours",
        "no feature",
        "few days",
        "few hours",
        "skill without a leader",
        "few people",
    ],
)
def test_what_stands_in_the_way_of_a_least_count_is_named(changed: Tree, sentence: str) -> None:
    demands, words = conflict_of(community(**changed))

    assert demands == [("R6", (0,))]
    assert words[1:] == (sentence,)


@pytest.mark.parametrize(
    ("person", "sentence"),
    [
        ({"refuses": {"activities": ["choir"]}}, "bo refuses choir."),
        ({"avoids": {"activities": ["choir"]}}, "bo is kept from choir."),
        ({"busy": [{"from": "13:00", "to": "18:00"}]}, "bo is busy whenever choir can be held (Tuesday 14:00–17:00)."),
        ({"noise_max": 1}, "choir has level 2 or more; bo bears 1 at those hours."),
        ({"refuses": {"spaces": ["hall"]}}, "bo is kept from hall, and choir can be held nowhere else."),
        ({"zone_locked": True, "zone": "west"}, "bo stays in their own zone; choir can only be held in hall."),
        ({"refuses": {"facilitators": ["ana"]}}, "bo refuses or is kept from those who could lead choir: ana."),
        ({"needs_familiar": True}, "bo needs a familiar face; nobody who could lead or attend choir with them is one."),
        ({"sessions": {"max": 0}}, "bo can be in at most 0 sessions, fewer than are required."),
        ({"required": {"choir": 2}}, "bo could attend choir only on Tuesday, once a day."),
        ({"required": {"choir": 3}}, "bo is required to attend choir 3 times; it is held at most 2 times."),
    ],
    ids=["refuses", "avoids", "busy", "loud", "space", "zone", "leader", "familiar", "full", "days", "often"],
)
def test_what_stands_in_the_way_of_a_required_attendance_is_named(person: Tree, sentence: str) -> None:
    activities = choir(needs_skills=[], noise=2, sessions={"max": 2}, one_per_day=False)

    demands, words = conflict_of(community(activities=activities, residents=required(**person)))

    assert demands == [("R14", (0, 0))]
    assert words[1:] == (sentence,)


def test_a_pinned_session_that_lacks_a_skill_in_its_team_is_told() -> None:
    pin = {"session": {"id": "s1", "activity": "choir", "day": 1, "start": "15:00"}}
    staff = [{"id": "ana", "skills": ["music"], "available": []}, {"id": "ben"}, {"id": "cleo"}]
    demands, words = conflict_of(
        community(activities=choir(facilitators=2, sessions={"max": 1}), facilitators=staff, pins=[pin])
    )

    assert demands == [("R18", (0,))]
    assert words[1:] == (
        "choir needs somebody with music Tuesday 15:00–16:00; ana is not there then and nobody else has it.",
    )


def test_days_of_a_long_horizon_have_their_dates() -> None:
    horizon = {"start": "2026-11-30", "days": 14, "slot_minutes": 15, "timezone": "Europe/London"}
    windows = [{"day": 8, "from": "14:00", "to": "17:00"}]

    words = conflict_of(
        community(activities=choir(windows=windows, sessions={"min": 2, "max": 2}, needs_skills=[]), horizon=horizon)
    )[1]

    assert words[-1] == "choir is held once a day and can only be held on Tuesday 8 December."


def test_time_that_is_over_proves_nothing() -> None:
    problem = compiled(community(facilitators=ana_from_ten("11:00")))

    assert find_conflict(problem, time.monotonic() - 1) is None


def test_two_pins_of_one_session_at_two_times_are_blamed_together() -> None:
    pins = [{"session": {"id": "s1", "activity": "choir", "day": 1, "start": start}} for start in ("10:00", "11:00")]

    demands, words = conflict_of(community(pins=pins))

    assert sorted(demands) == [("R18", (0,)), ("R18", (1,))]
    assert words[-1] == "The pins of choir on Tuesday at 11:00 contradict each other."
    assert conflict_of(community(pins=pins[1:])) == ([], ())


def test_nothing_is_claimed_on_a_grid_that_was_thinned(monkeypatch: pytest.MonkeyPatch) -> None:
    tree = community(facilitators=[{"id": "ana", "available": [{"day": 1, "from": "10:15", "to": "12:15"}]}])
    monkeypatch.setattr(compilation, "MOST_CELLS", 1)  # only full hours are left, of which one serves

    assert conflict_of(tree) == ([], ())


def test_more_sessions_a_day_than_the_search_ever_plans_are_no_conflict() -> None:
    often = {"id": "choir", "duration_minutes": 15, "max_group": 10, "one_per_day": False, "min_group": 0}
    tree = community(activities=[{**often, "sessions": {"min": 130, "max": 200}}])

    assert conflict_of(tree) == ([], ())


@pytest.fixture
def _search_finds_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    for room in (proving, relax):
        monkeypatch.setattr(room, "find_schedule", lambda *_: None)


@pytest.mark.usefixtures("_search_finds_nothing")
def test_a_schedule_that_only_a_model_finds_is_taken_up() -> None:
    problem, told = compiled(community(facilitators=ana_from_ten("12:00"))), list[tuple[Placed, ...]]()

    found = find_conflict(problem, time.monotonic() + PROVING, tell=told.append)

    assert found is None
    assert [broken(problem.document, rendered(problem, problem.identities, list(rows))) for rows in told] == [[]]


@pytest.mark.usefixtures("_search_finds_nothing")
def test_what_is_left_of_demands_has_a_schedule_that_only_a_model_finds() -> None:
    problem = compiled(community(facilitators=ana_from_ten("11:00")))

    found = Relaxer(problem, time.monotonic() + PROVING, never, lambda conflict: None).least(())

    assert found is not None
    assert sum(everything_wanted(problem).values()) - sum(found.wanted.values()) == 1
    assert len(found.sessions) == 1
