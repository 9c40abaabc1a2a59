"""What somebody's answers to one activity say, no more than they say.

Each answer counts for that person and that activity alone. A share comes with bounds within which it lies nine times in
ten, so that three answers suggest nothing where thirty would.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from math import sqrt

from milieu.reasons import LIKED

LEAST = 5
"""So many answers at least before anything is suggested."""
OFTEN, SELDOM, UPSETS = 0.5, 0.5, 0.2
"""Suggested is more where at least so large a share comes for sure, less where at most so large a one does for sure, or
where of those times that they came at least so large a share was upsetting for sure.
"""
MORE, NEITHER = 3, 0
"""What is suggested: likes it very much, does not mind. Less than that is nobody's but the person's own to say."""
_Z = 1.645
CAME, NO, UPSET = WHYS = ("came", "no", "upset")


@dataclass(frozen=True)
class Answer:
    """What became of one time: they came or said no; `level` is how it was where they came, None where nobody said."""

    day: date
    came: bool
    level: str | None = None


@dataclass(frozen=True)
class Estimate:
    """Of `answers` times asked or there `came` were taken up, of these `lively` and `upset` marked so of `seen` levels.

    `low` and `high` bound the share of times that they come.
    """

    answers: int
    came: int
    seen: int
    lively: int
    upset: int
    low: float
    high: float

    @property
    def said_no(self) -> int:
        return self.answers - self.came

    def suggests(self, strength: int) -> tuple[str, int] | None:
        """Why another strength of the wish is suggested (of WHYS) and which; None where nothing is."""
        if self.came and self.upset > 1 and bounds(self.upset, self.came)[0] >= UPSETS:
            return (UPSET, NEITHER) if strength > NEITHER else None
        if self.answers < LEAST:
            return None
        if self.high <= SELDOM:
            return (NO, NEITHER) if strength > NEITHER else None
        is_good = self.upset == 0 and 2 * self.lively >= self.seen
        return (CAME, MORE) if self.low >= OFTEN and is_good and strength < LIKED else None


def estimate(answers: Iterable[Answer]) -> Estimate:
    """What the answers come to."""
    answers = list(answers)
    came = [each for each in answers if each.came]
    levels = [each.level for each in came if each.level is not None]
    low, high = bounds(len(came), len(answers))
    return Estimate(len(answers), len(came), len(levels), levels.count("active"), levels.count("distressed"), low, high)


def bounds(hits: int, of: int) -> tuple[float, float]:
    """Within what a share lies of which `hits` of `of` were seen, nine times in ten (Wilson's score interval)."""
    if not of:
        return 0.0, 1.0
    share, spread = hits / of, _Z * _Z / of
    middle = (share + spread / 2) / (1 + spread)
    reach = _Z * sqrt(share * (1 - share) / of + spread / (4 * of)) / (1 + spread)
    return max(0.0, middle - reach), min(1.0, middle + reach)
