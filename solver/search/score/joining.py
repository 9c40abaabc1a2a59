"""Joining and leaving a session, with all counts and the running score."""

from solver.kernels.compiled import kernel
from solver.kernels.pools import Numbers, Tables
from solver.search.memory.address import ses_at
from solver.search.memory.journal import JOIN, LEAVE, note
from solver.search.memory.layout import (
    B_AWAY,
    B_DOMAIN,
    B_GROUP_COUNTS,
    B_INTEREST,
    GROUP_COUNT,
    GROUP_FROM,
    GROUP_HAVE,
    GROUP_MEMBERS,
    GROUP_OF,
    HAS_ESCORTS,
    IS_DENSE,
    LACKING,
    LIKED,
    MEMBERS,
    MOST_A_DAY,
    MOST_MEMBERS,
    MOVING,
    N_ACT,
    N_DAY,
    N_DOMAIN,
    N_GROUP,
    N_RES,
    N_SLOT,
    PAIR_STRENGTH,
    PULL,
    R_COHORT,
    R_NEEDS_FAMILIAR,
    R_SUPPORT,
    R_WHEELCHAIR,
    RES,
    RES_ACT,
    RES_COLUMNS,
    RES_DAY,
    RES_DAY_N,
    RES_N,
    SCORE,
    SLOT,
    TARGET_DOMAIN,
    TARGET_FROM,
    TARGET_HAVE,
    TIE_FROM,
    TIE_OTHER,
    TIE_PAIR,
    TOGETHER,
    W_TIE,
    WARM,
    WELCOME,
    WORK,
    X_ACT,
    X_BEGIN,
    X_COHORT,
    X_DAY,
    X_END,
    X_N,
    X_NEEDING,
    X_SPACE,
    X_SUPPORT,
    X_WHEELCHAIRS,
)
from solver.search.score.worth import demanded, gain_of


@kernel
def count_person(p: Numbers, b: Tables, s: Numbers, m: Tables, r: int, x: int, by: int) -> None:
    """Add the resident's attendance to all counts (`by` 1) or take it out of them (-1); the member flag is not in
    yet/any more.
    """
    s[WORK] += 24 + 2 * (p[p[TIE_FROM] + r + 1] - p[p[TIE_FROM] + r])
    row = ses_at(p, s, x)
    a, day = s[row + X_ACT], s[row + X_DAY]
    person = p[RES] + r * RES_COLUMNS
    like = b[p[B_INTEREST] + a * p[N_RES] + r]
    s[s[RES_ACT] + r * p[N_ACT] + a] += by
    s[s[RES_N] + r] += by
    if like >= 0:
        s[s[WELCOME] + r] += by
    if like > 0:
        s[s[LIKED] + r] += by
    for k in range(p[p[TARGET_FROM] + r], p[p[TARGET_FROM] + r + 1]):
        if b[p[B_DOMAIN] + a * p[N_DOMAIN] + p[p[TARGET_DOMAIN] + k]] != 0:
            s[s[TARGET_HAVE] + k] += by
    for k in range(p[p[GROUP_FROM] + r], p[p[GROUP_FROM] + r + 1]):
        g = p[p[GROUP_OF] + k]
        at = s[GROUP_COUNT] + x * p[N_GROUP] + g
        reached = s[at] if by < 0 else s[at] + 1
        if b[p[B_GROUP_COUNTS] + a * p[N_GROUP] + g] != 0 and reached == p[p[GROUP_MEMBERS] + g]:
            s[s[GROUP_HAVE] + g] += by
        s[at] += by
    if p[IS_DENSE] != 0:
        pull = s[PULL] + x * p[N_RES]
        for k in range(p[p[TIE_FROM] + r], p[p[TIE_FROM] + r + 1]):
            s[pull + p[p[TIE_OTHER] + k]] += by * p[W_TIE] * p[p[PAIR_STRENGTH] + p[p[TIE_PAIR] + k]]
    for k in range(p[p[TIE_FROM] + r], p[p[TIE_FROM] + r + 1]):
        q = p[p[TIE_OTHER] + k]
        if m[x * p[N_RES] + q] != 0:
            pair = p[p[TIE_PAIR] + k]
            before = s[s[TOGETHER] + pair]
            s[s[TOGETHER] + pair] = before + by
            if p[p[PAIR_STRENGTH] + pair] > 0 and (before == 0 if by > 0 else before == 1):
                s[s[WARM] + r] += by
                s[s[WARM] + q] += by
    s[row + X_WHEELCHAIRS] += by * p[person + R_WHEELCHAIR]
    s[row + X_SUPPORT] += by * p[person + R_SUPPORT]
    s[row + X_NEEDING] += by * p[person + R_NEEDS_FAMILIAR]
    if p[HAS_ESCORTS] != 0 and b[p[B_AWAY] + s[row + X_SPACE] * p[N_RES] + r] != 0:
        first = s[MOVING] + day * (p[N_SLOT] + 1)
        if s[row + X_BEGIN] % p[SLOT] == 0:
            s[first + s[row + X_BEGIN] // p[SLOT]] += by
        if s[row + X_END] % p[SLOT] == 0:
            s[first + s[row + X_END] // p[SLOT]] += by


@kernel
def join(p: Numbers, b: Tables, s: Numbers, m: Tables, r: int, x: int) -> None:
    """Put the resident into the session; whether the rules allow it is the caller's to know."""
    row = ses_at(p, s, x)
    s[SCORE] += gain_of(p, b, s, m, r, x)
    s[LACKING] -= demanded(p, b, s, r, x)
    count_person(p, b, s, m, r, x, 1)
    at = x * p[N_RES] + r
    n = s[row + X_N]
    s[s[MEMBERS] + x * p[MOST_MEMBERS] + n] = r
    s[row + X_N] = n + 1
    s[row + X_COHORT] = p[p[RES] + r * RES_COLUMNS + R_COHORT]
    m[at] = 1
    line = r * p[N_DAY] + s[row + X_DAY]
    s[s[RES_DAY] + line * p[MOST_A_DAY] + s[s[RES_DAY_N] + line]] = x
    s[s[RES_DAY_N] + line] += 1
    note(s, JOIN, r, x)


@kernel
def leave(p: Numbers, b: Tables, s: Numbers, m: Tables, r: int, x: int) -> None:
    """Take the resident out of the session."""
    row = ses_at(p, s, x)
    at = x * p[N_RES] + r
    m[at] = 0
    n = s[row + X_N] - 1
    s[row + X_N] = n
    first = s[MEMBERS] + x * p[MOST_MEMBERS]
    for k in range(n + 1):
        if s[first + k] == r:
            s[first + k] = s[first + n]
            break
    line = r * p[N_DAY] + s[row + X_DAY]
    left = s[s[RES_DAY_N] + line] - 1
    s[s[RES_DAY_N] + line] = left
    first = s[RES_DAY] + line * p[MOST_A_DAY]
    for k in range(left + 1):
        if s[first + k] == x:
            s[first + k] = s[first + left]
            break
    count_person(p, b, s, m, r, x, -1)
    s[SCORE] -= gain_of(p, b, s, m, r, x)
    s[LACKING] += demanded(p, b, s, r, x)
    note(s, LEAVE, r, x)
