"""Which demands cannot hold together: proved, confirmed once without presolve, and as few as can be.

Only least counts (R6), required attendances (R14) and pins (R18) demand anything; without them the empty programme is a
schedule. Those that a director can lift most easily are blamed first: pins, least counts, required attendances.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from solver.infeasibility.closeness import Closeness
from solver.infeasibility.diagnosis import diagnosed
from solver.infeasibility.proving import Prover, never
from solver.infeasibility.verdict import Conflict
from solver.instance.demands import Demand, Wanted, everything_wanted
from solver.instance.placed import Placed
from solver.instance.problem import Problem

EXPLAINING = 2.5  # seconds at most for what stands in the way
SIZES = (2, 3, 5, 8, 13, 21, 34)
BLAME = {"R18": 0, "R6": 1, "R14": 2}


def find_conflict(
    problem: Problem,
    deadline: float,
    suspects: Sequence[Demand] = (),
    should_stop: Callable[[], bool] = never,
    tell: Callable[[tuple[Placed, ...]], None] = lambda sessions: None,
) -> Conflict | None:
    """A proved conflict, or None where none is proved by the deadline (`time.monotonic()`).

    `suspects` are the demands that a schedule lacks which breaks nothing else: one of them is in every conflict.
    `tell` hears of a schedule that meets every demand, where one is met instead.
    """
    prover = Prover(problem, everything_wanted(problem), deadline, should_stop)
    found = conflict_among(prover, suspects)
    if found is None:
        met = prover.schedule_of(prover.wanted)
        if met is not None:
            tell(met)
        return None
    prover.deadline = min(deadline, time.monotonic() + EXPLAINING)
    return replace(found, reasons=diagnosed(prover, found.demands))


def conflict_among(prover: Prover, suspects: Sequence[Demand] = ()) -> Conflict | None:
    """A proved conflict among all that a prover's demands want."""
    wanted = prover.wanted
    if suspects:
        prover.holding.append({demand: least for demand, least in wanted.items() if demand not in suspects})
    near = [demand for demand in dict.fromkeys(suspects) if demand in wanted] or list(wanted)
    for demands in _growing(prover.problem, wanted, sorted(near, key=_blame)):
        if prover.is_over:
            return None
        if prover.clashes(demands):
            found = tuple(smallest_clash(prover, demands))
            if not prover.confirms(found):
                return None
            return Conflict(found, _is_minimal(prover, found))
    return None


def _blame(demand: Demand) -> int:
    return BLAME[demand.rule]


def _growing(problem: Problem, wanted: Wanted, near: list[Demand]) -> Iterator[list[Demand]]:
    """Ever larger sets of demands: each suspect alone, then with those that want what it wants, last all."""
    everything = sorted(wanted, key=_blame)
    yield from ([demand] for demand in near)
    if len(everything) > 1:
        closeness = Closeness(problem)
        around = {demand: closeness.by_nearness(demand, everything) for demand in near[:8]}
        for size in (size for size in SIZES if size < len(everything)):
            for demand, others in around.items():
                yield [demand, *others[: size - 1]]
            if size == len(near):
                yield near
        yield near
        yield everything


def smallest_clash(prover: Prover, demands: Sequence[Demand]) -> list[Demand]:
    """Of demands that clash, some that clash while none of them can be left out, as far as time and proofs go.

    Junker's QuickXplain: of two halves the second, which is blamed less gladly, is only drawn on where the first does
    not clash by itself.
    """
    return sorted(_explained(prover, [], False, sorted(demands, key=_blame)), key=_blame)


def _explained(prover: Prover, kept: list[Demand], has_grown: bool, among: list[Demand]) -> list[Demand]:
    if has_grown and prover.clashes(kept):
        return []
    if len(among) == 1:
        return among
    half = len(among) // 2
    first, second = among[:half], among[half:]
    later = _explained(prover, [*kept, *first], True, second)
    sooner = _explained(prover, [*kept, *later], bool(later), first)
    return [*sooner, *later]


def _is_minimal(prover: Prover, demands: Sequence[Demand]) -> bool:
    """Whether the others are known to hold together without any one of these."""
    rests = [[other for other in demands if other != demand] for demand in demands]
    return all(prover.clashes(rest) is False for rest in rests if rest)
