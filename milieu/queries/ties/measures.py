"""What a living group's ties come to: how many of those that could be are there, who has none, on whom much hangs.

Measures of the group, never of a person: nobody is counted, compared or put in an order by them.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from milieu.queries.residents.stays import Stays
from milieu.queries.ties.bonds import Bond, Pair, closest

LEAST_MEASURED = 8
"""A group of fewer is people, not a number."""
WEEKS, WEEKS_DRAWN = 13, 26
LEAST_PART = 3


@dataclass(frozen=True)
class Measured:
    """A group of `people` on a day, `ties` among them; `alone` have none. `named` of `known` ties are said by both."""

    on_date: date
    people: int
    ties: int
    alone: int
    named: int
    known: int

    @property
    def density(self) -> float:
        """How many of 100 possible ties are there."""
        possible = self.people * (self.people - 1) // 2
        return 100 * self.ties / possible if possible else 0.0


@dataclass(frozen=True)
class Bridge:
    """Somebody without whom the people of `part` would have no tie to the others of the group."""

    resident_id: str
    part: frozenset[str]


def measured(members: Collection[str], bonds: Iterable[Bond], day: date) -> Measured:
    """The group as it is on a day."""
    ties = {pair: bond for pair, bond in closest(bonds, day).items() if pair <= set(members)}
    tied = frozenset[str]().union(*ties)
    known = [bond.named_by for bond in ties.values() if bond.named_by]
    return Measured(day, len(members), len(ties), len(set(members) - tied), known.count("both"), len(known))


def weeks_measured(
    residents: Collection[str], stays: Mapping[str, Stays], bonds: Sequence[Bond], today: date
) -> tuple[Measured, ...]:
    """The group on the Monday of each of the last thirteen weeks, and today.

    `residents` are all who ever lived in the group, by what is known now: who moved within the community counts where
    they live by now.
    """
    monday = today - timedelta(days=today.weekday())
    days = sorted({*(monday - timedelta(weeks=week) for week in range(WEEKS)), today})
    return tuple(measured([who for who in residents if stays[who].is_here(day)], bonds, day) for day in days)


@dataclass(frozen=True)
class Drawn:
    """Who of a group was tied to whom in a week: `names` in the order of the rooms, `pairs` of them."""

    names: tuple[str, ...]
    pairs: frozenset[Pair]


def weeks_drawn(
    members: Sequence[str], stays: Mapping[str, Stays], bonds: Sequence[Bond], today: date
) -> tuple[Drawn, ...]:
    """The ties among the present members, who are in the order of their rooms, week by week for half a year."""
    monday = today - timedelta(days=today.weekday())
    weeks: list[Drawn] = []
    for day in (*(monday - timedelta(weeks=week) for week in range(WEEKS_DRAWN, -1, -1)), today):
        here = {who for who in members if stays[who].is_here(day)}
        pairs = frozenset(pair for pair in closest(bonds, day) if pair <= here)
        tied = frozenset[str]().union(*pairs)
        week = Drawn(tuple(who for who in members if who in tied), pairs)
        if not weeks or week != weeks[-1]:
            weeks.append(week)
    return tuple(weeks)


def bridges(members: Sequence[str], pairs: Collection[Pair]) -> tuple[Bridge, ...]:
    """On whom much hangs: without whom three people or more would be cut off from three or more others."""
    near, place = _near(members, pairs), {who: number for number, who in enumerate(members)}
    found = []
    for who in members:
        left, parts = set(near[who]), []
        while left:
            part = _reached(min(left), near, frozenset((who,)))
            left -= part
            parts.append(part)
        large = [part for part in parts if len(part) >= LEAST_PART]
        large.sort(key=lambda part: (len(part), min(place[each] for each in part)))
        if len(large) > 1:
            found.append(Bridge(who, large[0]))
    return tuple(found)


def _near(members: Collection[str], pairs: Collection[Pair]) -> Mapping[str, set[str]]:
    near: dict[str, set[str]] = {who: set() for who in members}
    for one, other in pairs:
        if one in near and other in near:
            near[one].add(other)
            near[other].add(one)
    return near


def _reached(start: str, near: Mapping[str, set[str]], without: frozenset[str]) -> frozenset[str]:
    seen, ahead = {start}, [start]
    while ahead:
        new = near[ahead.pop()] - seen - without
        seen |= new
        ahead += sorted(new)
    return frozenset(seen)
