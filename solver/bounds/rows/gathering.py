"""`group` and `offer`: how many sessions hold enough of a living group, and how many are on when they should be."""

import numpy as np

from solver.bounds.linear.frame import Frame
from solver.documents.problem import Offer
from solver.instance.problem import Flags, Ints


def post_group(frame: Frame) -> None:
    """A session serves an aim where enough members come; in a cell, no more sessions do than are held.

    By site nothing was gained, and in homes of many zones it took a sixth of all entries.
    """
    problem, cells = frame.problem, frame.cells
    for group in problem.document.groups:
        members = np.zeros(len(problem.document.residents), bool)
        members[[problem.resident_number[name] for name in group.members]] = True
        for target in group.targets:
            serves = np.array([target.domain in ("", *a.domains) for a in problem.document.activities], bool)
            held = sum(
                serves[f.activity] and int(members[list(f.residents)].sum()) >= target.members for f in problem.facts
            )
            mine = np.flatnonzero(members[cells.comes_who] & serves[frame.comes_activity])
            columns, _ = served(frame, mine, target.members)
            worth = problem.document.weights.group * target.weight
            frame.program.constant -= worth * target.min
            one = np.zeros(len(columns), np.int64)
            frame.pay(np.array([worth]), np.array([target.min]), np.array([held]), one, columns)


def served(frame: Frame, mine: Ints, members: int) -> tuple[Ints, Ints]:
    """Columns that count, by cell, the sessions to which so many of those come whose `comes` these are; the cells."""
    program, at, strands = frame.program, frame.comes_cell[mine], frame.strands
    able = np.flatnonzero(np.bincount(at, minlength=len(frame.cells)) >= members)
    columns = program.add_columns(frame.most_held[able])
    rows = program.limit_groups(np.arange(len(able)), frame.in_cell[able], -1, np.zeros(len(able)))
    program.put(rows, columns)
    visits = np.unique(strands.comes[mine])
    frame.limit_some(strands.cell[able], columns, members, strands.strand[visits], frame.visits[visits], -1)
    frame.later.append(lambda: frame.limit_some(able, columns, members, at, frame.comes[mine], -1))
    return columns, able


def post_offer(frame: Frame) -> None:
    """Sessions for more than one count in every cell in which one could start in time."""
    problem, cells = frame.problem, frame.cells
    known: dict[tuple[str | None, int], tuple[Ints, Ints]] = {}
    for offer in problem.document.offers:
        key = offer.group, offer.members
        if key not in known:
            known[key] = _holding(frame, offer)
        columns, there = known[key]
        days = np.array([day for day in range(problem.days) if offer.is_on(day)], np.int64)
        place = np.full(problem.days, -1, np.int64)
        place[days] = np.arange(len(days))
        mine = (cells.first[there] < offer.end) & (offer.begin <= cells.last[there]) & (place[cells.day[there]] >= 0)
        worth = np.full(len(days), problem.document.weights.offer * offer.weight, np.int64)
        frame.program.constant -= int(worth.sum()) * offer.min
        least = np.full(len(days), offer.min, np.int64)
        frame.pay(worth, least, _had(frame, offer, place), place[cells.day[there[mine]]], columns[mine])


def _holding(frame: Frame, offer: Offer) -> tuple[Ints, Ints]:
    """Columns that count, by cell, the sessions for more than one that hold enough of whom an offer names."""
    cells = frame.cells
    is_group = np.array([row.max_group > 1 for row in frame.problem.document.activities], bool)
    if offer.group is None:
        there = np.flatnonzero(is_group[cells.activity])
        return frame.in_cell[there], there
    members = _members(frame, offer)
    return served(frame, np.flatnonzero(members[cells.comes_who] & is_group[frame.comes_activity]), offer.members)


def _members(frame: Frame, offer: Offer) -> Flags:
    problem = frame.problem
    inside = np.zeros(len(problem.document.residents), bool)
    for group in problem.document.groups:
        if group.id == offer.group:
            inside[[problem.resident_number[name] for name in group.members]] = True
    return inside


def _had(frame: Frame, offer: Offer, place: Ints) -> Ints:
    """On each of an offer's days, by its place among them, how many facts count for it."""
    problem, members = frame.problem, _members(frame, offer)
    had = np.zeros(int(place.max(initial=-1)) + 1, np.int64)
    for fact in problem.facts:
        is_in_time = place[fact.day] >= 0 and offer.begin <= fact.begin < offer.end
        enough = offer.group is None or int(members[list(fact.residents)].sum()) >= offer.members
        if is_in_time and enough and problem.document.activities[fact.activity].max_group > 1:
            had[place[fact.day]] += 1
    return had
