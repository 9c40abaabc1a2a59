"""Opening and closing sessions, with all lists and the running score, and taking a compound move back."""

from solver.kernels.compiled import kernel
from solver.kernels.pools import Numbers, Tables
from solver.search.memory.address import ses_at
from solver.search.memory.journal import CLOSE, JOIN, LEAVE, OPEN, note, note_row
from solver.search.memory.layout import (
    A_COST,
    A_IS_GROUP,
    A_MAX_GROUP,
    A_MIN,
    A_NOISE,
    A_TEAM,
    ACT,
    ACT_COLUMNS,
    ACT_DAY,
    ACT_N,
    ALIVE,
    B_EAR,
    B_MAY_ACTIVITY,
    B_MAY_SPACE,
    B_MAY_STAFF,
    B_MUST_NOT,
    DAY_N,
    F_SUPPORT,
    FREE,
    GROUP_COUNT,
    I_ATTEND,
    I_OLD_BEGIN,
    I_OLD_DAY,
    I_OLD_SPACE,
    I_PEOPLE,
    I_PINNED,
    I_PREVIOUS,
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
    S_CAPACITY,
    S_NOISE,
    SCORE,
    SES_FIXED,
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
    T_PART,
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
    WORK,
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
from solver.search.score.joining import join, leave


@kernel
def previous_gain(p: Numbers, i: int, day: int, begin: int, space: int) -> int:
    """What a published session adds to the score by standing there, still without people, where else it is gone."""
    it = p[IDENTITY] + i * IDENTITY_COLUMNS
    price = p[W_CANCEL] - p[W_DROP]
    if day != p[it + I_OLD_DAY] or begin != p[it + I_OLD_BEGIN]:
        price -= p[W_MOVE]
    if space != p[it + I_OLD_SPACE]:
        price -= p[W_RELOCATE]
    return int(price * p[it + I_PEOPLE])


@kernel
def programme_gain(p: Numbers, s: Numbers, x: int) -> int:
    """What the open session itself, still without people, adds to the score: session, thin_day, R6, R18 and
    `previous`.
    """
    row = ses_at(p, s, x)
    a = s[row + X_ACT]
    act = p[ACT] + a * ACT_COLUMNS
    gain = -p[act + A_COST]
    if p[act + A_IS_GROUP] != 0 and s[s[DAY_N] + s[row + X_DAY]] < p[THIN]:
        gain += p[W_THIN_DAY]
    i = s[row + X_IDENTITY]
    if i >= 0 and p[p[IDENTITY] + i * IDENTITY_COLUMNS + I_PREVIOUS] >= 0:
        gain += previous_gain(p, i, s[row + X_DAY], s[row + X_BEGIN], s[row + X_SPACE])
    return int(gain + s[LACK_PRICE] * programme_demands(p, s, x))


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
    s[WORK] += 40 + n // 8
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
    """A new session, without people, led by the team in `s[s[TEAM]:]`; that it may stand there is the caller's to
    know.
    """
    s[N_FREE] -= 1
    x = s[s[FREE] + s[N_FREE]]
    row = ses_at(p, s, x)
    time, act, here = p[TIMES] + t * TIME_COLUMNS, p[ACT] + a * ACT_COLUMNS, p[SPACES] + space * SPACE_COLUMNS
    s[row + X_FACT] = 0
    s[row + X_ACT] = a
    s[row + X_DAY] = p[time + T_DAY]
    s[row + X_BEGIN] = p[time + T_BEGIN]
    s[row + X_END] = p[time + T_END]
    s[row + X_PART] = p[time + T_PART]
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
