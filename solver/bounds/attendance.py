"""The rules of who comes to what, as rows: R2, R5, R7 to R15."""

import numpy as np

from solver.bounds.frame import Frame
from solver.bounds.stays import cliques
from solver.problem import Ints


def post_seats(frame: Frame) -> None:
    """R2, R5, R11: nobody without a session to choose; seats, wheelchair places, least groups and support by cell."""
    problem, cells, program = frame.problem, frame.cells, frame.program
    document = problem.document
    rows = program.limit_groups(np.arange(len(frame.comes)), frame.comes, 1, np.zeros(len(frame.comes)))
    program.put(rows, frame.chosen[cells.comes_choice], -1)
    most = np.array([row.max_group for row in document.activities], np.int64)[frame.held_activity]
    least = np.array([row.min_group for row in document.activities], np.int64)[cells.activity]
    seats = np.array([row.capacity for row in document.spaces], np.int64)
    places = np.array([row.wheelchair_places for row in document.spaces], np.int64)
    everybody = np.ones(len(document.residents), np.int64)
    _limit_cells(frame, everybody, np.minimum(seats[cells.held_space], most))
    _limit_cells(frame, frame.of_residents("wheelchair"), np.minimum(places[cells.held_space], most))
    asked = np.flatnonzero(least > 0)
    place = np.full(len(cells), -1, np.int64)
    place[asked] = np.arange(len(asked))
    mine = place[cells.comes_cell] >= 0
    rows = program.limit_groups(place[cells.comes_cell[mine]], frame.comes[mine], -1, np.zeros(len(asked)))
    program.put(rows, frame.all_chosen[asked], least[asked])


def _limit_cells(frame: Frame, need: Ints, room: Ints) -> None:
    """In each cell, what its guests need is at most the room of its sessions; and so in each zone of it, of those who
    come to that zone.
    """
    cells = frame.cells
    _limit(frame, cells.comes_cell, cells.held_cell, need, room)
    inside, held = _zones(frame)
    _limit(frame, inside, held, need, room)


def _limit(frame: Frame, comes_at: Ints, held_at: Ints, need: Ints, room: Ints) -> None:
    """By the numbers of `comes_at` and `held_at`: only where what is needed may be more than a session has room."""
    cells, program = frame.cells, frame.program
    count = int(max(comes_at.max(initial=-1), held_at.max(initial=-1))) + 1
    mine = np.flatnonzero((need[cells.comes_who] > 0) & (comes_at >= 0))
    total = np.bincount(comes_at[mine], need[cells.comes_who[mine]], count)
    smallest = np.full(count, np.iinfo(np.int64).max)
    held = np.flatnonzero(held_at >= 0)
    np.minimum.at(smallest, held_at[held], room[held])
    tight = np.flatnonzero(total > smallest)
    place = np.full(count, -1, np.int64)
    place[tight] = np.arange(len(tight))
    mine = mine[place[comes_at[mine]] >= 0]
    rows = program.limit_groups(
        place[comes_at[mine]], frame.comes[mine], need[cells.comes_who[mine]], np.zeros(len(tight))
    )
    held = held[place[held_at[held]] >= 0]
    program.put(rows[place[held_at[held]]], frame.held[held], -room[held])


def _zones(frame: Frame) -> tuple[Ints, Ints]:
    """Numbers for (cell, zone) of each `comes` that can only be in one zone, and of each `held`; -1 for the others, and
    for cells that lie in one zone.
    """
    cells = frame.cells
    names = sorted({space.zone for space in frame.problem.document.spaces})
    zone = np.array([names.index(space.zone) for space in frame.problem.document.spaces], np.int64)
    _, number = np.unique(cells.held_cell * len(names) + zone[cells.held_space], return_inverse=True)
    low = np.full(len(frame.chosen), len(number), np.int64)
    high = np.full(len(frame.chosen), -1, np.int64)
    np.minimum.at(low, cells.choice_of, number[cells.choice_held])
    np.maximum.at(high, cells.choice_of, number[cells.choice_held])
    is_split = low[cells.whole] < high[cells.whole]
    inside = np.where((low == high) & is_split[cells.choice_cell], low, -1)
    return inside[cells.comes_choice], np.where(is_split[cells.held_cell], number, -1)


def post_support(frame: Frame) -> None:
    """R11, where sessions have facilitators."""
    cells, program, document = frame.cells, frame.program, frame.problem.document
    need = frame.of_residents("support")
    led = np.array([row.facilitators > 0 for row in document.activities], bool)[cells.activity]
    mine = np.flatnonzero(need[cells.comes_who] * led[cells.comes_cell])
    rows = program.limit_groups(
        cells.comes_cell[mine], frame.comes[mine], need[cells.comes_who[mine]], np.zeros(len(cells))
    )
    given = np.array([person.support for person in document.facilitators], np.int64)
    program.put(rows[cells.led_cell], frame.led, -given[cells.led_by])


