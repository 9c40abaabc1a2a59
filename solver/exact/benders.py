"""Small homes solved to the end, by logic-based Benders decomposition (Hooker and Ottosson, 2003).

The *master* is the program of the week (`solver.bounds.week`) in whole numbers: how many sessions each cell has, in
which spaces, who leads them and who comes. Its best is a bound. What it says is then asked of an exact model of those
sessions alone: is there a start for each, so that every rule is kept? If so, that is a schedule, and where its score is
what the master promised, the best there is. If not, some of what the master says cannot be true together: a *cut*. It
is made as small as it goes, said to the master, and the master is solved again. Both are CP-SAT's, exact in whole
numbers. Loads OR-Tools: import it only where it is used.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from ortools.sat.python import cp_model

from solver.bounds.linear.frame import Frame
from solver.bounds.linear.program import TimeUp
from solver.bounds.week import Week
from solver.instance.demands import Demand
from solver.instance.placed import Found
from solver.instance.problem import Identity, Ints, Problem
from solver.instance.rendering import rendered
from solver.model.building import bound_of, build_model, held_by, new_solver, possible_slot, read_placed
from solver.model.check import broken, score
from solver.model.terms import TERMS
from solver.model.variables import Model, Slot

if TYPE_CHECKING:
    from solver.model.variables import Literal, Sum

MOST_CUTS = 12  # of one answer of the master
LONGEST = 2.0  # seconds for one question about starts
OF_STARTS = ("offer", "usual")  # the terms that the start of a session within its cell matters to


@dataclass(frozen=True)
class Claim:
    """Something that the master says of a cell: that columns sum up to at least an amount, or to at most it."""

    cell: int
    columns: tuple[int, ...]
    amount: int
    is_least: bool


Cut: TypeAlias = tuple[Claim, ...]  # not all of these together


@dataclass(frozen=True)
class Step:
    """What is known after a step: no schedule is worth more than `bound`; perhaps a schedule."""

    bound: int
    found: Found | None = None


def solve_to_the_end(
    problem: Problem, identities: Sequence[Identity], until: float, floor: Callable[[], int | None]
) -> Iterator[Step]:
    """Bounds, none above the one before, and schedules met on the way, until the moment `until` (`time.monotonic()`)
    or the last bound is the score of a schedule. Schedules number their identities as these do.

    `floor` tells the score of the best schedule known; only better ones are looked for.
    """
    try:
        yield from _steps(Week(problem, until, has_starts=True), identities, until, floor)
    except TimeUp:  # while the program was written, or more of it was
        return


def _steps(week: Week, identities: Sequence[Identity], until: float, floor: Callable[[], int | None]) -> Iterator[Step]:
    cuts: list[Cut] = []
    lowest: int | None = None
    while (seconds := until - time.monotonic()) > 0:
        proved, values = _solve_master(week, cuts, floor(), seconds)
        if proved is None:
            return
        bound = proved if lowest is None else min(lowest, proved)  # out of time less is proved than was before
        yield Step(bound)
        lowest = bound
        if values is None:
            return
        answer = _Question(week.frame, identities, values, until).answer()
        if answer.found is not None:
            yield Step(bound, answer.found)
            if answer.found.objective == bound:
                return
        cuts += answer.cuts
        if not week.refine(values.astype(np.float64)) and not answer.cuts:
            return


def _solve_master(week: Week, cuts: Sequence[Cut], least: int | None, seconds: float) -> tuple[int | None, Ints | None]:
    """Its best, and the columns' values, if there is anything better than `least`; else what that proves."""
    linear = week.linear
    cp = cp_model.CpModel()
    columns = [cp.new_int_var(0, most, "") for most in linear.most.tolist()]
    rows: list[list[tuple[int, int]]] = [[] for _ in linear.limit]
    for row, column, amount in zip(linear.row.tolist(), linear.column.tolist(), linear.amount.tolist(), strict=True):
        rows[row].append((column, amount))
    is_equal = linear.free
    for k, limit in enumerate(linear.limit.tolist()):
        total = sum(amount * columns[column] for column, amount in rows[k])
        cp.add(total == limit if is_equal[k] else total <= limit)
    for cut in cuts:
        _post_cut(cp, columns, cut)
    score_ = sum(worth * columns[k] for k, worth in enumerate(linear.worth.tolist()) if worth) + linear.constant
    if least is not None:
        cp.add(score_ >= least + 1)
    cp.maximize(score_)
    solver = new_solver(seconds)
    solver.parameters.linearization_level = 2
    status = solver.solve(cp)
    if status == cp_model.INFEASIBLE:
        return least, None
    if status == cp_model.OPTIMAL:
        return round(solver.objective_value), np.array([solver.value(column) for column in columns], np.int64)
    return bound_of(solver) if status == cp_model.FEASIBLE else None, None


