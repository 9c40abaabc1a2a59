"""How a session comes to stand somewhere: what is in its way goes, people settle, what went comes back elsewhere."""

from solver.kernels.compiled import kernel
from solver.kernels.pools import Numbers, Tables
from solver.search.memory.address import ses_at
from solver.search.memory.chance import accepts, below, chance
from solver.search.memory.journal import is_long
from solver.search.memory.layout import (
    A_IDENTITY_FROM,
    A_IDENTITY_TO,
    A_MIN_GROUP,
    A_ONE_PER_DAY,
    A_SPACES_FROM,
    A_SPACES_TO,
    A_TEAM,
    A_TIMES_FROM,
    A_TIMES_TO,
    ACT,
    ACT_COLUMNS,
    ACT_DAY,
    ACT_SPACES,
    ACT_TIMES,
    ALIVE,
    EVICTED,
    FALLEN,
    FALLEN_N,
    I_PREVIOUS,
    IDENTITY,
    IDENTITY_COLUMNS,
    JOURNAL_SIZE,
    MEMBERS,
    MOST_MEMBERS,
    N_ALIVE,
    N_DAY,
    N_RES,
    SCORE,
    SCRATCH,
    T_DAY,
    TEAM,
    TIME_COLUMNS,
    TIMES,
    USED_BY,
    X_ACT,
    X_DAY,
    X_IDENTITY,
    X_N,
    X_SPACE,
    X_TEAM,
    X_TEAM_N,
    X_TIME,
)
from solver.search.moves.refill import refill, rehome
from solver.search.score.attendance import fits, is_sound
from solver.search.score.joining import join
from solver.search.score.opening import close_session, open_session, undo
from solver.search.score.rivals import (
    FORBIDDEN,
    NO_IDENTITY,
    add_rival,
    allows_one_more,
    check_team,
    identity_for,
    is_open_place,
    pick_team,
    space_rivals,
    use_pinned_team,
)
from solver.search.score.worth import gain_of

RIVALS = 100  # place in the scratch
MOST_RIVALS = 3
E_COLUMNS = 8  # of an evicted session: activity, identity, first and last of its people among the fallen, time, space
GIVEN_TEAM, ANY_STAFF = 0, 1
INVITED = 2  # more tries at a place for a published session, for each who was invited


@kernel
def take_down(p: Numbers, b: Tables, s: Numbers, m: Tables, x: int) -> int:
    """Close a session and remember it and its people: its number among the evicted."""
    row = ses_at(p, s, x)
    k = s[s[FALLEN_N] + 1]
    it = s[EVICTED] + k * E_COLUMNS
    s[it] = s[row + X_ACT]
    s[it + 1] = s[row + X_IDENTITY]
    s[it + 2] = s[s[FALLEN_N]]
    for j in range(s[row + X_N]):
        s[s[FALLEN] + s[s[FALLEN_N]]] = s[s[MEMBERS] + x * p[MOST_MEMBERS] + j]
        s[s[FALLEN_N]] += 1
    s[it + 3] = s[s[FALLEN_N]]
    s[it + 4] = s[row + X_TIME]
    s[it + 5] = s[row + X_SPACE]
    s[s[FALLEN_N] + 1] = k + 1
    close_session(p, b, s, m, x)
    return int(k)


@kernel
def forget_fallen(s: Numbers) -> None:
    s[s[FALLEN_N]] = 0
    s[s[FALLEN_N] + 1] = 0


@kernel
def has_fallen_room(p: Numbers, s: Numbers, x: int) -> bool:
    """Whether one more session can be remembered."""
    return bool(s[s[FALLEN_N]] + s[ses_at(p, s, x) + X_N] < 2 * p[N_RES] and s[s[FALLEN_N] + 1] < 12 and not is_long(s))


@kernel
def bring_back(p: Numbers, b: Tables, s: Numbers, m: Tables, k: int, x: int) -> None:
    """Of the people of an evicted session, those who still gain by it join x."""
    it = s[EVICTED] + k * E_COLUMNS
    row = ses_at(p, s, x)
    least = p[p[ACT] + s[row + X_ACT] * ACT_COLUMNS + A_MIN_GROUP]
    for j in range(s[it + 2], s[it + 3]):
        r = s[s[FALLEN] + j]
        if r >= 0 and fits(p, b, s, m, r, x) and (gain_of(p, b, s, m, r, x) > 0 or s[row + X_N] < least):
            join(p, b, s, m, r, x)
            s[s[FALLEN] + j] = -1 - r


@kernel
def own_rival(p: Numbers, s: Numbers, a: int, day: int) -> int:
    """A session of the activity itself that would have to go for R6 to allow another one that day, or -1."""
    is_that_day = p[p[ACT] + a * ACT_COLUMNS + A_ONE_PER_DAY] != 0 and s[s[ACT_DAY] + a * p[N_DAY] + day] > 0
    n = s[N_ALIVE]
    turn = below(s, max(1, n))
    for k in range(n):
        x = s[s[ALIVE] + (turn + k) % n]
        row = ses_at(p, s, x)
        if s[row + X_ACT] == a and (not is_that_day or s[row + X_DAY] == day):
            return int(x)
    return -1


