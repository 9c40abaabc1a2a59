"""The rules of what is held where and led by whom, as rows: R1, R3, R4, R6, R18."""

from collections.abc import Iterator
from functools import partial

import numpy as np

from solver.bounds.linear.frame import Frame
from solver.bounds.linear.stays import cliques, covered
from solver.instance.problem import Identity, Ints


def post_sets(frame: Frame) -> None:
    """A column of `chosen` counts at most the sessions in its spaces; that of a whole site or cell exactly those."""
    cells, program = frame.cells, frame.program
    rows = program.limit_groups(cells.choice_of, frame.held[cells.choice_held], -1, np.zeros(len(frame.chosen)))
    program.put(rows, frame.chosen)
    for columns, at in ((frame.at_site, cells.held_site), (frame.in_cell, frame.held_cell)):
        rows = program.limit_groups(at, frame.held, 1, np.zeros(len(columns)))
        program.put(rows, columns, -1)


def post_counts(frame: Frame) -> None:
    """R6: the activity's least and most sessions over the horizon, and one a day where it is so."""
    cells, program, document = frame.cells, frame.program, frame.problem.document
    past = frame.past.held.sum(axis=1)
    most = np.array([row.sessions.max for row in document.activities], np.int64)
    least = np.array([row.sessions.min for row in document.activities], np.int64)
    program.limit_groups(cells.activity, frame.in_cell, 1, np.maximum(0, most - past))
    asked = np.flatnonzero(least > past)
    program.limit_groups(*_only(asked, cells.activity, frame.in_cell), -1, past[asked] - least[asked])
    daily = np.array([row.one_per_day for row in document.activities], bool)
    days = frame.problem.days
    key = cells.activity * days + cells.day
    wanted = np.flatnonzero(np.repeat(daily, days) & (np.bincount(key, minlength=len(daily) * days) > 1))
    program.limit_groups(*_only(wanted, key, frame.in_cell), 1, np.maximum(0, 1 - frame.past.held.ravel()[wanted]))


def _only(wanted: Ints, group: Ints, columns: Ints) -> tuple[Ints, Ints]:
    """Those whose group is wanted, by the group's place among the wanted."""
    place = np.full(int(max(group.max(initial=0), wanted.max(initial=0))) + 1, -1, np.int64)
    place[wanted] = np.arange(len(wanted))
    mine = place[group] >= 0
    return place[group[mine]], columns[mine]


def post_spaces(frame: Frame) -> None:
    """R3: what is held in a space, or in two that share, does not overlap, each with its own turnaround after it."""
    problem, cells = frame.problem, frame.cells
    sharing = [(s, other) for s, near in enumerate(problem.shares) for other in near if s < other]
    alone = [(s,) for s in range(len(problem.shares)) if not any(s in pair for pair in sharing)]
    gap = frame.lengths[frame.held_activity] + problem.turnaround[cells.held_space]
    for spaces in [*alone, *sharing]:
        mine = np.flatnonzero(np.isin(cells.held_space, spaces))
        _keep_apart(
            frame,
            frame.held[mine],
            frame.held_day[mine],
            cells.part[frame.held_cell[mine]],
            cells.held_first[mine],
            cells.held_last[mine],
            gap[mine],
        )


def post_staff(frame: Frame) -> None:
    """R4: as many leaders as are needed, with all skills; each in one place at a time, and so often a day."""
    problem, cells, program = frame.problem, frame.cells, frame.program
    staff = problem.document.facilitators
    activity, needed = cells.activity[frame.led_cell], _needed(frame)
    for sign in (1, -1):
        rows = program.limit_groups(cells.led_site, frame.led, sign, np.zeros(len(needed)))
        program.put(rows, frame.at_site, -sign * needed)
    several = np.flatnonzero(needed[cells.led_site] > 1)
    rows = program.limit_groups(np.arange(len(several)), frame.led[several], 1, np.zeros(len(several)))
    program.put(rows, frame.at_site[cells.led_site[several]], -1)
    _post_skills(frame)
    day = cells.day[frame.led_cell]
    gap = np.array([person.gap_minutes for person in staff], np.int64)
    for f, person in enumerate(staff):
        mine = np.flatnonzero(cells.led_by == f)
        limit = np.maximum(0, person.max_sessions_per_day - frame.past.led[f])
        program.limit_groups(day[mine], frame.led[mine], 1, limit)
        _keep_apart(
            frame,
            frame.led[mine],
            day[mine],
            cells.part[frame.led_cell[mine]],
            cells.led_first[mine],
            cells.led_last[mine],
            frame.lengths[activity[mine]] + gap[f],
        )


def _needed(frame: Frame) -> Ints:
    """(sites,): how many lead a session there."""
    needed = np.array([row.facilitators for row in frame.problem.document.activities], np.int64)
    return needed[frame.cells.activity[frame.cells.site_cell]]


def _post_skills(frame: Frame) -> None:
    """Where several lead, somebody has each skill; who leads alone has them all anyway."""
    problem, cells = frame.problem, frame.cells
    activity = cells.activity[cells.site_cell]
    for a, row in enumerate(problem.document.activities):
        sites = np.flatnonzero(activity == a)
        for skill in range(len(set(row.needs_skills)) if row.facilitators > 1 else 0):
            able = np.array([skill in have for have in problem.skills[a]], bool)
            mine = np.flatnonzero((activity[cells.led_site] == a) & able[cells.led_by])
            rows = frame.program.limit_groups(
                np.searchsorted(sites, cells.led_site[mine]), frame.led[mine], -1, np.zeros(len(sites))
            )
            frame.program.put(rows, frame.at_site[sites])


def _keep_apart(frame: Frame, columns: Ints, day: Ints, part: Ints, first: Ints, last: Ints, length: Ints) -> None:
    """Rows for one owner. Whenever in their cells they start, those whose cores share a moment exclude each other; and
    in every part of a day all together last no longer than there is time.
    """
    program = frame.program
    for key in np.unique(day).tolist():
        today = np.flatnonzero(day == key)
        for found in cliques(last[today], first[today] + length[today]):
            program.put(program.add_rows(1), columns[today[found]])
        for mine in _spells(today, part):
            time = covered(first[mine], last[mine] + length[mine])
            program.put(program.add_rows(time), columns[mine], length[mine])


def _spells(today: Ints, part: Ints) -> Iterator[Ints]:
    parts = np.unique(part[today]).tolist()
    for each in parts:
        yield today[part[today] == each]
    if len(parts) > 1:
        yield today


def post_pins(frame: Frame) -> None:
    """R18: a pinned session is held in its cell, and who is pinned to it comes there."""
    cells, program = frame.cells, frame.program
    asked: dict[tuple[int, int, int, int], int] = {}
    for identity in frame.problem.identities:
        if not identity.is_pinned:
            continue
        key = (identity.activity, identity.day, identity.begin, identity.space)
        asked[key] = asked.get(key, 0) + 1
        frame.later.append(partial(_post_attending, frame, identity))
    for (a, day, begin, space), count in asked.items():
        mine = frame.holds(a, day, begin)[frame.held_cell]
        mine &= (cells.held_first <= begin) & (begin <= cells.held_last)
        if space >= 0:
            mine &= cells.held_space == space
        program.put(program.add_rows(-count), frame.held[mine], -1)


def _post_attending(frame: Frame, identity: Identity) -> None:
    here = frame.holds(identity.activity, identity.day, identity.begin)
    for r in identity.attend:
        mine = here[frame.comes_cell] & (frame.cells.comes_who == r)
        frame.program.put(frame.program.add_rows(-1), frame.comes[mine], -1)
