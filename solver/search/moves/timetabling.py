"""Where the published sessions could all stand: a timetable of them alone, without anybody in it.

Before a repair is searched for as a whole, what is published is put in place by whom it invited: how many of them could
come, to what each session would be worth to them, is known without anybody joining or leaving. A move costs a hundredth
of a compound one, so that many more are tried. It only proposes; the search begins there.
"""

from solver.kernels.compiled import entry, kernel
from solver.kernels.pools import Numbers, Tables
from solver.search.memory.address import ses_at
from solver.search.memory.chance import allowance, below, chance
from solver.search.memory.layout import (
    A_MAX,
    A_MIN,
    A_NOISE,
    A_ONE_PER_DAY,
    A_TEAM,
    ACT,
    ACT_COLUMNS,
    ACT_N,
    ALIVE,
    B_EAR,
    I_ACTIVITY,
    I_OLD_SPACE,
    I_PINNED,
    I_PREVIOUS,
    IDENTITY,
    IDENTITY_COLUMNS,
    INVITATIONS,
    INVITATIONS_FROM,
    INVITED_FROM,
    INVITED_WHO,
    JOURNAL_SIZE,
    LACK_PRICE,
    MOST_TEAM,
    N_ALIVE,
    N_IDENTITY,
    N_RES,
    R_MAX_DAY,
    R_REST,
    REQUIRED_ACT,
    REQUIRED_FROM,
    REQUIRED_LEAST,
    RES,
    RES_COLUMNS,
    SCRATCH,
    T_BEGIN,
    T_DAY,
    T_END,
    TEAM,
    TIME_COLUMNS,
    TIMES,
    USED_BY,
    USUAL_GAIN,
    W_DROP,
    X_ACT,
    X_BEGIN,
    X_DAY,
    X_END,
    X_IDENTITY,
    X_SPACE,
    X_TEAM,
    X_TIME,
)
from solver.search.moves.programme import PROBE, near_time
from solver.search.moves.reinstating import in_its_way, old_time
from solver.search.moves.settling import any_space, any_time, copy_team
from solver.search.score.opening import close_session, open_session, previous_gain, undo
from solver.search.score.rivals import (
    allows_one_more,
    identity_for,
    is_among,
    is_open_place,
    pick_team,
    space_rivals,
)

ATTENDING = 3  # one attendance counts this part of what it is worth at most
LOOKS = 30  # at places for what made way
EVICTED_OLD = 130  # place in the scratch


@kernel
def may_come(p: Numbers, b: Tables, r: int, a: int, t: int) -> bool:
    """Whether neither the hour nor the noise keeps the resident away."""
    return bool(b[p[B_EAR] + t * p[N_RES] + r] >= p[p[ACT] + a * ACT_COLUMNS + A_NOISE])


