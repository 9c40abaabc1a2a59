"""Renaming, reordering and adding what cannot matter change nothing that matters."""

import copy
import json
import random
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest

import solver.model.building  # noqa: F401 - loads OR-Tools once, for all the searchers that are forked from here
from solver.documents.exchange import read_problem
from solver.model.check import broken, score
from tests.patience import PROVING
from tests.solver.builders import Tree, held, read, written
from tests.solver.enumerating import make_tiny
from tests.solver.run.test_solve import run
from tests.solver.strategies import Chance, make_lively, make_problem, make_schedule

# Keys under which a word is somebody's or something's name, or a list of such; and those whose keys are names.
NAMES = {"id", "group", "space", "activity", "session", "attend", "absent", "a", "b"}
LISTS = {"adjacent", "shares", "familiar_to", "only", "activities", "spaces", "facilitators", "members", "residents"}
TABLES = {"interests", "required", "waiting"}
FREE = {"zone", "cohort", "domain"}, {"domains", "features", "needs_features", "skills", "needs_skills"}


def renamed(tree: Any, key: str = "") -> Any:
    """Every identifier and free word under another name, in another alphabetical order."""
    if isinstance(tree, str):
        is_free = key in FREE[0] | FREE[1]
        return _other(tree) if key in NAMES | LISTS or (is_free and tree) else tree
    if isinstance(tree, list):
        return [renamed(each, key) for each in tree]
    if isinstance(tree, dict):
        if key in TABLES:
            return {_other(name): value for name, value in tree.items()}
        if key == "travel":
            return {
                _other(a) if a else a: {_other(b) if b else b: far for b, far in row.items()} for a, row in tree.items()
            }
        return {name: renamed(value, name) for name, value in tree.items()}
    return tree


def _other(name: str) -> str:
    return f"ż{name[::-1]} {hash_of(name)}"


def hash_of(name: str) -> int:
    return random.Random(name).randrange(1000)


def shuffled(tree: Any, dice: random.Random, key: str = "") -> Any:
    """Every list in another order, save those in which the order says something; every object's keys too."""
    if isinstance(tree, list):
        rows = [shuffled(each, dice, key) for each in tree]
        is_in_order = key in ("engagement", "escort_windows", "pins") or all(isinstance(row, int) for row in rows)
        return rows if is_in_order else dice.sample(rows, len(rows))
    if isinstance(tree, dict):
        if key == "escorts":
            return {name: list(value) if isinstance(value, list) else value for name, value in tree.items()}
        return {name: shuffled(tree[name], dice, name) for name in dice.sample(list(tree), len(tree))}
    return tree


def padded(tree: Tree) -> Tree:
    """With all that can do nothing: nobody may come, it fits nowhere, they are never there, nothing is asked of it."""
    more = copy.deepcopy(tree)
    somebody = tree["residents"][0]["id"]
    more["activities"] += [
        {"id": "never", "duration_minutes": 60, "max_group": 5, "sessions": {"max": 0}, "only": [], "cost": 9},
        {
            "id": "in no room",
            "duration_minutes": 60,
            "max_group": 5,
            "needs_features": ["a moat"],
            "sessions": {"max": 2},
        },
        {"id": "at no time", "duration_minutes": 60, "max_group": 5, "windows": [], "sessions": {"max": 2}},
        {"id": "with nobody's skill", "duration_minutes": 60, "max_group": 5, "needs_skills": ["juggling with cats"]},
    ]
    more["spaces"] += [{"id": "closed", "capacity": 5, "open": [], "adjacent": [tree["spaces"][0]["id"]]}]
    more["facilitators"] += [{"id": "away", "available": [], "familiar_to": [somebody]}]
    more["residents"] += [{"id": "a guest", "sessions": {"max": 0}, "interests": {tree["activities"][0]["id"]: 0}}]
    more["ties"] = [*more.get("ties", []), {"a": "a guest", "b": somebody, "strength": 5}]
    more["groups"] = [*more.get("groups", []), {"id": "of the guest", "members": ["a guest"]}]
    more.setdefault("travel", {})["the moon"] = {"the sea": 99}
    return more


def doubled(tree: Tree) -> Tree:
    """Every weight twice as much, and what costs without a weight."""
    twice = copy.deepcopy(tree)
    weights = read(tree).weights.model_dump(mode="json")
    twice["weights"] = {
        name: [2 * each for each in value] if isinstance(value, list) else 2 * value for name, value in weights.items()
    }
    for row in twice["activities"]:
        row["cost"] = 2 * row.get("cost", 0)
    return twice


CHANGES: dict[str, tuple[Callable[[Tree], Tree], int]] = {
    "renamed": (renamed, 1),
    "reordered": (lambda tree: shuffled(tree, random.Random(5)), 1),
    "with what cannot matter": (padded, 1),
    "weighed double": (doubled, 2),
}
TINY = range(2000, 2012)


@cache
def proved(seed: int) -> tuple[Tree, str, int | None]:
    tree = make_tiny(Chance(seed), 0.3)
    found, _ = run(tree, PROVING)
    return tree, found.status, found.objective


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("seed", TINY)
def test_the_proved_best_stays_what_it_is(seed: int, change: str) -> None:
    tree, status, objective = proved(seed)
    made, times = CHANGES[change]

    found, _ = run(made(tree), PROVING)

    assert found.status == status
    assert found.status in ("optimal", "infeasible")
    assert found.objective == (None if objective is None else times * objective)


def _place(row: Tree) -> tuple[Any, ...]:
    """Of two sessions in one place, as of two with one id, the check reads the last; they break rules in any order."""
    return row["activity"], row["day"], row["start"], row["space"]


def verdict(tree: Tree, rows: list[Tree]) -> tuple[list[str], dict[str, int]]:
    document = read(tree)
    return sorted(each.rule for each in broken(document, held(rows))), score(document, held(rows))


@pytest.mark.slow(0.6)
@pytest.mark.parametrize("change", [name for name in CHANGES if name != "weighed double"])
def test_the_verdict_on_whole_schedules_stays_what_it_is(change: str) -> None:
    made, _ = CHANGES[change]
    for seed in range(200):
        chance = Chance(seed)
        tree = (make_lively if seed % 2 else make_problem)(chance, 0.5)
        rows = list(
            {_place(row): row for row in {row["id"]: row for row in make_schedule(chance, tree)}.values()}.values()
        )
        others = {"renamed": renamed, "reordered": made}.get(change, lambda each: each)(rows)

        assert verdict(made(tree), others) == verdict(tree, rows), seed


def test_what_is_renamed_and_reordered_is_another_document() -> None:
    tree = make_problem(Chance(3), 1.0)

    for name, (change, _) in CHANGES.items():
        document = read_problem(written(change(tree)))
        assert json.dumps(change(tree)) != json.dumps(tree), name
        assert len(document.residents) >= len(tree["residents"])
    known = {row["id"] for key in ("spaces", "facilitators", "activities", "residents") for row in tree[key]}
    assert not any(f'"{name}"' in json.dumps(renamed(tree)) for name in known)