def post_people(frame: Frame) -> None:
    """R7, R14: counts by day and horizon, one of an activity a day, required attendances, one place at a time."""
    problem, cells, program = frame.problem, frame.cells, frame.program
    people, days, count = problem.document.residents, problem.days, len(problem.document.activities)
    who, past = cells.comes_who, frame.past.came
    daily = np.array([row.max_per_day for row in people], np.int64)
    limit = np.maximum(0, daily[:, None] - past.sum(axis=1)).ravel()
    program.limit_groups(who * days + frame.comes_day, frame.comes, 1, limit)
    total = np.array([row.sessions.max for row in people], np.int64)
    program.limit_groups(who, frame.comes, 1, np.maximum(0, total - past.sum(axis=(1, 2))))
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
                mine = (who == r) & (frame.comes_activity == a)
                program.put(program.add_rows(-lacking), frame.comes[mine], -1)
    _post_stays(frame)


def _post_stays(frame: Frame) -> None:
    """Nobody in two places at a time, with their rest between."""
    cells, program = frame.cells, frame.program
    rest = frame.of_residents("rest_minutes")
    people = len(rest)
    for minutes in np.unique(rest).tolist():
        resting = rest[cells.comes_who] == minutes
        for day in range(frame.problem.days):
            mine = np.flatnonzero(resting & (frame.comes_day == day))
            today = np.unique(cells.comes_cell[mine])
            end = cells.first[today] + frame.lengths[cells.activity[today]] + minutes
            for found in cliques(cells.last[today], end):
                inside = np.zeros(len(cells), bool)
                inside[today[found]] = True
                here = mine[inside[cells.comes_cell[mine]]]
                size = np.bincount(cells.comes_who[here], minlength=people)
                asked = np.flatnonzero(size > 1)
                rank = np.full(people, -1, np.int64)
                rank[asked] = np.arange(len(asked))
                here = here[rank[cells.comes_who[here]] >= 0]
                program.limit_groups(rank[cells.comes_who[here]], frame.comes[here], 1, np.ones(len(asked)))


