"""`usual`: what of the base week can be kept: a session in that cell, in that space, led there by all of its team."""

import numpy as np

from solver.bounds.linear.frame import Frame
from solver.bounds.rows.standing import Standing, post_standing
from solver.instance.problem import Ints


def post_usual(frame: Frame) -> None:
    """What is kept at its time is known to the minute: who leads it is not elsewhere then (`post_standing`)."""
    problem, cells, program = frame.problem, frame.cells, frame.program
    then, there, led = problem.document.weights.usual
    standing = []
    for k, row in enumerate(problem.document.usual):
        a = problem.activity_number.get(row.activity, -1)
        space = problem.space_number.get(row.space or "", -1)
        team = [problem.facilitator_number.get(name, -1) for name in row.facilitators]
        had = [fact for fact in problem.facts if (fact.activity, fact.day, fact.begin) == (a, row.day, row.begin)]
        program.constant += then * bool(had) + there * any(fact.space == space for fact in had)
        program.constant += led * any(bool(team) and set(team) <= set(fact.team) for fact in had)
        here = frame.usual_cells[k]
        if not len(here) or had:
            continue  # a start is all in the past or all to come
        kept = frame.usual[[k]]
        program.add_worth(kept, then)
        _at_most(frame, kept, frame.in_cell[here])
        same_space = program.add_columns(1, there)
        same_team = program.add_columns(1 if team else 0, led)
        _at_most(frame, same_space, kept)
        _at_most(frame, same_space, frame.held[np.isin(frame.held_cell, here) & (cells.held_space == space)])
        _at_most(frame, same_team, kept)
        for f in team:
            _at_most(frame, same_team, frame.led[np.isin(frame.led_cell, here) & (cells.led_by == f)])
        standing.append(Standing(a, row.day, row.begin, int(kept[0])))
    post_standing(frame, standing)


def _at_most(frame: Frame, column: Ints, limit: Ints) -> None:
    row = frame.program.add_rows(0)
    frame.program.put(row, column)
    frame.program.put(row, limit, -1)
