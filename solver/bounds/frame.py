"""What every rule and term writes its part of the program with: the cells, their columns, and what already happened."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from solver.bounds.cells import Cells
from solver.bounds.program import Program
from solver.problem import PARTS, Fact, Ints, Problem


@dataclass
class Past:
    """The facts, counted. Shapes by R residents, A activities, D days, F facilitators."""

    problem: Problem
    facts: tuple[Fact, ...] = field(init=False)
    came: Ints = field(init=False)  # (R, A, D)
    held: Ints = field(init=False)  # (A, D)
    led: Ints = field(init=False)  # (F, D)

    def __post_init__(self) -> None:
        problem, document = self.problem, self.problem.document
        self.facts = problem.facts
        shape = len(document.activities), problem.days
        self.came = np.zeros((len(document.residents), *shape), np.int64)
        self.held = np.zeros(shape, np.int64)
        self.led = np.zeros((len(document.facilitators), problem.days), np.int64)
        for fact in problem.facts:
            self.held[fact.activity, fact.day] += 1
            for r in fact.residents:
                self.came[r, fact.activity, fact.day] += 1
            for f in fact.team:
                self.led[f, fact.day] += 1


@dataclass
class Frame:
    """`held`, `led`, `chosen` and `comes` are the columns of the cells' rows of those names.

    A column of `held` counts the sessions of its cell in its space, of `led` those that its facilitator leads, of
    `chosen` those in one of its spaces, and a column of `comes` is whether its resident comes to one of them.
    """

    problem: Problem
    cells: Cells
    program: Program
    past: Past
    held: Ints = field(init=False)
    led: Ints = field(init=False)
    chosen: Ints = field(init=False)
    comes: Ints = field(init=False)

    def __post_init__(self) -> None:
        cells, program = self.cells, self.program
        most = self.most_held()
        self.held = program.add_columns(most[cells.held_cell])
        self.led = program.add_columns(most[cells.led_cell])
        self.chosen = program.add_columns(most[cells.choice_cell])
        self.comes = program.add_columns(self._most_comes())

    def most_held(self) -> Ints:
        """(cells,): the most sessions that a cell can hold."""
        document, cells = self.problem.document, self.cells
        limits = np.array([row.sessions.max for row in document.activities], np.int64) - self.past.held.sum(axis=1)
        daily = np.array([1 if row.one_per_day else row.sessions.max for row in document.activities], np.int64)
        today = (
            daily[:, None]
            - np.array([row.one_per_day for row in document.activities], np.int64).reshape(-1, 1) * self.past.held
        )
        most = np.minimum(limits[cells.activity], today[cells.activity, cells.day])
        places = np.bincount(cells.held_cell, minlength=len(cells)) * (
            1 + (cells.last - cells.first) // self.problem.slot
        )
        result: Ints = np.maximum(0, np.minimum(most, places))
        return result

    def _most_comes(self) -> Ints:
        cells = self.cells
        been = self.past.came[cells.comes_who, self.comes_activity, self.comes_day]
        return np.where(been > 0, 0, np.minimum(1, self.most_held()[cells.comes_cell])).astype(np.int64)

    @cached_property
    def comes_activity(self) -> Ints:
        return self.cells.activity[self.cells.comes_cell]

    @cached_property
    def comes_day(self) -> Ints:
        return self.cells.day[self.cells.comes_cell]

    @cached_property
    def held_activity(self) -> Ints:
        return self.cells.activity[self.cells.held_cell]

    @cached_property
    def held_day(self) -> Ints:
        return self.cells.day[self.cells.held_cell]

    @cached_property
    def lengths(self) -> Ints:
        """(A,) minutes."""
        return np.array([row.duration_minutes for row in self.problem.document.activities], np.int64)

    @property
    def all_chosen(self) -> Ints:
        """(cells,): the columns that count all sessions of each cell."""
        return self.chosen[self.cells.whole]

    @cached_property
    def _who(self) -> tuple[Ints, Ints]:
        order = np.argsort(self.cells.comes_who, kind="stable")
        count = len(self.problem.document.residents)
        return order, np.searchsorted(self.cells.comes_who[order], np.arange(count + 1))

    def comes_of(self, r: int) -> Ints:
        """Which of the cells' `comes` are a resident's."""
        order, begin = self._who
        return order[begin[r] : begin[r + 1]]

    def of_residents(self, name: str) -> Ints:
        """A whole-number or yes-or-no field of every resident."""
        return np.array([getattr(row, name) for row in self.problem.document.residents], np.int64)

    def pay(self, worth: Ints, most: Ints, had: Ints, group: Ints, columns: Ints) -> None:
        """`worth` for each of the first `most` that a group has of the columns, `had` being had already."""
        self.program.constant += sum((worth * np.minimum(had, most)).tolist())
        paid = self.program.add_columns(most - had, worth)
        rows = self.program.limit_groups(group, columns, -1, np.zeros(len(paid), np.int64))
        self.program.put(rows, paid)


def likings(problem: Problem) -> Ints:
    """(R, 3): what each resident thinks of morning, afternoon and evening."""
    told = np.zeros((len(problem.document.residents), len(PARTS)), np.int64)
    for r, row in enumerate(problem.document.residents):
        for part, liking in row.times.items():
            told[r, PARTS.index(part)] = liking
    return told


def runs(starts: Ints, counts: Ints) -> tuple[Ints, Ints]:
    """The numbers from each start on, as many as its count, one run after the other; and which run each is of."""
    of = np.repeat(np.arange(len(counts)), counts)
    within = np.arange(len(of)) - np.repeat(np.cumsum(counts) - counts, counts)
    return starts[of] + within, of
