"""Maximally diverse grouping as problem documents: the tie term alone, on instances of the shape that is published.

    python -m bench.asked.grouping --elements 120 --sizes different --seed 1 -o PROBLEM.json [--from FILE.txt]

The task: put n elements into G groups of bounded size so that the distances within groups sum to the most. As a
problem document a group is an activity held once, at the one time there is, in a room of its own, without leaders; an
element is a resident, a distance a tie of that strength (0 is no tie) counted once. Every weight but that of `tie` is
0 and that is 1, so the objective is the sum of distances. No distance is negative, so that nobody has to be told to
attend: whoever is left out can be added to a group with room and nothing is lost (`grouped` does).

The public instances (MDGPLIB, RanInt) are read as they are published; made ones have their shape: whole distances drawn
evenly from 0 to 100. Source of shapes and means: Gallego, Laguna, Martí and Duarte, "Tabu search with strategic
oscillation for the maximally diverse grouping problem", Journal of the Operational Research Society 64 (2013).
"""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from numpy.typing import NDArray

from solver.documents.exchange import ProblemDocument, Session, read_problem, write_problem
from solver.documents.problem import TERM_NAMES

Tree = dict[str, Any]
Ints = NDArray[np.int64]

NO_WEIGHTS: Tree = dict.fromkeys(TERM_NAMES, 0) | {"engagement": [], "usual": [0, 0, 0]}
# elements -> groups, least and most of a group of different sizes; of equal sizes they have elements / groups
SHAPES = {30: (5, 5, 10), 60: (6, 7, 14), 120: (10, 8, 16), 240: (12, 15, 25), 480: (20, 18, 30)}
PUBLISHED = {(120, "different"): 50_450}  # the mean over RanInt's instances


@dataclass(frozen=True)
class Instance:
    """`distances`: (n, n), symmetric, whole, 0 on the diagonal; `sizes`: the least and the most of each group."""

    name: str
    distances: Ints
    sizes: tuple[tuple[int, int], ...]

    def total(self, group: Sequence[int]) -> int:
        """The sum of distances within groups; `group` is each element's. Raises ValueError where a size is wrong."""
        held = np.asarray(group)
        counts = np.bincount(held, minlength=len(self.sizes))
        for number, (least, most) in enumerate(self.sizes):
            if not least <= counts[number] <= most:
                raise ValueError(f"group {number} has {counts[number]} elements, not {least} to {most}")
        return int(self.distances[held[:, None] == held[None, :]].sum()) // 2

    def document(self) -> bytes:
        """The same task as a problem document, whose objective is `total`."""
        rows, columns = np.nonzero(np.triu(self.distances))
        tree: Tree = {
            "format": "milieu-problem/2",
            "name": self.name,
            "horizon": {"start": "2026-11-30", "days": 1, "slot_minutes": 60, "timezone": "Europe/London"},
            "spaces": [
                {"id": f"room {g}", "capacity": most, "features": [f"group {g}"]}
                for g, (_, most) in enumerate(self.sizes)
            ],
            "facilitators": [],
            "activities": [
                {
                    "id": f"group {g}",
                    "duration_minutes": 60,
                    "sessions": {"min": 1, "max": 1},
                    "min_group": least,
                    "max_group": most,
                    "facilitators": 0,
                    "needs_features": [f"group {g}"],
                    "windows": [{"from": "10:00", "to": "11:00"}],
                }
                for g, (least, most) in enumerate(self.sizes)
            ],
            "residents": [{"id": f"e{k}"} for k in range(len(self.distances))],
            "ties": [
                {"a": f"e{a}", "b": f"e{b}", "strength": int(self.distances[a, b]), "cap": 1}
                for a, b in zip(rows.tolist(), columns.tolist(), strict=True)
            ],
            "weights": NO_WEIGHTS | {"tie": 1},
        }
        return write_problem(read_problem(json.dumps(tree).encode()))

    @classmethod
    def of(cls, problem: ProblemDocument) -> "Instance":
        """The instance that a problem document of this kind was made of."""
        number = {row.id: k for k, row in enumerate(problem.residents)}
        distances = np.zeros((len(number), len(number)), np.int64)
        for tie in problem.ties:
            a, b = number[tie.a], number[tie.b]
            distances[a, b] = distances[b, a] = tie.strength or 0
        return cls(problem.name, distances, tuple((row.min_group, row.max_group) for row in problem.activities))

    def sessions(self, group: Sequence[int]) -> tuple[Session, ...]:
        """A grouping as a schedule's sessions."""
        return tuple(
            Session(
                id=f"s{g + 1}",
                activity=f"group {g}",
                day=0,
                start="10:00",
                space=f"room {g}",
                facilitators=(),
                residents=tuple(f"e{k}" for k, mine in enumerate(group) if mine == g),
            )
            for g in range(len(self.sizes))
        )

    def grouped(self, sessions: Sequence[Session]) -> list[int]:
        """Each element's group in a schedule; whoever attends none goes to the first group with room."""
        group = [-1] * len(self.distances)
        for row in sessions:
            for name in row.residents:
                group[int(name[1:])] = int(row.activity.split()[1])
        for element in [k for k, g in enumerate(group) if g < 0]:
            group[element] = next(g for g, (_, most) in enumerate(self.sizes) if group.count(g) < most)
        return group


def make_instance(elements: int, sizes: str, seed: int) -> Instance:
    """A made instance of the shape of RanInt; `sizes` is "different" or "same"."""
    groups, least, most = SHAPES[elements]
    if sizes == "same":
        least = most = elements // groups
    chance = Random(f"grouping {elements} {sizes} {seed}")
    distances = np.zeros((elements, elements), np.int64)
    for a in range(elements):
        for b in range(a + 1, elements):
            distances[a, b] = distances[b, a] = chance.randint(0, 100)
    return Instance(f"{elements} elements, {sizes} sizes, number {seed}", distances, ((least, most),) * groups)


def read_instance(text: str, name: str) -> Instance:
    """One in MDGPLIB's form: "n G ds|ss, least and most of each group", then lines "a b distance" from 0.

    Raises ValueError where a distance is no whole number from 0 to 100: a tie has no other strength.
    """
    lines = [line.split() for line in text.splitlines() if line.strip()]
    elements, groups, bounds = int(lines[0][0]), int(lines[0][1]), [int(word) for word in lines[0][3:]]
    distances = np.zeros((elements, elements), np.int64)
    for a, b, word in lines[1:]:
        value = float(word)
        if value != int(value) or not 0 <= value <= 100:
            raise ValueError(f"{name}: {word} is no whole distance from 0 to 100")
        distances[int(a), int(b)] = distances[int(b), int(a)] = int(value)
    sizes = tuple((bounds[2 * g], bounds[2 * g + 1]) for g in range(groups))
    return Instance(name, distances, sizes)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.asked.grouping", description="Make a grouping instance.")
    parser.add_argument("--elements", type=int, choices=SHAPES, default=120)
    parser.add_argument("--sizes", choices=("different", "same"), default="different")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--from", dest="source", type=Path, help="an instance in MDGPLIB's form instead of a made one")
    parser.add_argument("-o", dest="output", type=Path, metavar="PROBLEM.json")
    options = parser.parse_args(arguments)
    if options.source is not None:
        instance = read_instance(options.source.read_text(), options.source.stem)
    else:
        instance = make_instance(options.elements, options.sizes, options.seed)
    if options.output is not None:
        options.output.write_bytes(instance.document())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