@kernel
def settle(
    p: Numbers,
    b: Tables,
    s: Numbers,
    m: Tables,
    a: int,
    t: int,
    space: int,
    wanted: int,
    staff: int,
    rivals: int,
    old: int,
    heat: float,
) -> int:
    """Open a session where up to `rivals` others make way, let the evicted session's people back in and fill it.

    `staff` GIVEN_TEAM: led by the team in `s[s[TEAM]:]`, else by anybody. The session, or -1.
    """
    if not is_open_place(p, b, a, t, space):
        return -1
    day = p[p[TIMES] + t * TIME_COLUMNS + T_DAY]
    own = -1
    if not allows_one_more(p, s, a, day):
        own = own_rival(p, s, a, day) if rivals > 0 else -1
        if own < 0:
            return -1
    i = identity_for(p, s, a, t, space, wanted)
    if i == FORBIDDEN:
        return -1
    at = s[SCRATCH] + RIVALS
    count = space_rivals(p, s, a, t, space, at, 0, rivals)
    if count != 99 and own >= 0:
        count = add_rival(s, at, count, own, rivals)
    if count == 99:
        return -1
    size = p[p[ACT] + a * ACT_COLUMNS + A_TEAM]
    pinned = use_pinned_team(p, s, i)
    if pinned >= 0 and pinned != size:
        return -1
    if pinned >= 0 or staff == GIVEN_TEAM:
        count = check_team(p, b, s, size, t, at, count, rivals)
    else:
        count = pick_team(p, b, s, a, t, at, count, rivals)
    if count == 99:
        return -1
    for k in range(count):
        if not has_fallen_room(p, s, s[at + k]):
            return -1
        take_down(p, b, s, m, s[at + k])
    if own >= 0 and not allows_one_more(p, s, a, day):
        return -1
    x = open_session(p, b, s, m, a, t, space, i)
    if old >= 0:
        bring_back(p, b, s, m, old, x)
    refill(p, b, s, m, x, heat)
    return x if is_sound(p, b, s, m, x) else -1


@kernel
def any_time(p: Numbers, s: Numbers, a: int) -> int:
    row = p[ACT] + a * ACT_COLUMNS
    n = p[row + A_TIMES_TO] - p[row + A_TIMES_FROM]
    return -1 if n == 0 else int(p[p[ACT_TIMES] + p[row + A_TIMES_FROM] + below(s, n)])


@kernel
def any_space(p: Numbers, s: Numbers, a: int) -> int:
    row = p[ACT] + a * ACT_COLUMNS
    n = p[row + A_SPACES_TO] - p[row + A_SPACES_FROM]
    return -1 if n == 0 else int(p[p[ACT_SPACES] + p[row + A_SPACES_FROM] + below(s, n)])


@kernel
def any_identity(p: Numbers, s: Numbers, a: int) -> int:
    """A free identity of the activity, mostly; or none."""
    first, last = p[p[ACT] + a * ACT_COLUMNS + A_IDENTITY_FROM], p[p[ACT] + a * ACT_COLUMNS + A_IDENTITY_TO]
    if first == last or chance(s) < 0.1:
        return NO_IDENTITY
    turn = below(s, last - first)
    for k in range(last - first):
        i = first + (turn + k) % (last - first)
        if s[s[USED_BY] + i] < 0 and p[p[IDENTITY] + i * IDENTITY_COLUMNS + I_PREVIOUS] >= 0:
            return int(i)
    return NO_IDENTITY


@kernel
def open_again(p: Numbers, b: Tables, s: Numbers, m: Tables, first: int, tries: int, heat: float) -> None:
    """Open the evicted sessions from the `first` on somewhere else, where that pays."""
    for k in range(first, s[s[FALLEN_N] + 1]):
        it = s[EVICTED] + k * E_COLUMNS
        a, i = s[it], s[it + 1]
        turns = tries
        if i >= 0 and p[p[IDENTITY] + i * IDENTITY_COLUMNS + I_PREVIOUS] >= 0:
            turns += INVITED * (s[it + 3] - s[it + 2])
        for turn in range(turns):
            t = any_time(p, s, a) if turn > 1 else s[it + 4]
            space = s[it + 5] if turn == 0 or turn == 2 else any_space(p, s, a)
            if t < 0 or space < 0:
                break
            mark, before = s[JOURNAL_SIZE], s[SCORE]
            x = settle(p, b, s, m, a, t, space, i, ANY_STAFF, 0, k, heat)
            if x >= 0 and s[SCORE] > before:
                break
            undo(p, b, s, m, mark)
            for j in range(s[it + 2], s[it + 3]):
                if s[s[FALLEN] + j] < 0:
                    s[s[FALLEN] + j] = -1 - s[s[FALLEN] + j]


@kernel
def rehome_all(p: Numbers, b: Tables, s: Numbers, m: Tables) -> None:
    """Whoever fell out and is nowhere yet finds another session."""
    for j in range(s[s[FALLEN_N]]):
        if s[s[FALLEN] + j] >= 0 and not is_long(s):
            rehome(p, b, s, m, s[s[FALLEN] + j])


@kernel
def finish(p: Numbers, b: Tables, s: Numbers, m: Tables, is_good: bool, before: int, heat: float) -> bool:
    """Accept or take back."""
    if is_good and accepts(s, s[SCORE] - before, heat):
        s[JOURNAL_SIZE] = 0
        return True
    undo(p, b, s, m, 0)
    return False


@kernel
def copy_team(s: Numbers, source: int, target: int, size: int) -> None:
    for k in range(size):
        s[target + k] = s[source + k]


@kernel
def remember_team(p: Numbers, s: Numbers, x: int) -> None:
    row = ses_at(p, s, x)
    copy_team(s, row + X_TEAM, s[TEAM], s[row + X_TEAM_N])
