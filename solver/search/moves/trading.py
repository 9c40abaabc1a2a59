"""Trading places: somebody goes from one session to another, and where that is full somebody from there takes their
place. Friends may go along in the same way.

Joining and leaving one by one seldom comes to that: in between somebody has two sessions of a kind or none.
"""

from solver.kernels.compiled import kernel
from solver.kernels.pools import Numbers, Tables
from solver.search.memory.address import ses_at
from solver.search.memory.chance import allowance, below, chance
from solver.search.memory.layout import (
    ALIVE,
    JOURNAL_SIZE,
    MEMBERS,
    MOST_MEMBERS,
    N_ALIVE,
    N_RES,
    PAIR_STRENGTH,
    SCORE,
    TIE_FROM,
    TIE_OTHER,
    TIE_PAIR,
    W_TIE,
    X_ACT,
    X_N,
)
from solver.search.score.attendance import admits, fits, has_room, is_sound
from solver.search.score.joining import join, leave
from solver.search.score.opening import undo
from solver.search.score.worth import gain_without, tie_of

NOBODY, NO_WAY = -1, -2  # instead of somebody who comes
LOOKS = 10  # for another session of the same activity
ALONE, WITH_ONE = 0.6, 0.85  # up to here, how many go: one, one with a friend, else one with two


@kernel
def any_other(p: Numbers, s: Numbers, x: int) -> int:
    """Another planned session, mostly of the same activity, or -1."""
    y = -1
    for _ in range(LOOKS):
        y = int(s[s[ALIVE] + below(s, s[N_ALIVE])])
        if y != x and s[ses_at(p, s, y) + X_ACT] == s[ses_at(p, s, x) + X_ACT]:
            return y
    return y if y != x else -1


@kernel
def any_member(p: Numbers, s: Numbers, x: int) -> int:
    """One of a session's people, or NOBODY."""
    n = s[ses_at(p, s, x) + X_N]
    return int(s[s[MEMBERS] + x * p[MOST_MEMBERS] + below(s, n)]) if n > 0 else NOBODY


@kernel
def any_friend(p: Numbers, s: Numbers, m: Tables, r: int, x: int) -> int:
    """One of a resident's friends in a session, or NOBODY."""
    first, n = p[p[TIE_FROM] + r], p[p[TIE_FROM] + r + 1] - p[p[TIE_FROM] + r]
    turn = below(s, n)
    for k in range(n):
        tie = first + (turn + k) % n
        q = p[p[TIE_OTHER] + tie]
        if m[x * p[N_RES] + q] != 0 and p[p[PAIR_STRENGTH] + p[p[TIE_PAIR] + tie]] > 0:
            return int(q)
    return NOBODY


@kernel
def who_comes(p: Numbers, b: Tables, s: Numbers, m: Tables, r: int, x: int, y: int) -> int:
    """Who may come from y to x so that the resident can go from x to y: NOBODY where there is room, or NO_WAY."""
    if not admits(p, b, s, m, r, y):
        return NO_WAY
    if has_room(p, b, s, m, r, y):
        return NOBODY
    q = any_member(p, s, y)
    return q if q >= 0 and admits(p, b, s, m, q, x) else NO_WAY


@kernel
def gain_of_trade(p: Numbers, b: Tables, s: Numbers, m: Tables, r: int, x: int, q: int, y: int) -> int:
    """What it would bring if r went from x to y and q from y to x; of two with a glad tie rather more than that."""
    gain = gain_without(p, b, s, m, r, y, x) - gain_without(p, b, s, m, r, x, x)
    if q >= 0:
        gain += gain_without(p, b, s, m, q, x, y) - gain_without(p, b, s, m, q, y, y)
        gain -= 2 * p[W_TIE] * min(0, tie_of(p, r, q))
    return int(gain)


@kernel
def cross(p: Numbers, b: Tables, s: Numbers, m: Tables, r: int, x: int, q: int, y: int) -> bool:
    """r goes from x to y, and q, where it is somebody, from y to x; false, and half done, where one of them cannot."""
    leave(p, b, s, m, r, x)
    if q >= 0:
        leave(p, b, s, m, q, y)
    if not fits(p, b, s, m, r, y):
        return False
    join(p, b, s, m, r, y)
    if q >= 0:
        if not fits(p, b, s, m, q, x):
            return False
        join(p, b, s, m, q, x)
    return True


@kernel
def trade(p: Numbers, b: Tables, s: Numbers, m: Tables, x: int, heat: float) -> bool:
    """Somebody in x goes to another session, alone or with friends. Accepted as a whole or taken back."""
    y, r = any_other(p, s, x), any_member(p, s, x)
    if y < 0 or r < 0:
        return False
    q = who_comes(p, b, s, m, r, x, y)
    if q == NO_WAY:
        return False
    mark, least, kind = s[JOURNAL_SIZE], s[SCORE] + allowance(s, heat), chance(s)
    if kind < ALONE and s[SCORE] + gain_of_trade(p, b, s, m, r, x, q, y) < least:
        return False
    is_good = cross(p, b, s, m, r, x, q, y)
    for _ in range(0 if kind < ALONE else 1 if kind < WITH_ONE else 2):
        friend = any_friend(p, s, m, r, x) if is_good else NOBODY
        q = who_comes(p, b, s, m, friend, x, y) if friend >= 0 else NO_WAY
        is_good = q != NO_WAY and cross(p, b, s, m, friend, x, q, y)
    if is_good and s[SCORE] >= least and is_sound(p, b, s, m, x) and is_sound(p, b, s, m, y):
        s[JOURNAL_SIZE] = mark
        return True
    undo(p, b, s, m, mark)
    return False
