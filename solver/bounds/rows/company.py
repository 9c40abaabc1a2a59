"""`tie` and `companion`: what residents have of each other, counted by pair and activity; where it pays, by site."""

import numpy as np

from solver.bounds.linear.frame import Frame, Shared
from solver.instance.problem import Ints, Reals

TOLERANCE = 0.02  # of a session


def post_ties(frame: Frame) -> None:
    post_friends(frame)
    ties = np.array([row for row in frame.problem.ties if row[2] < 0], np.int64).reshape(-1, 4)
    worth = frame.problem.document.weights.tie * ties[:, 2]
    frame.program.constant += sum((worth * _past(frame, ties)).tolist())
    frame.later.append(lambda: _post_sad(frame, ties, worth))


def post_friends(frame: Frame) -> None:
    """What glad pairs have of each other, which needs no cells."""
    ties = np.array([row for row in frame.problem.ties if row[2] > 0], np.int64).reshape(-1, 4)
    frame.shared = _post_glad(frame, ties, _past(frame, ties))


def _past(frame: Frame, ties: Ints) -> Ints:
    """How many of the facts each pair shares."""
    guests = [set(fact.residents) for fact in frame.problem.facts]
    return np.array([sum(a in who and b in who for who in guests) for a, b in ties[:, :2].tolist()], np.int64)


def _post_glad(frame: Frame, ties: Ints, past: Ints) -> Shared:
    """Shared sessions of an activity are at most those that each of the two comes to."""
    weights = frame.problem.document.weights
    pair, activity = np.nonzero((frame.often[ties[:, 0]] >= 0) & (frame.often[ties[:, 1]] >= 0))
    most = np.array([min(row.sessions.max, frame.problem.days) for row in frame.problem.document.activities], np.int64)
    shared = frame.program.add_columns(most[activity])
    for side in (0, 1):
        rows = frame.program.add_rows(np.zeros(len(pair), np.int64))
        frame.program.put(rows, frame.often[ties[pair, side], activity], -1)
        frame.program.put(rows, shared)
    frame.pay(weights.tie * ties[:, 2], ties[:, 3], past, pair, shared)
    people = len(frame.problem.document.residents)
    met = np.bincount(ties[:, :2].T.ravel(), np.tile(past, 2), people).astype(np.int64)
    friends = np.bincount(ties[:, :2].ravel(), minlength=people)
    who = np.concatenate([ties[pair, 0], ties[pair, 1]])
    has = np.minimum(friends, 1)
    frame.pay(weights.companion * has, has, met, who, np.concatenate([shared, shared]))
    return Shared(ties[pair, :2], activity, shared)


def split_ties(frame: Frame, values: Reals) -> int:
    """Count those shared sessions by site that, as the columns now stand, the sites do not allow; how many they are.

    The new columns and rows follow the old ones.
    """
    shared, cells = frame.shared, frame.cells
    key = np.where(frame.comes_site >= 0, frame.comes_site, len(cells.site_cell) + frame.comes_cell)
    found = 0
    for a, b in np.unique(shared.pair, axis=0).tolist():
        one, two = frame.comes_of(a), frame.comes_of(b)
        at = np.intersect1d(key[one], key[two])
        sides = [mine[np.isin(key[mine], at)] for mine in (one, two)]
        places = [np.searchsorted(at, key[mine]) for mine in sides]
        sums = [
            np.bincount(place, values[frame.comes[mine]], len(at)) for place, mine in zip(places, sides, strict=True)
        ]
        kind = np.zeros(len(at), np.int64)
        kind[places[0]] = frame.comes_activity[sides[0]]
        possible = np.bincount(kind, np.minimum(*sums), len(frame.problem.document.activities))
        mine = np.flatnonzero((shared.pair == (a, b)).all(axis=1) & ~shared.is_split)
        mine = mine[values[shared.columns[mine]] > possible[shared.activity[mine]] + TOLERANCE]
        if len(mine):
            _split(frame, mine, at, kind, sides, places)
            found += len(mine)
    return found


def _split(frame: Frame, mine: Ints, at: Ints, kind: Ints, sides: list[Ints], places: list[Ints]) -> None:
    program, shared = frame.program, frame.shared
    shared.is_split[mine] = True
    rank = np.full(len(frame.problem.document.activities), -1, np.int64)
    rank[shared.activity[mine]] = np.arange(len(mine))
    wanted = np.flatnonzero(rank[kind] >= 0)
    together = program.add_columns(np.ones(len(wanted), np.int64))
    rows = program.limit_groups(rank[kind[wanted]], together, -1, np.zeros(len(mine)))
    program.put(rows, shared.columns[mine])
    number = np.full(len(at), -1, np.int64)
    number[wanted] = np.arange(len(wanted))
    for side, place in zip(sides, places, strict=True):
        rows = program.add_rows(np.zeros(len(wanted), np.int64))
        program.put(rows, together)
        here = number[place] >= 0
        program.put(rows[number[place[here]]], frame.comes[side[here]], -1)


def _post_sad(frame: Frame, ties: Ints, worth: Ints) -> None:
    """Where an activity is held once a day, two who both come to it are in one session."""
    problem, cells, program = frame.problem, frame.cells, frame.program
    daily = np.array([row.one_per_day for row in problem.document.activities], bool)
    key = frame.comes_activity * problem.days + frame.comes_day
    held = cells.activity * problem.days + cells.day
    for k, (a, b) in enumerate(ties[:, :2].tolist()):
        one, two = (frame.comes_of(r) for r in (a, b))
        both = np.intersect1d(key[one[daily[frame.comes_activity[one]]]], key[two])
        rank = np.full(len(daily) * problem.days, -1, np.int64)
        rank[both] = np.arange(len(both))
        rows = program.add_rows(np.zeros(len(both), np.int64))
        program.put(rows, program.add_columns(np.ones(len(both), np.int64), worth[k]), -1)
        for mine in (one, two):
            here = mine[rank[key[mine]] >= 0]
            program.put(rows[rank[key[here]]], frame.comes[here])
        here = np.flatnonzero(rank[held] >= 0)
        program.put(rows[rank[held[here]]], frame.in_cell[here], -1)
