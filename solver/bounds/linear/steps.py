"""The kernels of the bounds: entries brought in order, programs balanced, prices moved step by step and one by one.

Programs are sparse: of row i, the entries `by_row[i]` up to `by_row[i + 1]` name their columns and amounts; likewise of
columns. Memory is plain, as `solver.kernels.compiled` says.
"""

import math
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from solver.kernels.compiled import entry, kernel, loose_kernel

Numbers: TypeAlias = NDArray[np.int64]
Tables: TypeAlias = NDArray[np.int8]
Indices: TypeAlias = NDArray[np.int32]
Singles: TypeAlias = NDArray[np.float32]
Reals: TypeAlias = NDArray[np.float64]


@entry
def arrange(
    row: Indices,
    column: Indices,
    amount: Numbers,
    by_row: Numbers,
    by_column: Numbers,
    order: Indices,
    row_out: Indices,
    column_out: Indices,
    amount_out: Numbers,
    count: int,
) -> int:
    """The entries in the order of rows and, in each, of columns; those of one pair are summed, and what sums to 0 is
    left out. How many are left.

    `by_row` and `by_column` say where each one's entries begin, and are used up; `order` is scratch.
    """
    for e in range(count):
        c = column[e]
        order[by_column[c]] = e
        by_column[c] += 1
    for k in range(count):
        e = order[k]
        r = row[e]
        at = by_row[r]
        by_row[r] += 1
        row_out[at], column_out[at], amount_out[at] = r, column[e], amount[e]
    kept = k = 0
    while k < count:
        r, c, total = row_out[k], column_out[k], amount_out[k]
        k += 1
        while k < count and row_out[k] == r and column_out[k] == c:
            total += amount_out[k]
            k += 1
        if total != 0:
            row_out[kept], column_out[kept], amount_out[kept] = r, c, total
            kept += 1
    return kept


@entry
def balance(
    by_row: Numbers,
    column: Indices,
    amount: Numbers,
    across: Reals,
    down: Reals,
    tall: Reals,
    broad: Reals,
    height: int,
    width: int,
    rounds: int,
) -> None:
    """What rows and columns are to be multiplied by so that the largest amount of each is near 1, and after the last
    round the sum. All four arrays are of Reals; the last two are scratch.
    """
    for k in range(rounds + 1):
        for i in range(height):
            tall[i] = 0.0
        for j in range(width):
            broad[j] = 0.0
        for i in range(height):
            for e in range(by_row[i], by_row[i + 1]):
                j = column[e]
                size = abs(amount[e]) * across[i] * down[j]
                if k == rounds:
                    tall[i] += size
                    broad[j] += size
                else:
                    tall[i] = max(tall[i], size)
                    broad[j] = max(broad[j], size)
        for i in range(height):
            if tall[i] > 0.0:
                across[i] /= math.sqrt(tall[i])
        for j in range(width):
            if broad[j] > 0.0:
                down[j] /= math.sqrt(broad[j])


@entry
def spread(
    by_row: Numbers,
    column: Indices,
    amount: Numbers,
    across: Reals,
    down: Reals,
    by_column: Numbers,
    row_amount: Singles,
    column_row: Indices,
    column_amount: Singles,
    height: int,
) -> None:
    """The multiplied amounts by row and by column; `by_column` says where each one's begin, and is used up."""
    for i in range(height):
        for e in range(by_row[i], by_row[i + 1]):
            j = column[e]
            at = by_column[j]
            by_column[j] += 1
            row_amount[e] = column_amount[at] = amount[e] * across[i] * down[j]
            column_row[at] = i


@loose_kernel
def _sum_of(begin: int, end: int, index: Indices, amount: Singles, values: Singles) -> float:
    total = np.float32(0.0)
    for e in range(begin, end):
        total += amount[e] * values[index[e]]
    return total  # type: ignore[return-value]


@entry
def widest(
    by_row: Numbers,
    row_column: Indices,
    row_amount: Singles,
    by_column: Numbers,
    column_row: Indices,
    column_amount: Singles,
    u: Singles,
    v: Singles,
    found: Reals,
    height: int,
    width: int,
    rounds: int,
) -> None:
    """The square of the largest singular value, as a power method finds it from v on, goes to `found`."""
    for _ in range(rounds):
        for i in range(height):
            u[i] = _sum_of(by_row[i], by_row[i + 1], row_column, row_amount, v)
        size = 0.0
        for j in range(width):
            v[j] = _sum_of(by_column[j], by_column[j + 1], column_row, column_amount, u)
            size += v[j] * v[j]
        size = math.sqrt(size)
        found[0] = size
        if size == 0.0:
            return
        for j in range(width):
            v[j] /= size


