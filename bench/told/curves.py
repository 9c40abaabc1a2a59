"""A picture of score over time, drawn as SVG: one panel for each kind of question, one line for each peer.

Colour never says anything alone: every line has its own dashes and its name at its end.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from bench.peers import PEERS
from bench.told.results import Measured, median_run

WIDTH, HEIGHT, COLUMNS = 460, 280, 2
LEFT, RIGHT, TOP, BOTTOM = 48, 128, 34, 38  # a panel's margins; the names stand in the right one
SOONEST = 0.5  # seconds
STYLES = {
    "solver": ("#0b4f6c", "", 3.0),
    "hand": ("#8a4b08", "1 5", 2.5),
    "timefold": ("#6a3d9a", "9 4", 2.0),
    "cpsat": ("#b01e3c", "5 3 1 3", 2.0),
    "highs": ("#1b7837", "2 3", 2.0),
    "exchanges": ("#6a3d9a", "9 4", 2.0),
}
LOOK = (
    "text{font:13px 'Atkinson Hyperlegible','Atkinson Hyperlegible Next',Verdana,sans-serif;fill:#1c1c1c}"
    ".head{font-weight:700;font-size:14px}.axis{fill:#4a4a4a;font-size:12px}"
)


@dataclass(frozen=True)
class Panel:
    """Axes: seconds from SOONEST to `last`, logarithmic; per cent of the best score, from `low` to 100, linear."""

    left: float
    top: float
    last: float
    low: float

    def x(self, seconds: float) -> float:
        share = math.log(max(SOONEST, seconds) / SOONEST) / math.log(self.last / SOONEST)
        return round(self.left + LEFT + share * (WIDTH - LEFT - RIGHT), 1)

    def y(self, percent: float) -> float:
        share = (100 - percent) / (100 - self.low)
        return round(self.top + TOP + share * (HEIGHT - TOP - BOTTOM), 1)


def draw(rows: Sequence[Measured]) -> str:
    """The whole picture."""
    families = list(dict.fromkeys(row.family for row in rows))
    columns = min(COLUMNS, max(1, len(families)))
    width, height = columns * WIDTH, math.ceil(len(families) / columns) * HEIGHT
    body: list[str] = []
    for number, family in enumerate(families):
        mine = [row for row in rows if row.family == family]
        left, top = number % columns * WIDTH, number // columns * HEIGHT
        body += _panel(family, mine, left, top)
    told = " ".join(_told(family, [row for row in rows if row.family == family]) for family in families)
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
            'role="img" aria-labelledby="title desc">',
            '<title id="title">Score over time, in per cent of the best score known</title>',
            f'<desc id="desc">{escape(told)}</desc>',
            f"<style>{LOOK}</style>",
            f'<rect width="{width}" height="{height}" fill="#fff"/>',
            *body,
            "</svg>",
            "",
        ]
    )


def _told(family: str, rows: Sequence[Measured]) -> str:
    """What the panel shows, in words."""
    ends = [f"{PEERS[name].title} {curve[-1][1]:.1f} %" for name, curve in _shares(rows) if curve]
    none = [PEERS[name].title for name, curve in _shares(rows) if not curve]
    return f"{family}: {', '.join(ends) or 'nothing'}{'; nothing from ' + ', '.join(none) if none else ''}."


def _shares(rows: Sequence[Measured]) -> Iterator[tuple[str, list[tuple[float, float]]]]:
    """For each peer its median run on the family's first question, in per cent of the best."""
    first = [row for row in rows if row.key == rows[0].key]
    for name in PEERS:
        mine = [row for row in first if row.peer == name]
        if mine:
            row = median_run(mine)
            curve = [] if not row.best or row.best < 0 else [(at, 100 * value / row.best) for at, value in row.curve]
            yield name, curve


