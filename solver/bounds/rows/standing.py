"""Who leads what stays as it was published: there the moment is known, and who is busy then."""

import numpy as np

from solver.bounds.linear.frame import Frame
from solver.bounds.linear.stays import cliques
from solver.documents.fields import PARTS, part_of_day
from solver.instance.problem import Identity, is_any_use


def post_standing(frame: Frame, standing: list[tuple[Identity, int]]) -> None:
    """Unmoved sessions, each with the column that says so, are led by as many as they need, who are there then, in one
    place at a time, and lead in that cell.
    """
    program = frame.program
    busy: dict[tuple[int, int], list[tuple[int, int, int]]] = {}  # of whom on which day: from, to, the column
    counts: dict[tuple[int, int], int] = {}  # of a facilitator and a cell, the row
    for identity, unmoved in standing:
        cell = _cell_of(frame, identity)
        needed = frame.problem.document.activities[identity.activity].facilitators
        row = program.add_rows(0)
        program.put(row, np.array([unmoved]), needed if cell >= 0 else 1)
        end = identity.begin + int(frame.lengths[identity.activity])
        for f in _leaders(frame, identity, end) if needed and cell >= 0 else []:
            lead = program.add_columns(1)
            program.put(row, lead, -1)
            program.put(_row_of(frame, counts, f, cell), lead)
            gap = frame.problem.document.facilitators[f].gap_minutes
            busy.setdefault((f, identity.day), []).append((identity.begin, end + gap, int(lead[0])))
    for rows in busy.values():
        begin, until, columns = np.array(rows, np.int64).T
        for found in cliques(begin, until):
            if len(found) > 1:
                program.put(program.add_rows(1), columns[found])


def _leaders(frame: Frame, identity: Identity, end: int) -> list[int]:
    """Who could lead it at its old time."""
    problem = frame.problem
    time = problem.times.number.get((identity.day, identity.begin, end))
    there = np.flatnonzero(problem.available_at[time]).tolist() if time is not None else []
    return [f for f in there if is_any_use(problem, identity.activity, f)]


def _cell_of(frame: Frame, identity: Identity) -> int:
    """The cell that holds its old start, or -1."""
    cells = frame.cells
    here = (cells.activity == identity.activity) & (cells.day == identity.day)
    here &= cells.part == PARTS.index(part_of_day(identity.begin))
    found = np.flatnonzero(here)
    return int(found[0]) if len(found) else -1


def _row_of(frame: Frame, rows: dict[tuple[int, int], int], f: int, cell: int) -> int:
    """What a facilitator leads of standing sessions of a cell is no more than they lead in it."""
    if (f, cell) not in rows:
        rows[f, cell] = int(frame.program.add_rows(0)[0])
        mine = (frame.cells.led_by == f) & (frame.led_cell == cell)
        frame.program.put(rows[f, cell], frame.led[mine], -1)
    return rows[f, cell]
