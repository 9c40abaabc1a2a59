"""Hostile documents: a good one with something in it spoilt, from a seed."""

import copy
import json
import random
from collections.abc import Callable
from typing import Any

from tests.solver.builders import Tree

VALUES: list[Any] = [
    None,
    True,
    False,
    0,
    -1,
    1,
    2.0,
    0.5,
    1e400,
    -1e400,
    float("nan"),
    10**30,
    -(10**30),
    1_000_001,
    "",
    " ",
    "x",
    "24:00",
    "25:00",
    "9:30",
    "09:07",
    "2026-02-30",
    "\ud800",
    "\u0000",
    "milieu-problem/1",
    [],
    {},
    [[]],
    [None],
    {"": 0},
    ["ada", "ada"],
    {"from": "10:00", "to": "09:00"},
    {"min": 3, "max": 1},
    [{"day": 99, "from": "10:00", "to": "11:00"}],
]


def places_in(tree: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every path into a tree, the root aside."""
    rows = list(tree.items()) if isinstance(tree, dict) else list(enumerate(tree)) if isinstance(tree, list) else []
    return [each for key, value in rows for each in ((*path, key), *places_in(value, (*path, key)))]


def _parent(tree: Any, path: tuple[Any, ...]) -> Any:
    for key in path[:-1]:
        tree = tree[key]
    return tree


def spoilt(chance: random.Random, tree: Tree, times: int) -> Tree:
    """Some values replaced, moved, doubled, dropped or given unknown keys."""
    changed = copy.deepcopy(tree)
    for _ in range(times):
        places = places_in(changed)
        if not places:
            break
        path = chance.choice(places)
        parent, key = _parent(changed, path), path[-1]
        match chance.randrange(5):
            case 0:
                parent[key] = copy.deepcopy(chance.choice(VALUES))
            case 1:
                del parent[key]
            case 2:
                other = chance.choice(places)
                parent[key] = copy.deepcopy(_parent(changed, other)[other[-1]])
            case 3 if isinstance(parent, list):
                parent.append(copy.deepcopy(parent[key]))
            case _ if isinstance(parent, dict):
                parent[chance.choice(["nobody knows", "", "id", "day", "from"])] = copy.deepcopy(chance.choice(VALUES))
    return changed


def torn(chance: random.Random, raw: bytes) -> bytes:
    """The bytes of a document with some of them lost, doubled or changed."""
    rows = bytearray(raw)
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(rows))
        choices: list[Callable[[], Any]] = [
            lambda at=at: rows.__delitem__(slice(at, at + chance.randint(1, 40))),
            lambda at=at: rows.insert(at, chance.randrange(256)),
            lambda at=at: rows.__setitem__(slice(at, at), bytes(rows[at : at + 30])),
            lambda: rows.__setitem__(slice(0, 0), b"\xef\xbb\xbf"),
            lambda at=at: rows.__setitem__(slice(at, at), b"[" * chance.choice([1, 100_000])),
        ]
        chance.choice(choices)()
    return bytes(rows)


def hostile(seed: int, tree: Tree) -> bytes:
    chance = random.Random(seed)
    if chance.random() < 0.3:
        return torn(chance, json.dumps(tree).encode())
    return json.dumps(spoilt(chance, tree, chance.choice([1, 1, 2, 5, 30]))).encode("utf-8", "surrogatepass")
