"""Asks of sets of demands whether they clash: a schedule found says no, a proof says yes, time may run out before."""

import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace

from solver.infeasibility.completion import completed
from solver.infeasibility.proof import DEPTHS, Depth, demanded_activities, proof_model, proof_slots, size_of
from solver.instance.demands import Demand, Wanted
from solver.instance.narrowing import narrowed
from solver.instance.placed import Placed
from solver.instance.placements import Placements
from solver.instance.problem import Problem, has_all_times
from solver.instance.rendering import rendered
from solver.kernels.compilation import is_compiled
from solver.model.building import Answer, any_answer
from solver.model.check import broken
from solver.model.variables import Slot
from solver.search.annealer import new_annealer
from solver.search.beginning import attempts
from solver.search.memory.packing import Pools, pack

MOST_LITERALS = {Depth.HOURS: 120_000, Depth.PLACES: 120_000, Depth.WHOLE: 40_000}  # a second for 12,000 of the last
SECONDS = 4.0  # for one proof
SEARCHING = 0.5  # seconds for a schedule that is not found at once


def never() -> bool:
    return False


@dataclass
class Prover:
    """`wanted` is asked for by parts; `deadline` by `time.monotonic()`. `should_stop` ends it earlier. `met` are the
    schedules that were found, each with the demands that it was asked to meet and the narrowed problem.
    """

    problem: Problem
    wanted: Wanted
    deadline: float
    should_stop: Callable[[], bool] = never
    clashing: list[Wanted] = field(default_factory=list)
    holding: list[Wanted] = field(default_factory=list)
    met: list[tuple[Wanted, Problem, Sequence[Placed]]] = field(default_factory=list)
    depths: dict[frozenset[Demand], Depth] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.placements = Placements(self.problem)

    @property
    def is_over(self) -> bool:
        return time.monotonic() >= self.deadline or self.should_stop()

    def part(self, demands: Collection[Demand]) -> Wanted:
        return {demand: self.wanted[demand] for demand in demands}

    def clashes(self, demands: Collection[Demand]) -> bool | None:
        """Whether these demands, as far as they are wanted, are proved to clash (True) or known to hold together
        (False).
        """
        asked = self.part(demands)
        if (known := self.known(asked)) is not None:
            return known
        answer = self._decide(asked)
        if answer is not None:
            (self.clashing if answer else self.holding).append(asked)
        return answer

    def known(self, asked: Wanted) -> bool | None:
        """What follows from what was decided before: who wants less gets it, who wants more does not."""
        if any(_is_within(asked, held) for held in self.holding):
            return False
        return True if any(_is_within(held, asked) for held in self.clashing) else None

    def _decide(self, asked: Wanted) -> bool | None:
        small = narrowed(self.problem, asked)
        if small.contradictions:
            return True
        if self.is_over:
            return None
        if self._meets(asked, small, find_schedule(small, 2)):
            return False
        for depth in DEPTHS:
            answer = self.solve(small, depth)
            if answer.status == "infeasible":
                self.depths[frozenset(asked)] = depth
                return True
            whole = completed(small, answer.sessions) if answer.status == "feasible" else None
            if self._meets(asked, small, whole):
                return False
            until = min(self.deadline, time.monotonic() + SEARCHING)
            if depth is Depth.PLACES and self._meets(asked, small, find_schedule(small, 6, until)):
                return False
        return None

    def _meets(self, asked: Wanted, small: Problem, found: Sequence[Placed] | None) -> bool:
        """Whether a schedule was found; it is kept."""
        if found is not None:
            self.met.append((asked, small, found))
        return found is not None

    def schedule_of(self, asked: Wanted) -> tuple[Placed, ...] | None:
        """A schedule that was found for these demands or more; the problem narrowed to them has its identities."""
        for wanted, small, sessions in self.met:
            if _is_within(asked, wanted):
                number = {identity.id: k for k, identity in enumerate(narrowed(self.problem, asked).identities)}
                name = [identity.id for identity in small.identities]
                return tuple(
                    replace(row, identity=number.get(name[row.identity], -1)) if row.identity >= 0 else row
                    for row in sessions
                )
        return None

    def solve(
        self,
        small: Problem,
        depth: Depth,
        has_presolve: bool = True,
    ) -> Answer:
        """What a model of a narrowed problem says; it is exact at the last depth."""
        seconds = min(SECONDS, self.deadline - time.monotonic())
        slots = self.slots(small, depth)
        if slots is None or seconds <= 0:
            return Answer("unknown", None, None, ())
        model = proof_model(small, slots, depth)
        return any_answer(model, small.identities, seconds, has_presolve)

    def slots(self, small: Problem, depth: Depth) -> list[Slot] | None:
        """None where a model of them would be too large, or prove nothing."""
        if not has_all_times(small, demanded_activities(small)):
            return None
        slots = proof_slots(self.placements, small, depth)
        return slots if size_of(slots) <= MOST_LITERALS[depth] else None

    def confirms(self, demands: Collection[Demand]) -> bool:
        """Whether what was proved is proved once more with presolve off: presolve has been wrong before."""
        small = narrowed(self.problem, self.part(demands))
        if small.contradictions:
            return True
        depth = self.depth_of(demands)
        return self.solve(small, depth, has_presolve=False).status == "infeasible"

    def depth_of(self, demands: Collection[Demand]) -> Depth:
        """How deep the proof went."""
        return self.depths.get(frozenset(demands), Depth.WHOLE)


def _is_within(less: Wanted, more: Wanted) -> bool:
    return all(more.get(demand, 0) >= least for demand, least in less.items())


def find_schedule(problem: Problem, tries: int, until: float = 0.0) -> list[Placed] | None:
    """A schedule that keeps every rule and lacks nothing, if so many attempts find one, or a search until then."""
    if not is_compiled():
        return None
    pools = pack(problem)
    annealer = new_annealer(problem, pools, 0)
    for _ in attempts(annealer, [], tries):
        if annealer.state.lacking == 0:
            return _checked(problem, pools, annealer.state.sessions())
    while time.monotonic() < until:
        annealer.step(20 * annealer.people, annealer.hot / 2, annealer.hot / 20)
        if (found := annealer.found()) is not None:
            return _checked(problem, pools, list(found.sessions))
    return None


def _checked(problem: Problem, pools: Pools, sessions: list[Placed]) -> list[Placed] | None:
    wrong = broken(problem.document, rendered(problem, pools.identities, sessions))
    return None if wrong else sessions
