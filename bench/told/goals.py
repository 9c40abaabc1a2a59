"""How soon a schedule should be had, and how soon one was: read off curves of score over time."""

from collections.abc import Sequence

Curve = Sequence[tuple[float, int]]

STEPS = ("valid", "within 5 %", "within 1 %", "best known")
# residents -> seconds to each step; None where nothing is asked
GOALS: dict[int, tuple[float | None, ...]] = {
    30: (1, 3, 15, 60),
    60: (1.5, 4, 20, 90),
    120: (2, 6, 40, 180),
    300: (5, 15, 90, 400),
    600: (8, 40, 240, 600),
    2000: (30, 240, 600, None),
}


def times(curve: Curve, best: int) -> tuple[float | None, ...]:
    """The seconds to each of STEPS, None where it was not reached. A share is of the best score's size."""
    slack = abs(best)
    levels = (None, best - 0.05 * slack, best - 0.01 * slack, best)
    return tuple(next((at for at, value in curve if level is None or value >= level), None) for level in levels)


def is_met(reached: float | None, goal: float | None) -> bool:
    return goal is None or (reached is not None and reached <= goal)


def middle(values: Sequence[float | None]) -> float | None:
    """The median, where not reached counts as longer than anything; the later of two middles."""
    ordered = sorted(values, key=lambda value: float("inf") if value is None else value)
    return ordered[len(ordered) // 2] if ordered else None
