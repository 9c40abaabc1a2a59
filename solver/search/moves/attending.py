"""Moves of attendance: somebody joins a session, leaving what stands in the way, and somebody else makes room."""

from solver.kernels.compiled import kernel
from solver.kernels.pools import Numbers, Tables
from solver.search.memory.address import ses_at
from solver.search.memory.chance import accepts, allowance, below, chance
from solver.search.memory.layout import (
    ALIVE,
    B_INTEREST,
    IS_DENSE,
    JOURNAL_SIZE,
    MEMBERS,
    MOST_A_DAY,
    MOST_MEMBERS,
    N_ALIVE,
    N_DAY,
    N_RES,
    N_SESSION,
    PAIR_STRENGTH,
    PULL,
    RES_DAY,
    RES_DAY_N,
    SCORE,
    SCRATCH,
    TIE_FROM,
    TIE_OTHER,
    TIE_PAIR,
    USUAL_GAIN,
    W_TIE,
    X_ACT,
    X_DAY,
    X_FACT,
    X_N,
)
from solver.search.moves.trading import NOBODY, any_member, trade
from solver.search.score.attendance import admits, clashes, fits, has_room, has_room_without, is_full, is_sound
from solver.search.score.joining import join, leave
from solver.search.score.opening import undo
from solver.search.score.worth import gain_of, gain_without, own_gain, tie_of

# Of the moves of attendance: up to here somebody leaves, trades places, or is a friend of somebody there; and how many
# are two friends who come together.
DROPS, TRADES, FRIENDS, PAIRS = 0.04, 0.23, 0.42, 0.02
ANYBODY = 0.3  # of the exchanges, those with anybody and not with whom they bring most
KEEN, KEEN_LOOKS = 0.8, 2  # how often somebody else who may come is looked at, and of how many who is keenest comes
OWN = 0  # place in the scratch: the sessions that the one who joins has left, then the sessions to be sound again


@kernel
def any_of_day(p: Numbers, s: Numbers, r: int, day: int) -> int:
    """One of the resident's planned sessions that day, or -1."""
    line = r * p[N_DAY] + day
    n = s[s[RES_DAY_N] + line]
    if n == 0:
        return -1
    x = s[s[RES_DAY] + line * p[MOST_A_DAY] + below(s, n)]
    return -1 if s[ses_at(p, s, x) + X_FACT] != 0 else int(x)


@kernel
def in_the_way(p: Numbers, s: Numbers, r: int, x: int) -> int:
    """Which of the resident's sessions exclude x, in the scratch: how many, or -1 where they cannot be left."""
    own = s[SCRATCH] + OWN
    n = clashes(p, s, r, x, s, own)
    if n > 2:
        return -1
    if n == 0:
        day = s[ses_at(p, s, x) + X_DAY]
        full = is_full(p, s, r, day)
        if full != 0:
            other = any_of_day(p, s, r, day if full == 1 else below(s, p[N_DAY]))
            if other < 0:
                return -1
            s[own] = other
            n = 1
    return n


@kernel
def give_way(p: Numbers, b: Tables, s: Numbers, m: Tables, r: int, x: int) -> int:
    """Somebody in x whose leaving makes room for the resident: who; -1 where nobody needs to, -2 where nobody is."""
    if has_room(p, b, s, m, r, x):
        return -1
    for _ in range(4 if s[ses_at(p, s, x) + X_N] > 0 else 0):
        q = any_member(p, s, x)
        if has_room_without(p, b, s, r, x, q):
            return int(q)
    return -2


@kernel
def hope_for(p: Numbers, b: Tables, s: Numbers, m: Tables, q: int, x: int, left: int) -> int:
    """What somebody who gives way in x may gain elsewhere: in a place that was left, or what one is usually worth."""
    most = p[USUAL_GAIN]
    for k in range(left):
        own = s[s[SCRATCH] + OWN + k]
        if admits(p, b, s, m, q, own):
            most = max(most, gain_without(p, b, s, m, q, own, x))
    return int(most)


@kernel
def place_displaced(p: Numbers, b: Tables, s: Numbers, m: Tables, q: int, left: int) -> int:
    """Somebody who made room takes a place that was left, or one of a few others: which session, or -1."""
    own = s[SCRATCH] + OWN
    for k in range(left):
        if fits(p, b, s, m, q, s[own + k]):
            join(p, b, s, m, q, s[own + k])
            return int(s[own + k])
    for _ in range(4):
        x = s[s[ALIVE] + below(s, s[N_ALIVE])]
        if fits(p, b, s, m, q, x):
            before, mark = s[SCORE], s[JOURNAL_SIZE]
            join(p, b, s, m, q, x)
            if s[SCORE] > before:
                return int(x)
            undo(p, b, s, m, mark)
    return -1


