"""The rules of who comes to what, as rows: R2, R5, R7 to R15."""

import numpy as np

from solver.bounds.linear.frame import Frame, Level
from solver.bounds.linear.stays import cliques
from solver.instance.problem import Flags, Ints


def post_seats(frame: Frame, level: Level) -> None:
    """R2, R5: seats, wheelchair places and largest groups; least groups."""
    document = frame.problem.document
    most = np.array([row.max_group for row in document.activities], np.int64)[frame.held_activity]
    seats = np.array([row.capacity for row in document.spaces], np.int64)[frame.cells.held_space]
    places = np.array([row.wheelchair_places for row in document.spaces], np.int64)[frame.cells.held_space]
    everybody = np.ones(len(document.residents), np.int64)
    _limit(frame, level, everybody, np.minimum(seats, most))
    _limit(frame, level, frame.of_residents("wheelchair"), np.minimum(places, most))
    _post_least(frame, level)


def _post_least(frame: Frame, level: Level) -> None:
    """R5: least groups, where at least half of those who may be there can be nowhere else."""
    least = np.array([row.min_group for row in frame.problem.document.activities], np.int64)[frame.held_activity]
    guest, where = level.perhaps
    certain = np.bincount(where[level.at[guest] == where], minlength=level.count)
    is_sure = np.append(2 * certain >= np.bincount(where, minlength=level.count), False)
    held = np.flatnonzero((least > 0) & is_sure[level.held_at])
    rank = _rank(np.unique(level.held_at[held]), level)
    rows = frame.program.add_rows(np.zeros(int(rank.max(initial=-1)) + 1, np.int64))
    frame.program.put(rows[rank[level.held_at[held]]], frame.held[held], least[held])
    _put_ranked(frame, rows, rank[where], level.guests[guest], -1)


def _limit(frame: Frame, level: Level, need: Ints, room: Ints, who: Flags | None = None) -> None:
    """What those who come need is at most the room of the sessions; `who` says who of them counts.

    Only where one session may not have room for all: else nothing is asked that `chosen` does not ask.
    """
    need = need[level.who] * (1 if who is None else who)
    mine = np.flatnonzero((need > 0) & (level.at >= 0))
    total = np.bincount(level.at[mine], need[mine], level.count)
    smallest = np.full(level.count, np.iinfo(np.int64).max)
    held = np.flatnonzero(level.held_at >= 0)
    np.minimum.at(smallest, level.held_at[held], room[held])
    tight = np.append(total > smallest, False)
    at = np.where((need > 0) & tight[level.at], level.at, -1)
    frame.limit_some(at, level.guests, need, level.held_at, frame.held, -room)


def post_support(frame: Frame, level: Level) -> None:
    """R11, where sessions have facilitators."""
    cells, document = frame.cells, frame.problem.document
    need = frame.of_residents("support")[level.who]
    given = np.array([person.support for person in document.facilitators], np.int64)[cells.led_by]
    frame.limit_some(np.where(need > 0, level.at, -1), level.guests, need, level.led_at, frame.led, -given)


def post_choices(frame: Frame) -> None:
    """R2: nobody comes without a session to choose."""
    comes = frame.comes
    rows = frame.program.limit_groups(np.arange(len(comes)), comes, 1, np.zeros(len(comes)))
    frame.program.put(rows, frame.chosen[frame.cells.comes_choice], -1)


def post_visits(frame: Frame) -> None:
    """R2: nobody visits a strand more often than it has sessions to choose; choices that are the same share a sum."""
    program, cells, visits = frame.program, frame.cells, frame.visits
    pairs = np.unique(frame.strands.comes * len(frame.chosen) + cells.comes_choice)
    visit, choice = np.divmod(pairs, max(1, len(frame.chosen)))
    begin = np.searchsorted(visit, np.arange(len(visits) + 1)).tolist()
    known: dict[bytes, int] = {}
    sets: list[Ints] = []
    kind = np.zeros(len(visits), np.int64)
    for k in range(len(visits)):
        mine = choice[begin[k] : begin[k + 1]]
        kind[k] = known.setdefault(mine.tobytes(), len(sets))
        if kind[k] == len(sets):
            sets.append(mine)
    of = np.repeat(np.arange(len(sets)), [len(each) for each in sets])
    chosen = np.concatenate([np.zeros(0, np.int64), *sets])
    most = np.bincount(of, frame.most_held[cells.choice_cell[chosen]], len(sets)).astype(np.int64)
    sums = program.add_columns(most)
    rows = program.limit_groups(of, frame.chosen[chosen], -1, np.zeros(len(sets), np.int64))
    program.put(rows, sums)
    rows = program.limit_groups(np.arange(len(visits)), visits, 1, np.zeros(len(visits), np.int64))
    program.put(rows, sums[kind], -1)


