"""Proved upper bounds on the score of every schedule that keeps all rules, ever smaller while there is time.

They hold for whole problems; a schedule in which a demand is relaxed may score more. Each is computed in whole numbers
from a linear program of the week (`solver.bounds`), so that no tolerance of a solver stands behind it. Loads OR-Tools
once the first bound is told.
"""

import time
from collections.abc import Callable, Iterator

from solver.bounds.simple import simple_bound
from solver.problem import Problem


def bounds(problem: Problem, until: float, floor: Callable[[], int | None] = lambda: None) -> Iterator[int]:
    """Ever smaller bounds until the moment `until` (`time.monotonic()`), or until one meets the floor.

    `floor` tells the score of the best schedule known. The first bound comes within a moment.
    """
    best = simple_bound(problem)
    yield best
    for told in _weeks(problem, until):
        if told < best:
            best = told
            yield best
        known = floor()
        if known is not None and best <= known:
            return


def _weeks(problem: Problem, until: float) -> Iterator[int]:
    from solver.bounds.cells import is_whole
    from solver.bounds.linear import prices_of
    from solver.bounds.program import proved
    from solver.bounds.week import build_week

    if time.monotonic() >= until or not is_whole(problem):
        return
    linear = build_week(problem)
    prices = prices_of(linear, until - time.monotonic(), "pdlp")
    if prices is not None:
        yield proved(linear, prices)