@kernel
def is_hopeless(p: Numbers, b: Tables, s: Numbers, m: Tables, r: int, x: int, left: int, least: float) -> bool:
    """A look before anything is changed: whether joining x and leaving what is in the way is worth too little."""
    if left == 0:
        gain = gain_of(p, b, s, m, r, x)
    elif left == 1:
        own = s[s[SCRATCH] + OWN]
        gain = gain_without(p, b, s, m, r, x, own) - gain_without(p, b, s, m, r, own, own)
    else:
        return False
    if s[SCORE] + gain >= least:
        return False
    return has_room(p, b, s, m, r, x) or s[SCORE] + gain + p[USUAL_GAIN] < least


@kernel
def bring(p: Numbers, b: Tables, s: Numbers, m: Tables, r: int, x: int, heat: float) -> bool:
    """Let the resident join x, leaving what excludes it; where there is no room somebody gives way. Accepted as a whole
    or taken back.
    """
    if not admits(p, b, s, m, r, x):
        return False
    mark, least = s[JOURNAL_SIZE], s[SCORE] + allowance(s, heat)
    left = in_the_way(p, s, r, x)
    if left < 0 or is_hopeless(p, b, s, m, r, x, left, least):
        return False
    for k in range(left):
        leave(p, b, s, m, r, s[s[SCRATCH] + OWN + k])
    if is_full(p, s, r, s[ses_at(p, s, x) + X_DAY]) == 0 and replace_one(p, b, s, m, r, x, left, least):
        is_good = True
        for k in range(left):
            is_good = is_good and is_sound(p, b, s, m, s[s[SCRATCH] + OWN + k])
        if is_good:
            s[JOURNAL_SIZE] = mark
            return True
    undo(p, b, s, m, mark)
    return False


@kernel
def replace_one(p: Numbers, b: Tables, s: Numbers, m: Tables, r: int, x: int, left: int, least: float) -> bool:
    """The resident, who has time, joins x, and who gives way finds another place: whether the score is `least` then."""
    q = give_way(p, b, s, m, r, x)
    if q == -2:
        return False
    other = -1
    if q >= 0:
        change = gain_of(p, b, s, m, r, x) - gain_without(p, b, s, m, q, x, x) - p[W_TIE] * tie_of(p, r, q)
        if s[SCORE] + change + hope_for(p, b, s, m, q, x, left) < least:
            return False
        leave(p, b, s, m, q, x)
    join(p, b, s, m, r, x)
    if q >= 0:
        other = place_displaced(p, b, s, m, q, left)
    return bool(s[SCORE] >= least and is_sound(p, b, s, m, x) and (other < 0 or is_sound(p, b, s, m, other)))


@kernel
def mate_gain(p: Numbers, s: Numbers, r: int, x: int, q: int, y: int) -> int:
    """What q gains by the sums of ties by going from x to y while r comes from there: their own tie, which both sums
    still hold, is taken out of both.
    """
    pull = s[PULL] + q
    return int(s[pull + y * p[N_RES]] - s[pull + x * p[N_RES]] - 2 * p[W_TIE] * tie_of(p, r, q))


@kernel
def exchange_gain(p: Numbers, b: Tables, s: Numbers, r: int, x: int, q: int, y: int) -> int:
    """What the exchange of r, in y, and q, in x, would gain by the sums of ties; `warm` and caps of ties aside."""
    own = own_gain(p, b, s, r, x, y) - own_gain(p, b, s, r, y, y) + own_gain(p, b, s, q, y, x)
    own -= own_gain(p, b, s, q, x, x)
    pull = s[PULL] + r
    return int(own + s[pull + x * p[N_RES]] - s[pull + y * p[N_RES]] + mate_gain(p, s, r, x, q, y))


@kernel
def best_mate(p: Numbers, s: Numbers, r: int, x: int, y: int) -> int:
    """Who of x would bring most by the sums of ties if they exchanged places with r, who is in y."""
    first, best, most = s[MEMBERS] + x * p[MOST_MEMBERS], NOBODY, 0
    for k in range(s[ses_at(p, s, x) + X_N]):
        q = s[first + k]
        gain = mate_gain(p, s, r, x, q, y)
        if best < 0 or gain > most:
            best, most = q, gain
    return int(best)


