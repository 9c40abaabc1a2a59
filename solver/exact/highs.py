"""The models of `solver.model.building`, solved by HiGHS: the same posts, written once more as a mixed-integer program.

Clauses become rows; what is only asked where something holds gets as much slack as its variables may need. HiGHS is the
better engine where sessions stay where they are and only who comes is open: it is at its best near a linear program.
Loads OR-Tools.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from ortools.math_opt.python import mathopt

from solver.model.building import Answer, ask_for, read_placed
from solver.model.variables import Model

if TYPE_CHECKING:
    from solver.instance.problem import Identity
    from solver.model.variables import Literal

ENDLESS = 1 << 60  # in the models a limit beyond it is none
ONE = -1  # in the place of a variable's number: what is constant of a sum


@dataclass
class _Program:
    """A CP-SAT model (`CpModelProto`, which has no public type) as rows: a sum of variables is at least so much."""

    cp: Any
    low: list[int] = field(init=False)
    high: list[int] = field(init=False)
    rows: list[tuple[dict[int, int], int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.low = [row.domain[0] for row in self.cp.variables]
        self.high = [row.domain[len(row.domain) - 1] for row in self.cp.variables]
        for row in self.cp.constraints:
            self._post(row)

    def _post(self, row: Any) -> None:
        """Raises NotImplementedError where a rule or a term posts what is not written here."""
        given = list(row.enforcement_literal)
        if row.has_bool_or():
            self._at_least(_count(row.bool_or.literals), 1, given)
        elif row.has_bool_and():
            for literal in row.bool_and.literals:
                self._at_least(_count([literal]), 1, given)
        elif row.has_at_most_one():
            self._at_least(_negative(_count(row.at_most_one.literals)), -1, given)
        elif row.has_linear() and len(row.linear.domain) == 2:
            total: Counter[int] = Counter()
            for k, amount in zip(row.linear.vars, row.linear.coeffs, strict=True):
                total[k] += amount
            if row.linear.domain[0] > -ENDLESS:
                self._at_least(total, row.linear.domain[0], given)
            if row.linear.domain[1] < ENDLESS:
                self._at_least(_negative(total), -row.linear.domain[1], given)
        elif row.has_lin_max():
            self._is_any(_literal(row.lin_max.target), [_literal(each) for each in row.lin_max.exprs])
        else:
            raise NotImplementedError(f"a constraint that is not written as rows: {row}")

    def _is_any(self, target: int, literals: list[int]) -> None:
        """The target holds exactly where one of the literals does."""
        self._at_least(_count([*literals, ~target]), 1, [])
        for each in literals:
            self._at_least(_count([target, ~each]), 1, [])

    def _at_least(self, total: Mapping[int, int], least: int, given: list[int]) -> None:
        """The sum is at least so much, where all that is given holds."""
        amounts = {k: n for k, n in total.items() if k != ONE and n != 0}
        least -= total.get(ONE, 0)
        lacking = least - sum(n * (self.low[k] if n > 0 else self.high[k]) for k, n in amounts.items())
        if lacking <= 0:
            return
        row = Counter(amounts)
        for k, n in _count(~literal for literal in given).items():  # one that does not hold makes up for everything
            if k == ONE:
                least -= n * lacking
            else:
                row[k] += n * lacking
        self.rows.append((dict(row), least))

    def written(self) -> tuple[mathopt.Model, list[mathopt.Variable]]:
        mip, objective = mathopt.Model(), self.cp.objective
        columns = [mip.add_integer_variable(lb=low, ub=high) for low, high in zip(self.low, self.high, strict=True)]
        for amounts, least in self.rows:
            mip.add_linear_constraint(mathopt.fast_sum(n * columns[k] for k, n in amounts.items()) >= least)
        scale = objective.scaling_factor or 1.0  # -1 where the objective is to be as large as can be
        worth = zip(objective.vars, objective.coeffs, strict=True)
        mip.maximize(mathopt.fast_sum(scale * n * columns[k] for k, n in worth) + scale * objective.offset)
        return mip, columns

    def is_kept(self, values: list[int]) -> bool:
        """Whether whole numbers keep every row: HiGHS's own keep them within a tolerance."""
        return all(sum(n * values[k] for k, n in amounts.items()) >= least for amounts, least in self.rows)

    def worth(self, values: list[int]) -> int:
        objective = self.cp.objective
        total: int = sum(n * values[k] for k, n in zip(objective.vars, objective.coeffs, strict=True))
        return round(float(objective.scaling_factor or 1.0) * (total + float(objective.offset)))


def _count(literals: Iterable[int]) -> Counter[int]:
    """How many of them hold, as amounts of variables. The literal ~k is that the variable k is 0."""
    total: Counter[int] = Counter()
    for literal in literals:
        total[max(literal, ~literal)] += 1 if literal >= 0 else -1
        total[ONE] += literal < 0
    return total


def _negative(total: Mapping[int, int]) -> dict[int, int]:
    return {k: -n for k, n in total.items()}


def _literal(expression: Any) -> int:
    """The literal that a sum is: a variable, or 1 less a variable."""
    if len(expression.vars) == 1:
        shape = expression.coeffs[0], expression.offset
        if shape in ((1, 0), (-1, 1)):
            return int(expression.vars[0]) if shape == (1, 0) else ~int(expression.vars[0])
    raise NotImplementedError(f"the largest of what is no literal: {expression}")


def solve_by_highs(
    model: Model, identities: tuple[Identity, ...], seconds: float, seed: int, least: int | None = None
) -> Answer:
    """As `building.solve_model`, by HiGHS, which states no bound here: its own holds within a tolerance."""
    ask_for(model, least)
    program = _Program(model.cp.proto)
    mip, columns = program.written()
    limits = mathopt.SolveParameters(
        time_limit=timedelta(seconds=max(0.01, seconds)),
        random_seed=seed % 2**31,
        relative_gap_tolerance=0.0,
        absolute_gap_tolerance=0.5,  # scores are whole numbers
    )
    result = mathopt.solve(mip, mathopt.SolverType.HIGHS, params=limits)
    reason = result.termination.reason
    if reason == mathopt.TerminationReason.INFEASIBLE:
        return Answer("infeasible", None, None, ())
    if not result.has_primal_feasible_solution():
        return Answer("unknown", None, None, ())
    found = result.variable_values()
    values = [round(found[column]) for column in columns]
    if not program.is_kept(values):
        return Answer("unknown", None, None, ())

    def holds(literal: Literal) -> bool:
        if isinstance(literal, int):
            return bool(literal)
        return bool(values[literal.index]) if literal.index >= 0 else not values[~literal.index]

    name = "optimal" if reason == mathopt.TerminationReason.OPTIMAL else "feasible"
    return Answer(name, program.worth(values), None, tuple(read_placed(model, holds, identities)))
