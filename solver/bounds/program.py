"""Linear programs in whole numbers, and what any prices of their rows prove about them.

    maximise  constant + worth · x   where   A x <= limit   and   0 <= x <= most

Every number is an integer, so that a bound can be computed from the prices without rounding.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

from solver.problem import Ints, Reals

LARGEST_SUM = 2**61
DEAREST = 2.0**40
FINEST = 40  # prices are rounded to this many binary digits at most


@dataclass(frozen=True)
class Linear:
    """A finished program. Entries (row, column, amount) stand in the order of rows, each pair once."""

    constant: int
    worth: Ints
    most: Ints
    limit: Ints
    row: Ints
    column: Ints
    amount: Ints


@dataclass
class Program:
    """A program in the making: columns and rows are added in batches, and named by their numbers."""

    constant: int = 0
    width: int = 0
    height: int = 0
    _worth: list[Ints] = field(default_factory=list)
    _paid: list[tuple[Ints, Ints]] = field(default_factory=list)
    _most: list[Ints] = field(default_factory=list)
    _limit: list[Ints] = field(default_factory=list)
    _entries: list[tuple[Ints, Ints, Ints]] = field(default_factory=list)

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
        wide = np.broadcast_arrays(np.atleast_1d(rows), columns, amounts)
        first, second, third = (np.asarray(each, np.int64).ravel() for each in wide)
        self._entries.append((first, second, third))

    def limit_groups(self, group: Ints, columns: Ints, amounts: ArrayLike, limit: ArrayLike) -> Ints:
        """A row for each limit; the columns with their amounts go to the row of their group. The rows' numbers."""
        rows = self.add_rows(limit)
        self.put(rows[group], columns, amounts)
        return rows

    def finished(self) -> Linear:
        worth, most, limit = (_joined(rows) for rows in (self._worth, self._most, self._limit))
        for columns, more in self._paid:
            np.add.at(worth, columns, more)
        row, column, amount = (_joined([entry[k] for entry in self._entries]) for k in range(3))
        key = row * max(1, self.width) + column
        order = np.argsort(key, kind="stable")
        key = key[order]
        first = np.flatnonzero(np.concatenate([[True], key[1:] != key[:-1]])) if len(key) else np.zeros(0, np.int64)
        summed = np.add.reduceat(amount[order], first) if len(key) else amount
        kept = first[summed != 0]
        return Linear(
            self.constant, worth, most, limit, row[order][kept], column[order][kept], summed[summed != 0].copy()
        )


def _joined(rows: list[Ints]) -> Ints:
    return np.concatenate(rows) if rows else np.zeros(0, np.int64)


def proved(linear: Linear, prices: Reals) -> int:
    """An upper bound on the program by weak duality, whatever the prices of its rows are.

    With prices y >= 0, every x inside its box that keeps the rows has worth·x <= y·limit + (worth - yA)·x, and the last
    is largest where each column stands at the better end of its box. The prices are rounded to fractions of a power of
    two, negative ones to 0, and from then on everything is computed in integers.
    """
    clean = np.where(np.isfinite(prices), np.clip(prices, 0.0, DEAREST), 0.0)
    digits = _digits(linear, clean)
    if digits < 0:
        clean, digits = np.zeros(len(prices)), 0  # nothing costs anything: poor, and as true
    scale = 1 << digits
    price = np.rint(clean * scale).astype(np.int64)
    reduced = linear.worth * scale
    order = np.argsort(linear.column, kind="stable")
    column = linear.column[order]
    if len(column):
        first = np.flatnonzero(np.concatenate([[True], column[1:] != column[:-1]]))
        reduced[column[first]] -= np.add.reduceat((linear.amount * price[linear.row])[order], first)
    gain = np.maximum(reduced, 0)
    total = _product(price, linear.limit) + _product(gain, linear.most)
    return linear.constant + total // scale


def _digits(linear: Linear, prices: Reals) -> int:
    """How finely the prices can be rounded without any column's sum leaving 64 bits; -1 where not even whole."""
    sums = np.abs(linear.worth).astype(np.float64)
    np.add.at(sums, linear.column, np.abs(linear.amount) * prices[linear.row])
    widest = max(1.0, float(sums.max(initial=0.0)), float(prices.max(initial=0.0)))
    digits = FINEST
    while digits >= 0 and (widest + float(len(linear.limit))) * 2.0**digits > LARGEST_SUM:
        digits -= 1
    return digits


def _product(a: Ints, b: Ints) -> int:
    """The exact sum of the products, in Python's unlimited integers."""
    used = np.flatnonzero((a != 0) & (b != 0))
    return sum(x * y for x, y in zip(a[used].tolist(), b[used].tolist(), strict=True))
