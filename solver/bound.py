"""Proved upper bounds on the score of every schedule that keeps all rules, ever smaller while there is time.

They hold for whole problems; a schedule in which a demand is relaxed may score more. Each is computed in whole numbers
from a linear program of the week (`solver.bounds`), so that no tolerance stands behind it. Where no schedule keeps all
rules, any number is a bound, and what is told here means nothing.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import suppress

from solver.bounds.cells import is_whole
from solver.bounds.descent import Descent, polished
from solver.bounds.program import TimeUp, proved
from solver.bounds.simple import simple_bound
from solver.bounds.week import Week
from solver.problem import Problem

SLOWER = 1.4  # how much longer it takes to the next look
LITTLE = 0.003  # a gain, as a share of the bound, after which the program is refined
TURNS = 3  # looks without any gain before it ends …
ENOUGH = 1000  # … after so many steps
ROUNDS = 3  # of making prices better one by one


def bounds(problem: Problem, until: float, floor: Callable[[], int | None] = lambda: None) -> Iterator[int]:
    """Ever smaller bounds until the moment `until` (`time.monotonic()`), one meets the floor, or none is to be had.

    `floor` tells the score of the best schedule known. The first bound comes within a moment. Past `until` it ends
    within about a second, save while the program of a very large problem is written: who cannot wait kills it.
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
    """Bounds as they are found, in no order: the program of the week, refined where its prices gain little more."""
    if time.monotonic() >= until or not is_whole(problem):
        return
    with suppress(TimeUp):
        yield from _priced(Week(problem, until), until, simple_bound(problem))


def _priced(week: Week, until: float, least: int) -> Iterator[int]:
    descent, look, idle = Descent(week.linear), 0.0, 0
    while time.monotonic() < until and idle < TURNS:
        prices = descent.advance()
        if descent.done < look:
            continue
        look = descent.done * SLOWER
        bound = proved(week.linear, polished(week.linear, prices, ROUNDS))
        yield bound
        gain, least = least - bound, min(least, bound)
        idle = 0 if gain > 0 or descent.done < ENOUGH else idle + 1
        if gain <= LITTLE * abs(bound) and week.refine(descent.values):
            descent, look, idle = Descent(week.linear, descent), 0.0, 0
