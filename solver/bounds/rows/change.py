"""`cancel`, `move`, `relocate`, `drop` and `relead`: what of the published sessions is kept, at most."""

from dataclasses import replace

import numpy as np

from solver.bounds.linear.frame import Frame
from solver.bounds.rows.standing import Standing, post_standing
from solver.instance.problem import Identity, Ints, Problem


def post_change(frame: Frame) -> None:
    """Sessions of before are kept only as sessions of their activity, unmoved only where one is held then, in their
    space only where one is held there. Facts stay as they were, and cost nothing.
    """
    weights = frame.problem.document.weights
    published = [_as_published(frame.problem, each) for each in frame.problem.identities if each.previous >= 0]
    by_activity: dict[int, int] = {}
    by_cell: dict[tuple[int, int], int] = {}
    by_space: dict[tuple[int, int], int] = {}
    standing: list[Standing] = []
    for identity in published:
        people = len(identity.previous_residents)
        frame.program.constant -= weights.cancel * people
        if identity.activity < 0 or not people:
            continue
        kept, unmoved, same_space = frame.program.add_columns([1, 1, 1])
        fewer = weights.cancel - weights.move - weights.relocate - weights.drop
        frame.program.add_worth(np.array([kept]), fewer * people - weights.relead * len(identity.previous_team))
        frame.program.add_worth(np.array([unmoved, same_space]), np.array([weights.move, weights.relocate]) * people)
        for each in (unmoved, same_space):
            frame.program.put(frame.program.add_rows(0), np.array([each, kept]), np.array([1, -1]))
        _count(frame, by_activity, identity, kept)
        _count_unmoved(frame, by_cell, identity, unmoved)
        _count_same_space(frame, by_space, identity, same_space)
        _post_people(frame, identity, kept, unmoved)
        _post_team(frame, identity, kept)
        standing.append(Standing(identity.activity, identity.day, identity.begin, int(unmoved)))
    post_standing(frame, standing)


def _as_published(problem: Problem, identity: Identity) -> Identity:
    """The identity with the day, time and space of before, wherever it may be pinned to."""
    row = problem.document.previous[identity.previous]
    return replace(identity, day=row.day, begin=row.begin, space=problem.space_number.get(row.space, -1))


def _count(frame: Frame, rows: dict[int, int], identity: Identity, kept: int) -> None:
    """All that is kept of an activity is held."""
    a = identity.activity
    if a not in rows:
        rows[a] = int(frame.program.add_rows(0)[0])
        frame.program.put(rows[a], frame.held[frame.held_activity == a], -1)
    frame.program.put(rows[a], kept)


def _count_unmoved(frame: Frame, rows: dict[tuple[int, int], int], identity: Identity, unmoved: int) -> None:
    """What is unmoved is held in a cell that holds its old start: cells of one stretch share a row."""
    here = _cells_of(frame, identity)
    key = (identity.activity, int(here[0]) if len(here) else -1)
    if key not in rows:
        rows[key] = int(frame.program.add_rows(0)[0])
        frame.program.put(rows[key], frame.held[np.isin(frame.held_cell, here)], -1)
    frame.program.put(rows[key], unmoved)


def _cells_of(frame: Frame, identity: Identity) -> Ints:
    return np.flatnonzero(frame.holds(identity.activity, identity.day, identity.begin)).astype(np.int64)


def _count_same_space(frame: Frame, rows: dict[tuple[int, int], int], identity: Identity, same_space: int) -> None:
    """What is still in its space is held there."""
    key = (identity.activity, identity.space)
    if key not in rows:
        rows[key] = int(frame.program.add_rows(0)[0])
        mine = (frame.held_activity == identity.activity) & (frame.cells.held_space == identity.space)
        frame.program.put(rows[key], frame.held[mine], -1)
    frame.program.put(rows[key], same_space)


def _post_people(frame: Frame, identity: Identity, kept: int, unmoved: int) -> None:
    """Who is still in it comes to the activity, and where it is unmoved, to a session of then."""
    weight, program = frame.problem.document.weights.drop, frame.program
    people = np.array(identity.previous_residents, np.int64)
    still = program.add_columns(np.ones(len(people), np.int64), weight)
    often = frame.often[people, identity.activity]
    for limit in (np.full(len(people), kept), often):
        rows = program.add_rows(np.zeros(len(people), np.int64))
        program.put(rows, still)
        program.put(rows[limit >= 0], limit[limit >= 0], -1)
    frame.later.append(lambda: _post_then(frame, identity, kept, unmoved, still))


def _post_then(frame: Frame, identity: Identity, kept: int, unmoved: int, still: Ints) -> None:
    program, here = frame.program, _cells_of(frame, identity)
    for r, column in zip(identity.previous_residents, still.tolist(), strict=True):
        mine = frame.comes_of(r)
        mine = mine[np.isin(frame.comes_cell[mine], here)]
        row = program.add_rows(0)
        program.put(row, np.array([column, unmoved, kept]), np.array([1, 1, -1]))
        program.put(row, frame.comes[mine], -1)


def _post_team(frame: Frame, identity: Identity, kept: int) -> None:
    """Who still leads it leads a session of the activity."""
    program, cells = frame.program, frame.cells
    mine = cells.activity[frame.led_cell] == identity.activity
    for f in identity.previous_team:
        still = program.add_columns(1, frame.problem.document.weights.relead)
        for limit in (np.array([kept]), frame.led[mine & (cells.led_by == f)]):
            row = program.add_rows(0)
            program.put(row, still)
            program.put(row, limit, -1)
