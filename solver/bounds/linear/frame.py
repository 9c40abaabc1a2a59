"""What every rule and term writes its part of the program with: the cells, their columns, and what already happened."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from solver.bounds.linear.cells import Cells
from solver.bounds.linear.program import Program
from solver.bounds.linear.strands import Strands, cut_strands
from solver.documents.fields import PARTS
from solver.instance.problem import Flags, Ints, Problem, has_leaders


@dataclass
class Past:
    """The facts, counted. Shapes by R residents, A activities, D days, F facilitators."""

    problem: Problem
    came: Ints = field(init=False)  # (R, A, D)
    held: Ints = field(init=False)  # (A, D)
    led: Ints = field(init=False)  # (F, D)

    def __post_init__(self) -> None:
        problem, document = self.problem, self.problem.document
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
class Shared:
    """How many sessions of an activity a glad pair shares: the columns, and whether they are counted by site too."""

    pair: Ints  # (n, 2)
    activity: Ints
    columns: Ints
    is_split: Flags = field(init=False)

    def __post_init__(self) -> None:
        self.is_split = np.zeros(len(self.activity), bool)


@dataclass(frozen=True)
class Level:
    """Where things are counted: at sites, at cells, or at strands; -1 where at none.

    `guests` are columns, `who` the residents who come, `at` where for certain; `perhaps` lists (guest, where) of all
    who may be there. `part` says of each of `comes` which guest it is part of.
    """

    guests: Ints
    who: Ints
    at: Ints
    held_at: Ints
    led_at: Ints
    perhaps: tuple[Ints, Ints]
    part: Ints

    def of(self, r: int) -> Ints:
        """Which guests are a resident."""
        order, who = self._order
        return order[slice(*np.searchsorted(who, (r, r + 1)).tolist())]

    @cached_property
    def _order(self) -> tuple[Ints, Ints]:
        order = np.argsort(self.who, kind="stable")
        return order, self.who[order]

    @property
    def count(self) -> int:
        """How many places things are counted at."""
        return int(self.held_at.max(initial=-1)) + 1


@dataclass
class Frame:
    """Columns, each array as long as the cells' rows of that name.

    `held`: how many sessions of a cell are in a space. `led`: how many of a site a facilitator leads. `chosen`: how
    many are in one of the spaces of a choice. `visits`: how often a resident comes to a strand in that way. `often`
    (R, A): how often a resident comes to an activity; -1 where they never can. `shared`: set by the terms of company.

    `comes`, whether a resident comes to a cell in that way, are columns from when they are first asked for; what can be
    written only then is put off to `later`.
    """

    problem: Problem
    cells: Cells
    program: Program
    past: Past
    held: Ints = field(init=False)
    led: Ints = field(init=False)
    chosen: Ints = field(init=False)
    visits: Ints = field(init=False)
    often: Ints = field(init=False)
    shared: Shared = field(init=False)
    later: list[Callable[[], None]] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        cells, program, most = self.cells, self.program, self.most_held
        none = np.zeros(0, np.int64)
        self.shared = Shared(none.reshape(0, 2), none, none)
        self.held = program.add_columns(most[self.held_cell])
        self.led = program.add_columns(most[cells.site_cell[cells.led_site]])
        self.chosen = program.add_columns(most[cells.choice_cell])
        strands, often = self.strands, self._most_often()
        people, count = len(self.problem.document.residents), len(self.problem.document.activities)
        activity = strands.activity[strands.strand]
        held = np.bincount(strands.cell, most, len(strands)).astype(np.int64)
        self.visits = program.add_columns(np.minimum(held[strands.strand], often[strands.who, activity]))
        self.often = np.full((people, count), -1, np.int64)
        used, place = np.unique(strands.who * count + activity, return_inverse=True)
        self.often.ravel()[used] = program.add_columns(often.ravel()[used])
        self._sum_up(self.often.ravel()[used], place, self.visits)

    def _sum_up(self, columns: Ints, group: Ints, parts: Ints) -> None:
        """Each column is exactly the sum of the parts of its group."""
        rows = self.program.limit_groups(group, parts, 1, np.zeros(len(columns), np.int64))
        self.program.put(rows, columns, -1)
        self.program.equate(rows)

    @cached_property
    def comes(self) -> Ints:
        cells, most = self.cells, self.most_held
        been = self.past.came[cells.comes_who, self.comes_activity, cells.day[self.comes_cell]]
        comes = self.program.add_columns(np.where(been > 0, 0, np.minimum(1, most[self.comes_cell])))
        self._sum_up(self.visits, self.strands.comes, comes)
        return comes

    @cached_property
    def strands(self) -> Strands:
        return cut_strands(self.problem, self.cells)

    def _most_often(self) -> Ints:
        """(R, A)"""
        rows = self.problem.document.activities
        days = self.problem.days
        most = np.array([min(row.sessions.max, -(-days // row.days_apart)) for row in rows], np.int64)
        return np.broadcast_to(most, (len(self.problem.document.residents), len(most)))

    @cached_property
    def most_held(self) -> Ints:
        """(cells,): the most sessions that a cell can hold."""
        rows, cells = self.problem.document.activities, self.cells
        left = np.array([row.sessions.max for row in rows], np.int64) - self.past.held.sum(axis=1)
        daily = np.array([row.one_per_day for row in rows], bool)
        today = np.where(daily[:, None], 1 - self.past.held, left[:, None])
        most = np.minimum(left[cells.activity], today[cells.activity, cells.day])
        starts = 1 + (cells.last - cells.first) // self.problem.slot
        places = np.bincount(self.held_cell, minlength=len(cells)) * starts
        result: Ints = np.maximum(0, np.minimum(most, places))
        return result

    @cached_property
    def usual(self) -> Ints:
        """Of each usual session a column, from 0 to 1: whether one of its activity starts then that is planned."""
        return self.program.add_columns(np.array([len(cells) > 0 for cells in self.usual_cells], np.int64))

    @cached_property
    def usual_cells(self) -> tuple[Ints, ...]:
        """The cell in which each usual session could be held at its time, or none."""
        problem, cells = self.problem, self.cells
        found = []
        for row in problem.document.usual:
            here = (cells.activity == problem.activity_number.get(row.activity, -1)) & (cells.day == row.day)
            found.append(np.flatnonzero(here & (cells.moment == row.begin)).astype(np.int64))
        return tuple(found)

    def holds(self, a: int, day: int, begin: int) -> Flags:
        """(cells,): the one in which a session of the activity is that starts then, if any can."""
        cells = self.cells
        today = (cells.activity == a) & (cells.day == day)
        then: Flags = today & (cells.moment == begin)
        loose: Flags = today & (cells.moment < 0) & (cells.first <= begin) & (begin <= cells.last)
        return then if then.any() else loose

    @cached_property
    def held_cell(self) -> Ints:
        return self.cells.site_cell[self.cells.held_site]

    @cached_property
    def held_activity(self) -> Ints:
        return self.cells.activity[self.held_cell]

    @cached_property
    def held_day(self) -> Ints:
        return self.cells.day[self.held_cell]

    @cached_property
    def led_cell(self) -> Ints:
        return self.cells.site_cell[self.cells.led_site]

    @cached_property
    def comes_cell(self) -> Ints:
        return self.cells.choice_cell[self.cells.comes_choice]

    @cached_property
    def comes_activity(self) -> Ints:
        return self.cells.activity[self.comes_cell]

    @cached_property
    def comes_day(self) -> Ints:
        return self.cells.day[self.comes_cell]

    @cached_property
    def comes_site(self) -> Ints:
        """The site at which who comes certainly is; -1 where it may be one of several."""
        cells = self.cells
        low = np.full(len(cells.choice_cell), len(cells.site_cell), np.int64)
        high = np.full(len(cells.choice_cell), -1, np.int64)
        np.minimum.at(low, cells.choice_of, cells.held_site[cells.choice_held])
        np.maximum.at(high, cells.choice_of, cells.held_site[cells.choice_held])
        return np.where(low == high, low, -1)[cells.comes_choice]

    @cached_property
    def is_fetched(self) -> Flags:
        """(comes,): whether the resident has to be brought to whichever space of their choice."""
        cells = self.cells
        near = np.zeros((len(cells.choice_cell), len(self.problem.document.residents)), bool)
        np.logical_or.at(near, cells.choice_of, ~self.problem.fetched[cells.held_space[cells.choice_held]])
        result: Flags = ~near[cells.comes_choice, cells.comes_who]
        return result

    @cached_property
    def guests(self) -> tuple[Ints, Ints]:
        """Pairs (comes, site): everybody who may be at a site."""
        cells = self.cells
        sites = len(cells.site_cell)
        pairs = np.unique(cells.choice_of * sites + cells.held_site[cells.choice_held])
        choice, site = pairs // max(1, sites), pairs % max(1, sites)
        begin = np.searchsorted(choice, np.arange(len(cells.choice_cell) + 1))
        at, of = runs(begin[cells.comes_choice], np.diff(begin)[cells.comes_choice])
        return of, site[at]

    @cached_property
    def lengths(self) -> Ints:
        """(A,) minutes."""
        return np.array([row.duration_minutes for row in self.problem.document.activities], np.int64)

    @cached_property
    def levels(self) -> tuple[Level, ...]:
        """By site and by cell. Cells of one site are left out of the second: they are no more than it."""
        cells = self.cells
        several = np.bincount(cells.site_cell, minlength=len(cells)) > 1

        def wide(cell: Ints) -> Ints:
            return np.where(several[cell], cell, -1)

        every = np.arange(len(cells.comes_who))
        at = wide(self.comes_cell)
        by_site = self.comes_site, cells.held_site, cells.led_site, self.guests
        by_cell = at, wide(self.held_cell), wide(self.led_cell), (np.flatnonzero(at >= 0), at[at >= 0])
        return tuple(Level(self.comes, cells.comes_who, *rows, every) for rows in (by_site, by_cell))

    @cached_property
    def by_strand(self) -> Level:
        strands = self.strands
        everybody = np.arange(len(self.visits)), strands.strand
        held_at, led_at = strands.cell[self.held_cell], strands.cell[self.led_cell]
        return Level(self.visits, strands.who, strands.strand, held_at, led_at, everybody, strands.comes)

    @property
    def in_cell(self) -> Ints:
        """(cells,): the columns that count all sessions of each cell."""
        return self.chosen[self.cells.whole]

    @property
    def at_site(self) -> Ints:
        """(sites,): the columns that count all sessions of each site."""
        return self.chosen[self.cells.site_choice]

    @cached_property
    def _who(self) -> tuple[Ints, Ints]:
        order = np.argsort(self.cells.comes_who, kind="stable")
        count = len(self.problem.document.residents)
        return order, np.searchsorted(self.cells.comes_who[order], np.arange(count + 1))

    def times_of(self, cell: int) -> Ints:
        """The times at which a session of the cell can start: some space is open, and enough leaders are there."""
        problem, cells = self.problem, self.cells
        a = int(cells.activity[cell])
        times = problem.times.of_activity[a]
        times = times[(problem.times.day[times] == cells.day[cell]) & (problem.times.part[times] == cells.part[cell])]
        begin, moment = problem.times.begin[times], int(cells.moment[cell])
        others = cells.moment[(cells.activity == a) & (cells.day == cells.day[cell])]
        times = times[begin == moment if moment >= 0 else ~np.isin(begin, others)]
        is_open = (problem.open_at[times] & problem.fits_space[a]).any(axis=1)
        result: Ints = times[is_open & np.array([has_leaders(problem, a, time) for time in times.tolist()], bool)]
        return result

    def comes_of(self, r: int) -> Ints:
        """Which of `comes` are a resident's."""
        order, begin = self._who
        return order[begin[r] : begin[r + 1]]

    def of_residents(self, name: str) -> Ints:
        """A whole-number or yes-or-no field of every resident."""
        return np.array([getattr(row, name) for row in self.problem.document.residents], np.int64)

    def limit_some(
        self, at: Ints, columns: Ints, amounts: ArrayLike, others: Ints, other_columns: Ints, other_amounts: ArrayLike
    ) -> None:
        """A row for each number that is in both `at` and `others` (-1: nowhere): all amounts there are at most 0."""
        used = np.intersect1d(at[at >= 0], others[others >= 0])
        place = np.full(int(max(at.max(initial=-1), others.max(initial=-1))) + 2, -1, np.int64)
        place[used] = np.arange(len(used))
        rows = self.program.add_rows(np.zeros(len(used), np.int64))
        for where, what, much in ((at, columns, amounts), (others, other_columns, other_amounts)):
            mine = np.flatnonzero(place[where] >= 0)
            self.program.put(rows[place[where[mine]]], what[mine], np.broadcast_to(much, where.shape)[mine])

    def pay(self, worth: Ints, most: Ints, had: Ints, group: Ints, columns: Ints) -> None:
        """`worth` for each of the first `most` that a group has of the columns, `had` being had already."""
        self.program.constant += sum((worth * np.minimum(had, most)).tolist())
        paid = self.program.add_columns(most - had, worth)
        rows = self.program.limit_groups(group, columns, -1, np.zeros(len(paid), np.int64))
        self.program.put(rows, paid)


def likings(problem: Problem) -> Ints:
    """(R, 3): what each resident thinks of morning, afternoon and evening."""
    liked = np.zeros((len(problem.document.residents), len(PARTS)), np.int64)
    for r, row in enumerate(problem.document.residents):
        for part, liking in row.times.items():
            liked[r, PARTS.index(part)] = liking
    return liked


def runs(starts: Ints, counts: Ints) -> tuple[Ints, Ints]:
    """The numbers from each start on, as many as its count, one run after the other; and which run each is of."""
    of = np.repeat(np.arange(len(counts)), counts)
    within = np.arange(len(of)) - np.repeat(np.cumsum(counts) - counts, counts)
    return starts[of] + within, of
