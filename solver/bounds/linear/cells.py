"""The week cut into cells: an activity in one part of one day, or at a start that it is used to have there. A *site* is
a cell in one zone.

What a schedule does is counted there: how many sessions each space of a cell holds (*held*), how many each facilitator
leads at a site (*led*), and whether a resident comes (*comes*). Only what some single session could be is listed.

A resident may come in several ways, told apart by how far they walk: to the nearest zones, to the next, or to any
farther one. That keeps homes of many zones small, and tells sites apart where it matters. In large homes only those
who are keen on an activity are told apart.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from solver.instance.problem import Flags, Ints, Problem, has_all_times, is_any_use

WALKS = 4
SMALL = 3000  # residents times cells: up to it, a home can be solved to the end
LARGE = 200_000  # residents times cells: above it, who is not keen on an activity comes to it in one way only …
VAST = 1_000_000  # … and above this nobody is told apart by walks, nor sessions by zones


@dataclass(frozen=True)
class Cells:
    """One number for each cell, site, held, led, choice and comes; times in minutes.

    `first` and `last` are the earliest and latest start; `moment` is the one start of a cell for a usual session, -1
    where the cell has all others of its part. A *choice* is a set of spaces of a cell, listed by (`choice_of`,
    `choice_held`); `whole` and `site_choice` are the choices of all spaces of a cell or a site. Who comes
    is in a session in one of the spaces of `comes_choice`.
    """

    activity: Ints
    day: Ints
    part: Ints
    first: Ints
    last: Ints
    moment: Ints
    whole: Ints
    site_cell: Ints
    site_choice: Ints
    held_site: Ints
    held_space: Ints
    held_first: Ints
    held_last: Ints
    led_site: Ints
    led_by: Ints
    led_first: Ints
    led_last: Ints
    choice_cell: Ints
    choice_of: Ints
    choice_held: Ints
    comes_who: Ints
    comes_choice: Ints

    def __len__(self) -> int:
        return len(self.activity)


_SHIFTS = {
    "whole": "choice_cell",
    "site_cell": "activity",
    "site_choice": "choice_cell",
    "held_site": "site_cell",
    "led_site": "site_cell",
    "choice_cell": "activity",
    "choice_of": "choice_cell",
    "choice_held": "held_site",
    "comes_choice": "choice_cell",
}


def cut_cells(problem: Problem, check_time: Callable[[], None] = lambda: None) -> Cells:
    """The cells of a problem whose starts are all known (`has_all_times`); it looks at the time after each activity."""
    walks, size = _walk_classes(problem), size_of(problem)
    if size > VAST:
        walks[:] = 0
    names = sorted({row.zone for row in problem.document.spaces})
    zones = np.array([names.index(row.zone) * (size <= VAST) for row in problem.document.spaces], np.int64)
    parts = []
    for a in range(len(problem.document.activities)):
        check_time()
        parts.append(_Part(problem, np.where(problem.interest[a] > 0, walks, 0) if size > LARGE else walks, zones, a))

    def joined(name: str) -> Ints:
        rows: list[Ints] = [getattr(part, name) for part in parts]
        if name in _SHIFTS:
            sizes = [len(getattr(part, _SHIFTS[name])) for part in parts]
            rows = [row + start for row, start in zip(rows, np.cumsum([0, *sizes]).tolist(), strict=False)]
        return np.concatenate([np.zeros(0, np.int64), *rows]).astype(np.int64)

    return Cells(**{name: joined(name) for name in Cells.__dataclass_fields__})


def size_of(problem: Problem) -> int:
    """Residents times cells, at most."""
    activities = range(len(problem.times.of_activity))
    cells = sum(len(np.unique(_spells(problem, a, problem.times.of_activity[a]))) for a in activities)
    return len(problem.document.residents) * cells


def _spells(problem: Problem, a: int, times: Ints) -> Ints:
    """What cells tell apart of times of an activity: the day, its part, and whether it is used to be held just then."""
    begin, day = problem.times.begin[times], problem.times.day[times]
    name = problem.document.activities[a].id
    used = [row.day * 1440 + row.begin for row in problem.document.usual if row.activity == name]
    moment = np.where(np.isin(day * 1440 + begin, used), begin, -1)
    spells: Ints = (day * 3 + problem.times.part[times]) * 1441 + moment + 1
    return spells


def is_small(problem: Problem) -> bool:
    """Whether it can be solved to the end: a home of a dozen or two whose week is not a repair, every start known."""
    return not problem.document.previous and size_of(problem) <= SMALL and has_all_times(problem)


def _walk_classes(problem: Problem) -> Ints:
    """(S, R): 0 for the spaces of a resident's nearest zone, 1 for the next, …; the last has all farther ones."""
    zones = [space.zone for space in problem.document.spaces]
    classes = np.zeros(problem.walk.shape, np.int64)
    for r, person in enumerate(problem.document.residents):
        far = {(int(walk), zone != person.zone, zone) for walk, zone in zip(problem.walk[:, r], zones, strict=True)}
        rank = {zone: k for k, (_, _, zone) in enumerate(sorted(far))}
        classes[:, r] = [min(rank[zone], WALKS - 1) for zone in zones]
    return classes


