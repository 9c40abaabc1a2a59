"""The terms of the score, as what columns are worth: each at least what the term gives a schedule with those counts."""

from collections import defaultdict
from collections.abc import Callable
from itertools import accumulate

import numpy as np

from solver.bounds.linear.frame import Frame, likings
from solver.bounds.rows.change import post_change
from solver.bounds.rows.company import post_ties
from solver.bounds.rows.gathering import post_group, post_offer
from solver.bounds.rows.usual import post_usual
from solver.documents.fields import PARTS, part_of_day
from solver.instance.problem import Flags, Ints
from solver.model.terms.residents.interest import PAID


def post_interest(frame: Frame) -> None:
    problem, weight = frame.problem, frame.problem.document.weights.interest
    had = frame.past.came.sum(axis=2)
    likes = problem.interest.astype(np.int64).T
    frame.program.constant += weight * int((likes * np.where(likes > 0, np.minimum(had, PAID), had)).sum())
    most = np.array([row.sessions.max for row in problem.document.activities], np.int64)
    able = frame.often >= 0
    is_capped = able & (likes > 0) & (had + most > PAID)
    plain = able & ~is_capped
    frame.program.add_worth(frame.often[plain], weight * likes[plain])
    left = PAID - had[is_capped]
    rows = frame.program.add_rows(np.zeros(len(left), np.int64))
    frame.program.put(rows, frame.often[is_capped], -1)
    frame.program.put(rows, frame.program.add_columns(left, weight * likes[is_capped]))


def post_time(frame: Frame) -> None:
    problem, strands = frame.problem, frame.strands
    weight = problem.document.weights.time
    liking = likings(problem)
    frame.program.add_worth(frame.visits, weight * liking[strands.who, strands.part[strands.strand]])
    for fact in problem.facts:
        part = PARTS.index(part_of_day(fact.begin))
        frame.program.constant += weight * int(liking[list(fact.residents), part].sum())


def post_welcome(frame: Frame) -> None:
    """`engagement` and `shortfall`: both pay for the number of welcome sessions, and less for every further one."""
    weights, people = frame.problem.document.weights, frame.problem.document.residents
    welcome = frame.problem.interest >= 0
    who, activity = np.nonzero((frame.often >= 0) & welcome.T)
    rows = frame.program.limit_groups(who, frame.often[who, activity], -1, np.zeros(len(people)))
    had = (frame.past.came.sum(axis=2) * welcome.T).sum(axis=1)
    first = [0, *accumulate(weights.engagement)]
    for r, person in enumerate(people):
        past, least = int(had[r]), person.sessions.min
        frame.program.constant += first[min(past, len(first) - 1)] - weights.shortfall * max(0, least - past)
        steps: defaultdict[int, int] = defaultdict(int)
        for k in range(past, len(weights.engagement)):
            steps[weights.engagement[k] + (weights.shortfall if k < least else 0)] += 1
        steps[weights.shortfall] += max(0, least - max(past, len(weights.engagement)))
        for worth, count in steps.items():
            if worth and count:
                frame.program.put(rows[r], frame.program.add_columns(count, worth))


def post_left_out(frame: Frame) -> None:
    problem = frame.problem
    weight, likes = problem.document.weights.left_out, problem.interest.T > 0
    had = (frame.past.came.sum(axis=2) * likes).sum(axis=1)
    named = np.array([any(like > 0 for like in row.interests.values()) for row in problem.document.residents], bool)
    least = np.array([row.sessions.min for row in problem.document.residents], np.int64)
    asked = np.flatnonzero((least > 0) & named)
    frame.program.constant -= weight * len(asked)
    _pay(frame, np.full(len(asked), weight), np.ones(len(asked), np.int64), had[asked], asked, likes[asked])


