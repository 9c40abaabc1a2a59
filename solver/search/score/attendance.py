"""Attendance: who may join a session, what it is worth, joining and leaving with the running score.

The three kinds of obstacle are told apart, because the moves answer them differently: `admits` (never, while the
session's placement and people are what they are), `has_room` (somebody else has to go first) and `clashes` (the
resident has to leave something else first).
"""

from solver.kernels.compiled import kernel
from solver.kernels.pools import Numbers, Tables
from solver.search.memory.address import ses_at
from solver.search.memory.layout import (
    A_MIN_GROUP,
    ACT,
    ACT_COLUMNS,
    APART_FROM,
    APART_OTHER,
    B_AWAY,
    B_FAMILIAR,
    ESCORT_CAP,
    HAS_COHORTS,
    HAS_ESCORTS,
    MEMBERS,
    MOST_A_DAY,
    MOST_MEMBERS,
    MOVING,
    N_DAY,
    N_RES,
    N_SESSION,
    N_SLOT,
    PAIR_STRENGTH,
    R_COHORT,
    R_MAX,
    R_MAX_DAY,
    R_NEEDS_FAMILIAR,
    R_REST,
    R_SUPPORT,
    R_WHEELCHAIR,
    RES,
    RES_COLUMNS,
    RES_DAY,
    RES_DAY_N,
    RES_N,
    S_WHEELCHAIRS,
    SLOT,
    SPACE_COLUMNS,
    SPACES,
    TIE_FROM,
    TIE_OTHER,
    TIE_PAIR,
    X_ACT,
    X_BEGIN,
    X_CAP,
    X_COHORT,
    X_DAY,
    X_END,
    X_FACT,
    X_GIVEN,
    X_N,
    X_NEEDING,
    X_SPACE,
    X_SUPPORT,
    X_TEAM,
    X_TEAM_N,
    X_WHEELCHAIRS,
)


@kernel
def admits(p: Numbers, b: Tables, s: Numbers, m: Tables, r: int, x: int) -> bool:
    """Whether nothing but seats, time and counts stands between the resident and the session (R7 busy, R8-R10, R13)."""
    at = x * p[N_RES] + r
    if m[at] != 0 or m[p[N_SESSION] * p[N_RES] + at] == 0:
        return False
    row = ses_at(p, s, x)
    if p[HAS_COHORTS] != 0 and s[row + X_N] > 0 and s[row + X_COHORT] != p[p[RES] + r * RES_COLUMNS + R_COHORT]:
        return False
    for k in range(p[p[APART_FROM] + r], p[p[APART_FROM] + r + 1]):
        if m[x * p[N_RES] + p[p[APART_OTHER] + k]] != 0:
            return False
    return True


@kernel
def has_escort(p: Numbers, s: Numbers, row: int) -> bool:
    """R12: whether one more can be brought to the session of that row, and back."""
    first = s[row + X_DAY] * (p[N_SLOT] + 1)
    begin, end = first + s[row + X_BEGIN] // p[SLOT], first + s[row + X_END] // p[SLOT]
    is_free = s[s[MOVING] + begin] < p[p[ESCORT_CAP] + begin]
    return bool(is_free and s[s[MOVING] + end] < p[p[ESCORT_CAP] + end])


@kernel
def has_room(p: Numbers, b: Tables, s: Numbers, m: Tables, r: int, x: int) -> bool:
    """R2, R5's most, R11, R12."""
    row = ses_at(p, s, x)
    if s[row + X_N] >= s[row + X_CAP]:
        return False
    person = p[RES] + r * RES_COLUMNS
    if p[person + R_WHEELCHAIR] != 0 and (
        s[row + X_WHEELCHAIRS] >= p[p[SPACES] + s[row + X_SPACE] * SPACE_COLUMNS + S_WHEELCHAIRS]
    ):
        return False
    if s[row + X_TEAM_N] > 0 and s[row + X_SUPPORT] + p[person + R_SUPPORT] > s[row + X_GIVEN]:
        return False
    if p[HAS_ESCORTS] != 0 and b[p[B_AWAY] + s[row + X_SPACE] * p[N_RES] + r] != 0:
        return has_escort(p, s, row)
    return True


@kernel
def has_room_without(p: Numbers, b: Tables, s: Numbers, r: int, x: int, q: int) -> bool:
    """The same once q, who is in the session, has left it."""
    row = ses_at(p, s, x)
    if s[row + X_N] > s[row + X_CAP]:
        return False
    person, gone = p[RES] + r * RES_COLUMNS, p[RES] + q * RES_COLUMNS
    if p[person + R_WHEELCHAIR] > p[gone + R_WHEELCHAIR] and (
        s[row + X_WHEELCHAIRS] >= p[p[SPACES] + s[row + X_SPACE] * SPACE_COLUMNS + S_WHEELCHAIRS]
    ):
        return False
    if s[row + X_TEAM_N] > 0 and s[row + X_SUPPORT] + p[person + R_SUPPORT] - p[gone + R_SUPPORT] > s[row + X_GIVEN]:
        return False
    away = p[B_AWAY] + s[row + X_SPACE] * p[N_RES]
    if p[HAS_ESCORTS] != 0 and b[away + r] > b[away + q]:
        return has_escort(p, s, row)
    return True


