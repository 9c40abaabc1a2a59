"""Where a session could stand: what it would stand in the way of, who could lead it, which identity it would have."""

from solver.kernels.compiled import kernel
from solver.kernels.pools import Numbers, Tables
from solver.search.memory.address import ses_at
from solver.search.memory.chance import below
from solver.search.memory.layout import (
    A_ALL_SKILLS,
    A_IDENTITY_FROM,
    A_IDENTITY_TO,
    A_MAX,
    A_NOISE,
    A_ONE_PER_DAY,
    A_STAFF_FROM,
    A_STAFF_TO,
    A_TEAM,
    ACT,
    ACT_COLUMNS,
    ACT_DAY,
    ACT_N,
    ACT_STAFF,
    ADJACENT,
    ANY_TEAM,
    B_AVAILABLE,
    B_FITS,
    B_OPEN,
    B_TIME_OF,
    F_GAP,
    F_MAX_DAY,
    I_BEGIN,
    I_DAY,
    I_OLD_BEGIN,
    I_OLD_DAY,
    I_OLD_SPACE,
    I_PINNED,
    I_PREVIOUS,
    I_SPACE,
    I_TEAM,
    IDENTITY,
    IDENTITY_COLUMNS,
    MOST_IN_SPACE,
    MOST_OF_STAFF,
    MOST_TEAM,
    N_DAY,
    N_FREE,
    N_SPACE,
    N_STAFF,
    N_TIME,
    PINNED_TEAM,
    S_ADJACENT_FROM,
    S_ADJACENT_TO,
    S_NOISE,
    S_SHARES_FROM,
    S_SHARES_TO,
    S_TURNAROUND,
    SHARES,
    SKILL,
    SPACE_COLUMNS,
    SPACE_DAY,
    SPACE_DAY_N,
    SPACES,
    STAFF,
    STAFF_COLUMNS,
    STAFF_DAY,
    STAFF_DAY_N,
    T_BEGIN,
    T_DAY,
    T_END,
    TEAM,
    TIME_COLUMNS,
    TIMES,
    USED_BY,
    X_BEGIN,
    X_END,
    X_FACT,
    X_LEVEL,
)

NO_IDENTITY, FORBIDDEN = -1, -3


@kernel
def allows_one_more(p: Numbers, s: Numbers, a: int, day: int) -> bool:
    """R6: counts over the horizon and on that day."""
    row = p[ACT] + a * ACT_COLUMNS
    if s[s[ACT_N] + a] >= p[row + A_MAX] or s[N_FREE] == 0:
        return False
    return bool(p[row + A_ONE_PER_DAY] == 0 or s[s[ACT_DAY] + a * p[N_DAY] + day] == 0)


@kernel
def is_open_place(p: Numbers, b: Tables, a: int, t: int, space: int) -> bool:
    """R1: the activity may be held at that time, and in that space, which is open then."""
    return bool(
        b[p[B_TIME_OF] + a * p[N_TIME] + t] != 0
        and b[p[B_FITS] + a * p[N_SPACE] + space] != 0
        and b[p[B_OPEN] + t * p[N_SPACE] + space] != 0
    )


@kernel
def is_among(found: Numbers, at: int, count: int, x: int) -> bool:
    """Whether x is one of the `count` numbers in `found[at:]`."""
    k = 0
    while k < count and found[at + k] != x:
        k += 1
    return k < count


@kernel
def add_rival(found: Numbers, at: int, count: int, x: int, most: int) -> int:
    """The new count of different sessions in `found[at:]`; 99 once there are more than `most`."""
    if is_among(found, at, count, x):
        return count
    if count >= most:
        return 99
    found[at + count] = x
    return count + 1


