"""The night as a deadline problem: each week is to be ready in time, with as much searching as there is room for.

Where more is due than fits, every week gets less time rather than some none, and none less than a valid repair takes.
"""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass

READY_SECONDS = 35 * 60.0
"""From when a day is due until its week is to be ready."""

LEAST_SECONDS = 2
"""Of searching: a repair of 300 residents is valid well within it."""

_STEPS = 12


@dataclass(frozen=True)
class Expected:
    """What one repair is expected to take. Seconds all: `deadline` and `now` below on one clock.

    `wanted` is what its community gives the search, `beside` what reading, starting and writing take besides, `usual`
    how long the search took of late when it had all it wanted; None where nothing is known.
    """

    deadline: float
    wanted: int
    beside: float
    usual: float | None = None

    def least(self) -> int:
        """The fewest seconds that the search gets."""
        return min(self.wanted, LEAST_SECONDS)

    def given(self, share: float, now: float) -> int:
        """The seconds that a share of what is wanted makes; the least where it is late whatever it gets."""
        return self.least() if self.is_lost(now) else max(self.least(), int(share * self.wanted))

    def is_lost(self, now: float) -> bool:
        """Whether it is late even if it begins at once and gets the least: then the sooner the better."""
        return now + self.takes(self.least()) > self.deadline

    def takes(self, seconds: int) -> float:
        """How long it holds a place where its search may take so many seconds."""
        search = seconds if self.usual is None else min(float(seconds), self.usual)
        return self.beside + search


def share_out(expected: Sequence[Expected], *, places: int, now: float) -> list[int]:
    """The seconds that the search of each gets, so that all are ready in time; in the order given, which is that of
    their turns (the earliest deadline first). `places` are done at once.

    All get what they want where that fits, else the same share of it, as large as can be; the least where nothing fits,
    and where one is late already. What had too little is done again when there is room.
    """
    if _fits(expected, 1.0, places, now):
        return [each.given(1.0, now) for each in expected]
    low, high = 0.0, 1.0
    for _ in range(_STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if _fits(expected, middle, places, now) else (low, middle)
    return [each.given(low, now) for each in expected]


def _fits(expected: Sequence[Expected], share: float, places: int, now: float) -> bool:
    """Whether all that can be are ready in time where each, in turn, takes the place that is free first."""
    free = [now] * max(1, places)
    for each in expected:
        end = free[0] + each.takes(each.given(share, now))
        if end > each.deadline and not each.is_lost(now):
            return False
        heapq.heapreplace(free, end)
    return True
