"""Good documents are read whole, with every default; what is written is read again; schedules are refused in place."""

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings

from solver.documents.exchange import (
    AbsentPin,
    AttendPin,
    CountRelaxed,
    DocumentErrors,
    PinDemand,
    PinnedSession,
    ScheduleDocument,
    SessionPin,
    Window,
    digest,
    read_problem,
    read_schedule,
    write_problem,
    write_schedule,
)
from tests.solver.builders import (
    NOT_SOLVED,
    Tree,
    activity,
    facilitator,
    problem,
    read,
    resident,
    schedule,
    session,
    space,
    whole,
    window,
    written,
)
from tests.solver.strategies import Chance, make_problem, seeds

DEFAULT_WEIGHTS = {
    "interest": 4,
    "time": 2,
    "engagement": (12, 9, 7, 5, 3, 2, 1),
    "shortfall": 40,
    "left_out": 30,
    "target": 10,
    "group": 10,
    "tie": 3,
    "companion": 15,
    "crowd": 2,
    "walk": 1,
    "session": 6,
    "offer": 20,
    "usual": (30, 5, 5),
    "turn": 4,
    "cancel": 20,
    "move": 10,
    "relocate": 2,
    "drop": 15,
    "relead": 4,
}


def test_what_is_left_out_has_its_default() -> None:
    tree = problem(
        spaces=[{"id": "lounge", "capacity": 7}],
        facilitators=[{"id": "finn"}],
        activities=[{"id": "choir", "duration_minutes": 60, "max_group": 5}],
        residents=[{"id": "ada"}, {"id": "ben"}],
        ties=[{"a": "ada", "b": "ben", "strength": 1}],
        groups=[{"id": "g", "members": []}],
    )

    document = read(tree)

    [lounge], [finn], [choir] = document.spaces, document.facilitators, document.activities
    assert (lounge.name, lounge.zone, lounge.wheelchair_places, lounge.comfort, lounge.noise) == ("lounge", "", 7, 7, 0)
    assert (lounge.features, lounge.open, lounge.turnaround_minutes, lounge.adjacent, lounge.shares) == (
        (),
        None,
        0,
        (),
        (),
    )
    assert (finn.name, finn.skills, finn.available, finn.max_sessions_per_day) == ("finn", (), None, 99)
    assert (finn.gap_minutes, finn.support, finn.familiar_to) == (0, 8, ())
    assert (choir.name, choir.domains, choir.one_per_day, choir.min_group, choir.facilitators) == (
        "choir",
        (),
        True,
        1,
        1,
    )
    assert (choir.sessions.min, choir.sessions.max, choir.needs_skills, choir.needs_features) == (0, 1, (), ())
    assert (choir.noise, choir.windows, choir.only, choir.cost) == (0, None, None, 0)
    ada = document.residents[0]
    assert (ada.name, ada.zone, ada.wheelchair, ada.escort, ada.support, ada.noise_max) == (
        "ada",
        "",
        False,
        False,
        0,
        3,
    )
    assert (ada.calm, ada.busy, ada.interests, ada.times, ada.targets, ada.required) == ((), (), {}, {}, (), {})
    assert (ada.sessions.min, ada.sessions.max, ada.max_per_day, ada.rest_minutes) == (0, 99, 99, 0)
    assert (ada.cohort, ada.zone_locked, ada.needs_familiar) == ("", False, False)
    assert (document.ties[0].cap, document.groups[0].name, document.groups[0].targets) == (2, "g", ())
    assert (document.travel, document.escorts, document.separate_cohorts) == ({}, None, False)
    assert (document.offers, document.usual, document.previous, document.frozen_until) == ((), (), (), None)
    assert document.pins == ()
    assert document.weights.model_dump() == DEFAULT_WEIGHTS


def test_either_key_of_sessions_may_be_left_out() -> None:
    document = read(
        problem(activities=[activity(sessions={"min": 1})], residents=[resident("ada", sessions={"max": 3})])
    )

    assert (document.activities[0].sessions.min, document.activities[0].sessions.max) == (1, 1)
    assert (document.residents[0].sessions.min, document.residents[0].sessions.max) == (0, 3)


def test_an_empty_list_of_windows_is_not_an_absent_one() -> None:
    document = read(problem(spaces=[space(open=[])], facilitators=[facilitator(available=[])]))

    assert (document.spaces[0].open, document.facilitators[0].available) == ((), ())


