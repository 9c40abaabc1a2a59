"""The least that has to be given up so that everything else can be had: a smallest hitting set of conflicts.

Every conflict asks that something of it is given up. The cheapest way to give way to all conflicts found so far is
tried; where what is left still clashes, that is one more conflict. Where it holds together, no less would have done.
Of several ways that give up as little, the one is taken whose schedules promise the best score. Loads OR-Tools.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from ortools.sat.python import cp_model

from solver.infeasibility.conflict import conflict_among
from solver.infeasibility.proving import Prover, find_schedule
from solver.infeasibility.verdict import Conflict, Relaxation
from solver.instance.demands import Demand, Wanted, everything_wanted
from solver.instance.narrowing import narrowed
from solver.instance.placed import Placed
from solver.instance.problem import Problem
from solver.search.annealer import new_annealer
from solver.search.memory.packing import pack

MOST_CHOICES = 6
CHOOSING = 2.5  # seconds at most for other ways that give up as little
ATTEMPTS = 12
TRYING = 2.0  # seconds at most for a schedule of what is left
COST = {"R18": 10_000, "R6": 10_001, "R14": 10_002}  # equal but for what is given up most gladly


@dataclass
class Relaxer:
    """`deadline` by `time.monotonic()`; `tell` hears of the first conflict. `lost` are the conflicts: of each, the
    amounts that cannot be had together.
    """

    problem: Problem
    deadline: float
    should_stop: Callable[[], bool]
    tell: Callable[[Conflict], None]
    lost: list[Wanted] = field(default_factory=list)
    has_lost: bool = False  # at the last look

    def __post_init__(self) -> None:
        self.everything = everything_wanted(self.problem)
        self.prover = Prover(self.problem, self.everything, self.deadline, self.should_stop)

    def least(self, suspects: Sequence[Demand]) -> Relaxation | None:
        """The least relaxation, or None where it is not known in time."""
        wanted, near = self.everything, suspects
        while not self.prover.is_over:
            sessions = self._held(wanted, near)
            if sessions is not None:
                return self._best_of(wanted, sessions)
            cheapest = self._cheapest([], None) if self.has_lost else None
            if cheapest is None:
                return None
            wanted, near = cheapest, ()
        return None

    def _held(self, wanted: Wanted, near: Sequence[Demand]) -> tuple[Placed, ...] | None:
        """A schedule of what is wanted; where there is none, a conflict is lost."""
        if wanted is not self.everything:
            until = min(self.prover.deadline, time.monotonic() + TRYING)
            found = find_schedule(narrowed(self.problem, wanted), ATTEMPTS, until)
            if found is not None:
                return tuple(found)
        self.prover.wanted = wanted
        conflict = conflict_among(self.prover, near)
        self.has_lost = conflict is not None
        if conflict is None:
            return self.prover.schedule_of(wanted)  # what the search did not find a model may have
        if not self.lost:
            self.tell(conflict)
        self.lost.append(self.prover.part(conflict.demands))
        return None

    def _best_of(self, wanted: Wanted, sessions: tuple[Placed, ...]) -> Relaxation:
        """Of all ways that give up as little, as far as the time goes, the one that promises most."""
        self.prover.deadline = min(self.deadline, time.monotonic() + CHOOSING)
        tried, is_sure = [wanted], True
        choices = [(wanted, sessions)]
        while is_sure and len(tried) < MOST_CHOICES and not self.prover.is_over:
            other = self._cheapest(tried, self._given(wanted))
            if other is None:
                return self._chosen(choices, is_only=len(choices) == 1)
            held = self._held(other, ())
            if held is not None:
                choices.append((other, held))
            else:
                is_sure = self.has_lost
            tried.append(other)
        return self._chosen(choices, is_only=False)

    def _chosen(self, choices: list[tuple[Wanted, tuple[Placed, ...]]], is_only: bool) -> Relaxation:
        if len(choices) > 1:
            choices.sort(key=lambda choice: -self._promise(*choice))
        return Relaxation(*choices[0], is_only)

    def _promise(self, wanted: Wanted, sessions: tuple[Placed, ...]) -> int:
        """The score after a short search."""
        small = narrowed(self.problem, wanted)
        annealer = new_annealer(small, pack(small), 0)
        annealer.begin(list(sessions))
        annealer.step(100 * annealer.people, annealer.hot / 4, annealer.hot / 25)
        found = annealer.found()
        return found.objective if found is not None else -(1 << 60)

    def _given(self, wanted: Wanted) -> int:
        return sum(least - wanted[demand] for demand, least in self.everything.items())

    def _cheapest(self, tried: list[Wanted], total: int | None) -> Wanted | None:
        """The least to give up so that no lost conflict is left whole, other than what was tried; None where there is
        no other with that total.
        """
        cp = cp_model.CpModel()
        touched = sorted({demand for row in self.lost for demand in row}, key=lambda each: (each.rule, each.names))
        by = {demand: cp.new_int_var(0, self.everything[demand], "") for demand in touched}
        for row in self.lost:
            cp.add_bool_or(
                [_is_within(cp, self.everything[demand] - least + 1, by[demand], None) for demand, least in row.items()]
            )
        for old in tried:
            gone = {
                demand: self.everything[demand] - old[demand]
                for demand in touched
                if old[demand] < self.everything[demand]
            }
            cp.add_bool_or([_is_within(cp, 0, by[demand], amount - 1) for demand, amount in gone.items()])
        if total is not None:
            cp.add(sum(by.values()) == total)
        cp.minimize(sum(COST[demand.rule] * amount for demand, amount in by.items()))
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        if solver.solve(cp) != cp_model.OPTIMAL:
            return None
        return {
            demand: least - (solver.value(by[demand]) if demand in by else 0)
            for demand, least in self.everything.items()
        }


def _is_within(cp: cp_model.CpModel, least: int, amount: cp_model.IntVar, most: int | None) -> cp_model.IntVar:
    """A literal that may hold only where the amount lies between the two."""
    literal = cp.new_bool_var("")
    cp.add(amount >= least).only_enforce_if(literal)
    if most is not None:
        cp.add(amount <= most).only_enforce_if(literal)
    return literal