@kernel
def exchange(p: Numbers, b: Tables, s: Numbers, m: Tables, r: int, x: int, heat: float) -> bool:
    """The resident and somebody in x exchange places, where that is all it takes; else they join as `bring` does.

    For dense ties: most exchanges are refused on sums that are kept, without a look at a single tie.
    """
    if s[ses_at(p, s, x) + X_N] == 0 or in_the_way(p, s, r, x) != 1 or has_room(p, b, s, m, r, x):
        return bring(p, b, s, m, r, x, heat)
    y = s[s[SCRATCH] + OWN]
    q = any_member(p, s, x) if chance(s) < ANYBODY else best_mate(p, s, r, x, y)
    least = s[SCORE] + allowance(s, heat)
    if s[SCORE] + exchange_gain(p, b, s, r, x, q, y) < least or not has_room_without(p, b, s, r, x, q):
        return False
    mark = s[JOURNAL_SIZE]
    leave(p, b, s, m, r, y)
    leave(p, b, s, m, q, x)
    if fits(p, b, s, m, r, x) and fits(p, b, s, m, q, y):
        join(p, b, s, m, r, x)
        join(p, b, s, m, q, y)
        if s[SCORE] >= least and is_sound(p, b, s, m, x) and is_sound(p, b, s, m, y):
            s[JOURNAL_SIZE] = mark
            return True
    undo(p, b, s, m, mark)
    return False


@kernel
def bring_two(p: Numbers, b: Tables, s: Numbers, m: Tables, r: int, q: int, x: int, heat: float) -> bool:
    """Let two friends join x together, where both have time and room."""
    mark, before = s[JOURNAL_SIZE], s[SCORE]
    if fits(p, b, s, m, r, x):
        join(p, b, s, m, r, x)
        if fits(p, b, s, m, q, x):
            join(p, b, s, m, q, x)
            if accepts(s, s[SCORE] - before, heat) and is_sound(p, b, s, m, x):
                s[JOURNAL_SIZE] = mark
                return True
    undo(p, b, s, m, mark)
    return False


@kernel
def drop_one(p: Numbers, b: Tables, s: Numbers, m: Tables, x: int, heat: float) -> bool:
    """Let somebody leave x."""
    mark, r = s[JOURNAL_SIZE], any_member(p, s, x)
    if r < 0 or not accepts(s, -gain_without(p, b, s, m, r, x, x), heat):
        return False
    leave(p, b, s, m, r, x)
    if is_sound(p, b, s, m, x):
        s[JOURNAL_SIZE] = mark
        return True
    undo(p, b, s, m, mark)
    return False


@kernel
def any_admitted(p: Numbers, s: Numbers, m: Tables, x: int) -> int:
    """A resident who may be in x and is not, or -1."""
    may = (p[N_SESSION] + x) * p[N_RES]
    for _ in range(12):
        r = below(s, p[N_RES])
        if m[may + r] != 0 and m[x * p[N_RES] + r] == 0:
            return r
    return -1


@kernel
def any_keen(p: Numbers, b: Tables, s: Numbers, m: Tables, x: int) -> int:
    """A resident who may be in x and is not: of a few, mostly who likes it best; or -1."""
    r = any_admitted(p, s, m, x)
    like = p[B_INTEREST] + s[ses_at(p, s, x) + X_ACT] * p[N_RES]
    for _ in range(KEEN_LOOKS):
        if r < 0 or chance(s) >= KEEN:
            return r
        q = any_admitted(p, s, m, x)
        if q >= 0 and b[like + q] > b[like + r]:
            r = q
    return r


@kernel
def friend_of(p: Numbers, s: Numbers, r: int) -> int:
    """Somebody tied to the resident with positive strength, or -1."""
    first, last = p[p[TIE_FROM] + r], p[p[TIE_FROM] + r + 1]
    if first == last:
        return -1
    k = first + below(s, last - first)
    return int(p[p[TIE_OTHER] + k]) if p[p[PAIR_STRENGTH] + p[p[TIE_PAIR] + k]] > 0 else -1


@kernel
def move_attendance(p: Numbers, b: Tables, s: Numbers, m: Tables, heat: float) -> bool:
    """One random move of attendance."""
    if s[N_ALIVE] == 0:
        return False
    x = s[s[ALIVE] + below(s, s[N_ALIVE])]
    if p[IS_DENSE] != 0:  # where all are friends of all
        r = any_admitted(p, s, m, x)
        return exchange(p, b, s, m, r, x, heat) if r >= 0 else False
    kind = chance(s)
    if kind < DROPS:
        return drop_one(p, b, s, m, x, heat)
    if kind < TRADES:
        return trade(p, b, s, m, x, heat)
    member = any_member(p, s, x) if kind < FRIENDS else -1
    q = friend_of(p, s, member) if member >= 0 else -1
    if q >= 0:
        return bring(p, b, s, m, q, x, heat)
    r = any_keen(p, b, s, m, x)
    q = friend_of(p, s, r) if r >= 0 and kind > 1.0 - PAIRS else -1
    if q >= 0:
        return bring_two(p, b, s, m, r, q, x, heat)
    return r >= 0 and bring(p, b, s, m, r, x, heat)
