"""Moves of the programme: a session is shifted, exchanged, replaced, inserted or given up, then the people settle
again.

Each is one compound: what stands in the way is closed, the session opened and filled, what was closed is opened
elsewhere, and whoever fell out finds another place; the whole is accepted or taken back.
"""

from solver.kernels.compiled import kernel
from solver.kernels.pools import Numbers, Tables
from solver.search.memory.address import ses_at
from solver.search.memory.chance import below, chance
from solver.search.memory.layout import (
    A_DURATION_KIND,
    A_MAX,
    A_MIN,
    A_TEAM,
    ACT,
    ACT_COLUMNS,
    ACT_N,
    ALIVE,
    B_TIME_OF,
    HAS_COHORTS,
    LACKING,
    N_ACT,
    N_ALIVE,
    N_DAY,
    N_SLOT,
    N_TIME,
    SCORE,
    SCRATCH,
    SLOT,
    T_BEGIN,
    T_DAY,
    TIME_AT,
    TIME_COLUMNS,
    TIMES,
    X_ACT,
    X_IDENTITY,
    X_SPACE,
    X_TIME,
)
from solver.search.moves.attending import any_admitted
from solver.search.moves.refill import refill
from solver.search.moves.settling import (
    ANY_STAFF,
    GIVEN_TEAM,
    MOST_RIVALS,
    any_identity,
    any_space,
    any_time,
    finish,
    forget_fallen,
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

PROBE = 120  # place in the scratch
# Of the moves of the programme: up to here a session is inserted, shifted, exchanged or replaced, else given up; and
# how many, after the inserted ones, are filled anew, without cohorts to keep apart and with them.
INSERTS, SHIFTS, EXCHANGES, REPLACES = 0.12, 0.66, 0.88, 0.95
REGATHERS, REGATHERS_COHORTS = 0.04, 0.13
WANTING = 0.7  # of the inserted, those of an activity that may have more: one dear session is worth all its trouble


@kernel
def near_time(p: Numbers, s: Numbers, a: int, t: int) -> int:
    """A time of the activity on the same day, or any where none is hit upon."""
    for _ in range(6):
        other = any_time(p, s, a)
        if p[p[TIMES] + other * TIME_COLUMNS + T_DAY] == p[p[TIMES] + t * TIME_COLUMNS + T_DAY]:
            return other
    return any_time(p, s, a)


@kernel
def may_move(
    p: Numbers, b: Tables, s: Numbers, x: int, y: int, a: int, t: int, space: int, staff: int, rivals: int
) -> bool:
    """A look before anything is taken down: whether a session of `a` could stand there once x (and y, or -1) are gone
    and up to `rivals` others make way. With GIVEN_TEAM led by the team in `s[s[TEAM]:]`.
    """
    at = s[SCRATCH] + PROBE
    s[at], s[at + 1] = x, y
    gone = 1 if y < 0 else 2
    count = space_rivals(p, s, a, t, space, at, gone, rivals + gone)
    if count != 99 and staff == GIVEN_TEAM:
        count = check_team(p, b, s, p[p[ACT] + a * ACT_COLUMNS + A_TEAM], t, at, count, rivals + gone)
    return count != 99


@kernel
def shift(p: Numbers, b: Tables, s: Numbers, m: Tables, x: int, heat: float) -> bool:
    """Another time, space or team, or several of them."""
    row = ses_at(p, s, x)
    a, t, space = s[row + X_ACT], s[row + X_TIME], s[row + X_SPACE]
    kind, staff = chance(s), GIVEN_TEAM
    if kind < 0.3:
        t = any_time(p, s, a)
    elif kind < 0.5:
        t = near_time(p, s, a, t)
    elif kind < 0.65:
        space = any_space(p, s, a)
    elif kind < 0.8:
        staff = ANY_STAFF
    else:
        t, space = any_time(p, s, a), any_space(p, s, a)
    if chance(s) < 0.5:
        staff = ANY_STAFF
    if staff == GIVEN_TEAM:
        remember_team(p, s, x)
    rivals = MOST_RIVALS if chance(s) < 0.25 else 0
    return move_to(p, b, s, m, x, t, space, staff, rivals, heat)


@kernel
def move_to(
    p: Numbers,
    b: Tables,
    s: Numbers,
    m: Tables,
    x: int,
    t: int,
    space: int,
    staff: int,
    rivals: int,
    heat: float,
) -> bool:
    """The session stands there now, led by the team in `s[s[TEAM]:]` (GIVEN_TEAM) or by anybody, while up to `rivals`
    others make way.
    """
    row = ses_at(p, s, x)
    a, i, before = s[row + X_ACT], s[row + X_IDENTITY], s[SCORE]
    is_same = t == s[row + X_TIME] and space == s[row + X_SPACE] and staff == GIVEN_TEAM
    if t < 0 or is_same or not is_open_place(p, b, a, t, space):
        return False
    if not may_move(p, b, s, x, -1, a, t, space, staff, rivals):
        return False
    forget_fallen(s)
    old = take_down(p, b, s, m, x)
    y = settle(p, b, s, m, a, t, space, i, staff, rivals, old, heat)
    if y >= 0:
        open_again(p, b, s, m, 1, 6, heat)
        rehome_all(p, b, s, m)
    return finish(p, b, s, m, y >= 0 and is_sound(p, b, s, m, y), before, heat)


@kernel
def time_like(p: Numbers, b: Tables, a: int, t: int) -> int:
    """The activity's own time that begins when t does, or -1."""
    time = p[TIMES] + t * TIME_COLUMNS
    kind = p[p[ACT] + a * ACT_COLUMNS + A_DURATION_KIND]
    own = p[p[TIME_AT] + (kind * p[N_DAY] + p[time + T_DAY]) * p[N_SLOT] + p[time + T_BEGIN] // p[SLOT]]
    return int(own) if own >= 0 and b[p[B_TIME_OF] + a * p[N_TIME] + own] != 0 else -1


@kernel
def exchange(p: Numbers, b: Tables, s: Numbers, m: Tables, x: int, y: int, heat: float) -> bool:
    """Two sessions exchange when and, mostly, where they are."""
    one, two = ses_at(p, s, x), ses_at(p, s, y)
    a, c = s[one + X_ACT], s[two + X_ACT]
    if x == y or a == c:
        return False
    t, u = time_like(p, b, a, s[two + X_TIME]), time_like(p, b, c, s[one + X_TIME])
    space, other = s[two + X_SPACE], s[one + X_SPACE]
    if chance(s) < 0.3:
        space, other = other, space
    if t < 0 or u < 0 or not is_open_place(p, b, a, t, space) or not is_open_place(p, b, c, u, other):
        return False
    if not may_move(p, b, s, x, y, a, t, space, ANY_STAFF, 0) or not may_move(p, b, s, x, y, c, u, other, ANY_STAFF, 0):
        return False
    before, i, j = s[SCORE], s[one + X_IDENTITY], s[two + X_IDENTITY]
    forget_fallen(s)
    first, second = take_down(p, b, s, m, x), take_down(p, b, s, m, y)
    x = settle(p, b, s, m, a, t, space, i, ANY_STAFF, 0, first, heat)
    y = settle(p, b, s, m, c, u, other, j, ANY_STAFF, 0, second, heat) if x >= 0 else -1
    if y >= 0:
        rehome_all(p, b, s, m)
    return finish(p, b, s, m, y >= 0 and is_sound(p, b, s, m, x) and is_sound(p, b, s, m, y), before, heat)


@kernel
def insert(
    p: Numbers,
    b: Tables,
    s: Numbers,
    m: Tables,
    a: int,
    t: int,
    space: int,
    i: int,
    staff: int,
    rivals: int,
    heat: float,
) -> bool:
    """A new session, led by the team in `s[s[TEAM]:]` (GIVEN_TEAM) or by anybody; others may have to make way."""
    if t < 0 or space < 0 or not is_open_place(p, b, a, t, space):
        return False
    before = s[SCORE]
    forget_fallen(s)
    x = settle(p, b, s, m, a, t, space, i, staff, rivals, -1, heat)
    if x >= 0:
        open_again(p, b, s, m, 0, 6, heat)
        rehome_all(p, b, s, m)
    return finish(p, b, s, m, x >= 0 and is_sound(p, b, s, m, x), before, heat)


@kernel
def give_up(p: Numbers, b: Tables, s: Numbers, m: Tables, x: int, heat: float) -> bool:
    """Close a session; its people go elsewhere."""
    act = p[ACT] + s[ses_at(p, s, x) + X_ACT] * ACT_COLUMNS
    if s[LACKING] == 0 and s[s[ACT_N] + s[ses_at(p, s, x) + X_ACT]] <= p[act + A_MIN]:
        return False
    before = s[SCORE]
    forget_fallen(s)
    take_down(p, b, s, m, x)
    rehome_all(p, b, s, m)
    return finish(p, b, s, m, True, before, heat)


@kernel
def replace(p: Numbers, b: Tables, s: Numbers, m: Tables, x: int, a: int, heat: float) -> bool:
    """Another activity takes the session's place."""
    row = ses_at(p, s, x)
    t, space = time_like(p, b, a, s[row + X_TIME]), s[row + X_SPACE]
    if a == s[row + X_ACT] or t < 0:
        return False
    if not is_open_place(p, b, a, t, space):
        space = any_space(p, s, a)
        if space < 0 or not is_open_place(p, b, a, t, space):
            return False
    if not may_move(p, b, s, x, -1, a, t, space, ANY_STAFF, 0):
        return False
    before = s[SCORE]
    forget_fallen(s)
    take_down(p, b, s, m, x)
    y = settle(p, b, s, m, a, t, space, any_identity(p, s, a), ANY_STAFF, 0, -1, heat)
    if y >= 0:
        if chance(s) < 0.3:
            open_again(p, b, s, m, 0, 6, heat)
        rehome_all(p, b, s, m)
    return finish(p, b, s, m, y >= 0 and is_sound(p, b, s, m, y), before, heat)


@kernel
def regather(p: Numbers, b: Tables, s: Numbers, m: Tables, x: int, heat: float) -> bool:
    """The session stays where it is and is filled anew, from anybody on: its people, or its cohort, may change."""
    row = ses_at(p, s, x)
    a, t, space, i, before = s[row + X_ACT], s[row + X_TIME], s[row + X_SPACE], s[row + X_IDENTITY], s[SCORE]
    forget_fallen(s)
    remember_team(p, s, x)
    take_down(p, b, s, m, x)
    y = open_session(p, b, s, m, a, t, space, i)
    r = any_admitted(p, s, m, y)
    if r >= 0 and fits(p, b, s, m, r, y):
        join(p, b, s, m, r, y)
    refill(p, b, s, m, y, heat)
    rehome_all(p, b, s, m)
    return finish(p, b, s, m, is_sound(p, b, s, m, y), before, heat)


@kernel
def any_wanting(p: Numbers, s: Numbers) -> int:
    """An activity that may have another session, or -1 where each has as many as it may."""
    turn = below(s, p[N_ACT])
    for k in range(p[N_ACT]):
        a = (turn + k) % p[N_ACT]
        if s[s[ACT_N] + a] < p[p[ACT] + a * ACT_COLUMNS + A_MAX]:
            return int(a)
    return -1


@kernel
def move_session(p: Numbers, b: Tables, s: Numbers, m: Tables, heat: float) -> bool:
    """One random move of the programme."""
    if p[N_ACT] == 0:
        return False
    kind = chance(s)
    if s[N_ALIVE] == 0 or kind < INSERTS:
        a = any_wanting(p, s) if chance(s) < WANTING else -1
        rivals = MOST_RIVALS if chance(s) < (0.3 if a < 0 else 0.6) else 0
        a = below(s, p[N_ACT]) if a < 0 else a
        i = any_identity(p, s, a)
        return insert(p, b, s, m, a, any_time(p, s, a), any_space(p, s, a), i, ANY_STAFF, rivals, heat)
    x = s[s[ALIVE] + below(s, s[N_ALIVE])]
    if kind < (INSERTS + (REGATHERS_COHORTS if p[HAS_COHORTS] != 0 else REGATHERS)):
        return regather(p, b, s, m, x, heat)
    if kind < SHIFTS:
        return shift(p, b, s, m, x, heat)
    if kind < EXCHANGES:
        return exchange(p, b, s, m, x, s[s[ALIVE] + below(s, s[N_ALIVE])], heat)
    if kind < REPLACES:
        return replace(p, b, s, m, x, below(s, p[N_ACT]), heat)
    return give_up(p, b, s, m, x, heat)
