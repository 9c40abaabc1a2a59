"""Moves of attendance: somebody joins a session, leaving what stands in the way, and somebody else makes room."""

import math

from solver.search.attendance import admits, clashes, fits, has_room, is_full, is_sound
from solver.search.chance import below, chance
from solver.search.compiled import kernel
from solver.search.joining import join, leave
from solver.search.layout import (
    ALIVE,
    JOURNAL_SIZE,
    MEMBERS,
    MOST_A_DAY,
    MOST_MEMBERS,
    N_ALIVE,
    N_DAY,
    N_RES,
    N_SESSION,
    PAIR_STRENGTH,
    RES_DAY,
    RES_DAY_N,
    SCORE,
    SCRATCH,
    TIE_FROM,
    TIE_OTHER,
    TIE_PAIR,
    X_DAY,
    X_FACT,
    X_N,
)
from solver.search.opening import undo
from solver.search.pools import Numbers, Tables, ses_at

OWN = 0  # place in the scratch: the sessions that the one who joins has left, then the sessions to be sound again


@kernel
def accepts(s: Numbers, change: int, heat: float) -> bool:
    """Metropolis: never worse where there is no heat."""
    if change >= 0:
        return True
    return heat > 0.0 and chance(s) < math.exp(change / heat)


@kernel
def any_of_day(p: Numbers, s: Numbers, r: int, day: int) -> int:
    """One of the resident's planned sessions that day, or -1."""
    line = r * p[N_DAY] + day
    n = s[s[RES_DAY_N] + line]
    if n == 0:
        return -1
    x = s[s[RES_DAY] + line * p[MOST_A_DAY] + below(s, n)]
    return -1 if s[ses_at(p, s, x) + X_FACT] != 0 else int(x)


@kernel
def make_time(p: Numbers, b: Tables, s: Numbers, m: Tables, r: int, x: int) -> int:
    """Let the resident leave whatever excludes x; the sessions left are written to the scratch, their number returned.

    -1 where that is not possible.
    """
    own = s[SCRATCH] + OWN
    n = clashes(p, s, r, x, s, own)
    if n > 2:
        return -1
    for k in range(n):
        leave(p, b, s, m, r, s[own + k])
    day = s[ses_at(p, s, x) + X_DAY]
    full = is_full(p, s, r, day)
    if full != 0:
        other = any_of_day(p, s, r, day if full == 1 else below(s, p[N_DAY]))
        if other < 0 or n >= 2:
            return -1
        leave(p, b, s, m, r, other)
        s[own + n] = other
        n += 1
        if is_full(p, s, r, day) != 0:
            return -1
    return n


@kernel
def make_room(p: Numbers, b: Tables, s: Numbers, m: Tables, r: int, x: int) -> int:
    """Let somebody leave x so that the resident has room: who; -1 where nobody needs to, -2 where none is found."""
    if has_room(p, b, s, m, r, x):
        return -1
    row = ses_at(p, s, x)
    for _ in range(4):
        if s[row + X_N] == 0:
            return -2
        q = s[s[MEMBERS] + x * p[MOST_MEMBERS] + below(s, s[row + X_N])]
        mark = s[JOURNAL_SIZE]
        leave(p, b, s, m, q, x)
        if has_room(p, b, s, m, r, x):
            return int(q)
        undo(p, b, s, m, mark)
    return -2


@kernel
def place_displaced(p: Numbers, b: Tables, s: Numbers, m: Tables, q: int, left: int) -> int:
    """Somebody who made room takes a place that was left, or one of a few others: which session, or -1."""
    own = s[SCRATCH] + OWN
    for k in range(left):
        if fits(p, b, s, m, q, s[own + k]):
            join(p, b, s, m, q, s[own + k])
            return int(s[own + k])
    for _ in range(4):
        x = s[s[ALIVE] + below(s, s[N_ALIVE])]
        if fits(p, b, s, m, q, x):
            before, mark = s[SCORE], s[JOURNAL_SIZE]
            join(p, b, s, m, q, x)
            if s[SCORE] > before:
                return int(x)
            undo(p, b, s, m, mark)
    return -1


