"""Good prices of a program's rows, found step by step: the reflected Halpern method on primal and dual at once.

After H. Lu and J. Yang, "Restarted Halpern PDHG for linear programming" (2024), with their restarts, and the scaling
and primal weights of D. Applegate and others, "Practical large-scale linear programming using PDHG" (2021). It can be
stopped at any step, takes little memory, and its prices need no basis: any of them give a bound (`program.proved`).
"""

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import ArrayLike

from solver.bounds.program import Linear
from solver.problem import Ints, Reals

MOST_STEPS, LEAST_STEPS = 64, 8  # between two looks at how it goes
WORK = 100_000_000  # entries visited between them
EAGER = 8.0  # how much more than by their sizes prices move at first: measured on homes of 30 and 120
RUIZ = 10  # rounds of scaling
POWER = 25  # rounds of estimating the largest singular value


@njit(cache=True, nogil=True, fastmath=True)
def _steps(
    by_row: Any, row_column: Any, row_amount: Any, by_column: Any, column_row: Any, column_amount: Any,
    worth: Any, most: Any, limit: Any, x: Any, y: Any, x0: Any, y0: Any, x1: Any, y1: Any, wide: Any,
    step: float, weight: float, first: int, count: int,
) -> float:  # fmt: skip
    """`count` steps on from (x, y), the anchor (x0, y0) being `first` steps ago; (x1, y1) is where the last step of the
    plain method led. How far that moved, in the method's own measure.
    """
    moved = 0.0
    for k in range(first, first + count):
        keep = (k + 1.0) / (k + 2.0)
        moved_x = moved_y = 0.0
        for j in range(len(worth)):
            slope = -worth[j]
            for e in range(by_column[j], by_column[j + 1]):
                slope += column_amount[e] * y[column_row[e]]
            new = min(most[j], max(0.0, x[j] - step / weight * slope))
            moved_x += (new - x[j]) ** 2
            x1[j] = new
            wide[j] = 2.0 * new - x[j]
        for i in range(len(limit)):
            slope = -limit[i]
            for e in range(by_row[i], by_row[i + 1]):
                slope += row_amount[e] * wide[row_column[e]]
            new = max(0.0, y[i] + step * weight * slope)
            moved_y += (new - y[i]) ** 2
            y1[i] = new
            y[i] = keep * (2.0 * new - y[i]) + (1.0 - keep) * y0[i]
        for j in range(len(worth)):
            x[j] = keep * wide[j] + (1.0 - keep) * x0[j]
        moved = weight * moved_x + moved_y / weight
    return math.sqrt(moved)


@dataclass
class _Scaled:
    """The program with rows and columns multiplied so that no amount is far from 1."""

    linear: Linear
    across: Reals = field(init=False)  # what rows are multiplied by
    down: Reals = field(init=False)  # what columns are multiplied by

    def __post_init__(self) -> None:
        linear = self.linear
        self.across, self.down = np.ones(len(linear.limit)), np.ones(len(linear.worth))
        for _ in range(RUIZ):
            size = self.amounts()
            tall, broad = np.zeros(len(self.across)), np.zeros(len(self.down))
            np.maximum.at(tall, linear.row, size)
            np.maximum.at(broad, linear.column, size)
            self._divide(tall, broad)
        size = self.amounts()
        self._divide(_sums(linear.row, size, len(self.across)), _sums(linear.column, size, len(self.down)))

    def _divide(self, tall: Reals, broad: Reals) -> None:
        self.across /= np.sqrt(np.where(tall > 0, tall, 1.0))
        self.down /= np.sqrt(np.where(broad > 0, broad, 1.0))

    def amounts(self) -> Reals:
        linear = self.linear
        return np.abs(linear.amount * self.across[linear.row] * self.down[linear.column])