@kernel
def worth_to(p: Numbers, b: Tables, s: Numbers, r: int, i: int, t: int, at: int, count: int) -> int:
    """What the session of before is worth at that time to somebody whom it invited, beside all others that did and
    stand, but for `count` of them in `s[at:]`: one attendance, less for each that excludes it, and what is required.
    """
    a, person = p[p[IDENTITY] + i * IDENTITY_COLUMNS + I_ACTIVITY], p[RES] + r * RES_COLUMNS
    if not may_come(p, b, r, a, t):
        return 0
    time = p[TIMES] + t * TIME_COLUMNS
    day, begin, end = p[time + T_DAY], p[time + T_BEGIN] - p[person + R_REST], p[time + T_END] + p[person + R_REST]
    coming, that_day, alike = 1, 0, 0
    for k in range(p[p[INVITATIONS_FROM] + r], p[p[INVITATIONS_FROM] + r + 1]):
        j = p[p[INVITATIONS] + k]
        x = s[s[USED_BY] + j]
        if j == i or x < 0 or is_among(s, at, count, x):
            continue
        row = ses_at(p, s, x)
        if not may_come(p, b, r, s[row + X_ACT], s[row + X_TIME]):
            continue
        alike += 1 if s[row + X_ACT] == a else 0
        if s[row + X_DAY] == day:
            that_day += 1
            coming -= 1 if begin < s[row + X_END] and s[row + X_BEGIN] < end else 0
    coming -= 1 if that_day >= p[person + R_MAX_DAY] else 0
    worth = coming * (p[W_DROP] + p[USUAL_GAIN] // ATTENDING)
    for k in range(p[p[REQUIRED_FROM] + r], p[p[REQUIRED_FROM] + r + 1]):
        if p[p[REQUIRED_ACT] + k] == a and alike < p[p[REQUIRED_LEAST] + k]:
            worth += s[LACK_PRICE]
    return int(worth)


@kernel
def worth_there(p: Numbers, b: Tables, s: Numbers, i: int, t: int, space: int, at: int, count: int) -> int:
    """What the session of before is worth there, beside all that stands but for `count` sessions in `s[at:]`: the terms
    of `previous`, what it is worth to those whom it invited, R6's least count. For any order of coming and going the
    sum of it is the same.
    """
    time = p[TIMES] + t * TIME_COLUMNS
    worth = previous_gain(p, i, p[time + T_DAY], p[time + T_BEGIN], space)
    for k in range(p[p[INVITED_FROM] + i], p[p[INVITED_FROM] + i + 1]):
        worth += worth_to(p, b, s, p[p[INVITED_WHO] + k], i, t, at, count)
    a, x = p[p[IDENTITY] + i * IDENTITY_COLUMNS + I_ACTIVITY], s[s[USED_BY] + i]
    held = s[s[ACT_N] + a] - (1 if x >= 0 and not is_among(s, at, count, x) else 0)
    for k in range(count):
        held -= 1 if s[ses_at(p, s, s[at + k]) + X_ACT] == a else 0
    if held < p[p[ACT] + a * ACT_COLUMNS + A_MIN]:
        worth += s[LACK_PRICE]
    return int(worth)


@kernel
def worth_of(p: Numbers, b: Tables, s: Numbers, x: int, at: int, count: int) -> int:
    """`worth_there` of a session where it stands."""
    row = ses_at(p, s, x)
    return worth_there(p, b, s, s[row + X_IDENTITY], s[row + X_TIME], s[row + X_SPACE], at, count)


@kernel
def one_too_many(p: Numbers, s: Numbers, a: int, day: int, at: int, count: int) -> int:
    """A session of the activity, none of the `count` in `s[at:]`, beside which R6 allows no other that day, or -1."""
    act, held, found = p[ACT] + a * ACT_COLUMNS, 0, -1
    for k in range(s[N_ALIVE]):
        x = s[s[ALIVE] + k]
        row = ses_at(p, s, x)
        if s[row + X_ACT] == a and not is_among(s, at, count, x):
            if p[act + A_ONE_PER_DAY] != 0 and s[row + X_DAY] == day:
                return int(x)
            held, found = held + 1, x
    return int(found) if held >= p[act + A_MAX] else -1


@kernel
def find_place(p: Numbers, b: Tables, s: Numbers, m: Tables, i: int) -> int:
    """Open the session of before at the best of some free places; what it is worth there, or 0 where there was none."""
    row = p[IDENTITY] + i * IDENTITY_COLUMNS
    a, old, at = p[row + I_ACTIVITY], old_time(p, i), s[SCRATCH]
    size, most, when, where = p[p[ACT] + a * ACT_COLUMNS + A_TEAM], 0, -1, -1
    team, kept = s[TEAM], s[TEAM] + p[MOST_TEAM]
    for look in range(LOOKS):
        t, space = old, p[row + I_OLD_SPACE]
        if look > 1 or t < 0:
            t = near_time(p, s, a, old) if old >= 0 and look < LOOKS // 3 else any_time(p, s, a)
        if space < 0 or (look > 0 and chance(s) < 0.5):
            space = any_space(p, s, a)
        if t < 0 or space < 0 or not is_open_place(p, b, a, t, space):
            continue
        if not allows_one_more(p, s, a, p[p[TIMES] + t * TIME_COLUMNS + T_DAY]):
            continue
        if pick_team(p, b, s, a, t, at, 0, 0) == 99 or space_rivals(p, s, a, t, space, at, 0, 0) == 99:
            continue
        worth = worth_there(p, b, s, i, t, space, at, 0) if identity_for(p, s, a, t, space, i) == i else 0
        if worth > most:
            most, when, where = worth, t, space
            copy_team(s, team, kept, size)
    if when >= 0:
        copy_team(s, kept, team, size)
        open_session(p, b, s, m, a, when, where, i)
    return int(most)


@kernel
def is_movable(p: Numbers, i: int) -> bool:
    """Whether it is a published session that no pin holds where it is."""
    row = p[IDENTITY] + i * IDENTITY_COLUMNS
    return bool(i >= 0 and p[row + I_PREVIOUS] >= 0 and p[row + I_ACTIVITY] >= 0 and p[row + I_PINNED] == 0)


@kernel
def make_way(p: Numbers, b: Tables, s: Numbers, i: int, day: int, count: int) -> int:
    """Complete what is in the way of the session of before by R6, and note whose sessions these are; the new count of
    them, or 99 where one of them stays.
    """
    at = s[SCRATCH] + PROBE
    crowding = one_too_many(p, s, p[p[IDENTITY] + i * IDENTITY_COLUMNS + I_ACTIVITY], day, at, count)
    if crowding >= 0:
        s[at + count] = crowding
        count += 1
    for k in range(count):
        s[s[SCRATCH] + EVICTED_OLD + k] = s[ses_at(p, s, s[at + k]) + X_IDENTITY]
        if not is_movable(p, s[s[SCRATCH] + EVICTED_OLD + k]):
            return 99
    return count


@kernel
def try_place(p: Numbers, b: Tables, s: Numbers, m: Tables, i: int, t: int, space: int, heat: float) -> int:
    """The session of before stands there now, and what made way somewhere else; what that is worth, or 0 where it was
    refused.
    """
    a = p[p[IDENTITY] + i * IDENTITY_COLUMNS + I_ACTIVITY]
    own, count = 0 if s[s[USED_BY] + i] < 0 else 1, in_its_way(p, b, s, i, a, t, space)
    if count == 99:
        return 0
    at, day, least = s[SCRATCH] + PROBE, p[p[TIMES] + t * TIME_COLUMNS + T_DAY], allowance(s, heat)
    count = make_way(p, b, s, i, day, count)
    if count == 99:
        return 0
    gain = worth_there(p, b, s, i, t, space, at, count)
    if own != 0:
        gain -= worth_of(p, b, s, s[at], at, 1)
    if gain < least:
        return 0
    for k in range(own, count):
        gain -= worth_of(p, b, s, s[at + k], at, k + 1)
    s[JOURNAL_SIZE] = 0
    for k in range(count):
        close_session(p, b, s, m, s[at + k])
    if allows_one_more(p, s, a, day) and identity_for(p, s, a, t, space, i) == i:
        open_session(p, b, s, m, a, t, space, i)
        for k in range(own, count):
            gain += find_place(p, b, s, m, s[s[SCRATCH] + EVICTED_OLD + k])
        if gain >= least:
            return int(gain)
    undo(p, b, s, m, 0)
    return 0


@kernel
def worth_of_all(p: Numbers, b: Tables, s: Numbers) -> int:
    """The worth of all published sessions that stand."""
    worth = 0
    for k in range(s[N_ALIVE]):  # beside those that come before it in the list
        if s[ses_at(p, s, s[s[ALIVE] + k]) + X_IDENTITY] >= 0:
            worth += worth_of(p, b, s, s[s[ALIVE] + k], s[ALIVE] + k, s[N_ALIVE] - k)
    return worth


@kernel
def keep_places(p: Numbers, s: Numbers, places: Numbers, worth: int) -> None:
    """Note where the published sessions stand and who leads them, and before them what that is worth."""
    places[0] = worth
    for i in range(p[N_IDENTITY]):
        at, x = 1 + i * (2 + p[MOST_TEAM]), s[s[USED_BY] + i]
        places[at] = -1
        if x >= 0:
            row = ses_at(p, s, x)
            places[at], places[at + 1] = s[row + X_TIME], s[row + X_SPACE]
            for k in range(p[MOST_TEAM]):
                places[at + 2 + k] = s[row + X_TEAM + k]


@entry
def timetable(
    p: Numbers, b: Tables, s: Numbers, m: Tables, places: Numbers, steps: int, hot: float, cold: float
) -> None:
    """So many tries at other places for published sessions while the heat falls; nobody is in any session.

    `places`: what the best is worth, then time (-1: none), space and team of each identity; changed where there is a
    better one.
    """
    worth = worth_of_all(p, b, s)
    for step in range(steps if p[N_IDENTITY] > 0 else 0):
        if worth > places[0]:
            keep_places(p, s, places, worth)
        i = below(s, p[N_IDENTITY])
        if not is_movable(p, i):
            continue
        row = p[IDENTITY] + i * IDENTITY_COLUMNS
        a, t, space = p[row + I_ACTIVITY], old_time(p, i), p[row + I_OLD_SPACE]
        if t < 0 or chance(s) < 0.6:
            t = near_time(p, s, a, t) if t >= 0 and chance(s) < 0.5 else any_time(p, s, a)
        if space < 0 or chance(s) < 0.4:
            space = any_space(p, s, a)
        worth += try_place(p, b, s, m, i, t, space, hot * (cold / hot) ** (step / steps))
    if worth > places[0]:
        keep_places(p, s, places, worth)
    s[JOURNAL_SIZE] = 0
