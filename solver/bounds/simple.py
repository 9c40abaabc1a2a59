"""A first bound in a moment: everybody gets the best of what they like, and nothing costs anything."""

import numpy as np

from solver.bounds.linear.frame import likings
from solver.instance.problem import Ints, Problem
from solver.model.terms.residents.interest import PAID


def simple_bound(problem: Problem) -> int:
    """At least the score of every schedule that keeps all rules. Needs no OR-Tools."""
    document, weights = problem.document, problem.document.weights
    most = most_sessions(problem)
    pays = np.concatenate([[0], np.cumsum(np.array(weights.engagement, np.int64))])
    total = sum(int(pays[min(n, len(pays) - 1)]) for n in most.tolist())
    often = np.array([min(PAID, row.sessions.max) for row in document.activities], np.int64)
    for fact in problem.facts:
        often[fact.activity] = PAID
    keen = likings(problem).max(axis=1, initial=0)
    for r in range(len(document.residents)):
        likes = np.repeat(problem.interest[:, r].astype(np.int64), often)
        best = np.sort(np.maximum(likes, 0))[::-1][: most[r]]
        total += weights.interest * int(best.sum())
        total += weights.time * int(most[r] * keen[r])
    near = np.zeros(len(document.residents), bool)
    for a, b, strength, cap in problem.ties:
        if strength > 0 and min(most[a], most[b]) > 0:
            total += weights.tie * strength * min(cap, int(most[a]), int(most[b]))
            near[[a, b]] = True
    total += weights.companion * int(near.sum())
    total += sum(weights.usual) * sum(row.activity in problem.activity_number for row in document.usual)
    return total + weights.turn * int(problem.waiting.astype(np.int64).sum())


def most_sessions(problem: Problem) -> Ints:
    """(R,): how many sessions a resident can attend, what already happened counted."""
    document = problem.document
    held = np.array(
        [
            row.sessions.max if not row.one_per_day else min(row.sessions.max, problem.days)
            for row in document.activities
        ],
        np.int64,
    )
    offered = (np.minimum(held, problem.days)[:, None] * problem.may_activity).sum(axis=0)
    most = np.array([min(row.sessions.max, row.max_per_day * problem.days) for row in document.residents], np.int64)
    past = np.zeros(len(document.residents), np.int64)
    for fact in problem.facts:
        past[list(fact.residents)] += 1
    result: Ints = np.minimum(most, offered) + past
    return result
