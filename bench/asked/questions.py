"""What all peers are asked: whole weeks of made homes, weeks that something befell, and groupings."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bench.asked.changes import change
from bench.asked.grouping import make_instance
from bench.asked.homes import make_home
from solver.documents.exchange import digest, read_problem, write_problem


@dataclass(frozen=True)
class Question:
    """`family`: what stands together in tables and pictures; `key` names the document for good."""

    family: str
    key: str
    size: int
    raw: bytes

    @property
    def digest(self) -> str:
        return digest(self.raw)


def homes(sizes: Sequence[int], count: int, first: int, tight: bool) -> Iterator[Question]:
    """So many homes of each size; `tight` ones alone, else plain ones and every second tight."""
    for residents in sizes:
        for k in range(count):
            is_tight = tight or k % 2 == 1
            seed = first + k
            key = f"home {residents} {'tight' if is_tight else 'plain'} {seed}"
            yield Question(f"{residents} residents", key, residents, make_home(residents, seed, is_tight).document())


def repairs(sizes: Sequence[int], kinds: Sequence[str], seed: int) -> Iterator[Question]:
    """A home whose week the director by hand has published and begun, with one thing changed on Wednesday morning."""
    for residents in sizes:
        home = make_home(residents, seed)
        for what in kinds:
            tree = change(home.tree, home.witness, what, seed)
            raw = write_problem(read_problem(json.dumps(tree).encode()))
            yield Question(f"{residents} residents, {what}", f"repair {residents} {what} {seed}", residents, raw)


def groupings(elements: int, count: int, first: int) -> Iterator[Question]:
    for sizes in ("different", "same"):
        for seed in range(first, first + count):
            raw = make_instance(elements, sizes, seed).document()
            yield Question(f"{elements} elements, {sizes} sizes", f"grouping {elements} {sizes} {seed}", elements, raw)