def post_people(frame: Frame) -> None:
    """R7, R14: counts over the horizon, at most those of its days together, and required attendances."""
    problem, program, past = frame.problem, frame.program, frame.past.came
    people = problem.document.residents
    total = np.array([row.sessions.max for row in people], np.int64)
    able, activity = np.nonzero(frame.often >= 0)
    limit = np.minimum(np.maximum(0, total - past.sum(axis=(1, 2))), _left_by_day(frame).sum(axis=1))
    program.limit_groups(able, frame.often[able, activity], 1, limit)
    for r, row in enumerate(people):
        for name, least in row.required.items():
            a = problem.activity_number[name]
            lacking = least - int(past[r, a].sum())
            if lacking > 0:
                asked = program.add_rows(-lacking)
                if frame.often[r, a] >= 0:
                    program.put(asked, frame.often[r, a], -1)


def _left_by_day(frame: Frame) -> Ints:
    """(R, D): how many sessions each resident may still come to on each day."""
    daily = np.array([row.max_per_day for row in frame.problem.document.residents], np.int64)
    left: Ints = np.maximum(0, daily[:, None] - frame.past.came.sum(axis=1))
    return left


def post_days(frame: Frame) -> None:
    """R7: counts by day, one of an activity a day, one place at a time, and the days between two of an activity; the
    ways between zones are left out.
    """
    problem, cells, program = frame.problem, frame.cells, frame.program
    days, count = problem.days, len(problem.document.activities)
    who = cells.comes_who
    program.limit_groups(who * days + frame.comes_day, frame.comes, 1, _left_by_day(frame).ravel())
    key = (who * count + frame.comes_activity) * days + frame.comes_day
    used, place, size = np.unique(key, return_inverse=True, return_counts=True)
    many = np.flatnonzero(size > 1)
    rank = np.full(len(used), -1, np.int64)
    rank[many] = np.arange(len(many))
    mine = rank[place] >= 0
    program.limit_groups(rank[place[mine]], frame.comes[mine], 1, np.ones(len(many)))
    _post_days_apart(frame)
    _post_stays(frame)


def _post_days_apart(frame: Frame) -> None:
    """Within as many days as its sessions are to lie apart, a resident comes once at most."""
    cells, past = frame.cells, frame.past.came
    for a, row in enumerate(frame.problem.document.activities):
        mine = np.flatnonzero(frame.comes_activity == a) if row.days_apart > 1 else np.zeros(0, np.int64)
        for first in range(max(1, frame.problem.days - row.days_apart + 1) if len(mine) else 0):
            last = first + row.days_apart
            near = mine[(first <= frame.comes_day[mine]) & (frame.comes_day[mine] < last)]
            left = np.maximum(0, 1 - past[:, a, first:last].sum(axis=1))
            used, place = np.unique(cells.comes_who[near], return_inverse=True)
            frame.program.limit_groups(place, frame.comes[near], 1, left[used])


def _post_stays(frame: Frame) -> None:
    """Nobody in two places at a time, with their rest between."""
    cells, program = frame.cells, frame.program
    rest = frame.of_residents("rest_minutes")
    people = len(rest)
    for minutes in np.unique(rest).tolist():
        resting = rest[cells.comes_who] == minutes
        for day in range(frame.problem.days):
            mine = np.flatnonzero(resting & (frame.comes_day == day))
            today = np.unique(frame.comes_cell[mine])
            end = cells.first[today] + frame.lengths[cells.activity[today]] + minutes
            for found in cliques(cells.last[today], end):
                inside = np.zeros(len(cells), bool)
                inside[today[found]] = True
                here = mine[inside[frame.comes_cell[mine]]]
                size = np.bincount(cells.comes_who[here], minlength=people)
                asked = np.flatnonzero(size > 1)
                rank = np.full(people, -1, np.int64)
                rank[asked] = np.arange(len(asked))
                here = here[rank[cells.comes_who[here]] >= 0]
                program.limit_groups(rank[cells.comes_who[here]], frame.comes[here], 1, np.ones(len(asked)))


