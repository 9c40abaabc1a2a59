"""What one point comes to in one community."""

from collections.abc import Callable
from dataclasses import dataclass

from bench.five_weeks.reading import Home


@dataclass(frozen=True)
class Finding:
    """`figure` in words; `holds` None where the weeks have nothing to say of it, and `figure` says why."""

    figure: str
    holds: bool | None


@dataclass(frozen=True)
class Point:
    """A point by its number and the demand in words."""

    number: int
    demand: str
    find: Callable[[Home], Finding]


def percent(part: float, whole: float) -> str:
    """A share in whole per cent."""
    return f"{100 * part / whole:.0f} %" if whole else "none"
