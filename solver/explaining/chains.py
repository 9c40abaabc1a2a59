"""The cheapest ejection chain around one forced invitation: who makes room, where they go, who takes what becomes free.

Plain Python over the ledger, all sessions where they are; one that has too few people left may be called off. From the
forced change every broken rule is mended by one more change, the cheapest first, until none is; of the best few results
each is improved for those who are in it; the best of these is the answer. Deterministic where the time does not end it.
"""

import time
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field

from solver.documents.problem import Resident
from solver.explaining.breaches import Breaches
from solver.explaining.ledger import Ledger
from solver.model.attendances import HELD, has_walk
from solver.model.reading import Held
from solver.model.reasons import Breach

DEEPEST, BROADEST, KEPT = 5, 7, 6  # changes in a row; ways to mend one breach; results that are improved
Toggle = tuple[str, Held]


@dataclass
class Chain:
    """`toggles` made in this order from the schedule as it stands lead to a schedule that breaks nothing new."""

    gain: int
    toggles: tuple[Toggle, ...]


@dataclass
class ChainSearch:
    """Looks for chains until the moment `until` (`time.monotonic()`)."""

    ledger: Ledger
    breaches: Breaches
    until: float
    _path: list[Toggle] = field(default_factory=list)
    _found: dict[frozenset[Toggle], Chain] = field(default_factory=dict)
    _gain: int = 0

    def best(self, name: str, one: Held) -> Chain | None:
        """The best chain in which the resident's being in the session or not is turned round. The ledger is left as
        it was."""
        self._path, self._found, self._gain = [], {}, 0
        self._do((name, one))
        self._mend(0)
        self._undo()
        rows = sorted(self._found.values(), key=lambda each: -each.gain)[:KEPT]
        better = [self._improved(each, (name, one)) for each in rows]
        return max(better, key=lambda each: each.gain, default=None)

    def _do(self, change: Toggle) -> None:
        self._gain += self.ledger.gain(*change)
        self.ledger.toggle(*change)
        self._path.append(change)

    def _undo(self) -> None:
        change = self._path.pop()
        self.ledger.toggle(*change)
        self._gain -= self.ledger.gain(*change)  # what it gained when it was made

    def _breaches(self) -> list[Breach]:
        people, sessions = dict.fromkeys(n for n, _ in self._path), dict.fromkeys(one for _, one in self._path)
        return list(self.breaches.around(people, sessions))

    def _mend(self, depth: int) -> None:
        found = self._breaches()
        if not found:
            key = frozenset(self._path)
            if key not in self._found or self._found[key].gain < self._gain:
                self._found[key] = Chain(self._gain, tuple(self._path))
            return
        if depth >= DEEPEST or time.monotonic() > self.until:
            return
        options = [self._ways(each) for each in found]
        ways = min(options, key=len)
        scored: list[tuple[int, int, tuple[Toggle, ...]]] = []
        for way in ways:
            before = self._gain
            for change in way:
                self._do(change)
            scored.append((before - self._gain, len(scored), way))
            for _ in way:
                self._undo()
        for _, _, way in sorted(scored, key=lambda row: row[:2])[:BROADEST]:
            for change in way:
                self._do(change)
            self._mend(depth + 1)
            for _ in way:
                self._undo()

    # ---- ways to mend one breach

    def _ways(self, found: Breach) -> list[tuple[Toggle, ...]]:
        """Changes each of which may mend it, those that are made already aside; none where nothing can."""
        facts = dict(found.reason.facts)
        code = found.reason.code
        one = self.ledger.sessions.get(str(facts.get("session", "")))
        if one is not None and code in _LEAVERS:
            return self._singles(self._leavers(code, one))
        if code == "escorts":
            moment = facts["day"], facts["minute"]
            return self._singles(self._walkers(moment))
        name = str(facts.get("resident", ""))
        if one is not None and code == "apart":
            return self._singles([(name, one), (str(facts["other_resident"]), one)])
        if code in ("resident_taken", "activity_twice", "too_soon") and one is not None:
            return self._singles([(name, one), (name, self.ledger.sessions[str(facts["other"])])])
        if code in ("resident_day", "resident_all"):
            return self._singles((name, each) for each in self._of_week(name, facts.get("day")))
        if one is not None and code == "cohorts":
            return self._cohort_ways(one)
        if one is not None and code == "group_small":
            return [*self._singles(self._joiners(one)), *self._calling_off(one)]
        if one is not None and code == "familiar":
            friends = self.ledger.reading.friends.get(name, set())
            return self._singles([(name, one), *((other, one) for other in sorted(friends))])
        if code == "required":
            held = self.ledger.reading.by_activity.get(str(facts["activity"]), ())
            return self._singles((name, each) for each in held if not self.ledger.is_in(name, each))
        return []

    def _singles(self, changes: Iterable[Toggle]) -> list[tuple[Toggle, ...]]:
        made = set(self._path)
        return [(each,) for each in changes if each not in made and self._is_open(each)]

    def _is_open(self, change: Toggle) -> bool:
        """Whether it is no fact and nothing keeps the resident out of the session for good."""
        name, one = change
        if one.is_frozen or one in self.ledger.off:
            return False
        if self.ledger.is_in(name, one):
            return not self.breaches.pins_in(name, one)
        return not self.breaches.bars(name, one)

    def _leavers(self, code: str, one: Held) -> Iterator[Toggle]:
        for name, person in list(self.ledger.present[one].items()):
            if _LEAVERS[code](person):
                yield name, one

    def _walkers(self, moment: tuple[object, object]) -> Iterator[Toggle]:
        for one, people in self.ledger.present.items():
            if one.day == moment[0] and moment[1] in (one.begin, one.end):
                yield from [(name, one) for name, person in people.items() if has_walk(person, one)]

    def _of_week(self, name: str, day: object) -> Iterator[Held]:
        for one in list(self.ledger.week[name]):
            if day in (None, one.day):
                yield one

    def _cohort_ways(self, one: Held) -> list[tuple[Toggle, ...]]:
        """All of the other cohorts leave."""
        made = set(self._path)
        people = self.ledger.present[one]
        kept = {person.cohort for name, person in people.items() if (name, one) in made}
        leaving = tuple((name, one) for name, person in people.items() if person.cohort not in kept)
        is_possible = len(kept) == 1 and len(leaving) <= BROADEST and all(self._is_open(each) for each in leaving)
        return [leaving] if is_possible else []

    def _calling_off(self, one: Held) -> list[tuple[Toggle, ...]]:
        """All leave and the session is not held."""
        leaving = tuple((name, one) for name in self.ledger.present[one])
        made = set(self._path)
        is_possible = not one.is_frozen and all(each not in made and self._is_open(each) for each in leaving)
        return [(*leaving, (HELD, one))] if is_possible else []

    def _joiners(self, one: Held) -> list[Toggle]:
        """Who could come without breaking anything, the most welcome first."""
        rows = []
        for name in self.ledger.week:
            if not self.ledger.is_in(name, one) and not self.breaches.bars(name, one):
                rows.append((-self.ledger.gain(name, one), name))
        found: list[Toggle] = []
        for _, name in sorted(rows):
            joined = self.breaches.of(name, one)
            if all(each.reason.code == "group_small" for each in joined):
                found.append((name, one))
            if len(found) >= BROADEST:
                break
        return found

    # ---- making the best of it

    def _improved(self, start: Chain, forced: Toggle) -> Chain:
        """The chain and what those in it can still gain: places elsewhere, and the places that became free."""
        self._path, self._gain = [], 0
        for change in start.toggles:
            self._do(change)
        movers = [name for name in dict.fromkeys(name for name, _ in start.toggles) if name != HELD]
        while time.monotonic() <= self.until and self._step(forced, movers):
            pass
        done = Chain(self._gain, tuple(self._path))
        while self._path:
            self._undo()
        return done

    def _step(self, forced: Toggle, movers: Collection[str]) -> bool:
        """Make the best change that still gains something; whether there was one."""
        moves = sorted(self._moves(forced, movers), key=_by_gain)
        for _, way in moves:
            if time.monotonic() > self.until:
                return False
            before = self._gain
            for change in way:
                self._do(change)
            if self._gain > before and not self._breaches():
                return True
            for _ in way:
                self._undo()
        return False

    def _moves(self, forced: Toggle, movers: Collection[str]) -> Iterator[tuple[int, tuple[Toggle, ...]]]:
        """What may gain something, with about how much: the movers join a session, one of theirs left for it where the
        two clash, or somebody's place in it taken; anybody takes a place that has become free. Whether a rule forbids
        it is asked later."""
        losses: dict[Held, list[tuple[int, str]]] = {}  # what it costs that somebody leaves a session
        freed = [one for name, one in dict.fromkeys(self._path) if not self.ledger.is_in(name, one)]
        joins = [(name, one) for name in movers for one in self.ledger.reading.planned]
        joins += [(name, one) for one in freed for name in self.ledger.week if name not in movers]
        for change in joins:
            name, one = change
            if change == forced or self.ledger.is_in(name, one) or self.breaches.bars(name, one):
                continue
            clashing = self.ledger.clashing(name, one)
            if name in movers and not clashing and not self._has_lost(name, forced):
                continue
            if len(clashing) > (name in movers) or not all(self._may_leave(name, each, forced) for each in clashing):
                continue
            leaving: tuple[Toggle, ...] = tuple((name, each) for each in clashing)
            gain = self.ledger.gain(name, one) + sum(self.ledger.gain(*each) for each in leaving)
            if gain > 0 and self.ledger.has_seat(one):
                yield gain, (*leaving, change)
            elif gain > 0 and name in movers:
                if one not in losses:
                    losses[one] = [(self.ledger.gain(other, one), other) for other in self.ledger.present[one]]
                for lost, other in losses[one]:
                    if gain + lost > 0 and self._may_leave(other, one, forced):
                        yield gain + lost, ((other, one), *leaving, change)

    def _has_lost(self, name: str, forced: Toggle) -> bool:
        """Whether the chain has left them with less than they had: what they could have had before is no part of
        it."""
        return len(self.ledger.week[name]) < most_of(self.ledger, name, forced)

    def _may_leave(self, name: str, one: Held, forced: Toggle) -> bool:
        return (name, one) != forced and self._is_open((name, one))


def most_of(ledger: Ledger, name: str, forced: Toggle) -> int:
    """How many sessions a resident whom a chain moves may have after it: as many as before, and the forced one."""
    had = ledger.reading.by_resident.get(name, ())
    return len(had) + (name == forced[0] and forced[1] not in had)


def _by_gain(move: tuple[int, tuple[Toggle, ...]]) -> tuple[int, int, list[tuple[str, str]]]:
    return -move[0], len(move[1]), [(name, one.id) for name, one in move[1]]


_LEAVERS: dict[str, Callable[[Resident], bool]] = {
    "seats": lambda person: True,
    "group_large": lambda person: True,
    "wheelchairs": lambda person: person.wheelchair,
    "support": lambda person: person.support > 0,
}
