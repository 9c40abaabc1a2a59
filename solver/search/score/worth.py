"""What a resident's joining a session is worth: the terms of the score, and demands at their price."""

from solver.kernels.compiled import kernel
from solver.kernels.pools import Numbers, Tables
from solver.search.memory.address import ses_at
from solver.search.memory.layout import (
    B_DOMAIN,
    B_GROUP_COUNTS,
    B_INTEREST,
    B_MUST,
    B_WAS_THERE,
    ENGAGEMENT,
    GROUP_COUNT,
    GROUP_FROM,
    GROUP_HAVE,
    GROUP_MEMBERS,
    GROUP_MIN,
    GROUP_OF,
    GROUP_WEIGHT,
    HAS_PREVIOUS,
    LACK_PRICE,
    LIKED,
    N_ACT,
    N_DOMAIN,
    N_ENGAGEMENT,
    N_GROUP,
    N_RES,
    PAIR_CAP,
    PAIR_STRENGTH,
    R_CAN_BE_LEFT_OUT,
    R_MIN,
    R_MORNING,
    REQUIRED_ACT,
    REQUIRED_FROM,
    REQUIRED_LEAST,
    RES,
    RES_ACT,
    RES_COLUMNS,
    S_COMFORT,
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
    X_IDENTITY,
    X_N,
    X_PART,
    X_SPACE,
)

NOTHING = -1  # for `out`: nothing is left


@kernel
def demanded(p: Numbers, b: Tables, s: Numbers, r: int, x: int) -> int:
    """How many lacking demands the resident's joining would meet (R14, R18)."""
    return demanded_without(p, b, s, r, x, NOTHING)


@kernel
def demanded_without(p: Numbers, b: Tables, s: Numbers, r: int, x: int, out: int) -> int:
    """The same, once the resident has left `out`."""
    row = ses_at(p, s, x)
    met = 0
    for k in range(p[p[REQUIRED_FROM] + r], p[p[REQUIRED_FROM] + r + 1]):
        a = p[p[REQUIRED_ACT] + k]
        if a == s[row + X_ACT]:
            left = 1 if out >= 0 and s[ses_at(p, s, out) + X_ACT] == a else 0
            if s[s[RES_ACT] + r * p[N_ACT] + a] - left < p[p[REQUIRED_LEAST] + k]:
                met += 1
    if s[row + X_IDENTITY] >= 0 and b[p[B_MUST] + s[row + X_IDENTITY] * p[N_RES] + r] != 0:
        met += 1
    return met


@kernel
def own_gain(p: Numbers, b: Tables, s: Numbers, r: int, x: int, out: int) -> int:
    """What joining is worth to the resident who has left `out`, ties aside: interest, time, engagement, shortfall,
    left_out, target, walk.
    """
    row = ses_at(p, s, x)
    a = s[row + X_ACT]
    person = p[RES] + r * RES_COLUMNS
    like = b[p[B_INTEREST] + a * p[N_RES] + r]
    often, welcome, liked = s[s[RES_ACT] + r * p[N_ACT] + a], s[s[WELCOME] + r], s[s[LIKED] + r]
    c = -1
    if out >= 0:
        c = s[ses_at(p, s, out) + X_ACT]
        was = b[p[B_INTEREST] + c * p[N_RES] + r]
        often -= 1 if c == a else 0
        welcome -= 1 if was >= 0 else 0
        liked -= 1 if was > 0 else 0
    gain = p[person + R_MORNING + s[row + X_PART]] - p[W_WALK] * p[p[WALK] + s[row + X_SPACE] * p[N_RES] + r]
    if like < 0 or (like > 0 and often < 2):
        gain += p[W_INTEREST] * like
    if like >= 0:
        if welcome < p[N_ENGAGEMENT]:
            gain += p[p[ENGAGEMENT] + welcome]
        if welcome < p[person + R_MIN]:
            gain += p[W_SHORTFALL]
    if like > 0 and p[person + R_CAN_BE_LEFT_OUT] != 0 and liked == 0:
        gain += p[W_LEFT_OUT]
    for k in range(p[p[TARGET_FROM] + r], p[p[TARGET_FROM] + r + 1]):
        if b[p[B_DOMAIN] + a * p[N_DOMAIN] + p[p[TARGET_DOMAIN] + k]] != 0:
            have = s[s[TARGET_HAVE] + k]
            if c >= 0 and b[p[B_DOMAIN] + c * p[N_DOMAIN] + p[p[TARGET_DOMAIN] + k]] != 0:
                have -= 1
            if have < p[p[TARGET_MIN] + k]:
                gain += p[W_TARGET] * p[p[TARGET_WEIGHT] + k]
    return int(gain)


