"""Putting given sessions into a state: the facts as they stand, planned ones as far as every rule allows."""

from solver.kernels.compiled import entry, kernel
from solver.kernels.pools import Numbers
from solver.search.memory.layout import FORBIDDEN, IMPOSSIBLE, Memory
from solver.search.score.attendance import fits
from solver.search.score.joining import join
from solver.search.score.opening import list_session, open_session, programme_demands, programme_gain, usual_at
from solver.search.score.rivals import (
    allows_one_more,
    check_team,
    identity_for,
    is_open_place,
    pick_team,
    space_rivals,
    use_pinned_team,
)

NOON, EVENING = 720, 1020
FACT_COLUMNS, SESSION_COLUMNS = 7, 5  # before the team, in the rows of `load_facts` and `load_sessions`


@kernel
def load_session(at: Memory, rows: Numbers, first: int) -> int:
    """The opened session, or -1."""
    a, t, space, wanted = rows[first], rows[first + 1], rows[first + 2], rows[first + 3]
    if t < 0 or not is_open_place(at, a, t, space) or not allows_one_more(at, a, at.time[t].day):
        return -1
    i = identity_for(at, a, t, space, wanted)
    if i == FORBIDDEN or space_rivals(at, a, t, space, at.rivals, 0, 0) == IMPOSSIBLE:
        return -1
    size = at.activity[a].team
    pinned = use_pinned_team(at, i)
    if pinned >= 0:
        if pinned != size or check_team(at, size, t, space, at.rivals, 0, 0) == IMPOSSIBLE:
            return -1
    else:
        for j in range(size):
            at.team[j] = rows[first + SESSION_COLUMNS + j]
        is_kept = rows[first + SESSION_COLUMNS] >= 0 and check_team(at, size, t, space, at.rivals, 0, 0) != IMPOSSIBLE
        if not is_kept and pick_team(at, a, t, space, at.rivals, 0, 0) == IMPOSSIBLE:
            return -1
    return open_session(at, a, t, space, i)


@entry
def load_facts(at: Memory, rows: Numbers, people: Numbers, count: int) -> None:
    """Facts become the sessions 0, 1, …: rows of activity, day, begin, end, space, team size, people, then the team."""
    first = 0
    for x in range(count):
        it = x * (FACT_COLUMNS + at.most_team)
        row = at.session[x]
        a, space = rows[it], rows[it + 4]
        row.is_fact = 1
        row.activity = a
        row.day = rows[it + 1]
        row.begin = rows[it + 2]
        row.end = rows[it + 3]
        row.part = 0 if rows[it + 2] < NOON else (1 if rows[it + 2] < EVENING else 2)
        row.time = -1
        row.space = space
        row.level = max(at.activity[a].noise, at.space[space].noise)
        row.identity = -1
        row.usual = usual_at(at, a, row.day, row.begin)
        row.team_size = rows[it + 5]
        for k in range(rows[it + 5]):
            row.team[k] = rows[it + FACT_COLUMNS + k]
        at.score += programme_gain(at, x)
        at.lacking -= programme_demands(at, x)
        list_session(at, x)
        for k in range(rows[it + 6]):
            join(at, people[first + k], x)
            at.journal_size = 0
        first += rows[it + 6]


@entry
def load_sessions(at: Memory, rows: Numbers, people: Numbers, count: int) -> int:
    """Open planned sessions: rows of activity, time, space, identity, people, then the team. How much did not fit.

    A team that is not free is replaced where another is. A session may be left below its least group, and somebody
    without the familiar face they need: `mend` sees to both.
    """
    first, failed = 0, 0
    for k in range(count):
        it = k * (SESSION_COLUMNS + at.most_team)
        x = load_session(at, rows, it)
        if x < 0:
            failed += 1 + rows[it + 4]
        else:
            for j in range(rows[it + 4]):
                if fits(at, people[first + j], x):
                    join(at, people[first + j], x)
                else:
                    failed += 1
                at.journal_size = 0
        first += rows[it + 4]
        at.journal_size = 0
    return failed
