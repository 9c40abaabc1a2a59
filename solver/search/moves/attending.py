"""Moves of attendance: somebody joins a session, leaving what stands in the way, and somebody else makes room."""

from solver.kernels.compiled import kernel
from solver.search.memory.chance import accepts, allowance, below, chance
from solver.search.memory.layout import FORBIDDEN, Memory
from solver.search.moves.trading import NOBODY, any_member, trade
from solver.search.score.attendance import admits, clashes, fits, has_room, has_room_without, is_full, is_sound
from solver.search.score.joining import join, leave
from solver.search.score.opening import roll_back
from solver.search.score.worth import gain_of, gain_without, own_gain, tie_of

# Of the moves of attendance: up to here somebody leaves, trades places, or is a friend of somebody there; and how many
# are two friends who come together.
DROPS, TRADES, FRIENDS, PAIRS = 0.04, 0.23, 0.42, 0.02
ANYBODY = 0.3  # of the exchanges, those with anybody and not with whom they bring most
KEEN, KEEN_LOOKS = 0.8, 2  # how often somebody else who may come is looked at, and of how many who is keenest comes


@kernel
def any_of_day(at: Memory, r: int, day: int) -> int:
    """One of the resident's planned sessions that day, or -1."""
    n = at.attended_count[r, day]
    if n == 0:
        return -1
    x = at.attended[r, day, below(at, n)]
    return -1 if at.session[x].is_fact != 0 else int(x)


@kernel
def in_the_way(at: Memory, r: int, x: int) -> int:
    """Which of the resident's sessions exclude x, in the scratch: how many, or -1 where they cannot be left."""
    own = at.left
    n = clashes(at, r, x, own)
    if n > 2:
        return -1
    if n == 0:
        day = at.session[x].day
        full = is_full(at, r, day)
        if full != 0:
            other = any_of_day(at, r, day if full == 1 else below(at, at.days))
            if other < 0:
                return -1
            own[0] = other
            n = 1
    return n


@kernel
def give_way(at: Memory, r: int, x: int) -> int:
    """Somebody in x whose leaving makes room for the resident: NONE where nobody needs to, else FORBIDDEN."""
    if has_room(at, r, x):
        return -1
    for _ in range(4 if at.session[x].people > 0 else 0):
        q = any_member(at, x)
        if has_room_without(at, r, x, q):
            return int(q)
    return FORBIDDEN


@kernel
def hope_for(at: Memory, q: int, x: int, left: int) -> int:
    """What somebody who gives way in x may gain elsewhere: in a place that was left, or what one is usually worth."""
    most = at.usual_gain
    for k in range(left):
        own = at.left[k]
        if admits(at, q, own):
            most = max(most, gain_without(at, q, own, x))
    return int(most)


@kernel
def place_displaced(at: Memory, q: int, left: int) -> int:
    """Somebody who made room takes a place that was left, or one of a few others: which session, or -1."""
    own = at.left
    for k in range(left):
        if fits(at, q, own[k]):
            join(at, q, own[k])
            return int(own[k])
    for _ in range(4):
        x = at.planned[below(at, at.planned_count)]
        if fits(at, q, x):
            before, savepoint = at.score, at.journal_size
            join(at, q, x)
            if at.score > before:
                return int(x)
            roll_back(at, savepoint)
    return -1


@kernel
def is_hopeless(at: Memory, r: int, x: int, left: int, least: float) -> bool:
    """A look before anything is changed: whether joining x and leaving what is in the way is worth too little."""
    if left == 0:
        gain = gain_of(at, r, x)
    elif left == 1:
        own = at.left[0]
        gain = gain_without(at, r, x, own) - gain_without(at, r, own, own)
    else:
        return False
    if at.score + gain >= least:
        return False
    return has_room(at, r, x) or at.score + gain + at.usual_gain < least


@kernel
def bring(at: Memory, r: int, x: int, temperature: float) -> bool:
    """Let the resident join x, leaving what excludes it; where there is no room somebody gives way. Accepted as a whole
    or taken back.
    """
    if not admits(at, r, x):
        return False
    savepoint, least = at.journal_size, at.score + allowance(at, temperature)
    left = in_the_way(at, r, x)
    if left < 0 or is_hopeless(at, r, x, left, least):
        return False
    for k in range(left):
        leave(at, r, at.left[k])
    if is_full(at, r, at.session[x].day) == 0 and replace_one(at, r, x, left, least):
        is_good = True
        for k in range(left):
            is_good = is_good and is_sound(at, at.left[k])
        if is_good:
            at.journal_size = savepoint
            return True
    roll_back(at, savepoint)
    return False


@kernel
def replace_one(at: Memory, r: int, x: int, left: int, least: float) -> bool:
    """The resident, who has time, joins x, and who gives way finds another place: whether the score is `least` then."""
    q = give_way(at, r, x)
    if q == FORBIDDEN:
        return False
    other = -1
    if q >= 0:
        change = gain_of(at, r, x) - gain_without(at, q, x, x) - at.tie_weight * tie_of(at, r, q)
        if at.score + change + hope_for(at, q, x, left) < least:
            return False
        leave(at, q, x)
    join(at, r, x)
    if q >= 0:
        other = place_displaced(at, q, left)
    return bool(at.score >= least and is_sound(at, x) and (other < 0 or is_sound(at, other)))


