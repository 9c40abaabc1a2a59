"""Bring: somebody joins a session, leaves what excludes it, and where it is full somebody is ejected for them, who
finds another place. The main move.

Keeps every rule: R2, R5's most, R11 and R12 by `has_room`, R7 by leaving what conflicts, R8 to R10 and R13 by
`admits`, R5's least and R15 by `is_sound`, of each session that it touched. Needs nothing; at most two conflicting
sessions are left.
"""

from solver.kernels.compiled import kernel
from solver.search.memory.chance import allowance, below
from solver.search.memory.layout import FORBIDDEN, Memory
from solver.search.moves.attendance.people import any_member
from solver.search.score.attendance import admits, clashes, fits, has_room, has_room_without, is_full, is_sound
from solver.search.score.joining import join, leave
from solver.search.score.opening import roll_back
from solver.search.score.worth import gain_of, gain_without, tie_of


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
