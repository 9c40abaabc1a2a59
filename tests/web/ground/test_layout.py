"""Where names stand: none upon another, the same every time, nearly the same a week later."""

import random
from itertools import combinations

from milieu.queries.ties.measures import Drawn
from web.ground.layout import Sheet, Spot, spots

SHEET, LINE = Sheet(800, 560), 25.0
NAMES = tuple(f"r{number:02}" for number in range(18))


def group(seed: int = 1, ties: int = 20) -> Drawn:
    """A group in which most are tied to somebody a few doors away."""
    chance = random.Random(seed)
    pairs: set[frozenset[str]] = set()
    while len(pairs) < ties:
        one = chance.randrange(len(NAMES))
        pairs.add(frozenset((NAMES[one], NAMES[(one + chance.choice((1, 1, 2, 3, 7))) % len(NAMES)])))
    tied = frozenset[str]().union(*pairs)
    return Drawn(tuple(name for name in NAMES if name in tied), frozenset(pairs))


def placed(*weeks: Drawn, width: float = 120) -> dict[str, Spot]:
    return spots(weeks, dict.fromkeys(NAMES, width), SHEET, LINE)


def far(one: Spot, other: Spot) -> float:
    return ((one.x - other.x) ** 2 + (one.y - other.y) ** 2) ** 0.5


def test_no_name_lies_upon_another_or_off_the_sheet() -> None:
    for seed in range(8):
        at = placed(group(seed), width=170)
        for one, other in combinations(at.values(), 2):
            assert abs(one.x - other.x) >= 169 or abs(one.y - other.y) >= LINE - 1
        assert all(85 <= spot.x <= 715 and 12 <= spot.y <= 548 for spot in at.values())


def test_who_is_tied_stands_nearer_than_who_is_not() -> None:
    for seed in range(8):
        week = group(seed)
        at = placed(week)
        tied = [far(at[one], at[other]) for one, other in map(sorted, week.pairs)]
        loose = [
            far(at[one], at[other]) for one, other in combinations(at, 2) if frozenset((one, other)) not in week.pairs
        ]
        assert sum(tied) / len(tied) < 0.6 * sum(loose) / len(loose)


def test_the_same_ties_are_drawn_alike() -> None:
    week = group()

    assert placed(week) == placed(week) == placed(week, week, week)


def test_from_week_to_week_names_stay_nearly_where_they_stood() -> None:
    moved = []
    for seed in range(6):
        week = group(seed)
        chance = random.Random(seed)
        gone = chance.choice(sorted(week.pairs, key=sorted))
        left = week.pairs - {gone}
        names = frozenset[str]().union(*left)
        later = Drawn(tuple(name for name in week.names if name in names), left)
        before, after = placed(week), placed(week, later)
        moved += [far(before[name], after[name]) for name in later.names]

    assert sum(moved) / len(moved) < 60  # of 800 by 560; a name anew by chance would move by some 350


def test_two_stand_apart_and_nobody_nowhere() -> None:
    pair = Drawn(NAMES[:2], frozenset((frozenset(NAMES[:2]),)))

    one, other = placed(pair).values()

    assert far(one, other) > 100
    assert spots((), {}, SHEET, LINE) == spots((Drawn((), frozenset()),), {}, SHEET, LINE) == {}
