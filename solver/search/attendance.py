"""Attendance: who may join a session, what it is worth, joining and leaving with the running score.

The three kinds of obstacle are told apart, because the moves answer them differently: `admits` (never, while the session's
placement and people are what they are), `has_room` (somebody else has to go first) and `clashes` (the resident has to leave
something else first).
"""

from solver.search.compiled import kernel
from solver.search.journal import JOIN, LEAVE, note
from solver.search.layout import (
    A_MIN_GROUP,
    ACT,
    ACT_COLUMNS,
    APART_FROM,
    APART_OTHER,
    B_AWAY,
    B_DOMAIN,
    B_FAMILIAR,
    B_GROUP_COUNTS,
    B_INTEREST,
    B_MUST,
    B_WAS_THERE,
    ENGAGEMENT,
    ESCORT_CAP,
    GROUP_COUNT,
    GROUP_FROM,
    GROUP_HAVE,
    GROUP_MEMBERS,
    GROUP_MIN,
    GROUP_OF,
    GROUP_WEIGHT,
    HAS_COHORTS,
    HAS_ESCORTS,
    HAS_PREVIOUS,
    LACK_PRICE,
    LACKING,
    LIKED,
    MEMBERS,
    MOST_A_DAY,
    MOST_MEMBERS,
    MOVING,
    N_ACT,
    N_DAY,
    N_DOMAIN,
    N_ENGAGEMENT,
    N_GROUP,
    N_RES,
    N_SESSION,
    N_SLOT,
    PAIR_CAP,
    PAIR_STRENGTH,
    PLANNED_PEOPLE,
    R_CAN_BE_LEFT_OUT,
    R_COHORT,
    R_MAX,
    R_MAX_DAY,
    R_MIN,
    R_MORNING,
    R_NEEDS_FAMILIAR,
    R_REST,
    R_SUPPORT,
    R_WHEELCHAIR,
    REQUIRED_ACT,
    REQUIRED_FROM,
    REQUIRED_LEAST,
    RES,
    RES_ACT,
    RES_COLUMNS,
    RES_DAY,
    RES_DAY_N,
    RES_N,
    S_COMFORT,
    S_WHEELCHAIRS,
    SCORE,
    SLOT,
    SPACE_COLUMNS,
    SPACES,
    TARGET_DOMAIN,
    TARGET_FROM,
    TARGET_HAVE,
    TARGET_MIN,
    TARGET_WEIGHT,
    TIE_FROM,
    TIE_OTHER,
    TIE_PAIR,
    TOGETHER,
    W_CROWD,
    W_DROP,
    W_GROUP,
    W_INTEREST,
    W_LEFT_OUT,
    W_SHORTFALL,
    W_TARGET,
    W_TIE,
    W_WALK,
    W_WARM,
    WALK,
    WARM,
    WELCOME,
    X_ACT,
    X_BEGIN,
    X_CAP,
    X_COHORT,
    X_DAY,
    X_END,
    X_FACT,
    X_GIVEN,
    X_IDENTITY,
    X_N,
    X_NEEDING,
    X_PART,
    X_SPACE,
    X_SUPPORT,
    X_TEAM,
    X_TEAM_N,
    X_WHEELCHAIRS,
)
from solver.search.pools import Numbers, Tables, ses_at


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
        first = s[row + X_DAY] * (p[N_SLOT] + 1)
        at = first + s[row + X_BEGIN] // p[SLOT]
        if s[s[MOVING] + at] >= p[p[ESCORT_CAP] + at]:
            return False
        at = first + s[row + X_END] // p[SLOT]
        if s[s[MOVING] + at] >= p[p[ESCORT_CAP] + at]:
            return False
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
    """0 where the resident may attend one more session that day, 1 where the day is full, 2 where the horizon is (R7)."""
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
def demanded(p: Numbers, b: Tables, s: Numbers, r: int, x: int) -> int:
    """How many lacking demands the resident's joining would meet (R14, R18)."""
    row = ses_at(p, s, x)
    met = 0
    for k in range(p[p[REQUIRED_FROM] + r], p[p[REQUIRED_FROM] + r + 1]):
        a = p[p[REQUIRED_ACT] + k]
        if a == s[row + X_ACT] and s[s[RES_ACT] + r * p[N_ACT] + a] < p[p[REQUIRED_LEAST] + k]:
            met += 1
    if s[row + X_IDENTITY] >= 0 and b[p[B_MUST] + s[row + X_IDENTITY] * p[N_RES] + r] != 0:
        met += 1
    return met


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


