"""What a change of the score is made of: amounts by term, and whom each of them is about."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple


class About(NamedTuple):
    """What one amount of the score belongs to.

    `residents` is whose it is: one, both of a tied pair, or nobody where it is a living group's or a session's. What it
    speaks of besides is "" where there is none.
    """

    term: str
    residents: tuple[str, ...] = ()
    group: str = ""
    domain: str = ""
    session: str = ""


@dataclass(frozen=True)
class Effect:
    """So much does a change add to one part of the score (below 0: take from it)."""

    about: About
    amount: int

    @property
    def term(self) -> str:
        return self.about.term


@dataclass(frozen=True)
class Share:
    """What a change does to one resident. A tie's amount stands in the share of both, so shares sum to no total."""

    resident: str
    gain: int
    effects: tuple[Effect, ...]


class Sum:
    """Adds up the effects of several changes."""

    def __init__(self, effects: Iterable[Effect] = ()) -> None:
        self._amounts: Counter[About] = Counter()
        self.total = 0
        self.add(effects)

    def add(self, effects: Iterable[Effect]) -> int:
        """Take these in; what they come to."""
        gain = 0
        for each in effects:
            self._amounts[each.about] += each.amount
            gain += each.amount
        self.total += gain
        return gain

    def effects(self) -> tuple[Effect, ...]:
        """What is left of all of them, the largest first."""
        rows = [Effect(about, amount) for about, amount in self._amounts.items() if amount]
        return tuple(sorted(rows, key=lambda each: (-abs(each.amount), each.term, each.about.residents)))


def by_term(effects: Iterable[Effect]) -> dict[str, int]:
    """The amounts by term, those that come to 0 left out."""
    amounts: Counter[str] = Counter()
    for each in effects:
        amounts[each.term] += each.amount
    return {term: amount for term, amount in amounts.items() if amount}


def by_person(effects: Iterable[Effect]) -> tuple[Share, ...]:
    """What each resident gains or loses, who loses most first."""
    rows: dict[str, list[Effect]] = {}
    for each in effects:
        for name in each.about.residents:
            rows.setdefault(name, []).append(each)
    shares = [Share(name, sum(each.amount for each in mine), tuple(mine)) for name, mine in rows.items()]
    return tuple(sorted(shares, key=lambda share: (share.gain, share.resident)))
