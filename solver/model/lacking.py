"""What a schedule in numbers lacks of what is demanded."""

from solver.instance.demands import Demand, demand_of
from solver.instance.placed import Found
from solver.instance.problem import Identity, Problem
from solver.instance.rendering import rendered
from solver.model.check import broken, relaxation


def lacking_demands(problem: Problem, identities: tuple[Identity, ...], found: Found) -> list[Demand]:
    """What a schedule that breaks nothing else does not meet."""
    rows = rendered(problem, identities, found.sessions)
    missing = [relaxation(breach) for breach in broken(problem.document, rows)]
    return [demand_of(problem, row) for row in missing if row is not None]
