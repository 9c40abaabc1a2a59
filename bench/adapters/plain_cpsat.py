"""One plain CP-SAT model of the whole week: every rule and term as the solver posts them for proofs, nothing else."""

import math
import time

from ortools.sat.python import cp_model

from bench.adapters.telling import asked, tell, tell_bound
from solver.documents.exchange import digest, read_problem
from solver.instance.compilation import compile_problem
from solver.instance.problem import Problem
from solver.instance.rendering import rendered
from solver.model.building import held_by, read_placed, whole_model
from solver.model.variables import Model
from solver.search.memory.packing import Pools, pack


class Telling(cp_model.CpSolverSolutionCallback):
    """Tells every solution."""

    def __init__(self, problem: Problem, pools: Pools, model: Model) -> None:
        super().__init__()
        self._problem, self._pools, self._model = problem, pools, model

    def on_solution_callback(self) -> None:
        # It answers boolean_value as a solver does, which is all that reading a solution asks.
        placed = read_placed(self._model, held_by(self), self._pools.identities)
        tell(rendered(self._problem, self._pools.identities, placed))


def main() -> None:
    begun = time.monotonic()
    options = asked("bench.adapters.plain_cpsat")
    raw = options.problem.read_bytes()
    problem = compile_problem(read_problem(raw), digest(raw))
    pools = pack(problem)
    model = whole_model(problem)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = options.workers
    solver.parameters.random_seed = options.seed
    solver.parameters.max_time_in_seconds = max(1.0, options.seconds - (time.monotonic() - begun) - 1.0)
    status = solver.solve(model.cp, Telling(problem, pools, model))
    bound = solver.best_objective_bound
    if status in (cp_model.OPTIMAL, cp_model.FEASIBLE) or (status == cp_model.UNKNOWN and bound != 0):  # 0: none yet
        tell_bound(math.floor(bound + 1e-6))


if __name__ == "__main__":
    main()
