"""`tie` and `warm`: what residents have of each other, counted by pair and activity."""

import numpy as np

from solver.bounds.frame import Frame
from solver.problem import Ints


def post_ties(frame: Frame) -> None:
    ties = np.array(frame.problem.ties, np.int64).reshape(-1, 4)
    past = _past(frame, ties)
    glad = ties[:, 2] > 0
    _post_glad(frame, ties[glad], past[glad])
    _post_sad(frame, ties[~glad], past[~glad])


def _past(frame: Frame, ties: Ints) -> Ints:
    """How many of the facts each pair shares."""
    guests = [set(fact.residents) for fact in frame.problem.facts]
    return np.array([sum(a in who and b in who for who in guests) for a, b in ties[:, :2].tolist()], np.int64)


def _post_glad(frame: Frame, ties: Ints, past: Ints) -> None:
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
    frame.pay(weights.warm * has, has, met, who, np.concatenate([shared, shared]))


def _post_sad(frame: Frame, ties: Ints, past: Ints) -> None:
    """Where an activity is held once a day, two who both come to it are in one session."""
    problem, cells, program = frame.problem, frame.cells, frame.program
    worth = problem.document.weights.tie * ties[:, 2]
    program.constant += sum((worth * past).tolist())
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