@kernel
def tie_of(p: Numbers, r: int, q: int) -> int:
    """The strength of the tie between two residents, 0 where there is none."""
    low, high = p[p[TIE_FROM] + r], p[p[TIE_FROM] + r + 1]
    while low < high:
        middle = (low + high) // 2
        other = p[p[TIE_OTHER] + middle]
        if other == q:
            return int(p[p[PAIR_STRENGTH] + p[p[TIE_PAIR] + middle]])
        if other < q:
            low = middle + 1
        else:
            high = middle
    return 0


@kernel
def warm_without(p: Numbers, s: Numbers, m: Tables, r: int, out: int) -> int:
    """How many friends a resident who left `out` would still share a session with."""
    warm = s[s[WARM] + r]
    if out >= 0:
        for k in range(p[p[TIE_FROM] + r], p[p[TIE_FROM] + r + 1]):
            if m[out * p[N_RES] + p[p[TIE_OTHER] + k]] != 0:
                pair = p[p[TIE_PAIR] + k]
                if p[p[PAIR_STRENGTH] + pair] > 0 and s[s[TOGETHER] + pair] == 1:
                    warm -= 1
    return int(warm)


@kernel
def tie_gain(p: Numbers, s: Numbers, m: Tables, r: int, x: int, out: int) -> int:
    """The terms `tie` and `warm` of joining, for a resident who has left `out`."""
    gain = 0
    is_warm = warm_without(p, s, m, r, out) > 0
    for k in range(p[p[TIE_FROM] + r], p[p[TIE_FROM] + r + 1]):
        q = p[p[TIE_OTHER] + k]
        if m[x * p[N_RES] + q] == 0:
            continue
        pair = p[p[TIE_PAIR] + k]
        strength = p[p[PAIR_STRENGTH] + pair]
        if strength > 0:
            together, warm = s[s[TOGETHER] + pair], s[s[WARM] + q]
            if out >= 0 and m[out * p[N_RES] + q] != 0:
                warm -= 1 if together == 1 else 0
                together -= 1
            if together < p[p[PAIR_CAP] + pair]:
                gain += p[W_TIE] * strength
            if not is_warm:
                gain += p[W_WARM]
                is_warm = True
            if warm == 0:
                gain += p[W_WARM]
        else:
            gain += p[W_TIE] * strength
    return gain


@kernel
def gain_of(p: Numbers, b: Tables, s: Numbers, m: Tables, r: int, x: int) -> int:
    """What the score would gain if the resident, who is not in the session, joined it: demands at their price
    included.
    """
    return gain_without(p, b, s, m, r, x, NOTHING)


@kernel
def gain_without(p: Numbers, b: Tables, s: Numbers, m: Tables, r: int, x: int, out: int) -> int:
    """What joining x would gain once the resident has left `out`; with x itself for `out`, what leaving x loses.

    Exact but for aims of living groups that count both sessions.
    """
    row = ses_at(p, s, x)
    gain = own_gain(p, b, s, r, x, out) + tie_gain(p, s, m, r, x, out)
    a, own = s[row + X_ACT], 1 if out == x else 0
    for k in range(p[p[GROUP_FROM] + r], p[p[GROUP_FROM] + r + 1]):
        g = p[p[GROUP_OF] + k]
        if (
            b[p[B_GROUP_COUNTS] + a * p[N_GROUP] + g] != 0
            and s[s[GROUP_COUNT] + x * p[N_GROUP] + g] - own + 1 == p[p[GROUP_MEMBERS] + g]
            and s[s[GROUP_HAVE] + g] - own < p[p[GROUP_MIN] + g]
        ):
            gain += p[W_GROUP] * p[p[GROUP_WEIGHT] + g]
    if s[row + X_N] - own >= p[p[SPACES] + s[row + X_SPACE] * SPACE_COLUMNS + S_COMFORT]:
        gain -= p[W_CROWD]
    if (
        p[HAS_PREVIOUS] != 0
        and s[row + X_IDENTITY] >= 0
        and (b[p[B_WAS_THERE] + s[row + X_IDENTITY] * p[N_RES] + r] != 0)
    ):
        gain += p[W_DROP]
    return int(gain + s[LACK_PRICE] * demanded_without(p, b, s, r, x, out))
