"""Putting given sessions into a state: the facts as they stand, planned ones as far as every rule allows."""

from solver.kernels.compiled import entry, kernel
from solver.kernels.pools import Numbers, Tables
from solver.search.memory.address import ses_at
from solver.search.memory.layout import (
    A_NOISE,
    A_TEAM,
    ACT,
    ACT_COLUMNS,
    JOURNAL_SIZE,
    LACKING,
    MOST_TEAM,
    S_NOISE,
    SCORE,
    SCRATCH,
    SPACE_COLUMNS,
    SPACES,
    T_DAY,
    TEAM,
    TIME_COLUMNS,
    TIMES,
    X_ACT,
    X_BEGIN,
    X_DAY,
    X_END,
    X_FACT,
    X_IDENTITY,
    X_LEVEL,
    X_PART,
    X_SPACE,
    X_TEAM,
    X_TEAM_N,
    X_TIME,
)
from solver.search.score.attendance import fits
from solver.search.score.joining import join
from solver.search.score.opening import list_session, open_session, programme_demands, programme_gain
from solver.search.score.rivals import (
    FORBIDDEN,
    allows_one_more,
    check_team,
    identity_for,
    is_open_place,
    pick_team,
    space_rivals,
    use_pinned_team,
)

NOON, EVENING = 720, 1020


@kernel
def load_session(p: Numbers, b: Tables, s: Numbers, m: Tables, rows: Numbers, at: int) -> int:
    """The opened session, or -1."""
    a, t, space, wanted = rows[at], rows[at + 1], rows[at + 2], rows[at + 3]
    if (
        t < 0
        or not is_open_place(p, b, a, t, space)
        or not allows_one_more(p, s, a, p[p[TIMES] + t * TIME_COLUMNS + T_DAY])
    ):
        return -1
    i = identity_for(p, s, a, t, space, wanted)
    if i == FORBIDDEN or space_rivals(p, s, a, t, space, s[SCRATCH], 0, 0) == 99:
        return -1
    size = p[p[ACT] + a * ACT_COLUMNS + A_TEAM]
    pinned = use_pinned_team(p, s, i)
    if pinned >= 0:
        if pinned != size or check_team(p, b, s, size, t, s[SCRATCH], 0, 0) == 99:
            return -1
    else:
        for j in range(size):
            s[s[TEAM] + j] = rows[at + 5 + j]
        is_kept = rows[at + 5] >= 0 and check_team(p, b, s, size, t, s[SCRATCH], 0, 0) != 99
        if not is_kept and pick_team(p, b, s, a, t, s[SCRATCH], 0, 0) == 99:
            return -1
    return open_session(p, b, s, m, a, t, space, i)


@entry
def load_facts(p: Numbers, b: Tables, s: Numbers, m: Tables, rows: Numbers, people: Numbers, count: int) -> None:
    """Facts become the sessions 0, 1, …: rows of activity, day, begin, end, space, team size, people, then the team."""
    first = 0
    for x in range(count):
        it = x * (7 + p[MOST_TEAM])
        row = ses_at(p, s, x)
        a, space = rows[it], rows[it + 4]
        s[row + X_FACT] = 1
        s[row + X_ACT] = a
        s[row + X_DAY] = rows[it + 1]
        s[row + X_BEGIN] = rows[it + 2]
        s[row + X_END] = rows[it + 3]
        s[row + X_PART] = 0 if rows[it + 2] < NOON else (1 if rows[it + 2] < EVENING else 2)
        s[row + X_TIME] = -1
        s[row + X_SPACE] = space
        s[row + X_LEVEL] = max(p[p[ACT] + a * ACT_COLUMNS + A_NOISE], p[p[SPACES] + space * SPACE_COLUMNS + S_NOISE])
        s[row + X_IDENTITY] = -1
        s[row + X_TEAM_N] = rows[it + 5]
        for k in range(rows[it + 5]):
            s[row + X_TEAM + k] = rows[it + 7 + k]
        s[SCORE] += programme_gain(p, s, x)
        s[LACKING] -= programme_demands(p, s, x)
        list_session(p, s, x)
        for k in range(rows[it + 6]):
            join(p, b, s, m, people[first + k], x)
            s[JOURNAL_SIZE] = 0
        first += rows[it + 6]


@entry
def load_sessions(p: Numbers, b: Tables, s: Numbers, m: Tables, rows: Numbers, people: Numbers, count: int) -> int:
    """Open planned sessions: rows of activity, time, space, identity, people, then the team. How much did not fit.

    A team that is not free is replaced where another is. A session may be left below its least group, and somebody
    without the familiar face they need: `mend` sees to both.
    """
    first, failed = 0, 0
    for k in range(count):
        it = k * (5 + p[MOST_TEAM])
        x = load_session(p, b, s, m, rows, it)
        if x < 0:
            failed += 1 + rows[it + 4]
        else:
            for j in range(rows[it + 4]):
                if fits(p, b, s, m, people[first + j], x):
                    join(p, b, s, m, people[first + j], x)
                else:
                    failed += 1
                s[JOURNAL_SIZE] = 0
        first += rows[it + 4]
        s[JOURNAL_SIZE] = 0
    return failed
