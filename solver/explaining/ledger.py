"""What one attendance more or less does to the score, in microseconds, by term and by person.

Tests hold the sums against two full readings of a schedule.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from solver.model.amounts import About, Amount
from solver.model.attendances import HELD, Attendances
from solver.model.reading import Held, Reading
from solver.model.reasons import Weighed
from solver.model.terms import TERMS


@dataclass(frozen=True)
class Effect:
    """So much does a change add to one part of the score (below 0: take from it)."""

    term: str
    about: About
    amount: int


@dataclass(frozen=True)
class Share:
    """What a change does to one resident. A tie's amount stands in the share of both, so shares sum to no total."""

    resident: str
    gain: int
    effects: tuple[Effect, ...]


class Ledger(Attendances):
    """Attendances, and what a change of them would do to the score."""

    def __init__(self, reading: Reading, private: Collection[frozenset[str]] = frozenset()) -> None:
        super().__init__(reading, private)
        self._attending = tuple((term, term.attending) for term in TERMS if term.attending is not None)
        self._holding = tuple((term, term.holding) for term in TERMS if term.holding is not None)

    def gain(self, name: str, one: Held) -> int:
        """What `toggle` would add to the score, whatever the rules say of it."""
        if name == HELD:
            step = 1 if one in self.off else -1
            return sum(part.n for _, holding in self._holding for part in holding(self, one, step))
        person, step = self.reading.residents[name], -1 if name in self.present[one] else 1
        return sum([part[1] for _, attending in self._attending for part in attending(self, person, one, step)])

    def effects(self, name: str, one: Held) -> list[Effect]:
        """The parts of `gain`."""
        return [Effect(term, about, n) for term, about, n in self._parts(name, one) if n]

    def _parts(self, name: str, one: Held) -> Iterator[tuple[str, About, int]]:
        if name == HELD:
            step = 1 if one in self.off else -1
            for term, holding in self._holding:
                for about, n in holding(self, one, step):
                    yield term.name, about, n
            return
        person, step = self.reading.residents[name], -1 if name in self.present[one] else 1
        for term, attending in self._attending:
            for about, n in attending(self, person, one, step):
                yield term.name, about, n

    def reasons(self, name: str, one: Held) -> tuple[Weighed, ...]:
        """What speaks for the resident's being in the session and against it, the weightiest first, what is worth
        nothing before what speaks against it.

        Where they are in it, the amounts are what the score would lose without them, else what it would gain by them;
        they add up to that, the ties that are told to nobody aside.
        """
        person, step = self.reading.residents[name], -1 if name in self.present[one] else 1
        found: list[Weighed] = []
        for term, attending in self._attending:
            parts = [Amount(about, step * n) for about, n in attending(self, person, one, step)]
            if parts and term.reasons is not None:
                found += term.reasons(self, person, one, parts)
        return tuple(sorted(found, key=lambda each: (-each.amount, each.code)))


class Sum:
    """Adds up the effects of several changes."""

    def __init__(self, effects: Iterable[Effect] = ()) -> None:
        self._amounts: Counter[tuple[str, About]] = Counter()
        self.total = 0
        self.add(effects)

    def add(self, effects: Iterable[Effect]) -> int:
        """Take these in; what they come to."""
        gain = 0
        for each in effects:
            self._amounts[each.term, each.about] += each.amount
            gain += each.amount
        self.total += gain
        return gain

    def effects(self) -> tuple[Effect, ...]:
        """What is left of all of them, the largest first."""
        rows = [Effect(term, about, amount) for (term, about), amount in self._amounts.items() if amount]
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
