"""Linear programs in whole numbers, and what any prices of their rows prove about them.

    maximise  constant + worth · x   where   A x <= limit (in some rows =)   and   0 <= x <= most

Every number is an integer, so that a bound can be computed from the prices without rounding.
"""

import math
import time
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

from solver.bounds.linear.steps import Indices, arrange
from solver.instance.problem import Bytes, Ints, Reals

LARGEST_SUM = 2**61
DEAREST = 2.0**40
FINEST = 40  # prices are rounded to this many binary digits at most


@dataclass(frozen=True)
class Linear:
    """A finished program. Entries (row, column, amount) stand in the order of rows, each pair once; `equal` lists the
    rows whose sum is exactly their limit.
    """

    constant: int
    worth: Ints
    most: Ints
    limit: Ints
    row: Indices | Ints
    column: Indices | Ints
    amount: Ints
    equal: Ints = field(default_factory=lambda: np.zeros(0, np.int64))

    @property
    def free(self) -> Bytes:
        """(rows,): 1 where prices may be negative."""
        found = np.zeros(len(self.limit), np.int8)
        found[self.equal] = 1
        return found


class TimeUp(Exception):
    """The moment has come until which a program could be written."""


@dataclass
class Program:
    """A program in the making: columns and rows are added in batches, and named by their numbers.

    Raises TimeUp where something is put into it after the moment `until` (`time.monotonic()`).
    """

    until: float = math.inf
    constant: int = 0
    width: int = 0
    height: int = 0
    _worth: list[Ints] = field(default_factory=list)
    _paid: list[tuple[Ints, Ints]] = field(default_factory=list)
    _most: list[Ints] = field(default_factory=list)
    _limit: list[Ints] = field(default_factory=list)
    _entries: list[tuple[Indices, Indices, Ints]] = field(default_factory=list)
    _equal: list[Ints] = field(default_factory=list)

    def check_time(self) -> None:
        """Raise TimeUp where it is."""
        if time.monotonic() > self.until:
            raise TimeUp

    def add_columns(self, most: ArrayLike, worth: ArrayLike = 0) -> Ints:
        """A new column for each of `most`; their numbers."""
        made = np.atleast_1d(np.asarray(most, np.int64))
        self._most.append(np.maximum(made, 0))
        self._worth.append(np.broadcast_to(np.asarray(worth, np.int64), made.shape).copy())
        self.width += len(made)
        return np.arange(self.width - len(made), self.width, dtype=np.int64)

    def add_worth(self, columns: Ints, worth: ArrayLike) -> None:
        self._paid.append((columns, np.broadcast_to(np.asarray(worth, np.int64), columns.shape).copy()))

    def add_rows(self, limit: ArrayLike) -> Ints:
        """A new row, so far empty, for each of `limit`; their numbers."""
        made = np.atleast_1d(np.asarray(limit, np.int64))
        self._limit.append(made.copy())
        self.height += len(made)
        return np.arange(self.height - len(made), self.height, dtype=np.int64)

    def put(self, rows: ArrayLike, columns: ArrayLike, amounts: ArrayLike = 1) -> None:
        """Add amounts at (row, column); what is put twice adds up."""
        self.check_time()
        first, second, third = np.broadcast_arrays(np.atleast_1d(rows), columns, amounts)
        self._entries.append((first.astype(np.int32), second.astype(np.int32), third.astype(np.int64)))

    def equate(self, rows: Ints) -> None:
        """These rows' sums are exactly their limits."""
        self._equal.append(rows)

    def limit_groups(self, group: Ints, columns: Ints, amounts: ArrayLike, limit: ArrayLike) -> Ints:
        """A row for each limit; the columns with their amounts go to the row of their group. The rows' numbers."""
        rows = self.add_rows(limit)
        self.put(rows[group], columns, amounts)
        return rows

    def finished(self) -> Linear:
        worth, most, limit, equal = (_joined(rows) for rows in (self._worth, self._most, self._limit, self._equal))
        for columns, more in self._paid:
            np.add.at(worth, columns, more)
        none = np.zeros(0, np.int32), np.zeros(0, np.int32), np.zeros(0, np.int64)
        row, column, amount = (np.concatenate(each) for each in zip(none, *self._entries, strict=True))
        self._entries = [(row, column, amount)]
        order, row_out, column_out = (np.empty(len(row), np.int32) for _ in range(3))
        amount_out = np.empty(len(row), np.int64)
        count = arrange(
            row,
            column,
            amount,
            starts(row, self.height),
            starts(column, self.width),
            order,
            row_out,
            column_out,
            amount_out,
            len(row),
        )
        return Linear(
            self.constant,
            worth,
            most,
            limit,
            row_out[:count].copy(),
            column_out[:count].copy(),
            amount_out[:count].copy(),
            equal,
        )


def starts(number: Indices | Ints, count: int) -> Ints:
    """Where each number's entries begin, once they stand in order; and where the last ones end."""
    return np.concatenate([[0], np.cumsum(np.bincount(number, minlength=count))]).astype(np.int64)


def _joined(rows: list[Ints]) -> Ints:
    return np.concatenate(rows) if rows else np.zeros(0, np.int64)


def proved(linear: Linear, prices: Reals) -> int:
    """An upper bound on the program by weak duality, whatever the prices of its rows are.

    With prices y >= 0 (any, where the row is an equality), every x inside its box that keeps the rows has
    worth·x <= y·limit + (worth - yA)·x, and the last is largest where each column stands at the better end of its box.
    The prices are rounded to fractions of a power of two, negative ones to 0, and from then on everything is computed
    in integers.
    """
    dearest = np.where(linear.free, -DEAREST, 0.0)
    clean = np.where(np.isfinite(prices), np.clip(prices, dearest, DEAREST), 0.0)
    digits = _digits(linear, clean)
    if digits < 0:
        clean, digits = np.zeros(len(prices)), 0  # nothing costs anything: poor, and as true
    scale = 1 << digits
    price = np.rint(clean * scale).astype(np.int64)
    reduced = linear.worth * scale
    np.subtract.at(reduced, linear.column, linear.amount * price[linear.row])
    gain = np.maximum(reduced, 0)
    total = _product(price, linear.limit) + _product(gain, linear.most)
    return linear.constant + total // scale


def _digits(linear: Linear, prices: Reals) -> int:
    """How finely the prices can be rounded without any column's sum leaving 64 bits; -1 where not even whole."""
    size = np.abs(prices)
    sums = np.abs(linear.worth) + np.bincount(
        linear.column, np.abs(linear.amount) * size[linear.row], len(linear.worth)
    )
    widest = max(1.0, float(sums.max(initial=0.0)), float(size.max(initial=0.0)))
    digits = FINEST
    while digits >= 0 and (widest + float(len(linear.limit))) * 2.0**digits > LARGEST_SUM:
        digits -= 1
    return digits


def _product(a: Ints, b: Ints) -> int:
    """The exact sum of the products, in Python's unlimited integers."""
    used = np.flatnonzero((a != 0) & (b != 0))
    return sum(x * y for x, y in zip(a[used].tolist(), b[used].tolist(), strict=True))
