"""Plain local search for maximally diverse grouping: the peer that the solver's tie term is measured against.

From a random grouping: move one element or exchange two while that gains, in random order; then shake (a few random
exchanges) and search again, keeping what is not worse; start afresh after so many shakes in vain. One core.

    python -m bench.exchanging PROBLEM.json --seconds S [--seed N]

tells what it reaches of a document that `bench.asked.grouping` wrote.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar, cast

import numba
import numpy as np

from bench.asked.grouping import Instance, Ints
from solver.documents.exchange import read_problem

SHAKE, PATIENCE, ROUNDS = 6, 400, 40  # exchanges of a shake, shakes in vain before a new start, shakes between looks

Kernel = TypeVar("Kernel", bound=Callable[..., object])


@dataclass(frozen=True)
class Grouping:
    """The best grouping found and its total; how many starts were made in how many seconds."""

    group: tuple[int, ...]
    total: int
    starts: int
    seconds: float


def compiled(kernel: Kernel) -> Kernel:
    return cast(Kernel, numba.njit(cache=True)(kernel))


@compiled
def _reset(distances: Ints, group: Ints, pull: Ints, counts: Ints) -> int:
    """pull[e, g]: the sum of e's distances to group g. Returns the total."""
    pull[:] = 0
    counts[:] = 0
    for a in range(len(group)):
        counts[group[a]] += 1
        for b in range(len(group)):
            pull[a, group[b]] += distances[a, b]
    total = 0
    for a in range(len(group)):
        total += pull[a, group[a]]
    return total // 2


@compiled
def _put(distances: Ints, group: Ints, pull: Ints, counts: Ints, element: int, target: int) -> None:
    source = group[element]
    for other in range(len(group)):
        pull[other, source] -= distances[other, element]
        pull[other, target] += distances[other, element]
    counts[source] -= 1
    counts[target] += 1
    group[element] = target


@compiled
def _climb(distances: Ints, group: Ints, pull: Ints, counts: Ints, least: Ints, most: Ints) -> int:
    """Move and exchange until nothing gains; what was gained."""
    n, gained, quiet = len(group), 0, 0
    order = np.random.permutation(n)
    k = 0
    while quiet < n:
        a = order[k]
        k = (k + 1) % n
        source = group[a]
        best, move, mate = 0, -1, -1
        if counts[source] > least[source]:
            for g in range(len(counts)):
                gain = pull[a, g] - pull[a, source]
                if g != source and counts[g] < most[g] and gain > best:
                    best, move = gain, g
        for b in range(n):
            g = group[b]
            if g != source:
                gain = pull[a, g] - pull[a, source] + pull[b, source] - pull[b, g] - 2 * distances[a, b]
                if gain > best:
                    best, move, mate = gain, g, b
        quiet += 1
        if best > 0:
            _put(distances, group, pull, counts, a, move)
            if mate >= 0:
                _put(distances, group, pull, counts, mate, source)
            gained, quiet = gained + best, 0
    return gained


@compiled
def _shaken(
    distances: Ints, group: Ints, least: Ints, most: Ints, rounds: int, shake: int, seed: int, is_new: bool
) -> tuple[int, int]:
    """So many shakes of a grouping, each kept where it is not worse; its total, and the shakes since the last gain."""
    np.random.seed(seed)
    n, groups = len(group), len(least)
    pull, counts = np.zeros((n, groups), np.int64), np.zeros(groups, np.int64)
    total = _reset(distances, group, pull, counts)
    if is_new:
        total += _climb(distances, group, pull, counts, least, most)
    kept, vain = group.copy(), 0
    for _ in range(rounds):
        for _ in range(shake):
            a, b = np.random.randint(n), np.random.randint(n)
            first, second = group[a], group[b]
            if first != second:
                _put(distances, group, pull, counts, a, second)
                _put(distances, group, pull, counts, b, first)
        _climb(distances, group, pull, counts, least, most)
        reached = 0
        for a in range(n):
            reached += pull[a, group[a]]
        reached //= 2
        vain = 0 if reached > total else vain + 1
        if reached >= total:
            total = reached
            kept[:] = group
        else:
            group[:] = kept
            _reset(distances, group, pull, counts)
    group[:] = kept
    return total, vain


def _random_grouping(instance: Instance, chance: np.random.Generator) -> Ints:
    """Every group's least first, then what is left wherever there is room."""
    seats = [g for g, (least, _) in enumerate(instance.sizes) for _ in range(least)]
    more = [g for g, (least, most) in enumerate(instance.sizes) for _ in range(most - least)]
    chance.shuffle(more)
    group = np.asarray(seats + more[: len(instance.distances) - len(seats)], np.int64)
    chance.shuffle(group)
    return group


def search(
    instance: Instance,
    seconds: float,
    seed: int,
    began: float | None = None,
    on_better: Callable[[list[int]], None] = lambda group: None,
) -> Grouping:
    """The best grouping of the seconds since `began`, or since the kernels were compiled where that is None."""
    least, most = (np.asarray(column, np.int64) for column in zip(*instance.sizes, strict=True))
    chance = np.random.default_rng(seed)
    _shaken(instance.distances, _random_grouping(instance, chance), least, most, 0, SHAKE, 0, True)
    began = time.monotonic() if began is None else began
    best: list[int] = []
    total, starts, vain = -1, 0, PATIENCE
    group = _random_grouping(instance, chance)
    while not best or time.monotonic() - began < seconds:
        is_new = vain >= PATIENCE
        if is_new:
            group, starts, vain = _random_grouping(instance, chance), starts + 1, 0
        number = int(chance.integers(2**31))
        reached, quiet = _shaken(instance.distances, group, least, most, ROUNDS, SHAKE, number, is_new)
        vain = vain + quiet if quiet >= ROUNDS else quiet
        if reached > total:
            best, total = group.tolist(), reached
            on_better(best)
    return Grouping(tuple(best), instance.total(best), starts, time.monotonic() - began)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m bench.exchanging", description="Plain local search for a grouping."
    )
    parser.add_argument("problem", type=Path, metavar="PROBLEM.json")
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    found = search(Instance.of(read_problem(options.problem.read_bytes())), options.seconds, options.seed)
    print(json.dumps({"objective": found.total, "starts": found.starts, "seconds": round(found.seconds, 1)}))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