@kernel
def bring(p: Numbers, b: Tables, s: Numbers, m: Tables, r: int, x: int, heat: float) -> bool:
    """Let the resident join x and accept or take back the whole."""
    if not admits(p, b, s, m, r, x):
        return False
    mark, before = s[JOURNAL_SIZE], s[SCORE]
    left = make_time(p, b, s, m, r, x)
    if left >= 0:
        q = make_room(p, b, s, m, r, x)
        if q != -2:
            join(p, b, s, m, r, x)
            other = place_displaced(p, b, s, m, q, left) if q >= 0 else -1
            if (
                accepts(s, s[SCORE] - before, heat)
                and is_sound(p, b, s, m, x)
                and (other < 0 or is_sound(p, b, s, m, other))
            ):
                is_good = True
                for k in range(left):
                    is_good = is_good and is_sound(p, b, s, m, s[s[SCRATCH] + OWN + k])
                if is_good:
                    s[JOURNAL_SIZE] = mark
                    return True
    undo(p, b, s, m, mark)
    return False


@kernel
def bring_two(p: Numbers, b: Tables, s: Numbers, m: Tables, r: int, q: int, x: int, heat: float) -> bool:
    """Let two friends join x together, where both have time and room."""
    mark, before = s[JOURNAL_SIZE], s[SCORE]
    if fits(p, b, s, m, r, x):
        join(p, b, s, m, r, x)
        if fits(p, b, s, m, q, x):
            join(p, b, s, m, q, x)
            if accepts(s, s[SCORE] - before, heat) and is_sound(p, b, s, m, x):
                s[JOURNAL_SIZE] = mark
                return True
    undo(p, b, s, m, mark)
    return False


@kernel
def drop_one(p: Numbers, b: Tables, s: Numbers, m: Tables, x: int, heat: float) -> bool:
    """Let somebody leave x."""
    n = s[ses_at(p, s, x) + X_N]
    if n == 0:
        return False
    mark, before = s[JOURNAL_SIZE], s[SCORE]
    leave(p, b, s, m, s[s[MEMBERS] + x * p[MOST_MEMBERS] + below(s, n)], x)
    if accepts(s, s[SCORE] - before, heat) and is_sound(p, b, s, m, x):
        s[JOURNAL_SIZE] = mark
        return True
    undo(p, b, s, m, mark)
    return False


@kernel
def any_admitted(p: Numbers, s: Numbers, m: Tables, x: int) -> int:
    """A resident who may be in x and is not, or -1."""
    may = (p[N_SESSION] + x) * p[N_RES]
    for _ in range(12):
        r = below(s, p[N_RES])
        if m[may + r] != 0 and m[x * p[N_RES] + r] == 0:
            return r
    return -1


@kernel
def friend_of(p: Numbers, s: Numbers, r: int) -> int:
    """Somebody tied to the resident with positive strength, or -1."""
    first, last = p[p[TIE_FROM] + r], p[p[TIE_FROM] + r + 1]
    if first == last:
        return -1
    k = first + below(s, last - first)
    return int(p[p[TIE_OTHER] + k]) if p[p[PAIR_STRENGTH] + p[p[TIE_PAIR] + k]] > 0 else -1


@kernel
def move_attendance(p: Numbers, b: Tables, s: Numbers, m: Tables, heat: float) -> bool:
    """One random move of attendance."""
    if s[N_ALIVE] == 0:
        return False
    x = s[s[ALIVE] + below(s, s[N_ALIVE])]
    kind = chance(s)
    if kind < 0.04:
        return drop_one(p, b, s, m, x, heat)
    n = s[ses_at(p, s, x) + X_N]
    if kind < 0.28 and n > 0:
        q = friend_of(p, s, s[s[MEMBERS] + x * p[MOST_MEMBERS] + below(s, n)])
        if q >= 0:
            return bring(p, b, s, m, q, x, heat)
    r = any_admitted(p, s, m, x)
    if r < 0:
        return False
    if kind < 0.36:
        q = friend_of(p, s, r)
        if q >= 0:
            return bring_two(p, b, s, m, r, q, x, heat)
    return bring(p, b, s, m, r, x, heat)