def test_every_field_is_read() -> None:
    document = read(whole())

    assert document.horizon.start == date(2026, 11, 30)
    assert document.spaces[0].open == (Window(from_="09:00", to="18:00"),)
    assert (document.residents[0].busy[0].begin, document.residents[0].busy[0].end) == (720, 780)
    assert document.pins == (
        SessionPin(
            session=PinnedSession(
                id="p", activity="choir", day=2, start="10:00", space="hall", facilitators=("finn",), residents=("ada",)
            )
        ),
        AttendPin(attend="ada", session="old"),
        AbsentPin(absent="ben", session="nobody knows"),
    )
    assert (document.ties[1].apart, document.ties[1].strength) == (True, None)
    assert document.escorts is not None
    assert [document.escorts.available(0, minute) for minute in (719, 720, 779, 780)] == [2, 1, 1, 2]
    assert document.travel == {"east": {"west": 3}}


EDGES: list[tuple[str, Tree]] = [
    ("35 days", problem(horizon={"start": "2026-11-30", "days": 35, "slot_minutes": 60, "timezone": "Europe/London"})),
    ("one minute", problem(horizon={"start": "2026-11-30", "days": 1, "slot_minutes": 1, "timezone": "UTC"})),
    ("until midnight", problem(spaces=[space(open=[window("23:45", "24:00")])])),
    ("no seats", problem(spaces=[space(capacity=0)])),
    ("a million", problem(spaces=[space(capacity=1_000_000)])),
    ("a home without anything", problem(spaces=[], facilitators=[], activities=[], residents=[])),
    ("negative zero", problem(spaces=[space(capacity=-0)])),
    (
        "an unknown zone",
        problem(horizon={"start": "2026-11-30", "days": 7, "slot_minutes": 15, "timezone": "Moon/Sea"}),
    ),
    ("the same word twice", problem(spaces=[space(features=["piano", "piano"])])),
    ("a space beside itself", problem(spaces=[space(adjacent=["lounge"], shares=["lounge"])])),
    ("travel said both ways", problem(travel={"a": {"b": 2, "a": 1}, "b": {"a": 2}})),
    ("pins of what is not there", problem(pins=[{"attend": "ada", "session": "nowhere"}])),
    (
        "a pin beyond the days",
        problem(pins=[{"session": {"id": "p", "activity": "choir", "day": 99, "start": "10:00"}}]),
    ),
    ("the past off the grid", problem(previous=[session(start="10:07")], frozen_until={"day": 0, "time": "11:11"})),
    ("what has left", problem(previous=[session(of="gone", space="gone", facilitators=["gone"], residents=["gone"])])),
    ("equal engagement", problem(weights={"engagement": [3, 3, 0, 0]})),
    ("an offer off the grid", problem(offers=[{"from": "10:07", "to": "10:08", "min": 0}])),
    ("an offer to midnight", problem(offers=[{"day": 6, "from": "23:59", "min": 1}])),
    (
        "a usual session off the grid, of what has left",
        problem(usual=[{"activity": "gone", "day": 0, "start": "10:07"}]),
    ),
    (
        "one activity twice in a base week",
        problem(usual=[{"activity": "choir", "day": day, "start": "10:00"} for day in (0, 1, 99)]),
    ),
    ("who waits longest", problem(residents=[resident("ada", waiting={"choir": 10})])),
    ("as far apart as can be", problem(activities=[activity(days_apart=35)])),
    ("no engagement", problem(weights={"engagement": []})),
    (
        "strongest ties",
        problem(ties=[{"a": "ada", "b": "ben", "strength": 100}, {"a": "cem", "b": "ada", "strength": -5}]),
    ),
]


@pytest.mark.parametrize("tree", [tree for _, tree in EDGES], ids=[name for name, _ in EDGES])
def test_what_is_just_right_is_read(tree: Tree) -> None:
    read(tree)


@settings(max_examples=50, deadline=None)
@given(seeds())
def test_a_problem_written_is_the_problem_read(chance: Chance) -> None:
    document = read(make_problem(chance))

    assert read_problem(write_problem(document)) == document


def test_a_problem_made_in_python_is_written_without_what_it_never_said() -> None:
    document = read(problem())
    changed = document.model_copy(update={"spaces": (document.spaces[0].model_copy(update={"open": None}),)})

    tree = json.loads(write_problem(changed))

    assert tree["spaces"] == [{"id": "lounge", "capacity": 10}]
    assert "ties" not in tree