def post_target(frame: Frame) -> None:
    problem = frame.problem
    rows = [(r, target) for r, row in enumerate(problem.document.residents) for target in row.targets]
    serves = np.array([[target.domain in a.domains for a in problem.document.activities] for _, target in rows], bool)
    serves = serves.reshape(len(rows), len(problem.document.activities))
    who = np.array([r for r, _ in rows], np.int64)
    most = np.array([target.min for _, target in rows], np.int64)
    worth = problem.document.weights.target * np.array([target.weight for _, target in rows], np.int64)
    frame.program.constant -= int(sum((worth * most).tolist()))
    had = (frame.past.came.sum(axis=2)[who] * serves).sum(axis=1)
    _pay(frame, worth, most, had, who, serves)


def _pay(frame: Frame, worth: Ints, most: Ints, had: Ints, who: Ints, serves: Flags) -> None:
    """Each row pays for the first of its resident's sessions of the activities that serve it."""
    row, activity = np.nonzero(serves & (frame.often[who] >= 0))
    frame.pay(worth, most, had, row, frame.often[who[row], activity])


def post_crowd(frame: Frame) -> None:
    """At a site, those above the comfort of its spaces together are no more than those above in each."""
    problem, weight = frame.problem, frame.problem.document.weights.crowd
    comfort = np.array([space.comfort for space in problem.document.spaces], np.int64)
    for fact in problem.facts:
        frame.program.constant -= weight * max(0, len(fact.residents) - int(comfort[fact.space]))
    frame.later.append(lambda: _post_above(frame, comfort[frame.cells.held_space]))


def _post_above(frame: Frame, comfort: Ints) -> None:
    program, level = frame.program, frame.levels[0]
    size = np.bincount(level.at[level.at >= 0], minlength=level.count)
    least = np.full(level.count, np.iinfo(np.int64).max)
    np.minimum.at(least, level.held_at, comfort)
    able = np.flatnonzero(size > least)
    rank = np.full(level.count + 1, -1, np.int64)
    rank[able] = np.arange(len(able))
    above = program.add_columns(size[able], -frame.problem.document.weights.crowd)
    mine = rank[level.at] >= 0
    rows = program.limit_groups(rank[level.at[mine]], level.guests[mine], 1, np.zeros(len(able)))
    program.put(rows, above, -1)
    mine = rank[level.held_at] >= 0
    program.put(rows[rank[level.held_at[mine]]], frame.held[mine], -comfort[mine])


def post_walk(frame: Frame) -> None:
    """At least the shortest way to one of the spaces that the resident can choose among."""
    problem, weight = frame.problem, frame.problem.document.weights.walk
    for fact in problem.facts:
        frame.program.constant -= weight * int(problem.walk[fact.space, list(fact.residents)].sum())
    frame.program.add_worth(frame.visits, -weight * frame.strands.walk)


def post_session(frame: Frame) -> None:
    document = frame.problem.document
    worth = -np.array([document.weights.session + row.cost for row in document.activities], np.int64)
    frame.program.add_worth(frame.held, worth[frame.held_activity])
    frame.program.constant += int(sum((worth * frame.past.held.sum(axis=1)).tolist()))


def post_turn(frame: Frame) -> None:
    """The first of a resident's sessions of what they have waited for pays."""
    problem, weight = frame.problem, frame.problem.document.weights.turn
    activity, who = np.nonzero(problem.waiting)
    had = frame.past.came.sum(axis=2)[who, activity]
    able = np.flatnonzero(frame.often[who, activity] >= 0)
    worth = weight * problem.waiting[activity, who].astype(np.int64)
    frame.pay(worth, np.ones(len(who), np.int64), had, able, frame.often[who[able], activity[able]])


POSTS: dict[str, Callable[[Frame], None]] = {
    "interest": post_interest,
    "time": post_time,
    "engagement, shortfall": post_welcome,
    "left_out": post_left_out,
    "target": post_target,
    "group": post_group,
    "tie, companion": post_ties,
    "crowd": post_crowd,
    "walk": post_walk,
    "session": post_session,
    "offer": post_offer,
    "usual": post_usual,
    "turn": post_turn,
    "cancel, move, relocate, drop, relead": post_change,
}
