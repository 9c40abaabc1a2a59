"""Random numbers that are part of the state, so that a search is repeatable and can be copied whole."""

import numpy as np

from solver.search.compiled import kernel
from solver.search.layout import RANDOM
from solver.search.pools import Numbers


@kernel
def chance(s: Numbers) -> float:
    """A number from 0 to below 1 (splitmix64, whose steps a Python integer and a machine word make alike)."""
    seed = np.uint64(s[RANDOM]) + np.uint64(0x9E3779B97F4A7C15)
    s[RANDOM] = np.int64(seed)
    z = seed
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    z = z ^ (z >> np.uint64(31))
    return float(z >> np.uint64(11)) * (1.0 / 9007199254740992.0)


@kernel
def below(s: Numbers, n: int) -> int:
    """A whole number from 0 to n - 1."""
    return int(chance(s) * n)
