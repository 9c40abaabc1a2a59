"""Meeting what is lacking: least counts (R6), required attendances (R14) and pins (R18)."""

from solver.kernels.compiled import kernel
from solver.kernels.pools import Numbers, Tables
from solver.search.memory.address import ses_at
from solver.search.memory.chance import below, chance
from solver.search.memory.layout import (
    A_DURATION_KIND,
    A_MIN,
    ACT,
    ACT_COLUMNS,
    ACT_N,
    ALIVE,
    ATTEND_FROM,
    ATTEND_WHO,
    I_ACTIVITY,
    I_BEGIN,
    I_DAY,
    I_PINNED,
    I_SPACE,
    IDENTITY,
    IDENTITY_COLUMNS,
    N_ACT,
    N_ALIVE,
    N_DAY,
    N_IDENTITY,
    N_RES,
    N_SLOT,
    REQUIRED_ACT,
    REQUIRED_FROM,
    REQUIRED_LEAST,
    RES_ACT,
    SLOT,
    TIME_AT,
    USED_BY,
    X_ACT,
)
from solver.search.moves.attending import bring
from solver.search.moves.programme import insert
from solver.search.moves.settling import ANY_STAFF, MOST_RIVALS, any_identity, any_space, any_time

TRIES = 12


@kernel
def meet_count(p: Numbers, b: Tables, s: Numbers, m: Tables, heat: float) -> bool:
    """Insert a session of an activity that has too few."""
    n = p[N_ACT]
    turn = below(s, n)
    for k in range(n):
        a = (turn + k) % n
        if s[s[ACT_N] + a] < p[p[ACT] + a * ACT_COLUMNS + A_MIN]:
            for tried in range(TRIES):
                rivals = MOST_RIVALS if tried > TRIES // 2 else 0
                t, space, i = any_time(p, s, a), any_space(p, s, a), any_identity(p, s, a)
                if insert(p, b, s, m, a, t, space, i, ANY_STAFF, rivals, heat):
                    return True
            if chance(s) < 0.5:
                return False
    return False


@kernel
def meet_required(p: Numbers, b: Tables, s: Numbers, m: Tables, heat: float) -> bool:
    """Bring somebody to an activity they require, or insert a session of it."""
    n = p[N_RES]
    turn = below(s, n)
    for j in range(n):
        r = (turn + j) % n
        for k in range(p[p[REQUIRED_FROM] + r], p[p[REQUIRED_FROM] + r + 1]):
            a = p[p[REQUIRED_ACT] + k]
            if s[s[RES_ACT] + r * p[N_ACT] + a] >= p[p[REQUIRED_LEAST] + k]:
                continue
            first = below(s, max(1, s[N_ALIVE]))
            for i in range(s[N_ALIVE]):
                x = s[s[ALIVE] + (first + i) % s[N_ALIVE]]
                if s[ses_at(p, s, x) + X_ACT] == a and bring(p, b, s, m, r, x, heat):
                    return True
            for _ in range(TRIES):
                rivals = MOST_RIVALS if chance(s) < 0.5 else 0
                t, space, i = any_time(p, s, a), any_space(p, s, a), any_identity(p, s, a)
                if insert(p, b, s, m, a, t, space, i, ANY_STAFF, rivals, heat):
                    return True
            return False
    return False


@kernel
def meet_pin(p: Numbers, b: Tables, s: Numbers, m: Tables, heat: float) -> bool:
    """Insert a pinned session that is not there, or bring somebody to the session they are pinned to."""
    n = p[N_IDENTITY]
    turn = below(s, max(1, n))
    for j in range(n):
        i = (turn + j) % n
        row = p[IDENTITY] + i * IDENTITY_COLUMNS
        x = s[s[USED_BY] + i]
        if x < 0 and p[row + I_PINNED] != 0:
            a = p[row + I_ACTIVITY]
            kind = p[p[ACT] + a * ACT_COLUMNS + A_DURATION_KIND]
            t = p[p[TIME_AT] + (kind * p[N_DAY] + p[row + I_DAY]) * p[N_SLOT] + p[row + I_BEGIN] // p[SLOT]]
            for _ in range(TRIES):
                space = p[row + I_SPACE] if p[row + I_SPACE] >= 0 else any_space(p, s, a)
                if insert(p, b, s, m, a, t, space, i, ANY_STAFF, MOST_RIVALS, heat):
                    return True
        if x >= 0:
            for k in range(p[p[ATTEND_FROM] + i], p[p[ATTEND_FROM] + i + 1]):
                if bring(p, b, s, m, p[p[ATTEND_WHO] + k], x, heat):
                    return True
    return False


@kernel
def meet_demand(p: Numbers, b: Tables, s: Numbers, m: Tables, heat: float) -> bool:
    """One attempt at one kind of demand."""
    kind = chance(s)
    if kind < 0.4:
        return meet_count(p, b, s, m, heat)
    if kind < 0.8:
        return meet_required(p, b, s, m, heat)
    return meet_pin(p, b, s, m, heat)