def _post_cut(cp: cp_model.CpModel, columns: Sequence[cp_model.IntVar], cut: Cut) -> None:
    """One of its claims does not hold."""
    untrue = []
    for claim in cut:
        is_untrue, total = cp.new_bool_var(""), sum(columns[k] for k in claim.columns)
        made = cp.add(total <= claim.amount - 1 if claim.is_least else total >= claim.amount + 1)
        made.only_enforce_if(is_untrue)
        untrue.append(is_untrue)
    cp.add_bool_or(untrue)


@dataclass
class _Answer:
    found: Found | None = None
    cuts: list[Cut] = field(default_factory=list)


@dataclass
class _Question:
    """Whether there are starts for what the master says."""

    frame: Frame
    identities: Sequence[Identity]
    values: Ints
    until: float
    model: Model = field(init=False)
    claims: dict[int, Claim] = field(default_factory=dict)  # by the index of the literal that supposes it
    literals: dict[int, cp_model.IntVar] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.counts = {cell: count for cell, count in enumerate(self.values[self.frame.in_cell].tolist()) if count > 0}
        slots = {cell: self._slots(cell, count) for cell, count in self.counts.items()}
        problem = self.frame.problem
        pins = frozenset(Demand("R18", (k,)) for k in range(len(problem.document.pins)))
        flat = [slot for rows in slots.values() for slot in rows]
        self.model = build_model(problem, flat, [], pins, has_score=False)
        for cell, rows in slots.items():
            self._suppose_cell(cell, rows)

    def answer(self) -> _Answer:
        """A schedule, or cuts that say why there is none; neither where the time is over, or nothing is learned."""
        supposed, cuts = list(self.literals), list[Cut]()
        while len(cuts) < MOST_CUTS and time.monotonic() < self.until:
            core = self._core(supposed)
            if core is None:
                return _Answer(None, cuts)
            if not core and not cuts:
                return self._schedule()
            if not core:
                break
            smallest = self._smallest(core)
            cuts.append(self._cut(smallest))
            supposed = [index for index in supposed if index not in smallest]
        return _Answer(None, cuts)

    def _slots(self, cell: int, count: int) -> list[Slot]:
        """What the sessions of a cell can be; pinned ones first."""
        problem, cells = self.frame.problem, self.frame.cells
        a, day, times = int(cells.activity[cell]), int(cells.day[cell]), self.frame.times_of(cell)
        pinned: list[Identity | None] = [
            identity
            for identity in problem.identities
            if identity.is_pinned
            and (identity.activity, identity.day) == (a, day)
            and identity.begin in problem.times.begin[times]
        ]
        return [possible_slot(problem, a, times, identity) for identity in (pinned + [None] * count)[:count]]

    def _suppose_cell(self, cell: int, slots: list[Slot]) -> None:
        frame, cells, model = self.frame, self.frame.cells, self.model
        self._suppose(cell, [int(frame.in_cell[cell])], [slot.present for slot in slots])
        for held in np.flatnonzero(frame.held_cell == cell).tolist():
            if self.values[frame.held[held]] > 0:
                space = int(cells.held_space[held])
                self._suppose(cell, [int(frame.held[held])], [model.where(slot).get(space, 0) for slot in slots])
        here = np.flatnonzero(frame.led_cell == cell)
        for f in np.unique(cells.led_by[here]).tolist():
            columns = frame.led[here[cells.led_by[here] == f]]
            if self.values[columns].sum() > 0:
                self._suppose(cell, columns.tolist(), [slot.team.get(f, 0) for slot in slots])
        here = np.flatnonzero(frame.comes_cell == cell)
        for r in np.unique(cells.comes_who[here]).tolist():
            columns = frame.comes[here[cells.comes_who[here] == r]]
            self._suppose(cell, columns.tolist(), [slot.people.get(r, 0) for slot in slots])
        for slot in slots:  # whom the master has no column for
            for r in set(slot.people) - set(cells.comes_who[here].tolist()):
                model.forbid(slot.people[r])

    def _suppose(self, cell: int, columns: Sequence[int], literals: Sequence[Literal]) -> None:
        amount = int(self.values[list(columns)].sum())
        claim = Claim(cell, tuple(columns), amount, amount > 0)
        total: Sum = sum(literals)
        is_true = self.model.cp.new_bool_var("")
        if isinstance(total, int):
            holds = total >= amount if claim.is_least else total <= amount
            if not holds:
                self.model.cp.add(is_true == 0)
        else:
            made = self.model.cp.add(total >= amount if claim.is_least else total <= amount)
            made.only_enforce_if(is_true)
        self.claims[is_true.index], self.literals[is_true.index] = claim, is_true

    def _core(self, supposed: Sequence[int]) -> list[int] | None:
        """Which of what is supposed cannot be together; empty where all of it can; None where that is not known."""
        self.model.cp.clear_assumptions()
        self.model.cp.add_assumptions([self.literals[index] for index in supposed])
        self.solver = new_solver(min(LONGEST, self.until - time.monotonic()))
        status = self.solver.solve(self.model.cp)
        if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return []
        if status != cp_model.INFEASIBLE:
            return None
        return list(self.solver.sufficient_assumptions_for_infeasibility()) or list(supposed)

    def _smallest(self, core: list[int]) -> list[int]:
        """Of what cannot be together some that cannot, none of which can be left out; who is absent goes first."""
        for index in sorted(core, key=lambda index: self.claims[index].is_least):
            if index in core and len(core) > 1:
                less = self._core([other for other in core if other != index])
                core = less or core
        return core

    def _cut(self, core: Sequence[int]) -> Cut:
        """What is supposed, and that the cells spoken of have no more sessions than they were asked for."""
        claims = [self.claims[index] for index in core]
        counts = {claim.cell: self.counts[claim.cell] for claim in claims}
        most = [Claim(cell, (int(self.frame.in_cell[cell]),), count, False) for cell, count in counts.items()]
        return (*claims, *most)

    def _choose_starts(self) -> bool:
        """Of the starts that all of this allows the best: as usual, and when something should be on. Whether they are
        proved to be; the model is of no more use then.
        """
        model = self.model
        for term in TERMS:
            if term.name in OF_STARTS:
                term.post(model)
        if not model.rewards:
            return True
        model.cp.clear_assumptions()
        for literal in self.literals.values():
            model.cp.add(literal == 1)
        model.cp.maximize(sum(worth * literal for worth, literal in model.rewards))
        solver = new_solver(min(LONGEST, self.until - time.monotonic()))
        status = solver.solve(model.cp)
        if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            self.solver = solver
        return bool(status == cp_model.OPTIMAL)

    def _schedule(self) -> _Answer:
        """The schedule that was found; where it is worth less than promised, the master may not say it again."""
        problem, is_best = self.frame.problem, self._choose_starts()
        placed = tuple(read_placed(self.model, held_by(self.solver), self.identities))
        sessions = rendered(problem, tuple(self.identities), placed)
        if broken(problem.document, sessions):
            return _Answer()
        found = Found(sum(score(problem.document, sessions).values()), 0, placed)
        if not is_best or any(count > 1 for count in self.counts.values()):
            return _Answer(found)  # other starts, or who is in which of two sessions, may be worth more
        empty = [cell for cell in range(len(self.frame.cells)) if cell not in self.counts]
        none = [Claim(cell, (int(self.frame.in_cell[cell]),), 0, False) for cell in empty]
        return _Answer(found, [(*self._cut(list(self.literals)), *none)])
