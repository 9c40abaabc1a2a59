"""The rules of who comes to what, as rows: R2, R5, R7 to R15."""

import numpy as np

from solver.bounds.linear.frame import Frame
from solver.bounds.linear.stays import cliques
from solver.instance.problem import Flags, Ints


def post_seats(frame: Frame) -> None:
    """R2, R5: nobody without a session to choose; seats, wheelchair places and largest groups; least groups."""
    problem, cells, program = frame.problem, frame.cells, frame.program
    document = problem.document
    rows = program.limit_groups(np.arange(len(frame.comes)), frame.comes, 1, np.zeros(len(frame.comes)))
    program.put(rows, frame.chosen[cells.comes_choice], -1)
    most = np.array([row.max_group for row in document.activities], np.int64)[frame.held_activity]
    seats = np.array([row.capacity for row in document.spaces], np.int64)[cells.held_space]
    places = np.array([row.wheelchair_places for row in document.spaces], np.int64)[cells.held_space]
    everybody = np.ones(len(document.residents), np.int64)
    _limit(frame, everybody, np.minimum(seats, most))
    _limit(frame, frame.of_residents("wheelchair"), np.minimum(places, most))
    _post_least(frame)


def _post_least(frame: Frame) -> None:
    """R5: least groups by cell; by site where at least half of those who may be there can be nowhere else."""
    cells, program = frame.cells, frame.program
    least = np.array([row.min_group for row in frame.problem.document.activities], np.int64)[cells.activity]
    comes_at, held_at, _ = frame.levels[1]
    frame.limit_some(comes_at, frame.comes, -1, held_at, frame.held, least[frame.held_cell])
    guest, site = frame.guests
    count = len(cells.site_cell)
    is_sure = 2 * np.bincount(site[frame.comes_site[guest] == site], minlength=count) >= np.bincount(
        site, minlength=count
    )
    asked = np.flatnonzero(is_sure & (least[cells.site_cell] > 0))
    rank = np.full(count, -1, np.int64)
    rank[asked] = np.arange(len(asked))
    mine = np.flatnonzero(rank[site] >= 0)
    rows = program.limit_groups(rank[site[mine]], frame.comes[guest[mine]], -1, np.zeros(len(asked)))
    program.put(rows, frame.at_site[asked], least[cells.site_cell[asked]])


def _limit(frame: Frame, need: Ints, room: Ints, who: Flags | None = None) -> None:
    """By site and by cell, what those who come need is at most the room of the sessions; `who` says who of them counts.

    Only where one session may not have room for all: else nothing is asked that `chosen` does not ask.
    """
    need = need[frame.cells.comes_who] * (1 if who is None else who)
    for comes_at, held_at, _ in frame.levels:
        count = int(held_at.max(initial=-1)) + 1
        mine = np.flatnonzero((need > 0) & (comes_at >= 0))
        total = np.bincount(comes_at[mine], need[mine], count)
        smallest = np.full(count, np.iinfo(np.int64).max)
        held = np.flatnonzero(held_at >= 0)
        np.minimum.at(smallest, held_at[held], room[held])
        tight = np.append(total > smallest, False)
        frame.limit_some(
            np.where((need > 0) & tight[comes_at], comes_at, -1), frame.comes, need, held_at, frame.held, -room
        )


def post_support(frame: Frame) -> None:
    """R11, where sessions have facilitators."""
    cells, document = frame.cells, frame.problem.document
    need = frame.of_residents("support")[cells.comes_who]
    is_led = np.array([row.facilitators > 0 for row in document.activities], bool)[frame.comes_activity]
    given = np.array([person.support for person in document.facilitators], np.int64)[cells.led_by]
    for comes_at, _, led_at in frame.levels:
        frame.limit_some(np.where(is_led & (need > 0), comes_at, -1), frame.comes, need, led_at, frame.led, -given)


def post_people(frame: Frame) -> None:
    """R7, R14: counts by day and horizon, one of an activity a day, required attendances, one place at a time, and the
    days between two of an activity; the ways between zones are left out.
    """
    problem, cells, program = frame.problem, frame.cells, frame.program
    people, days, count = problem.document.residents, problem.days, len(problem.document.activities)
    who, past = cells.comes_who, frame.past.came
    daily = np.array([row.max_per_day for row in people], np.int64)
    limit = np.maximum(0, daily[:, None] - past.sum(axis=1)).ravel()
    program.limit_groups(who * days + frame.comes_day, frame.comes, 1, limit)
    total = np.array([row.sessions.max for row in people], np.int64)
    able, activity = np.nonzero(frame.often >= 0)
    limit = np.maximum(0, total - past.sum(axis=(1, 2)))
    program.limit_groups(able, frame.often[able, activity], 1, limit)
    key = (who * count + frame.comes_activity) * days + frame.comes_day
    used, place, size = np.unique(key, return_inverse=True, return_counts=True)
    many = np.flatnonzero(size > 1)
    rank = np.full(len(used), -1, np.int64)
    rank[many] = np.arange(len(many))
    mine = rank[place] >= 0
    program.limit_groups(rank[place[mine]], frame.comes[mine], 1, np.ones(len(many)))
    for r, row in enumerate(people):
        for name, least in row.required.items():
            a = problem.activity_number[name]
            lacking = least - int(past[r, a].sum())
            if lacking > 0:
                asked = program.add_rows(-lacking)
                if frame.often[r, a] >= 0:
                    program.put(asked, frame.often[r, a], -1)
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