def test_a_schedule_written_is_the_schedule_read() -> None:
    document = ScheduleDocument(
        problem="0" * 64,
        status="feasible",
        objective=-3,
        bound=None,
        sessions=(),
        terms={"tie": -3},
        relaxed=(CountRelaxed(activity="choir", by=2), PinDemand(pin=0)),
    )

    raw = write_schedule(document)

    assert read_schedule(raw) == document
    assert raw == write_schedule(document)
    assert "conflict" not in json.loads(raw)


def test_the_digest_is_that_of_the_bytes() -> None:
    assert digest(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


# ---- schedules


def bare(**fields: Any) -> Tree:
    return schedule(problem(), [session()]) | fields


SCHEDULE_FAULTS: list[tuple[str, Tree]] = [
    *(
        (key, {name: value for name, value in bare().items() if name != key})
        for key in ("format", "problem", "status", "objective", "bound", "sessions", "terms")
    ),
    ("format", bare(format="milieu-schedule/1")),
    ("colour", bare(colour="red")),
    ("problem", bare(problem="0" * 63)),
    ("problem", bare(problem="A" * 64)),
    ("status", bare(status="fine")),
    ("objective", bare(objective=1.0)),
    ("objective", bare(objective="1")),
    ("bound", bare(bound=True)),
    ("terms.tie", bare(terms={"tie": None})),
    ("terms.tie", bare(terms={"tie": 1.5})),
    ("sessions", bare(sessions=None)),
    ("sessions[0]", bare(sessions=[None])),
    *(
        (f"sessions[0].{key}", bare(sessions=[{name: value for name, value in session().items() if name != key}]))
        for key in session()
    ),
    ("sessions[0].end", bare(sessions=[session(end="11:00")])),
    ("sessions[0].id", bare(sessions=[session("")])),
    ("sessions[1].id", bare(sessions=[session(), session(day=1)])),
    ("sessions[0].day", bare(sessions=[session(day=-1)])),
    ("sessions[0].start", bare(sessions=[session(start="24:00")])),
    ("sessions[0].residents[1]", bare(sessions=[session(residents=["ada", "ada"])])),
    ("sessions[0].facilitators[1]", bare(sessions=[session(facilitators=["finn", "finn"])])),
    ("sessions[0].activity", bare(sessions=[session(of="golf")])),
    ("sessions[0].space", bare(sessions=[session(space="attic")])),
    ("sessions[0].facilitators[0]", bare(sessions=[session(facilitators=["zoe"])])),
    ("sessions[0].residents[1]", bare(sessions=[session(residents=["ada", "zoe"])])),
    ("relaxed[0].rule", bare(relaxed=[{"rule": "R2", "space": "lounge", "by": 1}])),
    ("relaxed[0].rule", bare(relaxed=[{"activity": "choir", "by": 1}])),
    ("relaxed[0].by", bare(relaxed=[{"rule": "R6", "activity": "choir"}])),
    ("relaxed[0].by", bare(relaxed=[{"rule": "R6", "activity": "choir", "by": 0}])),
    ("relaxed[0].activity", bare(relaxed=[{"rule": "R6", "activity": "golf", "by": 1}])),
    ("relaxed[0].resident", bare(relaxed=[{"rule": "R14", "resident": "zoe", "activity": "choir", "by": 1}])),
    ("relaxed[0].pin", bare(relaxed=[{"rule": "R18", "pin": 0}])),
    ("conflict[0].pin", bare(conflict=[{"rule": "R18", "pin": 3}])),
    ("conflict", bare(conflict=None)),
    ("because[0]", bare(because=[""])),
]


@pytest.mark.parametrize(
    ("place", "tree"), SCHEDULE_FAULTS, ids=[f"{k} {place}" for k, (place, _) in enumerate(SCHEDULE_FAULTS)]
)
def test_a_fault_of_a_schedule_is_told_at_its_place(place: str, tree: Tree) -> None:
    with pytest.raises(DocumentErrors) as caught:
        read_schedule(written(tree), read(problem()))

    assert [each.place for each in caught.value.errors] == [place]


def test_without_its_problem_a_schedule_may_name_anything() -> None:
    document = read_schedule(written(bare(sessions=[session(of="golf", residents=["zoe"])])))

    assert document.sessions[0].residents == ("zoe",)


def test_an_infeasible_schedule_says_why() -> None:
    tree = bare(**NOT_SOLVED, status="infeasible", conflict=[{"rule": "R6", "activity": "choir"}], because=["No room."])

    document = read_schedule(written(tree), read(problem()))

    assert (document.status, document.because) == ("infeasible", ("No room.",))
