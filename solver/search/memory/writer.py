"""Writing tables one behind the other into a pool."""

from collections.abc import Sequence
from itertools import accumulate

import numpy as np

from solver.kernels.pools import Numbers


class Writer:
    """Collects tables behind a header that says where each begins."""

    def __init__(self, header: int) -> None:
        self.header = np.zeros(header, np.int64)
        self.parts: list[Numbers] = []
        self.size = header

    def put(self, place: int, values: Sequence[object] | Numbers, least: int = 1) -> None:
        row = np.asarray(values, np.int64).ravel()
        if len(row) < least:
            row = np.concatenate([row, np.zeros(least - len(row), np.int64)])
        self.header[place] = self.size
        self.parts.append(row)
        self.size += len(row)

    def joined(self) -> Numbers:
        return np.concatenate([self.header, *self.parts])


def offsets(rows: Sequence[Sequence[object]]) -> list[int]:
    return [0, *accumulate(len(row) for row in rows)]