def _panel(family: str, rows: Sequence[Measured], left: float, top: float) -> Iterator[str]:
    curves = list(_shares(rows))
    last = max(2.0, *(row.seconds_allowed for row in rows))
    panel = Panel(left, top, last, _low([share for _, curve in curves for _, share in curve[-1:] if share >= 0]))
    yield f'<text class="head" x="{left + LEFT}" y="{top + 20}">{escape(family)}</text>'
    yield from _axes(panel)
    ends = []
    for name, curve in curves:
        seen = [(at, share) for at, share in curve if share >= panel.low]
        if seen:
            yield _line(panel, name, seen, is_from_below=len(seen) < len(curve))
            ends.append((panel.y(seen[-1][1]), name))
    yield from _names(panel, ends)
    if words := _unseen(panel, curves):
        yield f'<text class="axis" x="{left + LEFT + 4}" y="{top + HEIGHT - BOTTOM - 6}">{escape(words)}</text>'


def _unseen(panel: Panel, curves: Sequence[tuple[str, Sequence[tuple[float, float]]]]) -> str:
    """Who has no line here, and why."""
    ends = [(PEERS[name].title, curve[-1][1]) for name, curve in curves if curve]
    below = [f"{title} {share:.0f} %" for title, share in ends if share < panel.low]
    none = [PEERS[name].title for name, curve in curves if not curve]
    words = [f"below: {', '.join(below)}"] if below else []
    return "; ".join([*words, *([f"no schedule: {', '.join(none)}"] if none else [])])


def _low(ends: Sequence[float]) -> float:
    """Where the axis begins: a round number below the end of every line that ends above nothing, at most 90."""
    return float(min(90, max(0, math.floor((min(ends, default=90) - 5) / 10) * 10)))


def _axes(panel: Panel) -> Iterator[str]:
    bottom, end = panel.y(panel.low), panel.x(panel.last)
    step = 2 if panel.low >= 90 else 5 if panel.low >= 70 else 10 if panel.low >= 40 else 20
    for percent in range(int(panel.low), 101, step):
        y = panel.y(percent)
        yield f'<path d="M{panel.x(SOONEST)} {y}H{end}" stroke="#d5d5d5"/>'
        yield f'<text class="axis" x="{panel.x(SOONEST) - 6}" y="{y + 4}" text-anchor="end">{percent} %</text>'
    for seconds in (0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600):
        if seconds <= panel.last:
            x = panel.x(seconds)
            yield f'<path d="M{x} {bottom}v5" stroke="#4a4a4a"/>'
            yield f'<text class="axis" x="{x}" y="{bottom + 18}" text-anchor="middle">{seconds:g}</text>'
    yield f'<path d="M{panel.x(SOONEST)} {bottom}H{end}" stroke="#4a4a4a"/>'
    yield f'<text class="axis" x="{end}" y="{bottom + 33}" text-anchor="end">seconds</text>'


def _line(panel: Panel, name: str, curve: Sequence[tuple[float, float]], is_from_below: bool) -> str:
    """A score stands until there is a better one: steps, on to the end of the time."""
    colour, dashes, thick = STYLES[name]
    path = f"M{panel.x(curve[0][0])} {panel.y(panel.low if is_from_below else curve[0][1])}V{panel.y(curve[0][1])}"
    for at, share in curve[1:]:
        path += f"H{panel.x(min(at, panel.last))}V{panel.y(share)}"
    path += f"H{panel.x(panel.last)}"
    dash = f' stroke-dasharray="{dashes}"' if dashes else ""
    return f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{thick}"{dash} stroke-linejoin="round"/>'


def _names(panel: Panel, ends: Sequence[tuple[float, str]]) -> Iterator[str]:
    """Each line's name at its end, moved down where two would stand on each other."""
    free, x = -math.inf, panel.x(panel.last)
    for y, name in sorted(ends):
        at = free = max(y + 4, free + 15)
        colour = STYLES[name][0]
        yield f'<path d="M{x} {y}L{x + 8} {at - 4}" stroke="{colour}" fill="none"/>'
        yield f'<text x="{x + 11}" y="{at}" style="fill:{colour}">{escape(PEERS[name].title)}</text>'
