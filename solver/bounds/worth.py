"""The terms of the score, as what columns are worth: each at least what the term gives a schedule with those counts."""

from collections import defaultdict
from collections.abc import Callable
from itertools import accumulate

import numpy as np

from solver.bounds.change import post_change
from solver.bounds.company import post_ties
from solver.bounds.frame import Frame, likings
from solver.problem import Flags, Ints
from solver.terms.interest import PAID


def post_interest(frame: Frame) -> None:
    problem, cells = frame.problem, frame.cells
    weight, count = problem.document.weights.interest, len(problem.document.activities)
    like = problem.interest.astype(np.int64)[frame.comes_activity, cells.comes_who]
    had = frame.past.came.sum(axis=2)
    likes = problem.interest.astype(np.int64).T
    frame.program.constant += weight * int((likes * np.where(likes > 0, np.minimum(had, PAID), had)).sum())
    most = np.array([row.sessions.max for row in problem.document.activities], np.int64)
    is_capped = (like > 0) & (had.sum(axis=0) + most > PAID)[frame.comes_activity]
    frame.program.add_worth(frame.comes[~is_capped], weight * like[~is_capped])
    mine = np.flatnonzero(is_capped)
    used, place = np.unique(cells.comes_who[mine] * count + frame.comes_activity[mine], return_inverse=True)
    left = np.maximum(0, PAID - had.ravel()[used])
    paid = frame.program.add_columns(left, weight * likes.ravel()[used])
    rows = frame.program.limit_groups(place, frame.comes[mine], -1, np.zeros(len(used)))
    frame.program.put(rows, paid)


def post_time(frame: Frame) -> None:
    problem, cells = frame.problem, frame.cells
    weight = problem.document.weights.time
    liking = likings(problem)
    frame.program.add_worth(frame.comes, weight * liking[cells.comes_who, cells.part[cells.comes_cell]])
    for fact in problem.facts:
        part = int(fact.begin >= 12 * 60) + int(fact.begin >= 17 * 60)
        frame.program.constant += weight * int(liking[list(fact.residents), part].sum())


def post_welcome(frame: Frame) -> None:
    """`engagement` and `shortfall`: both pay for the number of welcome sessions, and less for every further one."""
    weights, people = frame.problem.document.weights, frame.problem.document.residents
    welcome = frame.problem.interest >= 0
    mine = np.flatnonzero(welcome[frame.comes_activity, frame.cells.comes_who])
    rows = frame.program.limit_groups(frame.cells.comes_who[mine], frame.comes[mine], -1, np.zeros(len(people)))
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
    at: list[Ints] = [np.zeros(0, np.int64)]
    columns: list[Ints] = [np.zeros(0, np.int64)]
    for row, r in enumerate(who.tolist()):
        mine = frame.comes_of(r)
        mine = mine[serves[row, frame.comes_activity[mine]]]
        at.append(np.full(len(mine), row, np.int64))
        columns.append(frame.comes[mine])
    frame.pay(worth, most, had, np.concatenate(at), np.concatenate(columns))


def post_group(frame: Frame) -> None:
    """A session serves an aim where enough members come; in a cell, no more sessions do than are held."""
    problem, cells, program = frame.problem, frame.cells, frame.program
    most = frame.most_held()
    for group in problem.document.groups:
        members = np.zeros(len(problem.document.residents), bool)
        members[[problem.resident_number[name] for name in group.members]] = True
        for target in group.targets:
            serves = np.array([target.domain in ("", *a.domains) for a in problem.document.activities], bool)
            held = sum(serves[f.activity] and int(members[list(f.residents)].sum()) >= target.members
                       for f in problem.facts)  # fmt: skip
            mine = np.flatnonzero(members[cells.comes_who] & serves[frame.comes_activity])
            size = np.bincount(cells.comes_cell[mine], minlength=len(cells))
            able = np.flatnonzero(size >= target.members)
            rank = np.full(len(cells), -1, np.int64)
            rank[able] = np.arange(len(able))
            mine = mine[rank[cells.comes_cell[mine]] >= 0]
            served = program.add_columns(most[able])
            rows = program.limit_groups(rank[cells.comes_cell[mine]], frame.comes[mine], -1, np.zeros(len(able)))
            program.put(rows, served, target.members)
            rows = program.limit_groups(np.arange(len(able)), frame.all_chosen[able], -1, np.zeros(len(able)))
            program.put(rows, served)
            worth = problem.document.weights.group * target.weight
            program.constant -= worth * target.min
            one = np.zeros(len(able), np.int64)
            frame.pay(np.array([worth]), np.array([target.min]), np.array([held]), one, served)