@kernel
def space_rivals(p: Numbers, s: Numbers, a: int, t: int, space: int, at: int, count: int, most: int) -> int:
    """Add the sessions that R3 and R16 exclude beside a new one to `s[at:]`; 99 where a fact or too many are among
    them.
    """
    time = p[TIMES] + t * TIME_COLUMNS
    day, begin, end = p[time + T_DAY], p[time + T_BEGIN], p[time + T_END]
    here = p[SPACES] + space * SPACE_COLUMNS
    level = max(p[p[ACT] + a * ACT_COLUMNS + A_NOISE], p[here + S_NOISE])
    if s[s[SPACE_DAY_N] + space * p[N_DAY] + day] >= p[MOST_IN_SPACE]:
        return 99
    for near in range(p[here + S_SHARES_FROM] - 1, p[here + S_SHARES_TO]):
        other = space if near < p[here + S_SHARES_FROM] else p[p[SHARES] + near]
        gap = max(p[here + S_TURNAROUND], p[p[SPACES] + other * SPACE_COLUMNS + S_TURNAROUND])
        line = other * p[N_DAY] + day
        for k in range(s[s[SPACE_DAY_N] + line]):
            x = s[s[SPACE_DAY] + line * p[MOST_IN_SPACE] + k]
            row = ses_at(p, s, x)
            if begin < s[row + X_END] + gap and s[row + X_BEGIN] < end + gap:
                count = 99 if s[row + X_FACT] != 0 else add_rival(s, at, count, x, most)
                if count == 99:
                    return 99
    if level == 2:
        return count
    for near in range(p[here + S_ADJACENT_FROM], p[here + S_ADJACENT_TO]):
        line = p[p[ADJACENT] + near] * p[N_DAY] + day
        for k in range(s[s[SPACE_DAY_N] + line]):
            x = s[s[SPACE_DAY] + line * p[MOST_IN_SPACE] + k]
            row = ses_at(p, s, x)
            is_beside = begin < s[row + X_END] and s[row + X_BEGIN] < end
            if is_beside and max(level, s[row + X_LEVEL]) == 3 and min(level, s[row + X_LEVEL]) <= 1:
                count = 99 if s[row + X_FACT] != 0 else add_rival(s, at, count, x, most)
                if count == 99:
                    return 99
    return count


@kernel
def staff_rivals(p: Numbers, s: Numbers, f: int, t: int, at: int, count: int, most: int) -> int:
    """Add the sessions of a facilitator that R4 excludes beside one at that time; 99 where it can never be.

    Where the day is full, any of that day's sessions is one, unless one is there already.
    """
    time = p[TIMES] + t * TIME_COLUMNS
    day, begin, end = p[time + T_DAY], p[time + T_BEGIN], p[time + T_END]
    gap = p[p[STAFF] + f * STAFF_COLUMNS + F_GAP]
    line = f * p[N_DAY] + day
    first, n = s[STAFF_DAY] + line * p[MOST_OF_STAFF], s[s[STAFF_DAY_N] + line]
    stays = n
    for k in range(n):
        row = ses_at(p, s, s[first + k])
        if begin < s[row + X_END] + gap and s[row + X_BEGIN] < end + gap:
            count = 99 if s[row + X_FACT] != 0 else add_rival(s, at, count, s[first + k], most)
            if count == 99:
                return 99
        stays -= 1 if is_among(s, at, count, s[first + k]) else 0
    limit = min(p[p[STAFF] + f * STAFF_COLUMNS + F_MAX_DAY], p[MOST_OF_STAFF])
    if stays < limit:
        return count
    turn = below(s, max(1, n))
    for k in range(n if stays == limit else 0):
        x = s[first + (turn + k) % n]
        if s[ses_at(p, s, x) + X_FACT] == 0 and not is_among(s, at, count, x):
            return add_rival(s, at, count, x, most)
    return 99


