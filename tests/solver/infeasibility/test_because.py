"""Impossible weeks made of two or three plain facts: each has a sentence that names them."""

import json
import time
from typing import Any

import pytest

from solver.documents.exchange import digest, read_problem
from solver.infeasibility.conflict import find_conflict
from solver.instance.compilation import compile_problem
from solver.model.wording.words import sentences
from tests.patience import PROVING

Tree = dict[str, Any]
NAMES = ("Ada", "Ben", "Cem", "Dia", "Eva")
PIN = {"session": {"id": "s1", "activity": "tea", "day": 0, "start": "10:00"}}
HALL = {"id": "hall", "name": "Hall", "capacity": 4}


def person(number: int, **fields: Any) -> Tree:
    return {"id": f"r{number}", "name": NAMES[number], "required": {"tea": 1}, **fields}


def people(count: int, **fields: Any) -> list[Tree]:
    return [person(number, **fields) for number in range(count)]


def on(day: int) -> list[Tree]:
    return [{"day": day, "from": "00:00", "to": "24:00"}]


def tea(**fields: Any) -> list[Tree]:
    row = {"id": "tea", "name": "Tea", "duration_minutes": 60, "max_group": 4, "sessions": {"min": 0, "max": 1}}
    return [{**row, **fields}]


def room(**fields: Any) -> Tree:
    return {"id": "room", "name": "Garden room", "capacity": 4, **fields}


def fay(**fields: Any) -> Tree:
    return {"id": "fay", "name": "Fay", "available": [{"from": "10:00", "to": "12:00"}], **fields}


def because(**changed: Any) -> list[str]:
    """What stands in the way of a Monday and a Tuesday in which Ada and Ben are to be at the tea."""
    tree = {
        "format": "milieu-problem/2",
        "name": "A made-up community",
        "spaces": [room()],
        "facilitators": [fay()],
        "horizon": {"start": "2026-11-30", "days": 2, "slot_minutes": 15, "timezone": "Europe/London"},
        "activities": tea(),
        "residents": people(2),
        **changed,
    }
    raw = json.dumps(tree).encode()
    problem = compile_problem(read_problem(raw), digest(raw))
    found = find_conflict(problem, time.monotonic() + PROVING)
    if found is None:
        return []
    return list(sentences(problem.document, [each for each in found.reasons if not each.code.startswith("demand_")]))


OFTEN = {"sessions": {"min": 0, "max": 5}}
COUNTED: dict[str, tuple[Tree, str]] = {
    "group": ({"activities": tea(max_group=1)}, "Tea holds 1 and is held at most once; 2 are required."),
    "group, least count": (
        {"activities": tea(max_group=1, sessions={"min": 1, "max": 1})},
        "Tea holds 1 and is held at most once; 2 are required.",
    ),
    "group, twice": (
        {"activities": tea(max_group=1, sessions={"min": 0, "max": 2}, one_per_day=False), "residents": people(3)},
        "Tea holds 1 and is held at most 2 times; 3 are required.",
    ),
    "group, days": (
        {"activities": tea(max_group=1, **OFTEN), "residents": people(3)},
        "Tea holds 1 and can be held once a day on Monday and Tuesday; 3 are required.",
    ),
    "group, one comes twice": (
        {"activities": tea(max_group=1, **OFTEN), "residents": [person(0, required={"tea": 2}), person(1)]},
        "Tea holds 1 and can be held once a day on Monday and Tuesday; 3 are required.",
    ),
    "group, one is pinned": (
        {
            "activities": tea(max_group=1),
            "residents": [person(0), person(1, required={})],
            "pins": [PIN, {"attend": "r1", "session": "s1"}],
        },
        "Tea holds 1 and is held at most once; 2 are required.",
    ),
    "seats": (
        {"spaces": [room(capacity=1)]},
        "Tea can only be in Garden room, with at most 1 seat, and is held at most once; 2 are required.",
    ),
    "seats, days": (
        {"activities": tea(**OFTEN), "spaces": [room(capacity=1)], "residents": people(3)},
        "Tea can only be in Garden room, with at most 1 seat, and can be held once a day on Monday and Tuesday; "
        "3 are required.",
    ),
    "wheelchairs": (
        {"spaces": [room(wheelchair_places=1)], "residents": people(2, wheelchair=True)},
        "Tea has at most 1 wheelchair place and is held at most once; 2 are required.",
    ),
    "wheelchairs, days": (
        {"activities": tea(**OFTEN), "spaces": [room(wheelchair_places=1)], "residents": people(3, wheelchair=True)},
        "Tea has at most 1 wheelchair place and can be held once a day on Monday and Tuesday; 3 are required.",
    ),
    "support": (
        {"facilitators": [fay(support=3)], "residents": people(2, support=2)},
        "Tea has at most 3 units of support and is held at most once; 4 are required.",
    ),
    "support, days": (
        {"activities": tea(**OFTEN), "facilitators": [fay(support=2)], "residents": people(3, support=2)},
        "Tea has at most 2 units of support and can be held once a day on Monday and Tuesday; 6 are required.",
    ),
}


