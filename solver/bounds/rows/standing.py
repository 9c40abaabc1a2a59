"""Who leads what stays where it was published, or used to be: there the moment is known, and who is busy then."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from solver.bounds.linear.frame import Frame
from solver.bounds.linear.stays import cliques
from solver.instance.problem import is_any_use


@dataclass(frozen=True)
class Standing:
    """A session of an activity at one moment, and the column that says that it is held then."""

    activity: int
    day: int
    begin: int
    column: int


def post_standing(frame: Frame, standing: Sequence[Standing]) -> None:
    """They are led by as many as they need, who are there then, in one place at a time, and lead in that cell. No two
    of them may be the same session.
    """
    program = frame.program
    busy: dict[tuple[int, int], list[tuple[int, int, int]]] = {}  # of whom on which day: from, to, the column
    counts: dict[tuple[int, int], int] = {}  # of a facilitator and a cell, the row
    for each in standing:
        cell = _cell_of(frame, each)
        needed = frame.problem.document.activities[each.activity].facilitators
        row = program.add_rows(0)
        program.put(row, np.array([each.column]), needed if cell >= 0 else 1)
        end = each.begin + int(frame.lengths[each.activity])
        for f in _leaders(frame, each, end) if needed and cell >= 0 else []:
            lead = program.add_columns(1)
            program.put(row, lead, -1)
            program.put(_row_of(frame, counts, f, cell), lead)
            gap = frame.problem.document.facilitators[f].gap_minutes
            busy.setdefault((f, each.day), []).append((each.begin, end + gap, int(lead[0])))
    for rows in busy.values():
        begin, until, columns = np.array(rows, np.int64).T
        for found in cliques(begin, until):
            if len(found) > 1:
                program.put(program.add_rows(1), columns[found])


def _leaders(frame: Frame, each: Standing, end: int) -> list[int]:
    """Who could lead it then."""
    problem = frame.problem
    time = problem.times.number.get((each.day, each.begin, end))
    there = np.flatnonzero(problem.available_at[time]).tolist() if time is not None else []
    return [f for f in there if is_any_use(problem, each.activity, f)]


def _cell_of(frame: Frame, each: Standing) -> int:
    """The cell that holds its start, or -1."""
    found = np.flatnonzero(frame.holds(each.activity, each.day, each.begin))
    return int(found[0]) if len(found) else -1


def _row_of(frame: Frame, rows: dict[tuple[int, int], int], f: int, cell: int) -> int:
    """What a facilitator leads of standing sessions of a cell is no more than they lead in it."""
    if (f, cell) not in rows:
        rows[f, cell] = int(frame.program.add_rows(0)[0])
        mine = (frame.cells.led_by == f) & (frame.led_cell == cell)
        frame.program.put(rows[f, cell], frame.led[mine], -1)
    return rows[f, cell]
