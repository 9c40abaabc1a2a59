"""Prices of a program's rows, from a solver of linear programs. Loads OR-Tools.

Nothing that is told here is trusted: the bound is computed from the prices in whole numbers (`program.proved`).
"""

from datetime import timedelta

import numpy as np
from numpy.typing import NDArray
from ortools.math_opt import callback_pb2, model_parameters_pb2, model_pb2, parameters_pb2, result_pb2
from ortools.math_opt.core.python import solver as engine

from solver.bounds.program import Linear

ENGINES = {
    "glop": parameters_pb2.SOLVER_TYPE_GLOP,
    "highs": parameters_pb2.SOLVER_TYPE_HIGHS,
    "pdlp": parameters_pb2.SOLVER_TYPE_PDLP,
}


def prices_of(linear: Linear, seconds: float, name: str = "glop", algorithm: int = 0) -> NDArray[np.float64] | None:
    """The best prices that the engine finds in time; None where it finds none."""
    parameters = parameters_pb2.SolveParametersProto(lp_algorithm=algorithm)
    parameters.time_limit.FromTimedelta(timedelta(seconds=max(0.01, seconds)))
    if name == "pdlp":
        tolerance = parameters.pdlp.termination_criteria.simple_optimality_criteria
        tolerance.eps_optimal_relative = tolerance.eps_optimal_absolute = 1e-4
    answer = engine.solve(
        model_of(linear),
        ENGINES[name],
        parameters_pb2.SolverInitializerProto(),
        parameters,
        model_parameters_pb2.ModelSolveParametersProto(),
        None,
        callback_pb2.CallbackRegistrationProto(),
        None,
        None,
    )
    return _read(answer, len(linear.limit))


def _read(answer: result_pb2.SolveResultProto, rows: int) -> NDArray[np.float64] | None:
    for solution in answer.solutions:
        if solution.HasField("dual_solution"):
            told = solution.dual_solution.dual_values
            prices = np.zeros(rows)
            prices[np.array(told.ids, np.int64)] = np.array(told.values, np.float64)
            return prices
    return None


def model_of(linear: Linear) -> model_pb2.ModelProto:
    model = model_pb2.ModelProto()
    columns, rows = len(linear.worth), len(linear.limit)
    model.variables.ids.extend(range(columns))
    model.variables.lower_bounds.extend(np.zeros(columns))
    model.variables.upper_bounds.extend(linear.most.astype(np.float64))
    model.variables.integers.extend(np.zeros(columns, bool))
    model.objective.maximize = True
    paid = np.flatnonzero(linear.worth)
    model.objective.linear_coefficients.ids.extend(paid)
    model.objective.linear_coefficients.values.extend(linear.worth[paid].astype(np.float64))
    model.linear_constraints.ids.extend(range(rows))
    model.linear_constraints.lower_bounds.extend(np.full(rows, -np.inf))
    model.linear_constraints.upper_bounds.extend(linear.limit.astype(np.float64))
    model.linear_constraint_matrix.row_ids.extend(linear.row)
    model.linear_constraint_matrix.column_ids.extend(linear.column)
    model.linear_constraint_matrix.coefficients.extend(linear.amount.astype(np.float64))
    return model
