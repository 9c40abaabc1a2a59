"""Placement: where a session can stand, who can lead it, opening and closing with the running score."""

from solver.search.attendance import join, leave
from solver.search.chance import below
from solver.search.compiled import kernel
from solver.search.journal import CLOSE, JOIN, LEAVE, OPEN, note, note_row
from solver.search.layout import (
    A_ALL_SKILLS,
    A_COST,
    A_IDENTITY_FROM,
    A_IDENTITY_TO,
    A_IS_GROUP,
    A_MAX,
    A_MAX_GROUP,
    A_MIN,
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
    ALIVE,
    ANY_TEAM,
    B_AVAILABLE,
    B_EAR,
    B_FITS,
    B_MAY_ACTIVITY,
    B_MAY_SPACE,
    B_MAY_STAFF,
    B_MUST_NOT,
    B_OPEN,
    B_TIME_OF,
    DAY_N,
    F_GAP,
    F_MAX_DAY,
    F_SUPPORT,
    FREE,
    GROUP_COUNT,
    I_ATTEND,
    I_BEGIN,
    I_DAY,
    I_OLD_BEGIN,
    I_OLD_DAY,
    I_OLD_SPACE,
    I_PEOPLE,
    I_PINNED,
    I_PREVIOUS,
    I_SPACE,
    I_TEAM,
    IDENTITY,
    IDENTITY_COLUMNS,
    JOURNAL,
    JOURNAL_SIZE,
    LACK_PRICE,
    LACKING,
    MEMBERS,
    MOST_IN_SPACE,
    MOST_MEMBERS,
    MOST_OF_STAFF,
    MOST_TEAM,
    N_ALIVE,
    N_DAY,
    N_FREE,
    N_GROUP,
    N_RES,
    N_SESSION,
    N_SPACE,
    N_STAFF,
    N_TIME,
    PINNED_TEAM,
    S_ADJACENT_FROM,
    S_ADJACENT_TO,
    S_CAPACITY,
    S_NOISE,
    S_SHARES_FROM,
    S_SHARES_TO,
    S_TURNAROUND,
    SCORE,
    SES_FIXED,
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
    THIN,
    TIME_COLUMNS,
    TIMES,
    USED_BY,
    W_CANCEL,
    W_DROP,
    W_MOVE,
    W_RELOCATE,
    W_THIN_DAY,
    X_ACT,
    X_ALIVE,
    X_BEGIN,
    X_CAP,
    X_COHORT,
    X_DAY,
    X_END,
    X_FACT,
    X_GIVEN,
    X_IDENTITY,
    X_LEVEL,
    X_N,
    X_NEEDING,
    X_PART,
    X_PLACE,
    X_SPACE,
    X_SUPPORT,
    X_TEAM,
    X_TEAM_N,
    X_TIME,
    X_WHEELCHAIRS,
)
from solver.search.pools import Numbers, Tables, ses_at

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
    return (
        b[p[B_TIME_OF] + a * p[N_TIME] + t] != 0
        and b[p[B_FITS] + a * p[N_SPACE] + space] != 0
        and b[p[B_OPEN] + t * p[N_SPACE] + space] != 0
    )


@kernel
def add_rival(found: Numbers, at: int, count: int, x: int, most: int) -> int:
    """The new count of different sessions in `found[at:]`; 99 once there are more than `most`."""
    for k in range(count):
        if found[at + k] == x:
            return count
    if count >= most:
        return 99
    found[at + count] = x
    return count + 1


@kernel
def space_rivals(p: Numbers, s: Numbers, a: int, t: int, space: int, at: int, count: int, most: int) -> int:
    """Add the sessions that R3 and R16 exclude beside a new one to `s[at:]`; 99 where a fact or too many are among them."""
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
            if begin < s[row + X_END] and s[row + X_BEGIN] < end:
                if max(level, s[row + X_LEVEL]) == 3 and min(level, s[row + X_LEVEL]) <= 1:
                    count = 99 if s[row + X_FACT] != 0 else add_rival(s, at, count, x, most)
                    if count == 99:
                        return 99
    return count


