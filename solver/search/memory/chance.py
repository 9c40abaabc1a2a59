"""Random numbers that are part of the state, so that a search is repeatable and can be copied whole; and whether a
move is accepted.
"""

import math

import numpy as np

from solver.kernels.compiled import kernel
from solver.search.memory.layout import Memory

TINY = 1e-12


@kernel
def chance(at: Memory) -> float:
    """A number from 0 to below 1 (splitmix64, whose steps a Python integer and a machine word make alike)."""
    seed = np.uint64(at.random) + np.uint64(0x9E3779B97F4A7C15)
    at.random = np.int64(seed)  # type: ignore[assignment]
    z = seed
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    z = z ^ (z >> np.uint64(31))
    return float(z >> np.uint64(11)) * (1.0 / 9007199254740992.0)


@kernel
def below(at: Memory, n: int) -> int:
    """A whole number from 0 to n - 1."""
    return int(chance(at) * n)


@kernel
def accepts(at: Memory, change: int, temperature: float) -> bool:
    """Metropolis: never worse where there is no temperature."""
    if change >= 0:
        return True
    return temperature > 0.0 and chance(at) < math.exp(change / temperature)


@kernel
def allowance(at: Memory, temperature: float) -> float:
    """Metropolis, drawn beforehand: how much the score may change at least (0 or less) for a move to be accepted."""
    return temperature * math.log(chance(at) + TINY) if temperature > 0.0 else 0.0
