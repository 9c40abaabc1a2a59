"""HiGHS's week means the same as the solver's: both prove the same best score of small problems."""

from datetime import timedelta

import pytest
from ortools.math_opt.python import mathopt

from bench.adapters.highs.building import build
from bench.adapters.highs.log import hear_highs
from solver.instance.compilation import compile_problem
from solver.model.building import solve_model, whole_model
from solver.model.check import broken, objective
from solver.search.memory.packing import pack
from tests.solver.builders import read
from tests.solver.strategies import Chance, make_problem


@pytest.mark.slow(2)
@pytest.mark.parametrize("seed", [0, 1, 2, 3, 4, 5, 6, 8])
def test_it_proves_what_the_solver_proves(seed: int) -> None:
    document = read(make_problem(Chance(seed), 0.2))
    problem = compile_problem(document, "")
    proved = solve_model(whole_model(problem), pack(problem).identities, 20, 0)
    week = build(problem)

    result = mathopt.solve(
        week.model, mathopt.SolverType.HIGHS, params=mathopt.SolveParameters(time_limit=timedelta(seconds=20))
    )

    assert proved.status in ("optimal", "infeasible")
    assert result.has_primal_feasible_solution() == (proved.status == "optimal")
    if proved.status == "optimal":
        values = result.variable_values()
        sessions = week.sessions(lambda variable: values[variable] > 0.5)
        assert broken(document, sessions) == []
        assert objective(document, sessions) == proved.objective


def test_its_log_is_heard() -> None:
    line = " T      12       3         4  12.50%   4964            1207               311.27%      120      8      2      9000     5.1s\n"  # noqa: E501

    assert hear_highs(line) == {"objective": 1207}
    assert hear_highs(line.replace("1207", "-inf")) is None
    assert hear_highs("Presolving model\n") is None