@kernel
def staff_rivals(p: Numbers, s: Numbers, f: int, t: int, at: int, count: int, most: int) -> int:
    """Add the sessions of a facilitator that R4 excludes beside one at that time; 99 where it can never be."""
    time = p[TIMES] + t * TIME_COLUMNS
    day, begin, end = p[time + T_DAY], p[time + T_BEGIN], p[time + T_END]
    gap = p[p[STAFF] + f * STAFF_COLUMNS + F_GAP]
    line = f * p[N_DAY] + day
    freed = 0
    n = s[s[STAFF_DAY_N] + line]
    for k in range(n):
        x = s[s[STAFF_DAY] + line * p[MOST_OF_STAFF] + k]
        row = ses_at(p, s, x)
        if begin < s[row + X_END] + gap and s[row + X_BEGIN] < end + gap:
            count = 99 if s[row + X_FACT] != 0 else add_rival(s, at, count, x, most)
            if count == 99:
                return 99
            freed += 1
    limit = min(p[p[STAFF] + f * STAFF_COLUMNS + F_MAX_DAY], p[MOST_OF_STAFF])
    return 99 if n - freed >= limit else count


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
            is_taken = False
            for j in range(chosen):
                is_taken = is_taken or s[s[TEAM] + j] == f
            if is_taken:
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
    """The identity that a session there is to have: the previous session's it is alike to, else the wanted one where free.

    FORBIDDEN where it would have to be one that stands elsewhere, or that is pinned elsewhere.
    """
    time = p[TIMES] + t * TIME_COLUMNS
    day, begin = p[time + T_DAY], p[time + T_BEGIN]
    forced = NO_IDENTITY
    for i in range(p[p[ACT] + a * ACT_COLUMNS + A_IDENTITY_FROM], p[p[ACT] + a * ACT_COLUMNS + A_IDENTITY_TO]):
        row = p[IDENTITY] + i * IDENTITY_COLUMNS
        if p[row + I_PREVIOUS] >= 0 and p[row + I_OLD_DAY] == day and p[row + I_OLD_BEGIN] == begin and p[row + I_OLD_SPACE] == space:
            if forced != NO_IDENTITY:
                return FORBIDDEN
            forced = i
    i = wanted if forced == NO_IDENTITY else forced
    if i == NO_IDENTITY:
        return i
    row = p[IDENTITY] + i * IDENTITY_COLUMNS
    is_free = s[s[USED_BY] + i] < 0
    if is_free and p[row + I_PINNED] != 0:
        is_free = p[row + I_DAY] == day and p[row + I_BEGIN] == begin and (p[row + I_SPACE] < 0 or p[row + I_SPACE] == space)
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
    return size


@kernel
def programme_gain(p: Numbers, s: Numbers, x: int) -> int:
    """What the open session itself, still without people, adds to the score: session, thin_day, R6, R18 and `previous`."""
    row = ses_at(p, s, x)
    a = s[row + X_ACT]
    act = p[ACT] + a * ACT_COLUMNS
    gain = -p[act + A_COST]
    if p[act + A_IS_GROUP] != 0 and s[s[DAY_N] + s[row + X_DAY]] < p[THIN]:
        gain += p[W_THIN_DAY]
    i = s[row + X_IDENTITY]
    if i >= 0:
        it = p[IDENTITY] + i * IDENTITY_COLUMNS
        if p[it + I_PREVIOUS] >= 0:
            price = p[W_CANCEL] - p[W_DROP]
            if s[row + X_DAY] != p[it + I_OLD_DAY] or s[row + X_BEGIN] != p[it + I_OLD_BEGIN]:
                price -= p[W_MOVE]
            if s[row + X_SPACE] != p[it + I_OLD_SPACE]:
                price -= p[W_RELOCATE]
            gain += price * p[it + I_PEOPLE]
    return gain + s[LACK_PRICE] * programme_demands(p, s, x)


@kernel
def programme_demands(p: Numbers, s: Numbers, x: int) -> int:
    """Lacking demands that the open session meets, minus those that it makes: people pinned to it (R6, R18)."""
    row = ses_at(p, s, x)
    a = s[row + X_ACT]
    met = 1 if s[s[ACT_N] + a] < p[p[ACT] + a * ACT_COLUMNS + A_MIN] else 0
    i = s[row + X_IDENTITY]
    if i >= 0:
        it = p[IDENTITY] + i * IDENTITY_COLUMNS
        met += (1 if p[it + I_PINNED] != 0 else 0) - p[it + I_ATTEND]
    return met


