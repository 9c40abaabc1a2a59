"""The types of the pools, and the one address that everything needs."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from solver.search.compiled import IS_PLAIN, kernel
from solver.search.layout import MOST_TEAM, SES, SES_FIXED

Numbers: TypeAlias = NDArray[np.int64]
Tables: TypeAlias = NDArray[np.int8]


@kernel
def ses_at(p: Numbers, s: Numbers, x: int) -> int:
    """Where the row of session x begins in s."""
    return int(s[SES] + x * (SES_FIXED + p[MOST_TEAM]))


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
