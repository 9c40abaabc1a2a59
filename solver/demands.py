"""The demands of a problem: least counts (R6), required attendances (R14) and pins (R18)."""

from solver.check import broken, relaxation
from solver.placed import Found
from solver.problem import Problem
from solver.rendering import rendered
from solver.schedules import CountRelaxed, Relaxed, RequiredRelaxed
from solver.search.packing import Pools
from solver.variables import Demand


def lacking_demands(problem: Problem, pools: Pools, found: Found) -> list[Demand]:
    """What a schedule that breaks nothing else does not meet."""
    rows = rendered(problem, pools.identities, found.sessions)
    missing = [relaxation(breach) for breach in broken(problem.document, rows)]
    return [demand_of(problem, row) for row in missing if row is not None]


def demand_of(problem: Problem, row: Relaxed) -> Demand:
    if isinstance(row, CountRelaxed):
        return Demand("R6", (problem.activity_number[row.activity],))
    if isinstance(row, RequiredRelaxed):
        return Demand("R14", (problem.resident_number[row.resident], problem.activity_number[row.activity]))
    return Demand("R18", (row.pin,))
