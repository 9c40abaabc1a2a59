"""Sessions of before come back: where they were, or at the place nearby that disturbs the fewest people."""

from solver.kernels.compiled import kernel
from solver.kernels.pools import Numbers, Tables
from solver.search.memory.address import ses_at
from solver.search.memory.chance import below, chance
from solver.search.memory.layout import (
    A_DURATION_KIND,
    A_TEAM,
    ACT,
    ACT_COLUMNS,
    HAS_PREVIOUS,
    I_ACTIVITY,
    I_OLD_BEGIN,
    I_OLD_DAY,
    I_OLD_SPACE,
    I_PREVIOUS,
    IDENTITY,
    IDENTITY_COLUMNS,
    MOST_TEAM,
    N_DAY,
    N_IDENTITY,
    N_SLOT,
    SCRATCH,
    SLOT,
    TEAM,
    TIME_AT,
    USED_BY,
    X_BEGIN,
    X_DAY,
    X_FACT,
    X_N,
    X_SPACE,
)
from solver.search.moves.programme import PROBE, insert, move_session, move_to, near_time
from solver.search.moves.settling import GIVEN_TEAM, MOST_RIVALS, any_space, any_time, copy_team
from solver.search.score.rivals import check_team, is_open_place, pick_team, space_rivals, use_pinned_team

REINSTATES = 0.3  # of the moves of the programme, in repairs
LOOKS = 16  # at places, before the best of them is tried
UPSET = 3  # what each session that makes way counts besides its people
IMPOSSIBLE = 1 << 40  # instead of how many are disturbed


@kernel
def old_time(p: Numbers, i: int) -> int:
    """The time at which a session of before was to be, or -1 where the activity cannot be held then any more."""
    row = p[IDENTITY] + i * IDENTITY_COLUMNS
    begin = p[row + I_OLD_BEGIN]
    if begin % p[SLOT] != 0:
        return -1
    kind = p[p[ACT] + p[row + I_ACTIVITY] * ACT_COLUMNS + A_DURATION_KIND]
    return int(p[p[TIME_AT] + (kind * p[N_DAY] + p[row + I_OLD_DAY]) * p[N_SLOT] + begin // p[SLOT]])


@kernel
def in_its_way(p: Numbers, b: Tables, s: Numbers, i: int, a: int, t: int, space: int) -> int:
    """How many sessions would have to go for the session of before to stand there, itself among them where it stands
    elsewhere: they are in `s[s[SCRATCH] + PROBE:]`, itself first, and the team that would lead it, picked by chance or
    pinned, in `s[s[TEAM]:]`. 99 where it cannot stand there.
    """
    if t < 0 or space < 0 or not is_open_place(p, b, a, t, space):
        return 99
    at, x = s[SCRATCH] + PROBE, s[s[USED_BY] + i]
    s[at] = x
    own = 0 if x < 0 else 1
    count = space_rivals(p, s, a, t, space, at, own, MOST_RIVALS + own)
    if count == 99:
        return 99
    size, pinned = p[p[ACT] + a * ACT_COLUMNS + A_TEAM], use_pinned_team(p, s, i)
    if pinned < 0:
        return pick_team(p, b, s, a, t, at, count, MOST_RIVALS + own)
    return check_team(p, b, s, size, t, at, count, MOST_RIVALS + own) if pinned == size else 99


@kernel
def disturbed(p: Numbers, b: Tables, s: Numbers, i: int, a: int, t: int, space: int) -> int:
    """How many people would be disturbed if the session of before stood there, by what makes way for it: IMPOSSIBLE
    where it cannot. The team that would lead it is in `s[s[TEAM]:]`.
    """
    count, people = in_its_way(p, b, s, i, a, t, space), 0
    if count == 99:
        return IMPOSSIBLE
    for k in range(0 if s[s[USED_BY] + i] < 0 else 1, count):
        people += UPSET + s[ses_at(p, s, s[s[SCRATCH] + PROBE + k]) + X_N]
    return people


@kernel
def reinstate(p: Numbers, b: Tables, s: Numbers, m: Tables, i: int, heat: float) -> bool:
    """A session of before comes back: where it was, or that day, or somewhere. Of a few such places, the one is tried
    where what has to make way has the fewest people.
    """
    row = p[IDENTITY] + i * IDENTITY_COLUMNS
    a, x = p[row + I_ACTIVITY], s[s[USED_BY] + i]
    size, least, when, where = p[p[ACT] + a * ACT_COLUMNS + A_TEAM], IMPOSSIBLE, -1, -1
    team, kept, old = s[TEAM], s[TEAM] + p[MOST_TEAM], old_time(p, i)
    for _ in range(LOOKS):
        t, space = old, p[row + I_OLD_SPACE]
        if t < 0 or chance(s) < 0.4:
            t = near_time(p, s, a, t) if t >= 0 and chance(s) < 0.6 else any_time(p, s, a)
        if space < 0 or chance(s) < 0.4:
            space = any_space(p, s, a)
        people = disturbed(p, b, s, i, a, t, space)
        if people < least:
            least, when, where = people, t, space
            copy_team(s, team, kept, size)
        if least == 0:
            break
    if least == IMPOSSIBLE:
        return False
    copy_team(s, kept, team, size)
    if x < 0:
        return insert(p, b, s, m, a, when, where, i, GIVEN_TEAM, MOST_RIVALS, heat)
    return move_to(p, b, s, m, x, when, where, GIVEN_TEAM, MOST_RIVALS, heat)


@kernel
def any_astray(p: Numbers, s: Numbers) -> int:
    """A session of before that is gone or stands elsewhere now, or -1 where none is hit upon."""
    for _ in range(4 if p[N_IDENTITY] > 0 else 0):
        i = below(s, p[N_IDENTITY])
        row = p[IDENTITY] + i * IDENTITY_COLUMNS
        if p[row + I_PREVIOUS] < 0 or p[row + I_ACTIVITY] < 0:
            continue
        x = s[s[USED_BY] + i]
        if x < 0:
            return i
        it = ses_at(p, s, x)
        if s[it + X_FACT] == 0 and (
            s[it + X_DAY] != p[row + I_OLD_DAY]
            or s[it + X_BEGIN] != p[row + I_OLD_BEGIN]
            or s[it + X_SPACE] != p[row + I_OLD_SPACE]
        ):
            return i
    return -1


@kernel
def change_programme(p: Numbers, b: Tables, s: Numbers, m: Tables, heat: float) -> bool:
    """One random move of the programme; in repairs often one that brings back what was published."""
    i = any_astray(p, s) if p[HAS_PREVIOUS] != 0 and chance(s) < REINSTATES else -1
    if i >= 0:
        return reinstate(p, b, s, m, i, heat)
    return move_session(p, b, s, m, heat)
