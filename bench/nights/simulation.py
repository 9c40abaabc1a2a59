"""A night without the solving: what is due when, who takes it, what dies on the way.

The time that each search gets is shared out by the same code as in a real night (`milieu.coordination.night`), from the
same numbers. Seconds all, from midnight UTC of the night.
"""

import heapq
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from milieu.coordination.night import READY_SECONDS, Expected, share_out

TICK = 10.0
"""The clock looks so often at what is due."""

BEGIN = 0.5
"""Until a place that has become free takes the next: half of the second after which the clock looks for one."""


@dataclass(frozen=True)
class Morning:
    """One community's morning. `has_news`: a search is needed at all; `beside` and `wanted` as in Expected.

    `search` is how long it searches where it gets all that it wants; it never searches longer than it is given.
    """

    due: float
    wanted: int
    beside: float
    search: float
    has_news: bool = True
    usual: float | None = None

    def expected(self) -> Expected:
        return Expected(self.due + READY_SECONDS, self.wanted, self.beside + BEGIN, self.usual)

    def takes(self, seconds: int) -> float:
        """How long it really holds a place."""
        return self.beside + (min(float(seconds), self.search) if self.has_news else 0.0)


@dataclass(frozen=True)
class Done:
    """How a morning ended: when, with how many seconds of search, how often it was begun."""

    morning: Morning
    at: float
    seconds: int
    begun: int

    @property
    def is_ready(self) -> bool:
        return self.at <= self.morning.due + READY_SECONDS

    @property
    def is_short(self) -> bool:
        return self.morning.has_news and self.seconds < self.morning.wanted


@dataclass
class Night:
    """A night under way on so many places; each dies so many times in an hour of its work."""

    places: int
    deaths_an_hour: float = 0.0
    seed: int = 1
    busy_seconds: float = 0.0
    _random: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)

    def run(self, mornings: Sequence[Morning]) -> list[Done]:
        """Do all of them; in the order in which they end."""
        coming = sorted(mornings, key=lambda each: each.due, reverse=True)
        waiting: list[tuple[Morning, int]] = []
        shares: list[int] = []
        free = [0.0] * self.places
        now, looked_at, done = 0.0, -TICK, []
        while coming or waiting:
            now = max(now, free[0] + BEGIN if waiting else max(free[0], coming[-1].due))
            if now - looked_at >= TICK:
                looked_at = now
                while coming and coming[-1].due <= now:
                    waiting.append((coming.pop(), 0))
                waiting.sort(key=lambda each: each[0].due)
                shares = share_out([each.expected() for each, _ in waiting], places=self.places, now=now)
            if not waiting:
                now = looked_at + TICK
                continue
            (morning, begun), seconds = waiting.pop(0), shares.pop(0)
            takes = morning.takes(seconds)
            died = self._dies_within(takes)
            if died is not None:
                self.busy_seconds += died
                heapq.heapreplace(free, now + died)
                waiting.insert(0, (morning, begun + 1))
                shares.insert(0, seconds)
                continue
            self.busy_seconds += takes
            heapq.heapreplace(free, now + takes)
            done.append(Done(morning, now + takes, seconds, begun + 1))
        return sorted(done, key=lambda each: each.at)

    def _dies_within(self, seconds: float) -> float | None:
        if not self.deaths_an_hour:
            return None
        at = self._random.expovariate(self.deaths_an_hour / 3600)
        return at if at < seconds else None


def mornings(count: int, zones: Sequence[float], *, news: float, seed: int) -> Iterator[Morning]:
    """The mornings of so many communities of 30 to 300 residents; `zones` are how many of a hundred live in each.

    A search takes all of the ten seconds that it is given: few repairs are proved to be best sooner.
    """
    chance = random.Random(seed)
    for hour in chance.choices(range(len(zones)), weights=zones, k=count):
        residents = chance.choice((30, 30, 60, 60, 60, 100, 100, 120, 180, 300))
        yield Morning(
            due=hour * 3600.0,
            wanted=10,
            beside=2.0 + 0.015 * residents,
            search=10.0,
            has_news=chance.random() < news,
            usual=10.0,
        )
