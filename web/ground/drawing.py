"""The drawing of a living group's ties: names, lines between them by kind, and what stands beside it in words.

Every kind of line differs by its pattern, so that it is read on paper and without colour.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from milieu.queries.residents.people import Person
from milieu.queries.ties.bonds import Bond, Pair
from milieu.queries.ties.living_group import LivingGroupShown
from web.ground.layout import Sheet, Spot, spots

WIDTH = 800.0
LEAST_HEIGHT, MOST_HEIGHT, HEIGHT_EACH = 240.0, 620.0, 28.0
EM = 15.0
LINE = 25.0
PADDING, BEYOND = 14.0, 20.0
BEND = 0.16
"""How far a line that is not part of the ground bends aside, of its length."""
_NARROW, _WIDE = frozenset("ijlftrI.,'’ -"), frozenset("mwMW")
LEAST_TOGETHER, BANDS_EACH = 2, 0.8


@dataclass(frozen=True)
class Name:
    """A name on the drawing; `elsewhere` is how many people outside the group they are tied to."""

    text: str
    x: float
    y: float
    width: float
    is_bridge: bool
    elsewhere: int

    @property
    def left(self) -> float:
        return self.x - self.width / 2

    @property
    def top(self) -> float:
        return self.y - LINE / 2


@dataclass(frozen=True)
class Line:
    """A tie on the drawing: `kind` decides its pattern, `path` is where it runs."""

    kind: str
    path: str


@dataclass(frozen=True)
class Drawing:
    """`together`: bands between those who were together at least `times` lately. `kinds`: those of the lines."""

    height: float
    names: tuple[Name, ...]
    lines: tuple[Line, ...]
    strained: tuple[Line, ...]
    together: tuple[str, ...]
    times: int

    @property
    def kinds(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(line.kind for line in (*self.lines, *self.strained)))


def draw(shown: LivingGroupShown) -> Drawing:
    """The ties among a group's members; who has none stands beside the drawing, not in it."""
    tied = shown.drawn[-1].names if shown.drawn else ()
    people = {person.id: person for person in shown.members}
    height = min(MOST_HEIGHT, max(LEAST_HEIGHT, HEIGHT_EACH * len(tied)))
    outside = _elsewhere(shown, people)
    widths = {who: text_width(people[who].name) + (BEYOND if who in outside else 0) for who in tied}
    at = spots(shown.drawn, widths, Sheet(WIDTH, height), LINE)
    bridges = {bridge.resident_id for bridge in shown.bridges}
    times, together = _together(shown.together, at)
    return Drawing(
        height,
        tuple(
            Name(people[who].name, spot.x, spot.y, spot.width, who in bridges, outside.get(who, 0))
            for who, spot in at.items()
        ),
        tuple(_line(bond, at) for pair, bond in sorted(shown.shown.items(), key=_order) if pair <= at.keys()),
        tuple(_line(bond, at) for bond in shown.bonds if bond.is_strained and bond.pair <= at.keys()),
        together,
        times,
    )


def text_width(text: str) -> float:
    """About how wide a name is on the drawing, with the room around it."""
    return PADDING + EM * sum(
        0.31 if letter in _NARROW else 0.88 if letter in _WIDE else 0.68 if letter.isupper() else 0.57
        for letter in text
    )


def _elsewhere(shown: LivingGroupShown, members: Mapping[str, Person]) -> dict[str, int]:
    """To how many people outside the group each member is tied."""
    counts: dict[str, int] = {}
    for pair in shown.shown:
        inside = [who for who in pair if who in members]
        if len(inside) == 1:
            counts[inside[0]] = counts.get(inside[0], 0) + 1
    return counts


def _together(counts: Mapping[Pair, int], at: Mapping[str, Spot]) -> tuple[int, tuple[str, ...]]:
    """Bands for those who were together most often: as many at most as there are names, so that they can be read."""
    here = {pair: count for pair, count in counts.items() if pair <= at.keys()}
    times = LEAST_TOGETHER
    while sum(count >= times for count in here.values()) > BANDS_EACH * len(at):
        times += 1
    chosen = sorted(sorted(pair) for pair, count in here.items() if count >= times)
    return times, tuple(_straight(at[one], at[other]) for one, other in chosen)


def _order(item: tuple[Pair, Bond]) -> tuple[str, str]:
    return item[1].one, item[1].other


def _line(bond: Bond, at: Mapping[str, Spot]) -> Line:
    one, other = at[bond.one], at[bond.other]
    if bond.is_strained:
        return Line(bond.kind, _bent(one, other))
    return Line(bond.kind, _straight(_edge(one, other), _edge(other, one)))


def _straight(one: Spot, other: Spot) -> str:
    return f"M{one.x:.0f} {one.y:.0f}L{other.x:.0f} {other.y:.0f}"


def _bent(one: Spot, other: Spot) -> str:
    """A line that leaves the straight way to the ties that do good."""
    across, down = other.x - one.x, other.y - one.y
    side = Spot((one.x + other.x) / 2 - down * BEND * 2, (one.y + other.y) / 2 + across * BEND * 2, 0, 0)
    start, end = _edge(one, side), _edge(other, side)
    return f"M{start.x:.0f} {start.y:.0f}Q{side.x:.0f} {side.y:.0f} {end.x:.0f} {end.y:.0f}"


def _edge(of: Spot, toward: Spot) -> Spot:
    """Where a line from the middle of a name leaves it; its own middle where the other lies within it."""
    across, down = toward.x - of.x, toward.y - of.y
    shares = [half / abs(way) for half, way in ((of.width / 2, across), (of.height / 2, down)) if abs(way) > 1e-6]
    share = min(shares, default=0.0)
    return of if share >= 1 else Spot(of.x + across * share, of.y + down * share, 0, 0)
