"""Being in one place at a time, as rows: of spaces, facilitators and residents."""

from collections.abc import Iterator

import numpy as np

from solver.instance.problem import Ints


def cliques(begin: Ints, end: Ints) -> Iterator[Ints]:
    """The largest sets of stretches [begin, end) that share a moment; empty stretches are in none."""
    for point, following in _points(begin, end):
        covers = (begin <= point) & (point < end)
        if following is None or (end[covers] <= following).any():
            yield np.flatnonzero(covers)


def _points(begin: Ints, end: Ints) -> Iterator[tuple[int, int | None]]:
    points = np.unique(begin[begin < end]).tolist()
    yield from zip(points, [*points[1:], None], strict=False)


def covered(begin: Ints, end: Ints) -> int:
    """Minutes that at least one of the stretches covers."""
    order = np.argsort(begin, kind="stable")
    latest = np.maximum.accumulate(end[order]) if len(order) else order
    before = np.concatenate([[0], latest[:-1]])[: len(order)]
    return int(np.maximum(0, end[order] - np.maximum(begin[order], before)).sum())