@kernel
def list_session(p: Numbers, s: Numbers, x: int) -> None:
    """Enter an open session into the lists of its space, staff and activity."""
    row = ses_at(p, s, x)
    a, day = s[row + X_ACT], s[row + X_DAY]
    s[s[ACT_N] + a] += 1
    s[s[ACT_DAY] + a * p[N_DAY] + day] += 1
    if p[p[ACT] + a * ACT_COLUMNS + A_IS_GROUP] != 0:
        s[s[DAY_N] + day] += 1
    line = s[row + X_SPACE] * p[N_DAY] + day
    s[s[SPACE_DAY] + line * p[MOST_IN_SPACE] + s[s[SPACE_DAY_N] + line]] = x
    s[s[SPACE_DAY_N] + line] += 1
    for k in range(s[row + X_TEAM_N]):
        line = s[row + X_TEAM + k] * p[N_DAY] + day
        s[s[STAFF_DAY] + line * p[MOST_OF_STAFF] + s[s[STAFF_DAY_N] + line]] = x
        s[s[STAFF_DAY_N] + line] += 1
    if s[row + X_IDENTITY] >= 0:
        s[s[USED_BY] + s[row + X_IDENTITY]] = x
    if s[row + X_FACT] == 0:
        s[row + X_PLACE] = s[N_ALIVE]
        s[s[ALIVE] + s[N_ALIVE]] = x
        s[N_ALIVE] += 1
    s[row + X_ALIVE] = 1


@kernel
def drop_from(s: Numbers, first: int, count_at: int, x: int) -> None:
    """Take a session out of one list."""
    n = s[count_at] - 1
    s[count_at] = n
    for k in range(n + 1):
        if s[first + k] == x:
            s[first + k] = s[first + n]
            break


@kernel
def unlist_session(p: Numbers, s: Numbers, x: int) -> None:
    row = ses_at(p, s, x)
    a, day = s[row + X_ACT], s[row + X_DAY]
    s[s[ACT_N] + a] -= 1
    s[s[ACT_DAY] + a * p[N_DAY] + day] -= 1
    if p[p[ACT] + a * ACT_COLUMNS + A_IS_GROUP] != 0:
        s[s[DAY_N] + day] -= 1
    line = s[row + X_SPACE] * p[N_DAY] + day
    drop_from(s, s[SPACE_DAY] + line * p[MOST_IN_SPACE], s[SPACE_DAY_N] + line, x)
    for k in range(s[row + X_TEAM_N]):
        line = s[row + X_TEAM + k] * p[N_DAY] + day
        drop_from(s, s[STAFF_DAY] + line * p[MOST_OF_STAFF], s[STAFF_DAY_N] + line, x)
    if s[row + X_IDENTITY] >= 0:
        s[s[USED_BY] + s[row + X_IDENTITY]] = -1
    last = s[s[ALIVE] + s[N_ALIVE] - 1]
    s[s[ALIVE] + s[row + X_PLACE]] = last
    s[ses_at(p, s, last) + X_PLACE] = s[row + X_PLACE]
    s[N_ALIVE] -= 1
    s[row + X_ALIVE] = 0


@kernel
def admit_people(p: Numbers, b: Tables, s: Numbers, m: Tables, x: int) -> None:
    """Write who may ever be in the session where it stands: R7 busy, R8, R9, R13 zone, R18 absent."""
    row = ses_at(p, s, x)
    n = p[N_RES]
    ear, act = p[B_EAR] + s[row + X_TIME] * n, p[B_MAY_ACTIVITY] + s[row + X_ACT] * n
    space, level = p[B_MAY_SPACE] + s[row + X_SPACE] * n, s[row + X_LEVEL]
    out = (p[N_SESSION] + x) * n
    for r in range(n):
        m[out + r] = (b[ear + r] >= level) & b[act + r] & b[space + r]
    for k in range(s[row + X_TEAM_N]):
        may = p[B_MAY_STAFF] + s[row + X_TEAM + k] * n
        for r in range(n):
            m[out + r] &= b[may + r]
    if s[row + X_IDENTITY] >= 0:
        never = p[B_MUST_NOT] + s[row + X_IDENTITY] * n
        for r in range(n):
            m[out + r] &= 1 - b[never + r]


