"""The exact part of forcing an invitation: a small fresh model of a few people's weeks. Loads OR-Tools."""

import time
from collections import Counter
from dataclasses import dataclass

from solver.explaining.chains import Chain, Toggle, most_of
from solver.explaining.why import Case
from solver.instance.compilation import compile_problem
from solver.instance.placed import Placed
from solver.instance.problem import Problem
from solver.model.attendances import HELD
from solver.model.building import build_model, fixed_slot, solve_model
from solver.model.check import score_of
from solver.model.reading import Held
from solver.model.variables import Model
from solver.search.memory.packing import Pools, pack

FEW, MANY = 14, 40  # people whose weeks are free: at first, and where nothing is found among them
LEAST = 0.25  # seconds that a model needs at least


def solve_again(
    case: Case, resident: str, one: Held, known: Chain | None, deadline: float
) -> tuple[Chain | None, bool]:
    """A better chain than the known one among the same people, and whether the best of them is proved to be it.

    Where none is known, more people are taken in until one is found or the deadline (`time.monotonic()`) comes; None
    and proved is that there is none, with the sessions where they are.
    """
    if deadline - time.monotonic() < LEAST or case.breaches.known or case.relaxed:
        return known, False
    try:
        part = _Part.of(case)
    except KeyError:  # something stands where it never could: there is no model of it
        return known, False
    is_proved = False
    for most in (FEW,) if known is not None else (FEW, MANY):
        if deadline - time.monotonic() < LEAST:
            break
        people = _people(case, resident, one, known)
        found, is_proved = part.solve(resident, one, people[:most], known, deadline)
        if found is not None or known is not None:
            return found or known, is_proved and len(people) <= most
        is_proved = is_proved and len(people) <= most
    return known, is_proved


def _people(case: Case, resident: str, one: Held, known: Chain | None) -> list[str]:
    """The resident, who moves in the known chain, who is in the session; where none is known, then everybody else,
    those near first."""
    ledger = case.ledger
    people = [resident, *(name for name, _ in known.toggles)] if known else [resident]
    people += sorted(ledger.present[one], key=lambda name: -ledger.gain(name, one))
    if known is None:
        people += [name for each in ledger.clashing(resident, one) for name in ledger.present[each]]
        people += sorted(ledger.reading.ties.get(resident, ()))
        people += list(ledger.week)  # whoever comes may fill a group
    return [name for name in dict.fromkeys(people) if name != HELD]


def _net(known: Chain | None) -> list[Toggle]:
    """What a chain comes to: what it does and undoes again aside."""
    times = Counter(known.toggles if known is not None else ())
    return [change for change, count in times.items() if count % 2]


@dataclass
class _Part:
    """The schedule in the numbers of the compiled problem, facts aside."""

    case: Case
    problem: Problem
    pools: Pools
    held: list[Held]
    placed: list[Placed]

    @classmethod
    def of(cls, case: Case) -> "_Part":
        problem = compile_problem(case.problem, "")  # nothing is written that would name it
        pools = pack(problem)
        identity = {each.id: k for k, each in enumerate(pools.identities)}
        held = list(case.ledger.reading.planned)
        placed = [
            Placed(
                activity=problem.activity_number[one.activity.id],
                time=problem.times.number[one.day, one.begin, one.end],
                space=problem.space_number[one.space.id],
                identity=identity.get(one.id, -1),
                team=tuple(problem.facilitator_number[each.id] for each in one.team),
                residents=tuple(problem.resident_number[name] for name in case.ledger.present[one]),
            )
            for one in held
        ]
        return cls(case, problem, pools, held, placed)

    def solve(
        self, resident: str, one: Held, people: list[str], known: Chain | None, deadline: float
    ) -> tuple[Chain | None, bool]:
        """The best chain among these people that beats the known one, None where there is none or the time is
        short, and whether that is proved."""
        off = [each for name, each in _net(known) if name == HELD]
        held = [each for each in self.held if each not in off]
        free = [self.problem.resident_number[name] for name in people]
        slots = [
            fixed_slot(self.problem, self.pools.identities, row, free)
            for each, row in zip(self.held, self.placed, strict=True)
            if each not in off
        ]
        if one not in off:
            number, slot = self.problem.resident_number[resident], slots[held.index(one)]
            if self.case.ledger.is_in(resident, one):
                slot.people.pop(number)
            elif number in slot.people:
                slot.people[number] = 1
            else:
                return None, False
        model = build_model(self.problem, slots, [])
        self._limit(model, resident, one, people, known)
        now = sum(score_of(self.case.ledger.reading).values())
        least = None if known is None else now + known.gain + 1
        answer = solve_model(model, self.pools.identities, deadline - time.monotonic(), 0, least)
        if answer.objective is None:
            return None, answer.status == "infeasible"
        changes = self._toggles(people, held, list(answer.sessions))
        changes += [(name, each) for each in off for name in (*self.case.ledger.present[each], HELD)]
        return Chain(answer.objective - now, tuple(changes)), answer.status == "optimal"

    def _limit(self, model: Model, resident: str, one: Held, people: list[str], known: Chain | None) -> None:
        """Nobody has more sessions than before or in the known chain: what they could have had anyway is no part of
        what this costs."""
        ledger = self.case.ledger
        for name in people:
            more = sum(1 - 2 * ledger.is_in(name, each) for who, each in _net(known) if who == name)
            most = max(most_of(ledger, name, (resident, one)), len(ledger.week[name]) + more)
            number = self.problem.resident_number[name]
            model.limit(sum(slot.people.get(number, 0) for slot in model.slots), most)

    def _toggles(self, people: list[str], held: list[Held], rows: list[Placed]) -> list[Toggle]:
        found: list[Toggle] = []
        for one, row in zip(held, rows, strict=True):
            now = {self.problem.document.residents[r].id for r in row.residents}
            found += [(name, one) for name in people if (name in now) != self.case.ledger.is_in(name, one)]
        return found