@kernel
def own_gain(p: Numbers, b: Tables, s: Numbers, r: int, x: int) -> int:
    """What joining is worth to the resident, ties aside: interest, time, engagement, shortfall, left_out, target, walk."""
    row = ses_at(p, s, x)
    a = s[row + X_ACT]
    person = p[RES] + r * RES_COLUMNS
    like = b[p[B_INTEREST] + a * p[N_RES] + r]
    gain = p[person + R_MORNING + s[row + X_PART]] - p[W_WALK] * p[p[WALK] + s[row + X_SPACE] * p[N_RES] + r]
    if like < 0 or (like > 0 and s[s[RES_ACT] + r * p[N_ACT] + a] < 2):
        gain += p[W_INTEREST] * like
    if like >= 0:
        n = s[s[WELCOME] + r]
        if n < p[N_ENGAGEMENT]:
            gain += p[p[ENGAGEMENT] + n]
        if n < p[person + R_MIN]:
            gain += p[W_SHORTFALL]
    if like > 0 and p[person + R_CAN_BE_LEFT_OUT] != 0 and s[s[LIKED] + r] == 0:
        gain += p[W_LEFT_OUT]
    for k in range(p[p[TARGET_FROM] + r], p[p[TARGET_FROM] + r + 1]):
        if b[p[B_DOMAIN] + a * p[N_DOMAIN] + p[p[TARGET_DOMAIN] + k]] != 0 and s[s[TARGET_HAVE] + k] < p[p[TARGET_MIN] + k]:
            gain += p[W_TARGET] * p[p[TARGET_WEIGHT] + k]
    return gain


@kernel
def tie_gain(p: Numbers, s: Numbers, m: Tables, r: int, x: int) -> int:
    """The terms `tie` and `warm` of joining."""
    gain = 0
    is_warm = s[s[WARM] + r] > 0
    for k in range(p[p[TIE_FROM] + r], p[p[TIE_FROM] + r + 1]):
        q = p[p[TIE_OTHER] + k]
        if m[x * p[N_RES] + q] == 0:
            continue
        pair = p[p[TIE_PAIR] + k]
        strength = p[p[PAIR_STRENGTH] + pair]
        if strength > 0:
            if s[s[TOGETHER] + pair] < p[p[PAIR_CAP] + pair]:
                gain += p[W_TIE] * strength
            if not is_warm:
                gain += p[W_WARM]
                is_warm = True
            if s[s[WARM] + q] == 0:
                gain += p[W_WARM]
        else:
            gain += p[W_TIE] * strength
    return gain


@kernel
def gain_of(p: Numbers, b: Tables, s: Numbers, m: Tables, r: int, x: int) -> int:
    """What the score would gain if the resident, who is not in the session, joined it: demands at their price included."""
    row = ses_at(p, s, x)
    gain = own_gain(p, b, s, r, x) + tie_gain(p, s, m, r, x)
    a = s[row + X_ACT]
    for k in range(p[p[GROUP_FROM] + r], p[p[GROUP_FROM] + r + 1]):
        g = p[p[GROUP_OF] + k]
        if (
            b[p[B_GROUP_COUNTS] + a * p[N_GROUP] + g] != 0
            and s[s[GROUP_COUNT] + x * p[N_GROUP] + g] + 1 == p[p[GROUP_MEMBERS] + g]
            and s[s[GROUP_HAVE] + g] < p[p[GROUP_MIN] + g]
        ):
            gain += p[W_GROUP] * p[p[GROUP_WEIGHT] + g]
    if s[row + X_N] >= p[p[SPACES] + s[row + X_SPACE] * SPACE_COLUMNS + S_COMFORT]:
        gain -= p[W_CROWD]
    if p[HAS_PREVIOUS] != 0 and s[row + X_IDENTITY] >= 0 and (
        b[p[B_WAS_THERE] + s[row + X_IDENTITY] * p[N_RES] + r] != 0
    ):
        gain += p[W_DROP]
    return gain + s[LACK_PRICE] * demanded(p, b, s, r, x)


@kernel
def count_person(p: Numbers, b: Tables, s: Numbers, m: Tables, r: int, x: int, by: int) -> None:
    """Add the resident's attendance to all counts (`by` 1) or take it out of them (-1); the member flag is not in yet/any more."""
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
        if b[p[B_GROUP_COUNTS] + a * p[N_GROUP] + g] != 0:
            if (s[at] if by < 0 else s[at] + 1) == p[p[GROUP_MEMBERS] + g]:
                s[s[GROUP_HAVE] + g] += by
        s[at] += by
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
    if s[row + X_FACT] == 0:
        s[PLANNED_PEOPLE] += by
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
