"""The week cut into cells: an activity in one stretch of a day's starts.

What a schedule does is counted by cell: how many sessions each of its spaces holds (*held*), how many each facilitator
leads (*led*), and whether a resident comes (*comes*). Only what some single session could be is listed. Cells are
coarse (a part of a day) or fine (one start); a part of the day is never cut through, so that every cell has one.
"""

from dataclasses import dataclass

import numpy as np

from solver.problem import EVENING, NOON, Flags, Ints, Problem, is_any_use, starts_of


@dataclass(frozen=True)
class Cut:
    """How finely the week is cut.

    A stretch holds the starts of `minutes` (0: a whole part of the day). Spaces of one `group` share their cells. In a
    cell, spaces to which a resident walks differently far are told apart by `walks` classes: the nearest, the next, …,
    all others.
    """

    minutes: int
    walks: int
    group: Ints


@dataclass(frozen=True)
class Cells:
    """Columns of one number for each cell, and for each held, led and comes. Times in minutes.

    `first` and `last` are the earliest and the latest start in it. A resident who comes is in a session in one of the
    spaces of a *choice*: a set of spaces of the cell, listed by (`choice_of`, `choice_held`); `whole` is each cell's
    choice among all its spaces. A resident has several rows in a cell where several classes of walks lead to it.
    """

    activity: Ints
    day: Ints
    part: Ints
    first: Ints
    last: Ints
    whole: Ints
    held_cell: Ints
    held_space: Ints
    held_first: Ints
    held_last: Ints
    led_cell: Ints
    led_by: Ints
    led_first: Ints
    led_last: Ints
    choice_cell: Ints
    choice_of: Ints  # (choice, held) pairs
    choice_held: Ints
    comes_cell: Ints
    comes_who: Ints
    comes_choice: Ints

    def __len__(self) -> int:
        return len(self.activity)


def is_whole(problem: Problem) -> bool:
    """Whether the compiled problem knows every start of the grid; of huge ones it keeps a coarser choice."""
    return all(
        len(problem.times.of_activity[a]) == len(starts_of(row, problem.days, problem.slot, problem.frozen_until))
        for a, row in enumerate(problem.document.activities)
    )


def cut_cells(problem: Problem, cut: Cut) -> Cells:
    """The cells of a problem whose starts are all known (`is_whole`)."""
    parts = [_Part(problem, cut, a) for a in range(len(problem.document.activities))]
    offsets = np.cumsum([0, *(part.cells for part in parts)])
    helds = np.cumsum([0, *(len(part.held_cell) for part in parts)])
    choices = np.cumsum([0, *(len(part.choice_cell) for part in parts)])

    def joined(name: str, starts: Ints | None = None) -> Ints:
        rows = [getattr(part, name) for part in parts]
        shifted = rows if starts is None else [row + start for row, start in zip(rows, starts, strict=False)]
        return np.concatenate([np.zeros(0, np.int64), *shifted]).astype(np.int64)

    plain = ("activity", "day", "part", "first", "last", "held_space", "held_first", "held_last", "led_by",
             "led_first", "led_last", "comes_who")  # fmt: skip
    return Cells(
        **{name: joined(name) for name in plain},
        **{name: joined(name, offsets) for name in ("held_cell", "led_cell", "choice_cell", "comes_cell")},
        **{name: joined(name, choices) for name in ("choice_of", "comes_choice", "whole")},
        choice_held=joined("choice_held", helds),
    )