@pytest.mark.parametrize("kind", COUNTED)
def test_what_is_required_is_counted_against_what_can_be_held(kind: str) -> None:
    changed, sentence = COUNTED[kind]

    assert because(**changed) == [sentence]


def test_as_many_as_can_be_held_are_no_conflict() -> None:
    assert because(activities=tea(max_group=2)) == []
    assert because(activities=tea(max_group=1, **OFTEN)) == []
    assert because(facilitators=[fay(support=4)], residents=people(2, support=2)) == []


MONDAY, TUESDAY = on(0), on(1)
APART: dict[str, tuple[Tree, list[str]]] = {
    "days": (
        {"residents": [person(0, busy=MONDAY), person(1, busy=TUESDAY)]},
        [
            "Tea is held at most once.",
            "Ada could attend Tea only Tuesday 10:00–12:00.",
            "Ben could attend Tea only Monday 10:00–12:00.",
        ],
    ),
    "hours": (
        {
            "residents": [
                person(0, busy=[{"from": "10:00", "to": "11:00"}]),
                person(1, busy=[{"from": "11:00", "to": "12:00"}]),
            ]
        },
        [
            "Tea is held at most once.",
            "Ada could attend Tea only every day 11:00–12:00.",
            "Ben could attend Tea only every day 10:00–11:00.",
        ],
    ),
    "rooms": (
        {
            "spaces": [room(), HALL],
            "residents": [person(0, refuses={"spaces": ["hall"]}), person(1, refuses={"spaces": ["room"]})],
        },
        [
            "Tea is held at most once.",
            "Ada could attend Tea only in Garden room, every day 10:00–12:00.",
            "Ben could attend Tea only in Hall, every day 10:00–12:00.",
        ],
    ),
    "a pinned day": (
        {"residents": [person(0, busy=MONDAY), person(1, required={})], "pins": [PIN]},
        ["Tea is held at most once.", "Ada could attend Tea only Tuesday 10:00–12:00."],
    ),
    "a pinned day with nobody": (
        {"residents": [person(0, busy=MONDAY)], "pins": [PIN]},
        ["Tea on Monday at 10:00 needs 1 resident; no more than 0 could come then."],
    ),
    "the activity's day": (
        {
            "activities": tea(windows=[{"day": 0, "from": "10:00", "to": "12:00"}]),
            "residents": [person(0, busy=MONDAY)],
        },
        ["Ada is busy whenever Tea can be held (Monday 10:00–12:00)."],
    ),
    "the room's day": (
        {"spaces": [room(open=MONDAY)], "residents": [person(0, busy=MONDAY)]},
        ["Ada is busy whenever Tea can be held (Monday 10:00–12:00)."],
    ),
    "the leader's day": (
        {"facilitators": [fay(available=MONDAY)], "residents": [person(0, busy=MONDAY)]},
        ["Ada is busy whenever Tea can be held (Monday 00:00–24:00)."],
    ),
    "the room she refuses": (
        {
            "spaces": [room(open=MONDAY), {**HALL, "open": TUESDAY}],
            "residents": [person(0, busy=MONDAY, refuses={"spaces": ["hall"]})],
        },
        ["Ada is free for Tea only Tuesday 10:00–12:00, and is kept from Hall, where it could be then."],
    ),
    "the strong leader's day": (
        {
            "facilitators": [
                fay(available=MONDAY, support=0),
                {"id": "gus", "name": "Gus", "available": TUESDAY, "support": 4},
            ],
            "residents": [person(0, busy=TUESDAY, support=3)],
        },
        ["Ada needs 3 units of support; those who could lead Tea Monday 00:00–24:00 give 0."],
    ),
    "the room and the leader": (
        {"spaces": [room(open=MONDAY)], "facilitators": [fay(available=TUESDAY)]},
        ["Tea needs somebody to lead it Monday 00:00–24:00; Fay is not there then."],
    ),
    "so many days apart": (
        {"activities": tea(days_apart=2, **OFTEN), "residents": [person(0, required={"tea": 2})]},
        ["Ada could attend Tea only on Monday and Tuesday, and its sessions are to lie 2 days apart."],
    ),
    "a least group": (
        {
            "activities": tea(min_group=2, sessions={"min": 1, "max": 1}),
            "residents": [person(0, busy=MONDAY, required={}), person(1, busy=TUESDAY, required={})],
        },
        ["Tea needs 2 residents; at none of its hours could more than 1 come together."],
    ),
}