@kernel
def mate_gain(at: Memory, r: int, x: int, q: int, y: int) -> int:
    """What q gains by the sums of ties by going from x to y while r comes from there: their own tie, which both sums
    still hold, is taken out of both.
    """
    return int(at.pull[y, q] - at.pull[x, q] - 2 * at.tie_weight * tie_of(at, r, q))


@kernel
def exchange_gain(at: Memory, r: int, x: int, q: int, y: int) -> int:
    """What the exchange of r, in y, and q, in x, would gain by the sums of ties; `warm` and caps of ties aside."""
    own = own_gain(at, r, x, y) - own_gain(at, r, y, y) + own_gain(at, q, y, x)
    own -= own_gain(at, q, x, x)
    return int(own + at.pull[x, r] - at.pull[y, r] + mate_gain(at, r, x, q, y))


@kernel
def best_mate(at: Memory, r: int, x: int, y: int) -> int:
    """Who of x would bring most by the sums of ties if they exchanged places with r, who is in y."""
    first, best, most = at.member[x], NOBODY, 0
    for k in range(at.session[x].people):
        q = first[k]
        gain = mate_gain(at, r, x, q, y)
        if best < 0 or gain > most:
            best, most = q, gain
    return int(best)


@kernel
def exchange(at: Memory, r: int, x: int, temperature: float) -> bool:
    """The resident and somebody in x exchange places, where that is all it takes; else they join as `bring` does.

    For dense ties: most exchanges are refused on sums that are kept, without a look at a single tie.
    """
    if at.session[x].people == 0 or in_the_way(at, r, x) != 1 or has_room(at, r, x):
        return bring(at, r, x, temperature)
    y = at.left[0]
    q = any_member(at, x) if chance(at) < ANYBODY else best_mate(at, r, x, y)
    least = at.score + allowance(at, temperature)
    if at.score + exchange_gain(at, r, x, q, y) < least or not has_room_without(at, r, x, q):
        return False
    savepoint = at.journal_size
    leave(at, r, y)
    leave(at, q, x)
    if fits(at, r, x) and fits(at, q, y):
        join(at, r, x)
        join(at, q, y)
        if at.score >= least and is_sound(at, x) and is_sound(at, y):
            at.journal_size = savepoint
            return True
    roll_back(at, savepoint)
    return False


@kernel
def bring_two(at: Memory, r: int, q: int, x: int, temperature: float) -> bool:
    """Let two friends join x together, where both have time and room."""
    savepoint, before = at.journal_size, at.score
    if fits(at, r, x):
        join(at, r, x)
        if fits(at, q, x):
            join(at, q, x)
            if accepts(at, at.score - before, temperature) and is_sound(at, x):
                at.journal_size = savepoint
                return True
    roll_back(at, savepoint)
    return False


@kernel
def drop_one(at: Memory, x: int, temperature: float) -> bool:
    """Let somebody leave x."""
    savepoint, r = at.journal_size, any_member(at, x)
    if r < 0 or not accepts(at, -gain_without(at, r, x, x), temperature):
        return False
    leave(at, r, x)
    if is_sound(at, x):
        at.journal_size = savepoint
        return True
    roll_back(at, savepoint)
    return False


@kernel
def any_admitted(at: Memory, x: int) -> int:
    """A resident who may be in x and is not, or -1."""
    for _ in range(12):
        r = below(at, at.residents)
        if at.may_join[x, r] and not at.is_member[x, r]:
            return r
    return -1


@kernel
def any_keen(at: Memory, x: int) -> int:
    """A resident who may be in x and is not: of a few, mostly who likes it best; or -1."""
    r = any_admitted(at, x)
    like = at.interest[at.session[x].activity]
    for _ in range(KEEN_LOOKS):
        if r < 0 or chance(at) >= KEEN:
            return r
        q = any_admitted(at, x)
        if q >= 0 and like[q] > like[r]:
            r = q
    return r


@kernel
def friend_of(at: Memory, r: int) -> int:
    """Somebody tied to the resident with positive strength, or -1."""
    first, last = at.tie_from[r], at.tie_from[r + 1]
    if first == last:
        return -1
    k = first + below(at, last - first)
    return int(at.tie_other[k]) if at.pair_strength[at.tie_pair[k]] > 0 else -1


@kernel
def move_attendance(at: Memory, temperature: float) -> bool:
    """One random move of attendance."""
    if at.planned_count == 0:
        return False
    x = at.planned[below(at, at.planned_count)]
    if at.is_dense:  # where all are friends of all
        r = any_admitted(at, x)
        return exchange(at, r, x, temperature) if r >= 0 else False
    kind = chance(at)
    if kind < DROPS:
        return drop_one(at, x, temperature)
    if kind < TRADES:
        return trade(at, x, temperature)
    member = any_member(at, x) if kind < FRIENDS else -1
    q = friend_of(at, member) if member >= 0 else -1
    if q >= 0:
        return bring(at, q, x, temperature)
    r = any_keen(at, x)
    q = friend_of(at, r) if r >= 0 and kind > 1.0 - PAIRS else -1
    if q >= 0:
        return bring_two(at, r, q, x, temperature)
    return r >= 0 and bring(at, r, x, temperature)