@entry
def descend(
    by_row: Numbers,
    row_column: Indices,
    row_amount: Singles,
    by_column: Numbers,
    column_row: Indices,
    column_amount: Singles,
    worth: Singles,
    most: Singles,
    limit: Singles,
    free: Tables,
    x: Singles,
    y: Singles,
    x0: Singles,
    y0: Singles,
    x1: Singles,
    y1: Singles,
    wide: Singles,
    found: Reals,
    step: float,
    weight: float,
    height: int,
    width: int,
    first: int,
    count: int,
) -> None:
    """`count` steps on from (x, y), the anchor (x0, y0) being `first` steps ago; (x1, y1) is where the last step of the
    plain method led. The prices of `free` rows may be negative. How far the last step moved, in the method's own
    measure, goes to `found`.
    """
    for k in range(first, first + count):
        keep = (k + 1.0) / (k + 2.0)
        moved_x = moved_y = 0.0
        for j in range(width):
            slope = _sum_of(by_column[j], by_column[j + 1], column_row, column_amount, y) - worth[j]
            old = x[j]
            new = min(most[j], max(0.0, old - step / weight * slope))
            moved_x += (new - old) * (new - old)
            x1[j] = new
            wide[j] = 2.0 * new - old
            x[j] = keep * (2.0 * new - old) + (1.0 - keep) * x0[j]
        for i in range(height):
            slope = _sum_of(by_row[i], by_row[i + 1], row_column, row_amount, wide) - limit[i]
            old = y[i]
            new = old + step * weight * slope
            if free[i] == 0:
                new = max(0.0, new)
            moved_y += (new - old) * (new - old)
            y1[i] = new
            y[i] = keep * (2.0 * new - old) + (1.0 - keep) * y0[i]
        found[0] = math.sqrt(weight * moved_x + moved_y / weight)


@kernel
def _sink(turns: Reals, gains: Reals, at: int, size: int) -> None:
    """The heap of turns, smallest first, put right below one place; gains go along."""
    turn, gain = turns[at], gains[at]
    while 2 * at + 1 < size:
        child = 2 * at + 1
        if child + 1 < size and turns[child + 1] < turns[child]:
            child += 1
        if turns[child] >= turn:
            break
        turns[at], gains[at] = turns[child], gains[child]
        at = child
    turns[at], gains[at] = turn, gain


@kernel
def _turning(turns: Reals, gains: Reals, size: int, slope: float) -> float:
    """The smallest turn by which the gains of all up to it make up for the slope; 0.0 where they never do."""
    for k in range(size // 2):
        _sink(turns, gains, size // 2 - 1 - k, size)
    while size > 0:
        slope += gains[0]
        if slope >= 0.0:
            return float(turns[0])
        size -= 1
        turns[0], gains[0] = turns[size], gains[size]
        _sink(turns, gains, 0, size)
    return 0.0


@entry
def improve(
    by_row: Numbers,
    column: Indices,
    amount: Numbers,
    limit: Numbers,
    most: Numbers,
    free: Tables,
    reduced: Reals,
    prices: Reals,
    turns: Reals,
    gains: Reals,
    height: int,
) -> None:
    """Every price in turn, the others as they are, is put where the bound is smallest; `reduced` is kept true.

    The last two Reals are scratch, as long as the longest row.
    """
    for i in range(height):
        low, size = by_row[i], by_row[i + 1] - by_row[i]
        slope = float(limit[i])
        for k in range(size):
            much, j = amount[low + k], column[low + k]
            turns[k] = reduced[j] / much
            gains[k] = abs(much) * float(most[j])
            if much > 0:
                slope -= gains[k]
        change = 0.0 if free[i] != 0 else -prices[i]
        if slope < 0.0:
            change = _turning(turns, gains, size, slope)
            if free[i] == 0:
                change = max(change, -prices[i])
        if change != 0.0:
            prices[i] += change
            for k in range(size):
                reduced[column[low + k]] -= amount[low + k] * change
