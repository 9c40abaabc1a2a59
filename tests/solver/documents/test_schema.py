"""The published JSON Schemas, as an outside reader of schemas understands them."""

from typing import Any

import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator

from solver.documents.exchange import problem_schema, schedule_schema
from tests.solver.builders import Tree, problem, resident, schedule, session, whole, window
from tests.solver.strategies import Chance, make_problem, make_schedule, seeds

PROBLEM, SCHEDULE = Draft202012Validator(problem_schema()), Draft202012Validator(schedule_schema())


def test_both_are_schemas_of_the_draft_they_name() -> None:
    for schema in (problem_schema(), schedule_schema()):
        Draft202012Validator.check_schema(schema)
        assert schema["$schema"] == Draft202012Validator.META_SCHEMA["$id"]


def test_good_documents_pass() -> None:
    assert list(PROBLEM.iter_errors(whole())) == []
    assert list(SCHEDULE.iter_errors(schedule(problem(), [session()]))) == []


@settings(max_examples=50, deadline=None)
@given(seeds())
def test_random_problems_pass(chance: Chance) -> None:
    tree = make_problem(chance)

    assert list(PROBLEM.iter_errors(tree)) == []


def test_random_schedules_pass() -> None:
    chance = Chance(3)
    tree = make_problem(chance)
    rows = [row for row in make_schedule(chance, tree) if len(set(row["residents"])) == len(row["residents"])]

    assert list(SCHEDULE.iter_errors(schedule(problem(), []) | {"sessions": rows})) == []


BROKEN: list[tuple[str, Tree]] = [
    ("no name", {key: value for key, value in problem().items() if key != "name"}),
    ("no format", {key: value for key, value in problem().items() if key != "format"}),
    ("an unknown key", problem(colour="red")),
    ("a wrong format", problem(format="milieu-problem/1")),
    ("null", problem(spaces=[{"id": "lounge", "capacity": 3, "open": None}])),
    ("no seats said", problem(spaces=[{"id": "lounge"}])),
    ("too many days", problem(horizon={"start": "2026-11-30", "days": 36, "slot_minutes": 15, "timezone": "UTC"})),
    (
        "a grid that does not divide 60",
        problem(horizon={"start": "2026-11-30", "days": 7, "slot_minutes": 45, "timezone": "UTC"}),
    ),
    ("one digit", problem(residents=[resident("ada", busy=[window("9:00", "10:00")])])),
    ("24:00 as a start", problem(residents=[resident("ada", busy=[window("24:00", "24:00")])])),
    ("an interest of 6", problem(residents=[resident("ada", interests={"choir": 6})])),
    ("an unknown part of the day", problem(residents=[resident("ada", times={"noon": 1})])),
    ("a repeated id", problem(residents=[resident("ada", refuses={"spaces": ["lounge", "lounge"]})])),
    ("a tie without strength", problem(ties=[{"a": "ada", "b": "ben"}])),
    ("apart with strength", problem(ties=[{"a": "ada", "b": "ben", "apart": True, "strength": 2}])),
    ("apart: false", problem(ties=[{"a": "ada", "b": "ben", "apart": False}])),
    ("a pin of no form", problem(pins=[{"session": "s1"}])),
    ("a pin of two forms", problem(pins=[{"session": "s1", "attend": "ada", "absent": "ada"}])),
    ("members of no group", problem(offers=[{"min": 1, "members": 2}])),
    ("an offer of nothing", problem(offers=[{"day": 1}])),
    ("two numbers for the usual", problem(weights={"usual": [30, 5]})),
    ("four numbers for the usual", problem(weights={"usual": [30, 5, 5, 5]})),
    ("a wait of 11", problem(residents=[resident("ada", waiting={"choir": 11})])),
    ("an unknown weight", problem(weights={"luck": 1})),
]


@pytest.mark.parametrize("tree", [tree for _, tree in BROKEN], ids=[name for name, _ in BROKEN])
def test_broken_problems_do_not_pass(tree: Tree) -> None:
    assert not PROBLEM.is_valid(tree)


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "fine"},
        {"objective": 1.5},
        {"problem": "short"},
        {"sessions": [session(start="9:00")]},
        {"sessions": [{"id": "s1"}]},
        {"relaxed": [{"rule": "R2", "by": 1}]},
        {"conflict": None},
        {"colour": "red"},
    ],
)
def test_broken_schedules_do_not_pass(fields: dict[str, Any]) -> None:
    assert not SCHEDULE.is_valid(schedule(problem(), [session()]) | fields)


def test_the_schema_says_null_only_where_the_format_does() -> None:
    def nullable(schema: Any, path: str = "") -> list[str]:
        if isinstance(schema, dict):
            here = [path] if schema.get("type") == "null" or ("default" in schema and schema["default"] is None) else []
            return here + [each for key, value in schema.items() for each in nullable(value, f"{path}/{key}")]
        return (
            [each for k, value in enumerate(schema) for each in nullable(value, f"{path}/{k}")]
            if isinstance(schema, list)
            else []
        )

    assert nullable(problem_schema()) == []
    assert nullable(schedule_schema()) == ["/properties/objective/anyOf/1", "/properties/bound/anyOf/1"]
