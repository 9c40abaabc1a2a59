"""Short lists in no order, as tables hold them beside a count."""

from solver.kernels.compiled import kernel
from solver.kernels.records import Column


@kernel
def drop_from(cells: Column, last: int, what: int) -> None:
    """Take a number out of a list, whose last one takes its place."""
    for k in range(last + 1):
        if cells[k] == what:
            cells[k] = cells[last]
            break


@kernel
def is_among(found: Column, count: int, x: int) -> bool:
    """Whether x is one of the `count` numbers in `found`."""
    k = 0
    while k < count and found[k] != x:
        k += 1
    return k < count