class _Part:
    """The cells of one activity, numbered from 0."""

    def __init__(self, problem: Problem, cut: Cut, a: int) -> None:
        self.problem, self.number = problem, a
        times = problem.times.of_activity[a]
        spaces = np.flatnonzero(problem.fits_space[a])
        open_at = problem.open_at[np.ix_(times, spaces)] & self._has_leaders(times)[:, None]
        keys, self.begin = self._stretches(times, cut), problem.times.begin[times]
        at, where = np.nonzero(open_at)
        group = cut.group[spaces[where]]
        named = keys[at] * (int(cut.group.max(initial=0)) + 1) + group
        _, sample, cell = np.unique(named, return_index=True, return_inverse=True)
        self.cells = len(sample)
        self.activity = np.full(self.cells, a, np.int64)
        self.day = problem.times.day[times[at[sample]]]
        self.part = problem.times.part[times[at[sample]]]
        self.first, self.last = _spans(cell, self.begin[at], self.cells)
        self._hold(cell, spaces, where, at)
        self._lead(cell, times, at)
        self._come(times, spaces, at, where, _walk_classes(problem, cut.walks))

    def _has_leaders(self, times: Ints) -> Flags:
        count = self.problem.document.activities[self.number].facilitators
        useful = [is_any_use(self.problem, self.number, f) for f in range(len(self.problem.document.facilitators))]
        there = self.problem.available_at[times][:, np.array(useful, bool)].sum(axis=1)
        return np.asarray(there >= count)

    def _stretches(self, times: Ints, cut: Cut) -> Ints:
        """A number for the day and stretch of each time, in their order."""
        begin, day = self.problem.times.begin[times], self.problem.times.day[times]
        part = self.problem.times.part[times]
        if cut.minutes == 0:
            return day * 3 + part
        since = np.array([0, NOON, EVENING], np.int64)[part]
        return (day * 3 + part) * 1440 + (begin - since) // cut.minutes

    def _hold(self, cell: Ints, spaces: Ints, where: Ints, at: Ints) -> None:
        named = cell * max(1, len(spaces)) + where
        found, sample, self.held = np.unique(named, return_index=True, return_inverse=True)
        self.held_cell, self.held_space = cell[sample], spaces[where[sample]]
        self.held_first, self.held_last = _spans(self.held, self.begin[at], len(found))

    def _lead(self, cell: Ints, times: Ints, at: Ints) -> None:
        problem, a = self.problem, self.number
        rows: list[tuple[Ints, Ints, Ints, Ints]] = []
        for f in range(len(problem.document.facilitators) if problem.document.activities[a].facilitators else 0):
            there = problem.available_at[times[at], f] if is_any_use(problem, a, f) else np.zeros(len(at), bool)
            mine, index = np.unique(cell[there], return_inverse=True)
            rows.append((mine, np.full(len(mine), f, np.int64), *_spans(index, self.begin[at][there], len(mine))))
        columns = zip(*rows, strict=True) if rows else [[np.zeros(0, np.int64)]] * 4
        self.led_cell, self.led_by, self.led_first, self.led_last = (np.concatenate(each) for each in columns)

    def _come(self, times: Ints, spaces: Ints, at: Ints, where: Ints, walks: Ints) -> None:
        """Who may come where: by cell, the sets of its spaces that somebody can choose among."""
        problem, a = self.problem, self.number
        who = np.flatnonzero(problem.may_activity[a])
        count = len(self.held_cell)
        may = np.zeros((count, len(who)), bool)
        ear = problem.ear[np.ix_(times, who)]
        order = np.argsort(self.held, kind="stable")
        first = np.flatnonzero(np.concatenate([[True], np.diff(self.held[order]) > 0])) if count else order
        for low in range(0, len(who), 64):
            part = slice(low, low + 64)
            hears = ear[at[order], part] >= problem.level[a, spaces[where[order]]][:, None]
            if count:
                may[:, part] = np.logical_or.reduceat(hears, first, axis=0)
        may &= problem.may_space[self.held_space][:, who]
        self._choose(may, who, walks[self.held_space][:, who])

    def _choose(self, may: Flags, who: Ints, walks: Ints) -> None:
        self.whole = np.arange(self.cells)
        width = np.bincount(self.held_cell, minlength=self.cells)
        begin = np.concatenate([[0], np.cumsum(width)])
        cells, of, held = [np.arange(self.cells)], [self.held_cell], [np.arange(len(may))]
        comes: list[Ints] = []
        known = self.cells
        for cell in range(self.cells):
            mine = slice(begin[cell], begin[cell + 1])
            near = [may[mine] & (walks[mine] == each) for each in np.unique(walks).tolist() or [0]]
            where = [np.flatnonzero(each.any(axis=0)) for each in near]
            guests = np.concatenate(where)
            chosen = np.concatenate([each[:, at].T for each, at in zip(near, where, strict=True)])
            sets, index = np.unique(chosen, axis=0, return_inverse=True)
            is_all = sets.all(axis=1)
            number = np.where(is_all, cell, known + np.cumsum(~is_all) - 1)
            row, column = np.nonzero(sets[~is_all])
            cells.append(np.full(int((~is_all).sum()), cell))
            of.append(known + row)
            held.append(begin[cell] + column)
            comes.append(np.stack([np.full(len(guests), cell), who[guests], number[index.ravel()]]))
            known += int((~is_all).sum())
        self.choice_cell, self.choice_of, self.choice_held = (np.concatenate(each) for each in (cells, of, held))
        told = np.concatenate([np.zeros((3, 0), np.int64), *comes], axis=1)
        self.comes_cell, self.comes_who, self.comes_choice = told


def _walk_classes(problem: Problem, most: int) -> Ints:
    """(S, R): 0 for a resident's nearest spaces, 1 for the next, and so on; the last of `most` classes has the rest."""
    classes = np.zeros(problem.walk.shape, np.int64)
    for r in range(problem.walk.shape[1]):
        classes[:, r] = np.unique(problem.walk[:, r], return_inverse=True)[1].ravel()
    return np.minimum(classes, most - 1)


def _spans(index: Ints, begin: Ints, count: int) -> tuple[Ints, Ints]:
    """The earliest and latest start of each index."""
    first, last = np.full(count, 1440, np.int64), np.zeros(count, np.int64)
    np.minimum.at(first, index, begin)
    np.maximum.at(last, index, begin)
    return first, last