GUS = {"id": "gus", "name": "Gus", "available": [{"from": "10:00", "to": "12:00"}]}
TEN = [{"day": 0, "from": "10:00", "to": "11:00"}]
KEPT: dict[str, tuple[Tree, list[str]]] = {
    "each refuses one leader": (
        {
            "facilitators": [fay(), GUS],
            "residents": [
                person(0, refuses={"facilitators": ["fay"]}),
                person(1, avoids={"facilitators": ["gus"]}),
            ],
        },
        [
            "Tea is held at most once.",
            "Ada refuses or is kept from Fay, who could lead Tea.",
            "Ben refuses or is kept from Gus, who could lead Tea.",
        ],
    ),
    "apart": (
        {"activities": tea(windows=TEN), "ties": [{"a": "r0", "b": "r1", "apart": True}]},
        ["Ada and Ben are to be kept apart and share session Tea on Monday at 10:00."],
    ),
    "calm": (
        {
            "activities": tea(noise=2, windows=TEN),
            "residents": [person(0, calm=[{"from": "09:00", "to": "12:00", "noise_max": 1}])],
        },
        ["Tea has level 2 or more; Ada bears 1 at those hours."],
    ),
    "calm on different days": (
        {
            "activities": tea(noise=2),
            "residents": [person(number, calm=[{**on(number)[0], "noise_max": 1}]) for number in (0, 1)],
        },
        [
            "Tea is held at most once.",
            "Ada could attend Tea only Tuesday 10:00–12:00.",
            "Ben could attend Tea only Monday 10:00–12:00.",
        ],
    ),
    "a loud room": (
        {"spaces": [room(noise=3)], "residents": [person(0, noise_max=2)]},
        ["Tea has level 3 or more; Ada bears 2 at those hours."],
    ),
    "escorts": (
        {
            "activities": tea(windows=TEN),
            "spaces": [room(zone="garden")],
            "escorts": {"default": 1},
            "residents": people(2, escort=True, zone="house"),
        },
        ["2 residents need an escort on Monday at 10:00; 1 is there."],
    ),
}


@pytest.mark.parametrize("kind", KEPT)
def test_whom_or_what_somebody_is_kept_from_is_named(kind: str) -> None:
    changed, said = KEPT[kind]

    assert because(**changed) == said


def test_what_has_happened_leaves_less() -> None:
    before = {
        "id": "t0",
        "activity": "tea",
        "day": 0,
        "start": "10:00",
        "space": "room",
        "facilitators": ["fay"],
        "residents": ["r2"],
    }
    past = {"previous": [before], "frozen_until": {"day": 1, "time": "00:00"}}
    two = tea(max_group=1, sessions={"min": 0, "max": 2})
    three = [*people(2), person(2, required={})]

    assert because(activities=two, residents=three, **past) == ["Tea can still be held once."]


@pytest.mark.parametrize("kind", APART)
def test_what_never_meets_is_named_with_its_days(kind: str) -> None:
    changed, said = APART[kind]

    assert because(**changed) == said
