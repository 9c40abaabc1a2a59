"""How a living group's ties went on over the last weeks: a small curve each, with the same as a table."""

from collections.abc import Sequence
from dataclasses import dataclass

from milieu.queries.ties.measures import Measured

WIDTH, HEIGHT, LEFT, RIGHT, TOP, FOOT = 240.0, 96.0, 6.0, 206.0, 14.0, 76.0
DOT = 3.5
MOST_DOTS = 10


@dataclass(frozen=True)
class Minis:
    """`curve` is the path of the density, `end` its last point; `dots` are people without a tie, week by week.

    `dots` is empty where there are too many to draw: the table has them.
    """

    weeks: tuple[Measured, ...]
    curve: str
    end: tuple[float, float]
    dots: tuple[tuple[float, float], ...]

    @property
    def first(self) -> Measured:
        return self.weeks[0]

    @property
    def last(self) -> Measured:
        return self.weeks[-1]


def minis(weeks: Sequence[Measured]) -> Minis | None:
    """None where nothing is measured, or too little to be a course."""
    kept = tuple(week for week in weeks if week.people)
    if len(kept) < 2:
        return None
    across = [LEFT + (RIGHT - LEFT) * number / (len(kept) - 1) for number in range(len(kept))]
    most = max(max(week.density for week in kept), 5.0)
    down = [FOOT - (FOOT - TOP) * week.density / most for week in kept]
    curve = "M" + "L".join(f"{x:.0f} {y:.1f}" for x, y in zip(across, down, strict=True))
    tall = max(week.alone for week in kept)
    step = min(DOT * 2.4, (FOOT - TOP) / max(tall, 1))
    dots = [
        (x, FOOT - step * (number + 0.75)) for x, week in zip(across, kept, strict=True) for number in range(week.alone)
    ]
    is_many = tall > MOST_DOTS
    return Minis(kept, curve, (across[-1], down[-1]), () if is_many else tuple(dots))
