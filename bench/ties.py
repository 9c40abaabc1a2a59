"""Planted ties in made-up attendance: how many of them are suggested, and how many of what is suggested was planted.

    python -m bench.ties [SEEDS]

Twenty people come to six small groups a week for eight weeks. Each likes some groups and comes to those half of the
time. Who is planted as a pair goes along with the other four times in five, and stays; a tenth leave early.
"""

import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from milieu.queries.ties.bonds import Pair
from milieu.queries.ties.likely import often_together
from milieu.queries.ties.together import SMALL, Meeting

PEOPLE, GROUPS, WEEKS, PAIRS = 20, 6, 8, 5
LIKES, COMES, ALONG, LEAVES = 0.35, 0.5, 0.8, 0.1
MONDAY = date(2026, 9, 28)


@dataclass(frozen=True)
class Found:
    """Of `planted` pairs `right` were suggested, and `wrong` others."""

    planted: int
    right: int
    wrong: int

    @property
    def recall(self) -> float:
        return self.right / self.planted

    @property
    def precision(self) -> float:
        return self.right / max(self.right + self.wrong, 1)


def attendance(chance: random.Random, planted: list[Pair], people: list[str]) -> Iterator[Meeting]:
    """The groups of eight weeks, as they were held."""
    likes = {who: {group for group in range(GROUPS) if chance.random() < LIKES} for who in people}
    friend = {one: other for pair in planted for one, other in (sorted(pair), sorted(pair, reverse=True))}
    for week in range(WEEKS):
        for group in range(GROUPS):
            came = {who for who in people if group in likes[who] and chance.random() < COMES}
            came |= {friend[who] for who in sorted(came) if who in friend and chance.random() < ALONG}
            there = frozenset(sorted(came)[:SMALL] if len(came) <= SMALL else chance.sample(sorted(came), SMALL))
            stayed = frozenset(who for who in sorted(there) if chance.random() >= LEAVES)
            yield Meeting(f"g{group}", MONDAY + timedelta(weeks=week, days=group), there, stayed)


def measure(seed: int) -> Found:
    """One made-up community."""
    chance = random.Random(seed)
    people = [f"p{number:02}" for number in range(PEOPLE)]
    mixed = chance.sample(people, 2 * PAIRS)
    planted = [frozenset(mixed[place : place + 2]) for place in range(0, 2 * PAIRS, 2)]
    suggested = {each.pair for each in often_together(attendance(chance, planted, people))}
    right = len(suggested & set(planted))
    return Found(len(planted), right, len(suggested) - right)


def total(seeds: int) -> Found:
    """All communities together."""
    found = [measure(seed) for seed in range(seeds)]
    return Found(
        sum(each.planted for each in found), sum(each.right for each in found), sum(each.wrong for each in found)
    )


def main(arguments: list[str]) -> None:
    seeds = int(arguments[0]) if arguments else 50
    found = total(seeds)
    print(f"{seeds} communities, {found.planted} planted pairs: {found.right} suggested, {found.wrong} others")
    print(f"precision {found.precision:.2f}, recall {found.recall:.2f}")


if __name__ == "__main__":
    main(sys.argv[1:])
