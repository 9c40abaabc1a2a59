"""Moves of the programme: a session is shifted, exchanged, replaced, inserted or given up, then the people settle
again.

Each is one compound: what stands in the way is closed, the session opened and filled, what was closed is opened
elsewhere, and whoever fell out finds another place; the whole is accepted or taken back.
"""

from solver.kernels.compiled import kernel
from solver.search.memory.chance import below, chance
from solver.search.memory.layout import IMPOSSIBLE, MOST_RIVALS, Memory
from solver.search.moves.attending import any_admitted
from solver.search.moves.refill import refill
from solver.search.moves.settling import (
    ANY_STAFF,
    GIVEN_TEAM,
    any_identity,
    any_space,
    any_time,
    finish,
    forget_displaced,
    open_again,
    rehome_all,
    remember_team,
    settle,
    take_down,
)
from solver.search.score.attendance import fits, is_sound
from solver.search.score.joining import join
from solver.search.score.opening import open_session
from solver.search.score.rivals import check_team, is_open_place, space_rivals

# Of the moves of the programme: up to here a session is inserted, shifted, exchanged or replaced, else given up; and
# how many, after the inserted ones, are filled anew, without cohorts to keep apart and with them.
INSERTS, SHIFTS, EXCHANGES, REPLACES = 0.12, 0.66, 0.88, 0.95
REGATHERS, REGATHERS_COHORTS = 0.04, 0.13
WANTING = 0.7  # of the inserted, those of an activity that may have more: one dear session is worth all its trouble


@kernel
def near_time(at: Memory, a: int, t: int) -> int:
    """A time of the activity on the same day, or any where none is hit upon."""
    for _ in range(6):
        other = any_time(at, a)
        if at.time[other].day == at.time[t].day:
            return other
    return any_time(at, a)


@kernel
def may_move(at: Memory, x: int, y: int, a: int, t: int, space: int, staff: int, rivals: int) -> bool:
    """A look before anything is taken down: whether a session of `a` could stand there once x (and y, or -1) are gone
    and up to `rivals` others make way. With GIVEN_TEAM led by the team in `at.team`.
    """
    found = at.probe
    found[0], found[1] = x, y
    gone = 1 if y < 0 else 2
    count = space_rivals(at, a, t, space, found, gone, rivals + gone)
    if count != IMPOSSIBLE and staff == GIVEN_TEAM:
        count = check_team(at, at.activity[a].team, t, found, count, rivals + gone)
    return count != IMPOSSIBLE


@kernel
def shift(at: Memory, x: int, temperature: float) -> bool:
    """Another time, space or team, or several of them."""
    row = at.session[x]
    a, t, space = row.activity, row.time, row.space
    kind, staff = chance(at), GIVEN_TEAM
    if kind < 0.3:
        t = any_time(at, a)
    elif kind < 0.5:
        t = near_time(at, a, t)
    elif kind < 0.65:
        space = any_space(at, a)
    elif kind < 0.8:
        staff = ANY_STAFF
    else:
        t, space = any_time(at, a), any_space(at, a)
    if chance(at) < 0.5:
        staff = ANY_STAFF
    if staff == GIVEN_TEAM:
        remember_team(at, x)
    rivals = MOST_RIVALS if chance(at) < 0.25 else 0
    return move_to(at, x, t, space, staff, rivals, temperature)


@kernel
def move_to(
    at: Memory,
    x: int,
    t: int,
    space: int,
    staff: int,
    rivals: int,
    temperature: float,
) -> bool:
    """The session stands there now, led by the team in `at.team` (GIVEN_TEAM) or by anybody, while up to `rivals`
    others make way.
    """
    row = at.session[x]
    a, i, before = row.activity, row.identity, at.score
    is_same = t == row.time and space == row.space and staff == GIVEN_TEAM
    if t < 0 or is_same or not is_open_place(at, a, t, space):
        return False
    if not may_move(at, x, -1, a, t, space, staff, rivals):
        return False
    forget_displaced(at)
    old = take_down(at, x)
    y = settle(at, a, t, space, i, staff, rivals, old, temperature)
    if y >= 0:
        open_again(at, 1, 6, temperature)
        rehome_all(at)
    return finish(at, y >= 0 and is_sound(at, y), before, temperature)


