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

from solver.check import broken, score
from solver.exchange import ProblemDocument, ScheduleDocument, Session, digest, read_problem

Tree = dict[str, Any]
NOT_SOLVED: Tree = {"objective": None, "bound": None, "sessions": [], "terms": {}, "relaxed": []}


def space(name: str = "lounge", **fields: Any) -> Tree:
    return {"id": name, "capacity": 10, **fields}


def facilitator(name: str = "finn", **fields: Any) -> Tree:
    return {"id": name, **fields}


def activity(name: str = "choir", **fields: Any) -> Tree:
    return {
        "id": name, "duration_minutes": 60, "max_group": 10, "min_group": 0, "sessions": {"max": 9},
        "one_per_day": False, **fields,
    }  # fmt: skip


def resident(name: str = "ada", **fields: Any) -> Tree:
    return {"id": name, **fields}


def problem(**fields: Any) -> Tree:
    """A week in one lounge with one facilitator, the choir, and Ada, Ben and Cem."""
    return {
        "format": "milieu-problem/1",
        "name": "A made-up community",
        "horizon": {"start": "2026-11-30", "days": 7, "slot_minutes": 15, "timezone": "Europe/London"},
        "spaces": [space()],
        "facilitators": [facilitator()],
        "activities": [activity()],
        "residents": [resident("ada"), resident("ben"), resident("cem")],
        **fields,
    }


def session(name: str = "s1", of: str = "choir", **fields: Any) -> Tree:
    """The choir on the first day at ten in the lounge, led by Finn, for Ada."""
    return {
        "id": name, "activity": of, "day": 0, "start": "10:00", "space": "lounge", "facilitators": ["finn"],
        "residents": ["ada"], **fields,
    }  # fmt: skip


def window(start: str, to: str, day: int | None = None, **fields: Any) -> Tree:
    return {"from": start, "to": to, **({} if day is None else {"day": day}), **fields}


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
        "format": "milieu-schedule/1",
        "problem": digest(written(tree)),
        "status": "feasible",
        "objective": sum(terms.values()),
        "bound": None,
        "sessions": copy.deepcopy(list(rows)),
        "terms": terms,
        "relaxed": list(relaxed),
    }
