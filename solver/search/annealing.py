"""The loop: moves of attendance, a few of the programme, a falling heat, and the best that was met."""

from solver.kernels.compiled import entry, kernel
from solver.kernels.pools import Numbers, Tables, copy
from solver.search.memory.address import ses_at
from solver.search.memory.chance import below, chance
from solver.search.memory.layout import (
    A_DEMAND,
    ACCEPTED,
    ACT,
    ACT_COLUMNS,
    ALIVE,
    FREE,
    HAS_PREVIOUS,
    JOURNAL_SIZE,
    LACK_PRICE,
    LACKING,
    MEMBERS,
    MOST_MEMBERS,
    MOVES,
    N_ACT,
    N_ALIVE,
    N_IDENTITY,
    R_NEEDS_FAMILIAR,
    RES,
    RES_COLUMNS,
    SCORE,
    SESSION_ACCEPTED,
    SESSION_MOVES,
    SESSION_WORK,
    WORK,
    X_N,
)
from solver.search.moves.attending import move_attendance
from solver.search.moves.demands import meet_count, meet_demand, meet_pin, meet_required
from solver.search.moves.programme import insert
from solver.search.moves.refill import refill
from solver.search.moves.reinstating import any_astray, change_programme, reinstate
from solver.search.moves.settling import ANY_STAFF, any_identity, any_space, any_time
from solver.search.score.attendance import has_familiar, is_sound
from solver.search.score.joining import leave
from solver.search.score.opening import close_session

DEMANDING = 0.1  # of the steps, while something is lacking, try to meet it
KICKS = 0.5  # of these, as hot as a lacking demand is dear
ASTRAY = 6  # times that each session of before which fell out is tried
LOOK = 24  # steps between two looks at whether the state is the best


@kernel
def keep_best(s: Numbers, best: Numbers) -> None:
    """Copy what is planned where nothing is lacking and the score is better than the best."""
    if s[LACKING] == 0 and s[SCORE] > best[SCORE]:
        copy(s, best, s[FREE])


@entry
def anneal(
    p: Numbers, b: Tables, s: Numbers, m: Tables, best: Numbers, steps: int, hot: float, cold: float, share: float
) -> None:
    """So many moves while the heat falls from `hot` to `cold`; `share` of them move sessions.

    `best` is as long as the beginning of s that says what is planned; its SCORE is the score to beat.
    """
    ratio = cold / hot if hot > 0.0 else 1.0
    heat = hot
    for k in range(steps):
        if k % LOOK == 0:
            heat = hot * ratio ** (k / steps)
            keep_best(s, best)
        if s[LACKING] > 0 and chance(s) < DEMANDING:
            # Half of the attempts may give up another demand for this one: the next in turn mostly finds a way.
            done = meet_demand(p, b, s, m, float(s[LACK_PRICE]) if chance(s) < KICKS else heat)
        elif chance(s) < share:
            work, score = s[WORK], s[SCORE]
            done = change_programme(p, b, s, m, heat)
            s[SESSION_MOVES] += 1
            s[SESSION_ACCEPTED] += 1 if done and s[SCORE] != score else 0
            s[SESSION_WORK] += 20 + s[WORK] - work
        else:
            done = move_attendance(p, b, s, m, heat)
        s[MOVES] += 1
        s[WORK] += 20
        s[ACCEPTED] += 1 if done else 0
    keep_best(s, best)


@kernel
def mend(p: Numbers, b: Tables, s: Numbers, m: Tables) -> None:
    """Make loaded sessions sound: without a familiar face one leaves, too small a group is filled up or closed."""
    for k in range(s[N_ALIVE] - 1, -1, -1):
        x = s[s[ALIVE] + k]
        if not is_sound(p, b, s, m, x):
            refill(p, b, s, m, x, 0.0)
            release_strangers(p, b, s, m, x)
            refill(p, b, s, m, x, 0.0)
            if not is_sound(p, b, s, m, x):
                close_session(p, b, s, m, x)
        s[JOURNAL_SIZE] = 0


@kernel
def release_strangers(p: Numbers, b: Tables, s: Numbers, m: Tables, x: int) -> None:
    """Whoever needs a familiar face in x and has none leaves, until nobody does."""
    k = s[ses_at(p, s, x) + X_N] - 1
    while k >= 0:
        r = s[s[MEMBERS] + x * p[MOST_MEMBERS] + k]
        if p[p[RES] + r * RES_COLUMNS + R_NEEDS_FAMILIAR] != 0 and not has_familiar(p, b, s, m, r, x):
            leave(p, b, s, m, r, x)
            k = s[ses_at(p, s, x) + X_N]
        k -= 1


@kernel
def any_in_demand(p: Numbers, s: Numbers) -> int:
    """An activity, the more likely the more it is liked: the better of two."""
    a, c = below(s, p[N_ACT]), below(s, p[N_ACT])
    return a if p[p[ACT] + a * ACT_COLUMNS + A_DEMAND] >= p[p[ACT] + c * ACT_COLUMNS + A_DEMAND] else c


@entry
def construct(p: Numbers, b: Tables, s: Numbers, m: Tables, best: Numbers, rounds: int) -> None:
    """From whatever is loaded to a whole schedule: what is unsound is mended, demands come first, then what pays."""
    mend(p, b, s, m)
    if p[N_ACT] == 0:
        keep_best(s, best)
        return
    for _ in range(40):
        if s[LACKING] == 0:
            break
        for _ in range(s[LACKING]):
            if not meet_pin(p, b, s, m, 0.0):
                break
        for _ in range(s[LACKING]):
            if not meet_count(p, b, s, m, 0.0):
                break
        for _ in range(s[LACKING]):
            if not meet_required(p, b, s, m, 0.0):
                break
    for _ in range(ASTRAY if p[HAS_PREVIOUS] != 0 and rounds > 0 else 0):
        for _ in range(p[N_IDENTITY]):
            i = any_astray(p, s)
            if i >= 0:
                reinstate(p, b, s, m, i, 0.0)
    for _ in range(rounds):
        a = any_in_demand(p, s)
        insert(p, b, s, m, a, any_time(p, s, a), any_space(p, s, a), any_identity(p, s, a), ANY_STAFF, 0, 0.0)
    keep_best(s, best)