@kernel
def time_like(at: Memory, a: int, t: int) -> int:
    """The activity's own time that begins when t does, or -1."""
    time = at.time[t]
    kind = at.activity[a].duration_kind
    own = at.time_at[kind, time.day, time.begin // at.slot]
    return int(own) if own >= 0 and at.has_time[a, own] else -1


@kernel
def exchange(at: Memory, x: int, y: int, temperature: float) -> bool:
    """Two sessions exchange when and, mostly, where they are."""
    one, two = at.session[x], at.session[y]
    a, c = one.activity, two.activity
    if x == y or a == c:
        return False
    t, u = time_like(at, a, two.time), time_like(at, c, one.time)
    space, other = two.space, one.space
    if chance(at) < 0.3:
        space, other = other, space
    if t < 0 or u < 0 or not is_open_place(at, a, t, space) or not is_open_place(at, c, u, other):
        return False
    if not may_move(at, x, y, a, t, space, ANY_STAFF, 0) or not may_move(at, x, y, c, u, other, ANY_STAFF, 0):
        return False
    before, i, j = at.score, one.identity, two.identity
    forget_displaced(at)
    first, second = take_down(at, x), take_down(at, y)
    x = settle(at, a, t, space, i, ANY_STAFF, 0, first, temperature)
    y = settle(at, c, u, other, j, ANY_STAFF, 0, second, temperature) if x >= 0 else -1
    if y >= 0:
        rehome_all(at)
    return finish(at, y >= 0 and is_sound(at, x) and is_sound(at, y), before, temperature)


@kernel
def insert(
    at: Memory,
    a: int,
    t: int,
    space: int,
    i: int,
    staff: int,
    rivals: int,
    temperature: float,
) -> bool:
    """A new session, led by the team in `at.team` (GIVEN_TEAM) or by anybody; others may have to make way."""
    if t < 0 or space < 0 or not is_open_place(at, a, t, space):
        return False
    before = at.score
    forget_displaced(at)
    x = settle(at, a, t, space, i, staff, rivals, -1, temperature)
    if x >= 0:
        open_again(at, 0, 6, temperature)
        rehome_all(at)
    return finish(at, x >= 0 and is_sound(at, x), before, temperature)


@kernel
def give_up(at: Memory, x: int, temperature: float) -> bool:
    """Close a session; its people go elsewhere."""
    a = at.session[x].activity
    if at.lacking == 0 and at.held[a] <= at.activity[a].min:
        return False
    before = at.score
    forget_displaced(at)
    take_down(at, x)
    rehome_all(at)
    return finish(at, True, before, temperature)


@kernel
def replace(at: Memory, x: int, a: int, temperature: float) -> bool:
    """Another activity takes the session's place."""
    row = at.session[x]
    t, space = time_like(at, a, row.time), row.space
    if a == row.activity or t < 0:
        return False
    if not is_open_place(at, a, t, space):
        space = any_space(at, a)
        if space < 0 or not is_open_place(at, a, t, space):
            return False
    if not may_move(at, x, -1, a, t, space, ANY_STAFF, 0):
        return False
    before = at.score
    forget_displaced(at)
    take_down(at, x)
    y = settle(at, a, t, space, any_identity(at, a), ANY_STAFF, 0, -1, temperature)
    if y >= 0:
        if chance(at) < 0.3:
            open_again(at, 0, 6, temperature)
        rehome_all(at)
    return finish(at, y >= 0 and is_sound(at, y), before, temperature)


@kernel
def regather(at: Memory, x: int, temperature: float) -> bool:
    """The session stays where it is and is filled anew, from anybody on: its people, or its cohort, may change."""
    row = at.session[x]
    a, t, space, i, before = row.activity, row.time, row.space, row.identity, at.score
    forget_displaced(at)
    remember_team(at, x)
    take_down(at, x)
    y = open_session(at, a, t, space, i)
    r = any_admitted(at, y)
    if r >= 0 and fits(at, r, y):
        join(at, r, y)
    refill(at, y, temperature)
    rehome_all(at)
    return finish(at, is_sound(at, y), before, temperature)


@kernel
def any_wanting(at: Memory) -> int:
    """An activity that may have another session, or -1 where each has as many as it may."""
    turn = below(at, at.activities)
    for k in range(at.activities):
        a = (turn + k) % at.activities
        if at.held[a] < at.activity[a].max:
            return int(a)
    return -1


@kernel
def move_session(at: Memory, temperature: float) -> bool:
    """One random move of the programme."""
    if at.activities == 0:
        return False
    kind = chance(at)
    if at.planned_count == 0 or kind < INSERTS:
        a = any_wanting(at) if chance(at) < WANTING else -1
        rivals = MOST_RIVALS if chance(at) < (0.3 if a < 0 else 0.6) else 0
        a = below(at, at.activities) if a < 0 else a
        i = any_identity(at, a)
        return insert(at, a, any_time(at, a), any_space(at, a), i, ANY_STAFF, rivals, temperature)
    x = at.planned[below(at, at.planned_count)]
    if kind < INSERTS + (REGATHERS_COHORTS if at.has_cohorts else REGATHERS):
        return regather(at, x, temperature)
    if kind < SHIFTS:
        return shift(at, x, temperature)
    if kind < EXCHANGES:
        return exchange(at, x, at.planned[below(at, at.planned_count)], temperature)
    if kind < REPLACES:
        return replace(at, x, below(at, at.activities), temperature)
    return give_up(at, x, temperature)
