"""Good prices of a program's rows, found step by step: the reflected Halpern method on primal and dual at once.

After H. Lu and J. Yang, "Restarted Halpern PDHG for linear programming" (2024), with their restarts, and the scaling
and primal weights of D. Applegate and others, "Practical large-scale linear programming using PDHG" (2021). It can be
stopped at any step, takes little memory, and its prices need no basis: any of them give a bound (`program.proved`).
"""

import math

import numpy as np

from solver.bounds.linear.program import Linear, starts
from solver.bounds.linear.steps import balance, descend, improve, spread, widest
from solver.instance.problem import Reals
from solver.kernels.compiled import IS_PLAIN

MOST_STEPS, LEAST_STEPS = 64, 8  # between two looks at how it goes
WORK = 100_000_000  # entries visited between them
EAGER = 8.0  # how much more than by their sizes prices move at first: measured on homes of 30 and 120
CALM = 0.25  # how much more slowly where they go on in a program twice as large: measured on homes of 100 and 250
RUIZ = 10  # rounds of scaling
POWER = 25  # rounds of estimating the largest singular value


class Descent:
    """The method at work on one program. `prices` and `values` are the latest ones of its rows and columns.

    With `before` it goes on where that stands, whose rows and columns are the first of this program's.
    """

    def __init__(self, linear: Linear, before: "Descent | None" = None) -> None:
        self.height, self.width, self.entries = len(linear.limit), len(linear.worth), len(linear.row)
        self._scale(linear)
        worth, limit = linear.worth * self.down, linear.limit * self.across
        self.worth, self.limit = worth.astype(np.float32), limit.astype(np.float32)
        self.most, self.free = (linear.most / self.down).astype(np.float32), linear.free
        self.x, self.y = np.zeros(self.width, np.float32), np.zeros(self.height, np.float32)
        sizes = float(np.linalg.norm(worth)), float(np.linalg.norm(limit))
        self.weight = EAGER * sizes[0] / sizes[1] if min(sizes) > 0 else 1.0
        if before is not None:
            self.x[: before.width] = before.values / self.down[: before.width]
            self.y[: before.height] = before.prices / self.across[: before.height]
            self.weight = before.weight * (CALM if len(linear.row) > 2 * before.entries else 1.0)
        self.x0, self.y0, self.x1, self.y1, self.wide = (
            each.copy() for each in (self.x, self.y, self.x, self.y, self.x)
        )
        self.found = np.zeros(1)
        self.step = 0.99 / max(1e-9, self._norm())
        self.chunk = LEAST_STEPS if IS_PLAIN else max(LEAST_STEPS, min(MOST_STEPS, WORK // max(1, len(linear.row))))
        self.done = self.since = 0
        self.first = self.last = math.inf

    def _scale(self, linear: Linear) -> None:
        """The program with rows and columns multiplied so that no amount is far from 1."""
        column = linear.column.astype(np.int32, copy=False)
        by_row, by_column = starts(linear.row, self.height), starts(column, self.width)
        self.across, self.down = np.ones(self.height), np.ones(self.width)
        scratch = np.ones(self.height), np.ones(self.width)
        balance(by_row, column, linear.amount, self.across, self.down, *scratch, self.height, self.width, RUIZ)
        row_amount, column_amount = (np.empty(len(column), np.float32) for _ in range(2))
        row = np.empty(len(column), np.int32)
        spread(
            by_row,
            column,
            linear.amount,
            self.across,
            self.down,
            by_column.copy(),
            row_amount,
            row,
            column_amount,
            self.height,
        )
        self.matrix = by_row, column, row_amount, by_column, row, column_amount

    def _norm(self) -> float:
        """The largest singular value, nearly."""
        v = np.random.default_rng(0).random(self.width).astype(np.float32)
        widest(*self.matrix, np.zeros(self.height, np.float32), v, self.found, self.height, self.width, POWER)
        return math.sqrt(self.found[0]) if self.found[0] > 0 else 1.0

    @property
    def prices(self) -> Reals:
        return self.y1 * self.across

    @property
    def values(self) -> Reals:
        return self.x1 * self.down

    def advance(self) -> Reals:
        """Some steps more; the prices then."""
        descend(
            *self.matrix,
            self.worth,
            self.most,
            self.limit,
            self.free,
            self.x,
            self.y,
            self.x0,
            self.y0,
            self.x1,
            self.y1,
            self.wide,
            self.found,
            self.step,
            self.weight,
            self.height,
            self.width,
            self.since,
            self.chunk,
        )
        moved = float(self.found[0])
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


def polished(linear: Linear, prices: Reals, rounds: int) -> Reals:
    """Prices that prove no larger a bound, made better one by one."""
    free, column, width = linear.free, linear.column.astype(np.int32, copy=False), len(linear.worth)
    better = np.where(free, prices, np.maximum(prices, 0.0))
    by_row = starts(linear.row, len(linear.limit))
    turns, gains = (np.empty(int(np.diff(by_row).max(initial=0))) for _ in range(2))
    for _ in range(rounds):
        spent: Reals = np.bincount(column, linear.amount * better[linear.row], width).astype(np.float64)
        reduced = linear.worth - spent
        improve(
            by_row,
            column,
            linear.amount,
            linear.limit,
            linear.most,
            free,
            reduced,
            better,
            turns,
            gains,
            len(by_row) - 1,
        )
    return better
