"""The types of the pools that kernels share, and copying one."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from solver.kernels.compiled import IS_PLAIN, kernel

Numbers: TypeAlias = NDArray[np.int64]
Tables: TypeAlias = NDArray[np.int8]


if IS_PLAIN:

    def copy(source: Numbers, target: Numbers, count: int) -> None:
        """The first `count` numbers of one pool into another."""
        target[:count] = source[:count]

else:

    @kernel
    def copy(source: Numbers, target: Numbers, count: int) -> None:
        """The first `count` numbers of one pool into another."""
        for k in range(count):
            target[k] = source[k]
