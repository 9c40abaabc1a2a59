"""How good the best week was, second by second, as a line to draw."""

from dataclasses import dataclass

from milieu.queries.week.runs import Improvement

WIDTH, HEIGHT = 600, 120


@dataclass(frozen=True)
class Curve:
    """The improvements as a line: `points` for SVG, drawn on WIDTH x HEIGHT; `best_y` is where the most that can be had
    lies, as far as it is proved, None where that is not known.
    """

    points: str
    last_x: float
    last_y: float
    seconds: float
    best_y: float | None


def curve_of(improvements: tuple[Improvement, ...], seconds: float, limit: float) -> Curve | None:
    """A staircase from the first week found to now, on an axis that ends at the limit; None before there are two."""
    if len(improvements) < 2:
        return None
    values, bound = [each.objective for each in improvements], improvements[-1].bound
    low, high = min(values), max([*values, bound] if bound is not None else values)
    span, length = (high - low) or 1, max(seconds, improvements[-1].seconds, limit, 1)

    def height(value: int) -> float:
        return HEIGHT - HEIGHT * (value - low) / span

    points: list[tuple[float, float]] = []
    for each in improvements:
        x, y = WIDTH * each.seconds / length, height(each.objective)
        if points:
            points.append((x, points[-1][1]))
        points.append((x, y))
    points.append((WIDTH * min(seconds, length) / length, points[-1][1]))
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return Curve(line, *points[-1], length, None if bound is None else height(bound))