def post_time(frame: Frame) -> None:
    """R7: in each part of a day, sessions last no longer together than the resident has time, rest after each."""
    problem, cells, program = frame.problem, frame.cells, frame.program
    people, step = problem.document.residents, problem.slot
    rest = frame.of_residents("rest_minutes")
    part = cells.part[cells.comes_cell]
    length = frame.lengths[frame.comes_activity] + rest[cells.comes_who]
    free = _free(frame)
    for day in range(problem.days):
        for each in range(3):
            mine = np.flatnonzero((frame.comes_day == day) & (part == each))
            if not len(mine):
                continue
            spans = np.zeros((len(people), free.shape[2]), bool)
            for cell in np.unique(cells.comes_cell[mine]).tolist():
                end = cells.last[cell] + frame.lengths[cells.activity[cell]]
                who = cells.comes_who[mine[cells.comes_cell[mine] == cell]]
                spans[who, cells.first[cell] // step : end // step] = True
            spans &= free[:, day]
            wide = np.array([_widened(spans[r], int(rest[r]) // step) for r in range(len(people))])
            time = wide * step
            total = np.bincount(cells.comes_who[mine], length[mine], len(people))
            asked = np.flatnonzero(total > time)
            rank = np.full(len(people), -1, np.int64)
            rank[asked] = np.arange(len(asked))
            mine = mine[rank[cells.comes_who[mine]] >= 0]
            program.limit_groups(rank[cells.comes_who[mine]], frame.comes[mine], length[mine], time[asked])


def _widened(span: "np.ndarray[tuple[int], np.dtype[np.bool_]]", rest: int) -> int:
    """How many slots lie in the span or at most `rest` after it."""
    if rest == 0:
        return int(span.sum())
    at = np.flatnonzero(span)
    if not len(at):
        return 0
    return int(np.minimum(np.diff(at), rest + 1).sum()) + 1 + rest


def _free(frame: Frame) -> "np.ndarray[tuple[int, int, int], np.dtype[np.bool_]]":
    """(residents, days, slots): when each is not busy."""
    problem = frame.problem
    people, step = problem.document.residents, problem.slot
    free = np.ones((len(people), problem.days, 1440 // step), bool)
    for r, row in enumerate(people):
        for window in row.busy:
            days = slice(None) if window.day is None else slice(window.day, window.day + 1)
            free[r, days, window.begin // step : window.end // step] = False
    return free


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
    np.logical_or.at(near, cells.choice_of, ~problem.away[cells.held_space[cells.choice_held]])
    brought = ~near[cells.comes_choice, cells.comes_who]
    for comes_at, held_at in ((cells.comes_cell, cells.held_cell), _zones(frame)):
        _limit(frame, np.where(brought, comes_at, -1), held_at, need, there)


def post_company(frame: Frame) -> None:
    """R8 of facilitators, R10, R13 of cohorts and R15: with whom a resident may not be, and with whom they must."""
    _post_refused(frame)
    _post_apart(frame)
    _post_familiar(frame)
    _post_cohorts(frame)


def _post_refused(frame: Frame) -> None:
    """Sessions that somebody leads whom a resident refuses are none of theirs."""
    problem, cells, program = frame.problem, frame.cells, frame.program
    for f, r in np.argwhere(~problem.may_facilitator).tolist():
        led = np.flatnonzero(cells.led_by == f)
        mine = frame.comes_of(r)
        shared = np.intersect1d(cells.comes_cell[mine], cells.led_cell[led])
        rows, rank = _rows_of(frame, shared)
        program.put(rows, frame.all_chosen[shared], -1)
        _put_ranked(frame, rows, rank, cells.comes_cell, frame.comes, mine, 1)
        _put_ranked(frame, rows, rank, cells.led_cell, frame.led, led, 1)


def _post_apart(frame: Frame) -> None:
    cells, program = frame.cells, frame.program
    for pair in frame.problem.apart:
        one, two = (frame.comes_of(r) for r in pair)
        shared = np.intersect1d(cells.comes_cell[one], cells.comes_cell[two])
        rows, rank = _rows_of(frame, shared)
        program.put(rows, frame.all_chosen[shared], -1)
        for mine in (one, two):
            _put_ranked(frame, rows, rank, cells.comes_cell, frame.comes, mine, 1)


def _rows_of(frame: Frame, cells: Ints) -> tuple[Ints, Ints]:
    """A new row for each of the cells, and the place of every cell among them, or -1."""
    rank = np.full(len(frame.cells), -1, np.int64)
    rank[cells] = np.arange(len(cells))
    return frame.program.add_rows(np.zeros(len(cells), np.int64)), rank


def _put_ranked(frame: Frame, rows: Ints, rank: Ints, cell: Ints, columns: Ints, mine: Ints, amount: int) -> None:
    """Those of `mine` whose cell has a row are put there."""
    here = mine[rank[cell[mine]] >= 0]
    frame.program.put(rows[rank[cell[here]]], columns[here], amount)


def _post_familiar(frame: Frame) -> None:
    problem, cells = frame.problem, frame.cells
    friends: dict[int, list[int]] = {}
    for a, b, strength, _ in problem.ties:
        if strength > 0:
            friends.setdefault(a, []).append(b)
            friends.setdefault(b, []).append(a)
    for r in np.flatnonzero(frame.of_residents("needs_familiar")).tolist():
        mine = frame.comes_of(r)
        rows, rank = _rows_of(frame, np.unique(cells.comes_cell[mine]))
        _put_ranked(frame, rows, rank, cells.comes_cell, frame.comes, mine, 1)
        led = np.flatnonzero(problem.familiar[cells.led_by, r])
        _put_ranked(frame, rows, rank, cells.led_cell, frame.led, led, -1)
        for friend in friends.get(r, []):
            _put_ranked(frame, rows, rank, cells.comes_cell, frame.comes, frame.comes_of(friend), -1)


def _post_cohorts(frame: Frame) -> None:
    """Where cohorts are separate, every session is one cohort's."""
    problem, cells, program = frame.problem, frame.cells, frame.program
    if not problem.document.separate_cohorts:
        return
    count = int(problem.cohort.max(initial=0)) + 1
    key = cells.comes_cell * count + problem.cohort[cells.comes_who]
    used, place = np.unique(key, return_inverse=True)
    cell = used // count
    share = program.add_columns(frame.most_held()[cell])
    rows = program.limit_groups(cell, share, 1, np.zeros(len(cells)))
    program.put(rows, frame.all_chosen, -1)
    rows = program.limit_groups(np.arange(len(place)), frame.comes, 1, np.zeros(len(place)))
    program.put(rows, share[place], -1)
    seats = np.array([row.capacity for row in problem.document.spaces], np.int64)[cells.held_space]
    largest = np.array([row.max_group for row in problem.document.activities], np.int64)[cells.activity]
    widest = np.zeros(len(cells), np.int64)
    np.maximum.at(widest, cells.held_cell, seats)
    rows = program.limit_groups(place, frame.comes, 1, np.zeros(len(used)))
    program.put(rows, share, -np.minimum(widest, largest)[cell])
