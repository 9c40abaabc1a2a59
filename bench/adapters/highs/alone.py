"""HiGHS alone: the whole week as one time-indexed mixed-integer program, through OR-Tools' MathOpt.

Written from the exchange format, without the solver's posts. Where every start would be more than so many variables,
starts are thinned to every half hour, hour or two hours; then no bound is stated, since it would not hold for the rest.
MathOpt leaves HiGHS's number of threads as HiGHS has it.
"""

import math
import time
from datetime import timedelta

from ortools.math_opt.python import mathopt

from bench.adapters.highs.building import build
from bench.adapters.telling import asked, tell, tell_bound
from solver.documents.exchange import digest, read_problem
from solver.instance.compilation import compile_problem


def main() -> None:
    begun = time.monotonic()
    options = asked("bench.adapters.highs.alone")
    raw = options.problem.read_bytes()
    problem = compile_problem(read_problem(raw), digest(raw))
    week = build(problem)
    left = max(1.0, options.seconds - (time.monotonic() - begun) - 0.5)
    limits = mathopt.SolveParameters(time_limit=timedelta(seconds=left), enable_output=True, random_seed=options.seed)
    result = mathopt.solve(week.model, mathopt.SolverType.HIGHS, params=limits)
    if result.has_primal_feasible_solution():
        values = result.variable_values()
        tell(week.sessions(lambda variable: values[variable] > 0.5))
    bound = result.dual_bound()
    if week.is_whole and math.isfinite(bound):
        tell_bound(math.floor(bound + 1e-6))


if __name__ == "__main__":
    main()