def post_crowd(frame: Frame) -> None:
    """In a cell, those above the comfort of its spaces together are no more than those above in each."""
    problem, cells, program = frame.problem, frame.cells, frame.program
    weight = problem.document.weights.crowd
    comfort = np.array([space.comfort for space in problem.document.spaces], np.int64)
    for fact in problem.facts:
        program.constant -= weight * max(0, len(fact.residents) - int(comfort[fact.space]))
    size = np.bincount(cells.comes_cell, minlength=len(cells))
    least = np.full(len(cells), np.iinfo(np.int64).max)
    np.minimum.at(least, cells.held_cell, comfort[cells.held_space])
    able = np.flatnonzero(size > least)
    rank = np.full(len(cells), -1, np.int64)
    rank[able] = np.arange(len(able))
    above = program.add_columns(size[able], -weight)
    mine = np.flatnonzero(rank[cells.comes_cell] >= 0)
    rows = program.limit_groups(rank[cells.comes_cell[mine]], frame.comes[mine], 1, np.zeros(len(able)))
    program.put(rows, above, -1)
    held = np.flatnonzero(rank[cells.held_cell] >= 0)
    program.put(rows[rank[cells.held_cell[held]]], frame.held[held], -comfort[cells.held_space[held]])


def post_walk(frame: Frame) -> None:
    """At least the shortest way to one of the spaces that the resident can choose among."""
    problem, cells = frame.problem, frame.cells
    weight = problem.document.weights.walk
    for fact in problem.facts:
        frame.program.constant -= weight * int(problem.walk[fact.space, list(fact.residents)].sum())
    zones = np.unique(frame.problem.walk, axis=1, return_inverse=True)
    table, kind = zones[0], zones[1].ravel()
    nearest = np.full((len(frame.chosen), table.shape[1]), np.iinfo(np.int64).max)
    np.minimum.at(nearest, cells.choice_of, table[cells.held_space[cells.choice_held]])
    frame.program.add_worth(frame.comes, -weight * nearest[cells.comes_choice, kind[cells.comes_who]])


def post_session(frame: Frame) -> None:
    document = frame.problem.document
    worth = -np.array([document.weights.session + row.cost for row in document.activities], np.int64)
    frame.program.add_worth(frame.held, worth[frame.held_activity])
    frame.program.constant += int(sum((worth * frame.past.held.sum(axis=1)).tolist()))


def post_thin_day(frame: Frame) -> None:
    problem, cells = frame.problem, frame.cells
    least, weight = problem.document.programme.min_sessions_per_day, problem.document.weights.thin_day
    group = np.array([row.max_group > 1 for row in problem.document.activities], bool)
    had = (frame.past.held * group[:, None]).sum(axis=0)
    mine = np.flatnonzero(group[cells.activity])
    frame.program.constant -= weight * least * problem.days
    every = np.ones(problem.days, np.int64)
    frame.pay(weight * every, least * every, had, cells.day[mine], frame.all_chosen[mine])


POSTS: dict[str, Callable[[Frame], None]] = {
    "interest": post_interest,
    "time": post_time,
    "engagement, shortfall": post_welcome,
    "left_out": post_left_out,
    "target": post_target,
    "group": post_group,
    "tie, warm": post_ties,
    "crowd": post_crowd,
    "walk": post_walk,
    "session": post_session,
    "thin_day": post_thin_day,
    "cancel, move, relocate, drop": post_change,
}