@kernel
def pick_team(p: Numbers, b: Tables, s: Numbers, a: int, t: int, at: int, count: int, most: int) -> int:
    """Choose a team at random into `s[s[TEAM]:]`, at the price of at most `most` rivals in all, added to `s[at:]`.

    The new count of rivals, or 99 where no team was found: only with a team of several may that be bad luck.
    """
    act = p[ACT] + a * ACT_COLUMNS
    size = p[act + A_TEAM]
    lacking = p[act + A_ALL_SKILLS]
    first, n = p[act + A_STAFF_FROM], p[act + A_STAFF_TO] - p[act + A_STAFF_FROM]
    for chosen in range(size):
        if n <= 0:
            return 99
        turn = below(s, n)
        found = -1
        for k in range(n):
            f = p[p[ACT_STAFF] + first + (turn + k) % n]
            has = p[p[SKILL] + a * p[N_STAFF] + f]
            if b[p[B_AVAILABLE] + t * p[N_STAFF] + f] == 0 or (lacking != 0 and has & lacking == 0):
                continue
            if chosen == size - 1 and lacking & ~has != 0:
                continue
            if is_among(s, s[TEAM], chosen, f):
                continue
            with_them = staff_rivals(p, s, f, t, at, count, most)
            if with_them == 99:
                continue
            count, found, lacking = with_them, f, lacking & ~has
            break
        if found < 0:
            return 99
        s[s[TEAM] + chosen] = found
    return count if lacking == 0 or size == 0 else 99


@kernel
def check_team(p: Numbers, b: Tables, s: Numbers, size: int, t: int, at: int, count: int, most: int) -> int:
    """The rivals of the team that already stands in `s[s[TEAM]:]`; 99 where it cannot be there."""
    for k in range(size):
        f = s[s[TEAM] + k]
        if b[p[B_AVAILABLE] + t * p[N_STAFF] + f] == 0:
            return 99
        count = staff_rivals(p, s, f, t, at, count, most)
        if count == 99:
            return 99
    return count


@kernel
def identity_for(p: Numbers, s: Numbers, a: int, t: int, space: int, wanted: int) -> int:
    """The identity that a session there is to have: the previous session's it is alike to, else the wanted one where
    free.

    FORBIDDEN where it would have to be one that stands elsewhere, or that is pinned elsewhere.
    """
    time = p[TIMES] + t * TIME_COLUMNS
    day, begin = p[time + T_DAY], p[time + T_BEGIN]
    forced = NO_IDENTITY
    for i in range(p[p[ACT] + a * ACT_COLUMNS + A_IDENTITY_FROM], p[p[ACT] + a * ACT_COLUMNS + A_IDENTITY_TO]):
        row = p[IDENTITY] + i * IDENTITY_COLUMNS
        if (
            p[row + I_PREVIOUS] >= 0
            and p[row + I_OLD_DAY] == day
            and p[row + I_OLD_BEGIN] == begin
            and p[row + I_OLD_SPACE] == space
        ):
            if forced != NO_IDENTITY:
                return FORBIDDEN
            forced = i
    i = wanted if forced == NO_IDENTITY else forced
    if i == NO_IDENTITY:
        return i
    row = p[IDENTITY] + i * IDENTITY_COLUMNS
    is_free = s[s[USED_BY] + i] < 0
    if is_free and p[row + I_PINNED] != 0:
        is_free = (
            p[row + I_DAY] == day and p[row + I_BEGIN] == begin and (p[row + I_SPACE] < 0 or p[row + I_SPACE] == space)
        )
    if is_free:
        return i
    return FORBIDDEN if forced != NO_IDENTITY else NO_IDENTITY


@kernel
def use_pinned_team(p: Numbers, s: Numbers, i: int) -> int:
    """Copy the team that a pin fixes to `s[s[TEAM]:]`; its size, or ANY_TEAM."""
    if i < 0:
        return ANY_TEAM
    size = p[p[IDENTITY] + i * IDENTITY_COLUMNS + I_TEAM]
    for k in range(size if size <= p[MOST_TEAM] else 0):
        s[s[TEAM] + k] = p[p[PINNED_TEAM] + i * p[MOST_TEAM] + k]
    return int(size)