@kernel
def clashes(p: Numbers, s: Numbers, r: int, x: int, found: Numbers, at: int) -> int:
    """How many of the resident's sessions exclude this one by time, rest or being of one activity (R7).

    The first two are written to `found[at:]`. 99 where a fact is among them or where their counts are used up by facts.
    """
    row = ses_at(p, s, x)
    day, begin, end, activity = s[row + X_DAY], s[row + X_BEGIN], s[row + X_END], s[row + X_ACT]
    rest = p[p[RES] + r * RES_COLUMNS + R_REST]
    first = s[RES_DAY] + (r * p[N_DAY] + day) * p[MOST_A_DAY]
    count = 0
    for k in range(s[s[RES_DAY_N] + r * p[N_DAY] + day]):
        other = s[first + k]
        its = ses_at(p, s, other)
        if s[its + X_ACT] == activity or (begin < s[its + X_END] + rest and s[its + X_BEGIN] < end + rest):
            if s[its + X_FACT] != 0:
                return 99
            if count < 2:
                found[at + count] = other
            count += 1
    return count


@kernel
def is_full(p: Numbers, s: Numbers, r: int, day: int) -> int:
    """0 where the resident may attend one more session that day, 1 where the day is full, 2 where the horizon is
    (R7).
    """
    person = p[RES] + r * RES_COLUMNS
    if s[s[RES_N] + r] >= p[person + R_MAX]:
        return 2
    n = s[s[RES_DAY_N] + r * p[N_DAY] + day]
    if n >= p[person + R_MAX_DAY] or n >= p[MOST_A_DAY]:
        return 1
    return 0


@kernel
def fits(p: Numbers, b: Tables, s: Numbers, m: Tables, r: int, x: int) -> bool:
    """Whether the resident can join as things stand, a familiar face aside (R15 is read by `is_sound`)."""
    if not admits(p, b, s, m, r, x) or not has_room(p, b, s, m, r, x):
        return False
    if is_full(p, s, r, s[ses_at(p, s, x) + X_DAY]) != 0:
        return False
    row = ses_at(p, s, x)
    day, begin, end, activity = s[row + X_DAY], s[row + X_BEGIN], s[row + X_END], s[row + X_ACT]
    rest = p[p[RES] + r * RES_COLUMNS + R_REST]
    first = s[RES_DAY] + (r * p[N_DAY] + day) * p[MOST_A_DAY]
    for k in range(s[s[RES_DAY_N] + r * p[N_DAY] + day]):
        its = ses_at(p, s, s[first + k])
        if s[its + X_ACT] == activity or (begin < s[its + X_END] + rest and s[its + X_BEGIN] < end + rest):
            return False
    return True


@kernel
def has_familiar(p: Numbers, b: Tables, s: Numbers, m: Tables, r: int, x: int) -> bool:
    """R15 of one resident in a session: a friend among its people or a familiar facilitator."""
    row = ses_at(p, s, x)
    for k in range(s[row + X_TEAM_N]):
        if b[p[B_FAMILIAR] + s[row + X_TEAM + k] * p[N_RES] + r] != 0:
            return True
    for k in range(p[p[TIE_FROM] + r], p[p[TIE_FROM] + r + 1]):
        if m[x * p[N_RES] + p[p[TIE_OTHER] + k]] != 0 and p[p[PAIR_STRENGTH] + p[p[TIE_PAIR] + k]] > 0:
            return True
    return False


@kernel
def is_sound(p: Numbers, b: Tables, s: Numbers, m: Tables, x: int) -> bool:
    """What joining and leaving leave open: R5's least number and R15."""
    row = ses_at(p, s, x)
    if s[row + X_FACT] != 0:
        return True
    if s[row + X_N] < p[p[ACT] + s[row + X_ACT] * ACT_COLUMNS + A_MIN_GROUP]:
        return False
    if s[row + X_NEEDING] > 0:
        first = s[MEMBERS] + x * p[MOST_MEMBERS]
        for k in range(s[row + X_N]):
            r = s[first + k]
            if p[p[RES] + r * RES_COLUMNS + R_NEEDS_FAMILIAR] != 0 and not has_familiar(p, b, s, m, r, x):
                return False
    return True