class Descent:
    """The method at work on one program. `prices` and `values` are the latest ones of its rows and columns.

    With `before` it goes on where that stands, whose rows and columns are the first of this program's.
    """

    def __init__(self, linear: Linear, before: "Descent | None" = None) -> None:
        self.scaled = _Scaled(linear)
        across, down = self.scaled.across, self.scaled.down
        amount = linear.amount * across[linear.row] * down[linear.column]
        order = np.argsort(linear.column, kind="stable")
        self.matrix = (
            _starts(linear.row, len(across)), linear.column.astype(np.int32), amount.astype(np.float32),
            _starts(linear.column, len(down)), linear.row[order].astype(np.int32), amount[order].astype(np.float32),
        )  # fmt: skip
        self.worth, self.limit = linear.worth * down, linear.limit * across
        self.most = linear.most / down
        self.x, self.y = np.zeros(len(down)), np.zeros(len(across))
        sizes = float(np.linalg.norm(self.worth)), float(np.linalg.norm(self.limit))
        self.weight = EAGER * sizes[0] / sizes[1] if min(sizes) > 0 else 1.0
        if before is not None:
            self.x[: len(before.x)] = before.values / down[: len(before.x)]
            self.y[: len(before.y)] = before.prices / across[: len(before.y)]
            self.weight = before.weight
        self.x0, self.y0, self.x1, self.y1, self.wide = (
            each.copy() for each in (self.x, self.y, self.x, self.y, self.x)
        )
        self.step = 0.99 / max(1e-9, self._norm(linear, amount))
        self.chunk = max(LEAST_STEPS, min(MOST_STEPS, WORK // max(1, len(amount))))
        self.done = self.since = 0
        self.first = self.last = math.inf

    def _norm(self, linear: Linear, amount: Reals) -> float:
        """The largest singular value, as a power method finds it."""
        v, size = np.random.default_rng(0).random(len(self.worth)), 1.0
        for _ in range(POWER):
            u = _sums(linear.row, amount * v[linear.column], len(self.limit))
            v = _sums(linear.column, amount * u[linear.row], len(self.worth))
            size = float(np.linalg.norm(v))
            if size == 0.0:
                return 1.0
            v /= size
        return math.sqrt(size)

    @property
    def prices(self) -> Reals:
        return self.y1 * self.scaled.across

    @property
    def values(self) -> Reals:
        return self.x1 * self.scaled.down

    def advance(self) -> Reals:
        """Some steps more; the prices then."""
        moved = float(
            _steps(
                *self.matrix, self.worth, self.most, self.limit, self.x, self.y, self.x0, self.y0, self.x1, self.y1,
                self.wide, self.step, self.weight, self.since, self.chunk,
            )
        )  # fmt: skip
        self.done += self.chunk
        self.since += self.chunk
        if self.since == self.chunk:
            self.first = moved
        elif self._should_restart(moved):
            self._restart()
        self.last = moved
        return self.prices

    def _should_restart(self, moved: float) -> bool:
        if moved <= 0.2 * self.first or (moved <= 0.8 * self.first and moved > self.last):
            return True
        return self.since >= 0.36 * self.done

    def _restart(self) -> None:
        far_x, far_y = np.linalg.norm(self.x1 - self.x0), np.linalg.norm(self.y1 - self.y0)
        if min(far_x, far_y) > 1e-12:
            self.weight = math.exp(0.5 * math.log(float(far_y / far_x)) + 0.5 * math.log(self.weight))
        for old, new in ((self.x0, self.x1), (self.y0, self.y1), (self.x, self.x1), (self.y, self.y1)):
            old[:] = new
        self.since = 0


def _sums(number: Ints, amounts: ArrayLike, count: int) -> Reals:
    return np.bincount(number, amounts, count).astype(np.float64, copy=False)


def _starts(number: Ints, count: int) -> Ints:
    """Where each number's entries begin, once they stand in order."""
    return np.concatenate([[0], np.cumsum(np.bincount(number, minlength=count))]).astype(np.int64)


@njit(cache=True, nogil=True)
def _polish(by_row: Any, row_column: Any, row_amount: Any, limit: Any, most: Any, reduced: Any, prices: Any) -> None:
    """Every price in turn, the others as they are, is put where the bound is smallest; `reduced` is kept true."""
    for i in range(len(limit)):
        low, high = by_row[i], by_row[i + 1]
        size = high - low
        if size == 0:
            continue
        slope = float(limit[i])
        turns = np.empty(size)
        for e in range(size):
            amount, column = row_amount[low + e], row_column[low + e]
            turns[e] = reduced[column] / amount
            if amount > 0:
                slope -= amount * most[column]
        if slope >= 0.0:
            change = -prices[i]
        else:
            order = np.argsort(turns)
            change = math.inf
            for e in order:
                slope += abs(row_amount[low + e]) * most[row_column[low + e]]
                if slope >= 0.0:
                    change = turns[e]
                    break
            if change == math.inf:
                continue
            change = max(change, -prices[i])
        if change != 0.0:
            prices[i] += change
            for e in range(size):
                reduced[row_column[low + e]] -= row_amount[low + e] * change


def polished(linear: Linear, prices: Reals, rounds: int) -> Reals:
    """Prices that prove no larger a bound, made better one by one."""
    better = np.maximum(prices, 0.0)
    start = _starts(linear.row, len(linear.limit))
    for _ in range(rounds):
        reduced = linear.worth - _sums(linear.column, linear.amount * better[linear.row], len(linear.worth))
        _polish(start, linear.column, linear.amount, linear.limit, linear.most, reduced, better)
    return better