@kernel
def open_session(p: Numbers, b: Tables, s: Numbers, m: Tables, a: int, t: int, space: int, identity: int) -> int:
    """A new session, without people, led by the team in `s[s[TEAM]:]`; that it may stand there is the caller's to know."""
    s[N_FREE] -= 1
    x = s[s[FREE] + s[N_FREE]]
    row = ses_at(p, s, x)
    time, act, here = p[TIMES] + t * TIME_COLUMNS, p[ACT] + a * ACT_COLUMNS, p[SPACES] + space * SPACE_COLUMNS
    s[row + X_FACT] = 0
    s[row + X_ACT] = a
    s[row + X_DAY] = p[time + T_DAY]
    s[row + X_BEGIN] = p[time + T_BEGIN]
    s[row + X_END] = p[time + T_END]
    s[row + X_PART] = p[time + 3]
    s[row + X_TIME] = t
    s[row + X_SPACE] = space
    s[row + X_LEVEL] = max(p[act + A_NOISE], p[here + S_NOISE])
    s[row + X_CAP] = min(min(p[act + A_MAX_GROUP], p[here + S_CAPACITY]), p[MOST_MEMBERS])
    s[row + X_IDENTITY] = identity
    s[row + X_TEAM_N] = p[act + A_TEAM]
    s[row + X_GIVEN] = 0
    for k in range(p[act + A_TEAM]):
        f = s[s[TEAM] + k]
        s[row + X_TEAM + k] = f
        s[row + X_GIVEN] += p[p[STAFF] + f * STAFF_COLUMNS + F_SUPPORT]
    start_session(p, b, s, m, x)
    note(s, OPEN, x, 0)
    return int(x)


@kernel
def start_session(p: Numbers, b: Tables, s: Numbers, m: Tables, x: int) -> None:
    """Bring a session whose row says where it stands to life: counts, lists, score and who may come."""
    row = ses_at(p, s, x)
    s[row + X_N] = 0
    s[row + X_WHEELCHAIRS] = 0
    s[row + X_SUPPORT] = 0
    s[row + X_NEEDING] = 0
    s[row + X_COHORT] = -1
    for g in range(p[N_GROUP]):
        s[s[GROUP_COUNT] + x * p[N_GROUP] + g] = 0
    s[SCORE] += programme_gain(p, s, x)
    s[LACKING] -= programme_demands(p, s, x)
    list_session(p, s, x)
    admit_people(p, b, s, m, x)


@kernel
def end_session(p: Numbers, s: Numbers, x: int) -> None:
    """The reverse of `start_session`, for a session without people."""
    unlist_session(p, s, x)
    s[SCORE] -= programme_gain(p, s, x)
    s[LACKING] += programme_demands(p, s, x)
    s[s[FREE] + s[N_FREE]] = x
    s[N_FREE] += 1


@kernel
def close_session(p: Numbers, b: Tables, s: Numbers, m: Tables, x: int) -> None:
    """Everybody leaves, and the session is gone."""
    row = ses_at(p, s, x)
    while s[row + X_N] > 0:
        leave(p, b, s, m, s[s[MEMBERS] + x * p[MOST_MEMBERS] + s[row + X_N] - 1], x)
    note_row(s, row, SES_FIXED + p[MOST_TEAM])
    end_session(p, s, x)
    note(s, CLOSE, x, 0)


@kernel
def undo(p: Numbers, b: Tables, s: Numbers, m: Tables, mark: int) -> None:
    """Take back what was done since the journal had that size."""
    while s[JOURNAL_SIZE] > mark:
        s[JOURNAL_SIZE] -= 3
        size = s[JOURNAL_SIZE]
        at = s[JOURNAL] + size
        what, first, second = s[at], s[at + 1], s[at + 2]
        if what == JOIN:
            leave(p, b, s, m, first, second)
        elif what == LEAVE:
            join(p, b, s, m, first, second)
        elif what == OPEN:
            end_session(p, s, first)
        elif what == CLOSE:
            width = SES_FIXED + p[MOST_TEAM]
            size -= width
            row = ses_at(p, s, first)
            for k in range(width):
                s[row + k] = s[s[JOURNAL] + size + k]
            s[N_FREE] -= 1
            start_session(p, b, s, m, first)
        s[JOURNAL_SIZE] = size
