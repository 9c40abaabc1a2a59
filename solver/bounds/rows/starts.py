"""When a cell's sessions may start, as whole columns: for small homes that are solved to the end.

Starts at which the same people are free, the same leaders there, the same spaces open and as many escorts to be had,
and which are as usual or not, differ only by what else goes on. They are of one *kind*; a kind that another serves at
least as well in all of this is left out. As a linear program this gains nothing; in whole numbers a cell's only session
has one start for everybody.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np

from solver.bounds.linear.frame import Frame
from solver.instance.problem import Flags, Ints

NO_ESCORTS_ASKED = 1 << 20  # more than anybody could need


@dataclass(frozen=True)
class Kinds:
    """The kinds of start of a cell, a row each: who is free (K, R), who can lead (K, F), which spaces are open (K, S),
    of which of the cell's `usual` sessions it is the start (K, U), and how many escorts there are at its start and its
    end, whichever are fewer (K,).
    """

    free: Flags
    leading: Flags
    open: Flags
    used: Flags
    usual: Ints
    escorts: Ints


def post_starts(frame: Frame) -> None:
    """Every session of a cell starts in one of its kinds, and what the kind does not allow it does not have."""
    for cell in range(len(frame.cells)):
        kinds = _kinds_of(frame, cell)
        if len(kinds.escorts):
            _post_cell(frame, cell, kinds)


def _kinds_of(frame: Frame, cell: int) -> Kinds:
    problem, cells = frame.problem, frame.cells
    a = int(cells.activity[cell])
    times = frame.times_of(cell)
    is_open = problem.open_at[times] & problem.fits_space[a]
    lowest = np.where(is_open, problem.level[a], np.iinfo(np.int64).max).min(axis=1, initial=np.iinfo(np.int64).max)
    free = problem.ear[times] >= lowest[:, None]
    escorts = np.full(len(times), NO_ESCORTS_ASKED, np.int64)
    if problem.escorts is not None:
        today = problem.escorts[cells.day[cell]]
        ends = [problem.times.begin[times] // problem.slot, problem.times.end[times] // problem.slot]
        escorts = np.minimum(today[ends[0]], today[ends[1]]).astype(np.int64)
    usual = np.array([k for k, here in enumerate(frame.usual_cells) if cell in here], np.int64)
    begin = np.array([problem.document.usual[k].begin for k in usual.tolist()], np.int64)
    parts = free, problem.available_at[times], is_open, problem.times.begin[times][:, None] == begin
    rows = np.column_stack([*parts, escorts]).astype(np.int64)
    kept = _best(np.unique(rows, axis=0))
    free, leading, is_open, used = (each > 0 for each in np.split(kept[:, :-1], _edges(parts), axis=1))
    return Kinds(free, leading, is_open, used, usual, kept[:, -1])


def _edges(parts: Sequence[Flags]) -> list[int]:
    """Where the columns of each but the first begin."""
    return list(accumulate(part.shape[1] for part in parts[:-1]))


def _best(rows: Ints) -> Ints:
    """The different rows that no other exceeds in everything."""
    exceeded = [
        any((rows[other] >= row).all() for other in range(len(rows)) if other != k) for k, row in enumerate(rows)
    ]
    best: Ints = rows[~np.array(exceeded, bool)]
    return best


def _post_cell(frame: Frame, cell: int, kinds: Kinds) -> None:
    cells, program = frame.cells, frame.program
    starts = program.add_columns(np.full(len(kinds.escorts), frame.most_held[cell]))
    whole = program.add_rows(0)
    program.put(whole[0], starts)
    program.put(whole, frame.in_cell[cell], -1)
    program.equate(whole)

    def allow(columns: Ints, amounts: Ints, kind: Ints) -> None:
        row = program.add_rows(0)
        program.put(row[0], columns, amounts)
        program.put(row[0], starts, -kind)

    here = np.flatnonzero(frame.comes_cell == cell)
    who = cells.comes_who[here]
    for r in np.unique(who[~kinds.free[:, who].all(axis=0)]).tolist():
        mine = frame.comes[here[who == r]]
        allow(mine, np.ones(len(mine), np.int64), kinds.free[:, r].astype(np.int64))
    for led in np.flatnonzero(frame.led_cell == cell).tolist():
        able = kinds.leading[:, cells.led_by[led]]
        if not able.all():
            allow(frame.led[[led]], np.ones(1, np.int64), able.astype(np.int64))
    for held in np.flatnonzero(frame.held_cell == cell).tolist():
        able = kinds.open[:, cells.held_space[held]]
        if not able.all():
            allow(frame.held[[held]], np.ones(1, np.int64), able.astype(np.int64))
    for used, k in zip(kinds.used.T, kinds.usual.tolist(), strict=True):
        allow(frame.usual[[k]], np.ones(1, np.int64), used.astype(np.int64))
    need = frame.of_residents("escort")[who] * frame.is_fetched[here]
    if need.sum() > kinds.escorts.min():
        allow(frame.comes[here[need > 0]], need[need > 0], kinds.escorts)