class _Part:
    """The cells of one activity, numbered from 0."""

    def __init__(self, problem: Problem, walks: Ints, zones: Ints, a: int) -> None:
        self.problem, self.number = problem, a
        times = problem.times.of_activity[a]
        spaces = np.flatnonzero(problem.fits_space[a])
        open_at = problem.open_at[np.ix_(times, spaces)] & self._has_leaders(times)[:, None]
        at, where = np.nonzero(open_at)
        self.begin = problem.times.begin[times[at]]
        day, part = problem.times.day[times[at]], problem.times.part[times[at]]
        spells = _spells(problem, a, times[at])
        _, sample, cell = np.unique(spells, return_index=True, return_inverse=True)
        self.activity = np.full(len(sample), a, np.int64)
        self.day, self.part, self.moment = day[sample], part[sample], spells[sample] % 1441 - 1
        self.first, self.last = _spans(cell, self.begin, len(sample))
        held = self._hold(cell, spaces[where], zones)
        self._lead(self.held_site[held], times[at])
        self._choose(self._may_come(held, times[at]), walks[self.held_space])

    def _has_leaders(self, times: Ints) -> Flags:
        count = self.problem.document.activities[self.number].facilitators
        useful = [is_any_use(self.problem, self.number, f) for f in range(len(self.problem.document.facilitators))]
        there = self.problem.available_at[times][:, np.array(useful, bool)]
        enough: Flags = np.count_nonzero(there, axis=1) >= count
        return enough

    def _hold(self, cell: Ints, space: Ints, zones: Ints) -> Ints:
        """The places, by cell, zone and space; which of them each (time, space) is of."""
        site = cell * max(1, len(zones)) + zones[space]
        _, sample, held = np.unique(site * max(1, len(zones)) + space, return_index=True, return_inverse=True)
        _, first, self.held_site = np.unique(site[sample], return_index=True, return_inverse=True)
        self.held_space = space[sample]
        self.site_cell = cell[sample][first]
        self.held_first, self.held_last = _spans(held, self.begin, len(sample))
        result: Ints = held.astype(np.int64)
        return result

    def _lead(self, site: Ints, times: Ints) -> None:
        problem, a = self.problem, self.number
        rows: list[tuple[Ints, Ints, Ints, Ints]] = []
        for f in range(len(problem.document.facilitators) if problem.document.activities[a].facilitators else 0):
            there = problem.available_at[times, f] if is_any_use(problem, a, f) else np.zeros(len(times), bool)
            mine, index = np.unique(site[there], return_inverse=True)
            rows.append((mine, np.full(len(mine), f, np.int64), *_spans(index, self.begin[there], len(mine))))
        columns = zip(*rows, strict=True) if rows else [[np.zeros(0, np.int64)]] * 4
        self.led_site, self.led_by, self.led_first, self.led_last = (np.concatenate(each) for each in columns)

    def _may_come(self, held: Ints, times: Ints) -> Flags:
        """(held, residents): whether they can be there at some time of it."""
        problem, a = self.problem, self.number
        may = np.zeros((len(self.held_space), len(problem.document.residents)), bool)
        order = np.argsort(held, kind="stable")
        first = np.flatnonzero(np.diff(held[order], prepend=-1))
        level = problem.level[a, self.held_space[held[order]]]
        for low in range(0, may.shape[1] if len(held) else 0, 64):
            some = slice(low, low + 64)
            hears = problem.ear[times[order], some] >= level[:, None]
            may[:, some] = np.logical_or.reduceat(hears, first, axis=0)
        may &= problem.may_space[self.held_space] & problem.may_activity[a]
        return may

    def _choose(self, may: Flags, walks: Ints) -> None:
        """Who may come where: by cell, the sets of its spaces that somebody can choose among."""
        rows: list[tuple[int, Ints]] = []  # of each choice, its cell and spaces
        whole, sites, who, choices = [], [], [], []
        begin = np.searchsorted(self.site_cell[self.held_site], np.arange(len(self.activity) + 1))
        for cell in range(len(self.activity)):
            mine = slice(begin[cell], begin[cell + 1])
            site = self.held_site[mine]
            known: dict[bytes, int] = {}

            def number(chosen: Flags, cell: int = cell, known: dict[bytes, int] = known) -> int:
                if chosen.tobytes() not in known:
                    known[chosen.tobytes()] = len(rows)
                    rows.append((cell, begin[cell] + np.flatnonzero(chosen)))
                return known[chosen.tobytes()]

            whole.append(number(np.ones(len(site), bool)))
            sites += [number(site == each) for each in np.unique(site)]
            for walk in range(WALKS):
                near = may[mine] & (walks[mine] == walk)
                guests = np.flatnonzero(near.any(axis=0))
                sets, index = _different(near[:, guests])
                numbers = np.array([number(each) for each in sets.T], np.int64)
                who.append(guests)
                choices.append(numbers[index])
        nobody = np.zeros(0, np.int64)
        self.whole, self.site_choice = np.array(whole, np.int64), np.array(sites, np.int64)
        self.choice_cell = np.array([cell for cell, _ in rows], np.int64)
        self.choice_of = np.repeat(np.arange(len(rows)), [len(each) for _, each in rows]).astype(np.int64)
        self.choice_held = np.concatenate([nobody, *(each for _, each in rows)])
        self.comes_who, self.comes_choice = np.concatenate([nobody, *who]), np.concatenate([nobody, *choices])


def _different(columns: Flags) -> tuple[Flags, Ints]:
    """The different columns, and which of them each is."""
    packed = np.ascontiguousarray(np.packbits(columns, axis=0).T)
    keys = packed.view(f"V{packed.shape[1]}").ravel() if packed.size else np.zeros(0, np.int8)
    _, sample, index = np.unique(keys, return_index=True, return_inverse=True)
    return columns[:, sample], index


def _spans(index: Ints, begin: Ints, count: int) -> tuple[Ints, Ints]:
    """The earliest and latest start of each index."""
    first, last = np.full(count, 1440, np.int64), np.zeros(count, np.int64)
    np.minimum.at(first, index, begin)
    np.maximum.at(last, index, begin)
    return first, last
