"""Proved upper bounds on the score of every schedule that keeps all rules, ever smaller while there is time.

They hold for whole problems; a schedule in which a demand is relaxed may score more. Each is computed in whole numbers
from a linear program of the week (`solver.bounds`), so that no tolerance stands behind it. Where no schedule keeps all
rules, any number is a bound, and what is told here means nothing.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import suppress

from solver.bounds.linear.cells import LARGE, size_of
from solver.bounds.linear.descent import Descent, polished
from solver.bounds.linear.program import TimeUp, proved
from solver.bounds.outline import outlined
from solver.bounds.simple import simple_bound
from solver.bounds.week import Week
from solver.instance.problem import Problem, has_all_times

FIRST = 32  # steps before the first look at what the prices prove …
SLOWER = 1.4  # … and how many times as many before the next …
PATIENCE = 3.0  # … which is after so many times as long as a look takes
LAST = 1.5  # times as long before the end the last look is taken
LITTLE = 0.003  # a gain, as a share of the bound, after which the program is refined
TURNS = 3  # looks without any gain before it ends …
ENOUGH = 1000  # … after so many steps
SKETCH, LONG_SKETCH = 200, 1000  # steps in the program without days and places; in large homes, where others take long
HUGE = 3_000_000  # residents times cells, above which no other is written
ROUNDS = 3  # of making prices better one by one


def bounds(problem: Problem, until: float, floor: Callable[[], int | None] = lambda: None) -> Iterator[int]:
    """Ever smaller bounds until the moment `until` (`time.monotonic()`), one meets the floor, or none is to be had.

    `floor` tells the score of the best schedule known. The first bound comes within a moment. Past `until` it ends
    within about a second, save while the program of a very large problem is written: who cannot wait kills it.
    """
    best = simple_bound(problem)
    yield best
    for bound in _weeks(problem, until):
        if bound < best:
            best = bound
            yield best
        known = floor()
        if known is not None and best <= known:
            return


def _weeks(problem: Problem, until: float) -> Iterator[int]:
    """Bounds as they are found, in no order: the program of the week, refined where its prices gain little more."""
    if time.monotonic() >= until or not has_all_times(problem):
        return
    with suppress(TimeUp):
        size = size_of(problem)
        yield from _sketched(problem, until, LONG_SKETCH if size > LARGE else SKETCH)
        if size <= HUGE:
            yield from _priced(Week(problem, until), until, simple_bound(problem))


def _sketched(problem: Problem, until: float, steps: int) -> Iterator[int]:
    """Bounds from the program without days and places, for so many steps."""
    linear = outlined(problem, until)
    descent, look = Descent(linear), float(FIRST)
    while time.monotonic() < until and descent.done < steps:
        prices = descent.advance()
        if descent.done >= look:
            look = descent.done * SLOWER**2
            yield proved(linear, polished(linear, prices, ROUNDS))


def _priced(week: Week, until: float, least: int) -> Iterator[int]:
    descent, look, idle, rest, took = Descent(week.linear), float(FIRST), 0, 0.0, 0.0
    while time.monotonic() < until and idle < TURNS:
        prices, now = descent.advance(), time.monotonic()
        is_last = now + LAST * took >= until
        if not is_last and (descent.done < look or now < rest):
            continue
        bound = proved(week.linear, polished(week.linear, prices, ROUNDS))
        yield bound
        took = time.monotonic() - now
        if is_last:
            return
        look, rest = descent.done * SLOWER, now + (1 + PATIENCE) * took
        gain, least = least - bound, min(least, bound)
        idle = 0 if gain > 0 or descent.done < ENOUGH else idle + 1
        if gain <= LITTLE * abs(bound) and week.refine(descent.values):
            descent, look, idle = Descent(week.linear, descent), float(FIRST), 0