def post_escorts(frame: Frame) -> None:
    """R12, session by session: who has to be brought is no more than can be at its start and at its end."""
    problem, cells = frame.problem, frame.cells
    if problem.escorts is None:
        return
    need = frame.of_residents("escort")
    step = problem.slot
    length = frame.lengths[frame.held_activity]
    there = np.zeros(len(frame.held), np.int64)
    for k in range(len(there)):
        day, low, high = frame.held_day[k], cells.held_first[k], cells.held_last[k]
        starts = problem.escorts[day, low // step : high // step + 1]
        ends = problem.escorts[day, (low + length[k]) // step : (high + length[k]) // step + 1]
        there[k] = min(starts.max(), ends.max())
    near = np.zeros((len(frame.chosen), len(need)), bool)
    np.logical_or.at(near, cells.choice_of, ~problem.fetched[cells.held_space[cells.choice_held]])
    _limit(frame, need, there, ~near[cells.comes_choice, cells.comes_who])


def post_company(frame: Frame) -> None:
    """R8 of facilitators, R10, R13 of cohorts and R15: with whom a resident may not be, and with whom they must."""
    _post_refused(frame)
    _post_apart(frame)
    _post_familiar(frame)
    _post_cohorts(frame)


def _post_refused(frame: Frame) -> None:
    """Sessions that somebody leads whom a resident refuses are none of theirs."""
    for f, r in np.argwhere(~frame.problem.may_facilitator).tolist():
        led = frame.cells.led_by == f
        mine = frame.comes_of(r)
        for comes_at, held_at, led_at in frame.levels:
            there = np.intersect1d(comes_at[mine], led_at[led])
            rows, rank = _rows_of(frame, there[there >= 0], held_at)
            _put_ranked(frame, rows, rank[comes_at[mine]], frame.comes[mine], 1)
            _put_ranked(frame, rows, rank[led_at[led]], frame.led[led], 1)


def _post_apart(frame: Frame) -> None:
    for pair in frame.problem.apart:
        one, two = (frame.comes_of(r) for r in pair)
        for comes_at, held_at, _ in frame.levels:
            there = np.intersect1d(comes_at[one], comes_at[two])
            rows, rank = _rows_of(frame, there[there >= 0], held_at)
            for mine in (one, two):
                _put_ranked(frame, rows, rank[comes_at[mine]], frame.comes[mine], 1)


def _rows_of(frame: Frame, there: Ints, held_at: Ints) -> tuple[Ints, Ints]:
    """A new row for each of these sites or cells, less the sessions held there; and each one's place, or -1."""
    rank = np.full(int(held_at.max(initial=-1)) + 2, -1, np.int64)
    rank[there] = np.arange(len(there))
    rows = frame.program.add_rows(np.zeros(len(there), np.int64))
    _put_ranked(frame, rows, rank[held_at], frame.held, -1)
    return rows, rank


def _put_ranked(frame: Frame, rows: Ints, rank: Ints, columns: Ints, amount: int) -> None:
    mine = rank >= 0
    frame.program.put(rows[rank[mine]], columns[mine], amount)


def _post_familiar(frame: Frame) -> None:
    """Who needs a familiar face comes to a site only as often as one of theirs leads there or may be there."""
    problem, cells = frame.problem, frame.cells
    friends: dict[int, list[int]] = {}
    for a, b, strength, _ in problem.ties:
        if strength > 0:
            friends.setdefault(a, []).append(b)
            friends.setdefault(b, []).append(a)
    guest, site = frame.guests
    for r in np.flatnonzero(frame.of_residents("needs_familiar")).tolist():
        mine = frame.comes_of(r)
        by_site, by_cell = frame.levels
        faces = np.isin(cells.comes_who, friends.get(r, []))
        leads = problem.familiar[cells.led_by, r]
        near = faces[guest]
        _need(frame, mine, by_site, leads, site[near], guest[near])
        _need(frame, mine, by_cell, leads, by_cell[0][faces], np.flatnonzero(faces))


def _need(frame: Frame, mine: Ints, level: tuple[Ints, Ints, Ints], leads: Flags, at: Ints, faces: Ints) -> None:
    comes_at, held_at, led_at = level
    rank = np.full(int(held_at.max(initial=-1)) + 2, -1, np.int64)
    there = np.unique(comes_at[mine][comes_at[mine] >= 0])
    rank[there] = np.arange(len(there))
    rows = frame.program.add_rows(np.zeros(len(there), np.int64))
    _put_ranked(frame, rows, rank[comes_at[mine]], frame.comes[mine], 1)
    _put_ranked(frame, rows, rank[led_at[leads]], frame.led[leads], -1)
    _put_ranked(frame, rows, rank[at], frame.comes[faces], -1)


def _post_cohorts(frame: Frame) -> None:
    """Where cohorts are separate, every session is one cohort's."""
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