def post_escorts(frame: Frame, level: Level) -> None:
    """R12, session by session: who has to be brought is no more than can be at its start and at its end."""
    problem, cells = frame.problem, frame.cells
    if problem.escorts is None:
        return
    step = problem.slot
    length = frame.lengths[frame.held_activity]
    there = np.zeros(len(frame.held), np.int64)
    for k in range(len(there)):
        day, low, high = frame.held_day[k], cells.held_first[k], cells.held_last[k]
        starts = problem.escorts[day, low // step : high // step + 1]
        ends = problem.escorts[day, (low + length[k]) // step : (high + length[k]) // step + 1]
        there[k] = min(starts.max(), ends.max())
    is_brought = np.ones(len(level.guests), bool)
    np.logical_and.at(is_brought, level.part, frame.is_fetched)
    _limit(frame, level, frame.of_residents("escort"), there, is_brought)


def post_company(frame: Frame, level: Level) -> None:
    """R8 of facilitators, R10 and R15: with whom a resident may not be, and with whom they must."""
    _post_refused(frame, level)
    _post_apart(frame, level)
    _post_familiar(frame, level)


def _post_refused(frame: Frame, level: Level) -> None:
    """Sessions that somebody leads whom a resident refuses are none of theirs."""
    for f, r in np.argwhere(~frame.problem.may_facilitator).tolist():
        led, mine = frame.cells.led_by == f, level.of(r)
        there = np.intersect1d(level.at[mine], level.led_at[led])
        rows, rank = _rows_of(frame, there[there >= 0], level)
        _put_ranked(frame, rows, rank[level.at[mine]], level.guests[mine], 1)
        _put_ranked(frame, rows, rank[level.led_at[led]], frame.led[led], 1)


def _post_apart(frame: Frame, level: Level) -> None:
    for pair in frame.problem.apart:
        one, two = (level.of(r) for r in pair)
        there = np.intersect1d(level.at[one], level.at[two])
        rows, rank = _rows_of(frame, there[there >= 0], level)
        for mine in (one, two):
            _put_ranked(frame, rows, rank[level.at[mine]], level.guests[mine], 1)


def _rows_of(frame: Frame, there: Ints, level: Level) -> tuple[Ints, Ints]:
    """A new row for each of these places, less the sessions held there; and each place's rank, or -1."""
    rank = _rank(there, level)
    rows = frame.program.add_rows(np.zeros(len(there), np.int64))
    _put_ranked(frame, rows, rank[level.held_at], frame.held, -1)
    return rows, rank


def _rank(there: Ints, level: Level) -> Ints:
    """Of each place of the level, its number among these; -1 where it is none of them, and of no place."""
    rank = np.full(level.count + 1, -1, np.int64)
    rank[there] = np.arange(len(there))
    return rank


def _put_ranked(frame: Frame, rows: Ints, rank: Ints, columns: Ints, amount: int) -> None:
    mine = rank >= 0
    frame.program.put(rows[rank[mine]], columns[mine], amount)


def _post_familiar(frame: Frame, level: Level) -> None:
    """Who needs a familiar face comes only as often as one of theirs leads there or may be there."""
    problem = frame.problem
    friends: dict[int, list[int]] = {}
    for a, b, strength, _ in problem.ties:
        if strength > 0:
            friends.setdefault(a, []).append(b)
            friends.setdefault(b, []).append(a)
    guest, where = level.perhaps
    for r in np.flatnonzero(frame.of_residents("needs_familiar")).tolist():
        mine, leads = level.of(r), problem.familiar[frame.cells.led_by, r]
        near = np.isin(level.who, friends.get(r, []))[guest]
        there = np.unique(level.at[mine][level.at[mine] >= 0])
        rank = _rank(there, level)
        rows = frame.program.add_rows(np.zeros(len(there), np.int64))
        _put_ranked(frame, rows, rank[level.at[mine]], level.guests[mine], 1)
        _put_ranked(frame, rows, rank[level.led_at[leads]], frame.led[leads], -1)
        _put_ranked(frame, rows, rank[where[near]], level.guests[guest[near]], -1)


def post_cohorts(frame: Frame) -> None:
    """R13: where cohorts are separate, every session is one cohort's."""
    problem, cells, program = frame.problem, frame.cells, frame.program
    if not problem.document.separate_cohorts:
        return
    count = int(problem.cohort.max(initial=0)) + 1
    guest, site = frame.guests
    used, place = np.unique(site * count + problem.cohort[cells.comes_who[guest]], return_inverse=True)
    at = used // count
    share = program.add_columns(frame.most_held[cells.site_cell[at]])
    rows = program.limit_groups(at, share, 1, np.zeros(len(cells.site_cell)))
    program.put(rows, frame.at_site, -1)
    rows = program.limit_groups(guest, share[place], -1, np.zeros(len(frame.comes)))
    program.put(rows, frame.comes)
    seats = np.array([row.capacity for row in problem.document.spaces], np.int64)
    largest = np.array([row.max_group for row in problem.document.activities], np.int64)
    widest = np.zeros(len(cells.site_cell), np.int64)
    np.maximum.at(widest, cells.held_site, np.minimum(seats[cells.held_space], largest[frame.held_activity]))
    mine = frame.comes_site[guest] == site
    rows = program.limit_groups(place[mine], frame.comes[guest[mine]], 1, np.zeros(len(used)))
    program.put(rows, share, -widest[at])
