"""Filling a session with the people to whom it is worth most, and finding another session for those who lost theirs."""

import numpy as np

from solver.kernels.compiled import kernel
from solver.kernels.pools import Numbers, Tables
from solver.search.memory.address import ses_at
from solver.search.memory.chance import below, chance
from solver.search.memory.journal import is_long
from solver.search.memory.layout import (
    A_MIN_GROUP,
    ACT,
    ACT_COLUMNS,
    ALIVE,
    FALLEN,
    HAS_PREVIOUS,
    JOURNAL_SIZE,
    KEYS,
    MOST_A_DAY,
    N_ALIVE,
    N_DAY,
    N_RES,
    R_NEEDS_FAMILIAR,
    RES,
    RES_COLUMNS,
    RES_DAY,
    RES_DAY_N,
    SCORE,
    SCRATCH,
    WORK,
    X_ACT,
    X_CAP,
    X_DAY,
    X_FACT,
    X_N,
)
from solver.search.score.attendance import admits, clashes, fits, has_familiar, has_room, is_full, is_sound
from solver.search.score.joining import join, leave
from solver.search.score.opening import undo
from solver.search.score.worth import gain_of, gain_without

MOST_SEARCHED = 80  # sessions looked at for one fallen resident
CLASHING = 40  # place in the scratch


@kernel
def sift(s: Numbers, keys: int, names: int, k: int, n: int) -> None:
    """Let the element k of a heap (largest key first) sink to where it belongs."""
    while True:
        child = 2 * k + 1
        if child >= n:
            return
        if child + 1 < n and s[keys + child + 1] > s[keys + child]:
            child += 1
        if s[keys + child] <= s[keys + k]:
            return
        key, name = s[keys + k], s[names + k]
        s[keys + k], s[names + k] = s[keys + child], s[names + child]
        s[keys + child], s[names + child] = key, name
        k = child


@kernel
def least_missed(p: Numbers, b: Tables, s: Numbers, m: Tables, r: int, day: int) -> int:
    """The resident's planned session that day which is worth least, or -1."""
    line = r * p[N_DAY] + day
    found, least = -1, 0
    for k in range(s[s[RES_DAY_N] + line]):
        x = s[s[RES_DAY] + line * p[MOST_A_DAY] + k]
        if s[ses_at(p, s, x) + X_FACT] == 0:
            worth = gain_without(p, b, s, m, r, x, x)
            if found < 0 or worth < least:
                found, least = x, worth
    return int(found)


@kernel
def try_join(p: Numbers, b: Tables, s: Numbers, m: Tables, r: int, x: int, least: int) -> bool:
    """Let the resident join where it is worth at least `least`, leaving one other session for it where they must.

    In repairs also where only their day is full, or their week: a published session that goes to another day keeps
    its people. In a new week that costs more than it brings.
    """
    if not admits(p, b, s, m, r, x) or not has_room(p, b, s, m, r, x):
        return False
    if p[p[RES] + r * RES_COLUMNS + R_NEEDS_FAMILIAR] != 0 and not has_familiar(p, b, s, m, r, x):
        return False
    n = clashes(p, s, r, x, s, s[SCRATCH] + CLASHING)
    if n > 1:
        return False
    other = s[s[SCRATCH] + CLASHING]
    if n == 0:
        full = is_full(p, s, r, s[ses_at(p, s, x) + X_DAY])
        if full == 0:
            if gain_of(p, b, s, m, r, x) < least:
                return False
            join(p, b, s, m, r, x)
            return True
        if p[HAS_PREVIOUS] == 0:
            return False
        other = least_missed(p, b, s, m, r, s[ses_at(p, s, x) + X_DAY] if full == 1 else below(s, p[N_DAY]))
        if other < 0:
            return False
    mark, before = s[JOURNAL_SIZE], s[SCORE]
    if gain_without(p, b, s, m, r, x, other) - gain_without(p, b, s, m, r, other, other) < least:
        return False
    leave(p, b, s, m, r, other)
    if has_room(p, b, s, m, r, x) and is_full(p, s, r, s[ses_at(p, s, x) + X_DAY]) == 0:
        join(p, b, s, m, r, x)
        if s[SCORE] - before >= least and is_sound(p, b, s, m, other):
            return True
    undo(p, b, s, m, mark)
    return False


@kernel
def refill(p: Numbers, b: Tables, s: Numbers, m: Tables, x: int, heat: float) -> None:
    """Let people join, the most valuable first, while it pays; up to the least group whatever it costs."""
    row = ses_at(p, s, x)
    least_group = p[p[ACT] + s[row + X_ACT] * ACT_COLUMNS + A_MIN_GROUP]
    if s[row + X_N] >= s[row + X_CAP]:
        return
    s[WORK] += 4 * p[N_RES]
    keys, names, n = s[KEYS], s[FALLEN] + 2 * p[N_RES] + 32, 0
    for r in range(p[N_RES]):
        if admits(p, b, s, m, r, x):
            gain = gain_of(p, b, s, m, r, x)
            if gain > 0 or s[row + X_N] < least_group:
                s[keys + n] = np.int64(64 * (gain + (heat + 0.98) * chance(s)))  # equals in any order
                s[names + n] = r
                n += 1
    for k in range(n // 2 - 1, -1, -1):
        sift(s, keys, names, k, n)
    again = 0
    while n > 0 and s[row + X_N] < s[row + X_CAP] and not is_long(s):
        r = s[names]
        n -= 1
        s[keys], s[names] = s[keys + n], s[names + n]
        sift(s, keys, names, 0, n)
        least = 1 if s[row + X_N] >= least_group else -1_000_000_000_000
        is_needing = p[p[RES] + r * RES_COLUMNS + R_NEEDS_FAMILIAR] != 0
        if not try_join(p, b, s, m, r, x, least) and is_needing and again < 24:
            s[s[SCRATCH] + 64 + again] = r
            again += 1
    for k in range(again):
        if s[row + X_N] < s[row + X_CAP]:
            try_join(p, b, s, m, s[s[SCRATCH] + 64 + k], x, 1)


@kernel
def rehome(p: Numbers, b: Tables, s: Numbers, m: Tables, r: int) -> bool:
    """Let the resident join the free session that is worth most, where one is worth anything."""
    n = s[N_ALIVE]
    if n == 0:
        return False
    turn, best, most = below(s, n), -1, 0
    s[WORK] += 4 * min(n, MOST_SEARCHED)
    for k in range(min(n, MOST_SEARCHED)):
        x = s[s[ALIVE] + (turn + k) % n]
        if fits(p, b, s, m, r, x):
            if p[p[RES] + r * RES_COLUMNS + R_NEEDS_FAMILIAR] != 0 and not has_familiar(p, b, s, m, r, x):
                continue
            gain = gain_of(p, b, s, m, r, x)
            if gain > most:
                best, most = x, gain
    if best < 0:
        return False
    join(p, b, s, m, r, best)
    return True
