"""Small problems and schedules for tests, as the plain trees that a file holds.

    tree = problem(residents=[resident("ada", wheelchair=True)], activities=[activity("choir", max_group=8)])
    rows = [session("s1", "choir", residents=["ada"])]
    assert rules(tree, rows) == []

What is not given has a harmless value, so that a test names only what it is about.
"""

import copy
import json
from collections.abc import Iterable, Sequence
from typing import Any

from solver.documents.exchange import ProblemDocument, ScheduleDocument, Session, digest, read_problem
from solver.model.check import broken, score

Tree = dict[str, Any]
NOT_SOLVED: Tree = {"objective": None, "bound": None, "sessions": [], "terms": {}, "relaxed": []}


def space(name: str = "lounge", /, **fields: Any) -> Tree:
    return {"id": name, "capacity": 10, **fields}


def facilitator(name: str = "finn", /, **fields: Any) -> Tree:
    return {"id": name, **fields}


def activity(name: str = "choir", /, **fields: Any) -> Tree:
    return {
        "id": name,
        "duration_minutes": 60,
        "max_group": 10,
        "min_group": 0,
        "sessions": {"max": 9},
        "one_per_day": False,
        **fields,
    }


def resident(name: str = "ada", /, **fields: Any) -> Tree:
    return {"id": name, **fields}


def problem(**fields: Any) -> Tree:
    """A week in one lounge with one facilitator, the choir, and Ada, Ben and Cem."""
    return {
        "format": "milieu-problem/2",
        "name": "A made-up community",
        "horizon": {"start": "2026-11-30", "days": 7, "slot_minutes": 15, "timezone": "Europe/London"},
        "spaces": [space()],
        "facilitators": [facilitator()],
        "activities": [activity()],
        "residents": [resident("ada"), resident("ben"), resident("cem")],
        **fields,
    }


def session(name: str = "s1", /, of: str = "choir", **fields: Any) -> Tree:
    """The choir on the first day at ten in the lounge, led by Finn, for Ada."""
    return {
        "id": name,
        "activity": of,
        "day": 0,
        "start": "10:00",
        "space": "lounge",
        "facilitators": ["finn"],
        "residents": ["ada"],
        **fields,
    }


def window(start: str, to: str, day: int | None = None, **fields: Any) -> Tree:
    return {"from": start, "to": to, **({} if day is None else {"day": day}), **fields}


_WHOLE = problem(
    spaces=[
        space(
            "lounge",
            zone="east",
            wheelchair_places=4,
            comfort=8,
            features=["piano"],
            noise=1,
            open=[window("09:00", "18:00")],
            turnaround_minutes=15,
            adjacent=["hall"],
            shares=[],
            bedside=True,
        ),
        space("hall"),
    ],
    facilitators=[
        facilitator(
            "finn",
            skills=["music"],
            available=[window("09:00", "17:00", 0)],
            max_sessions_per_day=4,
            gap_minutes=15,
            support=6,
            familiar_to=["ada"],
        ),
        facilitator("gia"),
    ],
    activities=[
        activity(
            "choir",
            domains=["social"],
            sessions={"min": 1, "max": 2},
            one_per_day=True,
            min_group=2,
            facilitators=1,
            needs_skills=["music"],
            needs_features=["piano"],
            noise=2,
            windows=[window("10:00", "12:00")],
            only=["ada", "ben"],
            by_wish=True,
            days_apart=2,
            cost=3,
        ),
        activity("chess"),
    ],
    residents=[
        resident(
            "ada",
            zone="east",
            wheelchair=True,
            escort=True,
            support=2,
            noise_max=2,
            calm=[window("16:00", "18:00", noise_max=1)],
            busy=[window("12:00", "13:00", 1)],
            interests={"choir": 3},
            waiting={"choir": 4},
            refuses={"activities": ["chess"], "spaces": [], "facilitators": []},
            avoids={"spaces": ["hall"]},
            sessions={"min": 1, "max": 5},
            max_per_day=2,
            rest_minutes=15,
            times={"morning": 1, "evening": -2},
            targets=[{"domain": "social", "min": 2, "weight": 3}],
            required={"choir": 1},
            cohort="red",
            zone_locked=True,
            needs_familiar=True,
        ),
        resident("ben"),
        resident("cem"),
    ],
    ties=[{"a": "ada", "b": "ben", "strength": 3, "cap": 1}, {"a": "ben", "b": "cem", "apart": True}],
    groups=[
        {
            "id": "east side",
            "name": "East",
            "members": ["ada", "ben"],
            "targets": [{"domain": "", "members": 2, "min": 1, "weight": 1}],
        }
    ],
    travel={"east": {"west": 3}},
    escorts={"default": 2, "windows": [window("12:00", "13:00", 0, capacity=1)]},
    separate_cohorts=False,
    offers=[{**window("10:00", "12:00", 1), "group": "east side", "members": 2, "min": 1, "weight": 2}, {"min": 1}],
    usual=[{"activity": "choir", "day": 2, "start": "10:00", "space": "lounge", "facilitators": ["finn"]}],
    previous=[session("old", residents=["ada", "left"]), session("later", day=3, space="gone")],
    frozen_until={"day": 1, "time": "09:00"},
    pins=[
        {
            "session": {
                "id": "p",
                "activity": "choir",
                "day": 2,
                "start": "10:00",
                "space": "hall",
                "facilitators": ["finn"],
                "residents": ["ada"],
            }
        },
        {"attend": "ada", "session": "old"},
        {"absent": "ben", "session": "nobody knows"},
    ],
    weights={"interest": 5, "engagement": [3, 2, 2]},
)


def whole() -> Tree:
    """A problem in which every field is said."""
    return copy.deepcopy(_WHOLE)


def written(tree: Any) -> bytes:
    """The tree as a file's bytes."""
    return json.dumps(tree).encode()


def read(tree: Tree) -> ProblemDocument:
    return read_problem(written(tree))


def held(rows: Iterable[Tree]) -> tuple[Session, ...]:
    return tuple(Session.model_validate(row) for row in rows)


def rules(tree: Tree, rows: Sequence[Tree], relaxed: Sequence[Tree] = ()) -> list[str]:
    """The rules that the sessions break, each as often as it is broken."""
    listed = ScheduleDocument.model_validate(
        {"problem": "0" * 64, "status": "feasible", **NOT_SOLVED, "relaxed": list(relaxed)}
    ).relaxed
    return [each.rule for each in broken(read(tree), held(rows), listed)]


def term(name: str, tree: Tree, rows: Sequence[Tree]) -> int:
    """One term of the sessions' score."""
    return score(read(tree), held(rows))[name]


def schedule(tree: Tree, rows: Sequence[Tree], relaxed: Sequence[Tree] = ()) -> Tree:
    """The schedule document of these sessions, with its true score."""
    terms = score(read(tree), held(rows))
    return {
        "format": "milieu-schedule/2",
        "problem": digest(written(tree)),
        "status": "feasible",
        "objective": sum(terms.values()),
        "bound": None,
        "sessions": copy.deepcopy(list(rows)),
        "terms": terms,
        "relaxed": list(relaxed),
    }
