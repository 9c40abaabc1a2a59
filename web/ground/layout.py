"""Where names stand on a drawing of ties: near those they are tied to, and from week to week nearly where they stood.

Stress majorisation (de Leeuw 1977; Gansner, Koren and North 2004): the squared differences between how far apart names
stand and how many ties lie between them, weighted by the inverse square of the latter, fall with every step. In the
first week each name is drawn softly to a place that the order of the rooms gives it, in every later one to where it
stood: nothing is left to chance or kept beside the ties, and where a tie is new or gone the rest hardly moves.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from milieu.queries.ties.measures import Drawn

Floats = npt.NDArray[np.float64]
STEPS, SETTLED = 150, 1e-3
FIRST_HOLD, HOLD = 0.06, 0.25
"""How strongly a name is drawn to its room's place, and to where it stood, beside what the ties ask of it."""
APART = 1.2
"""Between the parts of a drawing that no tie joins lies so much more than the longest way within one."""
PUSHES = 200
GAP = 10.0


@dataclass(frozen=True)
class Spot:
    """The middle of a name on the drawing, and how wide and high it is."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Sheet:
    """The size of a drawing."""

    width: float
    height: float


def spots(weeks: Sequence[Drawn], widths: Mapping[str, float], sheet: Sheet, line: float) -> dict[str, Spot]:
    """A place for each name of the last week, none upon another; `line` is a name's height.

    Each week begins where the one before it stood, and is held to it.
    """
    names = weeks[-1].names if weeks else ()
    if not names:
        return {}
    settled = _settled_weeks(tuple(weeks))
    sizes = np.array([[widths[name], line] for name in names], dtype=np.float64)
    placed = _pushed_apart(_fit(np.array([settled[name] for name in names]), sizes, sheet), sizes, sheet)
    return {
        name: Spot(float(x), float(y), float(width), float(height))
        for name, (x, y), (width, height) in zip(names, placed, sizes, strict=True)
    }


@lru_cache(maxsize=64)
def _settled_weeks(weeks: tuple[Drawn, ...]) -> Mapping[str, tuple[float, float]]:
    """By name of the last week, where the weeks one after the other lead it."""
    last: dict[str, tuple[float, float]] = {}
    before: Drawn | None = None
    for week in weeks:
        if week == before or not week.names:
            continue
        ways = _ways(week.names, week.pairs)
        homes = _homes(ways)
        if not last:
            at = _settled(ways, homes, FIRST_HOLD)
        else:
            start = _begun(week, last, homes)
            at = _settled(ways, start, HOLD)
        last = {name: (float(x), float(y)) for name, (x, y) in zip(week.names, at, strict=True)}
        before = week
    return last


def _begun(week: Drawn, last: Mapping[str, tuple[float, float]], homes: Floats) -> Floats:
    """Where each stood, whoever is new amid those they are tied to, or else where their room puts them."""
    begun = []
    for name, home in zip(week.names, homes, strict=True):
        if name in last:
            begun.append(last[name])
            continue
        near = [last[other] for pair in week.pairs if name in pair for other in pair - {name} if other in last]
        begun.append(tuple(np.mean(near, axis=0) + home / 10) if near else tuple(home))
    return np.array(begun, dtype=np.float64)


def _ways(names: Sequence[str], ties: Collection[frozenset[str]]) -> Floats:
    """How many ties lie between each two, (n, n); names that nothing joins stand further apart than any others."""
    place = {name: number for number, name in enumerate(names)}
    ways = np.full((len(names), len(names)), np.inf)
    np.fill_diagonal(ways, 0)
    for one, other in (sorted(pair) for pair in ties):
        ways[place[one], place[other]] = ways[place[other], place[one]] = 1
    for through in range(len(names)):
        ways = np.minimum(ways, ways[:, through, None] + ways[None, through])
    joined = ways[np.isfinite(ways)]
    ways[np.isinf(ways)] = joined.max() + APART
    return ways


def _homes(ways: Floats) -> Floats:
    """Places on a circle in the order of the rooms, as large as suits the drawing, (n, 2)."""
    turn = 2 * np.pi * np.arange(len(ways)) / len(ways) - np.pi / 2
    circle = np.column_stack((np.cos(turn), np.sin(turn)))
    weights, far = _weights(ways), _distances(circle)
    size = float((weights * ways * far).sum()) / max(float((weights * far**2).sum()), 1e-9)
    return circle * size


def _weights(ways: Floats) -> Floats:
    return np.divide(1, ways**2, out=np.zeros_like(ways), where=ways > 0)


def _settled(ways: Floats, homes: Floats, hold: float) -> Floats:
    """Where the stress, and the pull of each to its own place, cannot be lowered from the places themselves."""
    weights = _weights(ways)
    laplacian = np.diag(weights.sum(1)) - weights
    hold *= max(float(laplacian.diagonal().mean()), 1.0)
    solve = np.linalg.inv(laplacian + hold * np.eye(len(ways)))
    now = homes
    for _step in range(STEPS):
        far = _distances(now)
        pull = np.divide(-weights * ways, far, out=np.zeros_like(far), where=far > 1e-9)
        np.fill_diagonal(pull, -pull.sum(1))
        before, now = now, solve @ (pull @ now + hold * homes)
        if float(np.abs(now - before).max()) < SETTLED:
            break
    return now


def _distances(at: Floats) -> Floats:
    apart = at[:, None] - at[None]
    return np.sqrt((apart**2).sum(2))  # type: ignore[no-any-return]


def _fit(at: Floats, sizes: Floats, sheet: Sheet) -> Floats:
    """Stretched to the sheet, so that the outermost names touch its edges."""
    room = np.array([sheet.width, sheet.height]) - sizes.max(0) - 2
    spread = np.maximum(np.ptp(at, axis=0), 1e-9)
    is_flat = np.ptp(at, axis=0) < 1e-6
    placed = (at - at.min(0)) / spread * room + sizes.max(0) / 2 + 1
    placed[:, is_flat] = (np.array([sheet.width, sheet.height]) / 2)[is_flat]
    return placed  # type: ignore[no-any-return]


def _pushed_apart(at: Floats, sizes: Floats, sheet: Sheet) -> Floats:
    """Names that lie upon one another are moved apart, each by half of the shorter way, until none do."""
    low = sizes / 2 + 1
    high = np.array([sheet.width, sheet.height]) - low
    least = (sizes[:, None] + sizes[None]) / 2 + (GAP, GAP / 2)
    at = at.copy()
    for _push in range(PUSHES):
        over = least - np.abs(at[:, None] - at[None])
        upon = np.argwhere(np.triu((over > 1e-6).all(2), 1))
        if not len(upon):
            break
        for one, other in upon:
            axis = int(over[one, other, 1] < over[one, other, 0] * 1.5)
            step = over[one, other, axis] / 2 * (1 if at[other, axis] >= at[one, axis] else -1)
            at[other, axis] += step
            at[one, axis] -= step
        at = np.clip(at, low, high)
    return at
