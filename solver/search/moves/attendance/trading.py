"""Trade: somebody goes from one session to another, and where that is full somebody from there takes their place.
Friends may go along in the same way.

Joining and leaving one by one seldom comes to that: in between somebody has two sessions of a kind or none. Keeps every
rule as `fits` and `is_sound` read them. Needs two sessions, mostly of one activity.
"""

from solver.kernels.compiled import kernel
from solver.search.memory.chance import allowance, chance
from solver.search.memory.layout import Memory
from solver.search.moves.attendance.people import NO_WAY, NOBODY, any_friend, any_member, any_other
from solver.search.score.attendance import admits, fits, has_room, is_sound
from solver.search.score.joining import join, leave
from solver.search.score.opening import roll_back
from solver.search.score.worth import gain_without, tie_of

ALONE, WITH_ONE = 0.6, 0.85  # up to here, how many go: one, one with a friend, else one with two


@kernel
def who_comes(at: Memory, r: int, x: int, y: int) -> int:
    """Who may come from y to x so that the resident can go from x to y: NOBODY where there is room, or NO_WAY."""
    if not admits(at, r, y):
        return NO_WAY
    if has_room(at, r, y):
        return NOBODY
    q = any_member(at, y)
    return q if q >= 0 and admits(at, q, x) else NO_WAY


@kernel
def gain_of_trade(at: Memory, r: int, x: int, q: int, y: int) -> int:
    """What it would bring if r went from x to y and q from y to x; of two with a glad tie rather more than that."""
    gain = gain_without(at, r, y, x) - gain_without(at, r, x, x)
    if q >= 0:
        gain += gain_without(at, q, x, y) - gain_without(at, q, y, y)
        gain -= 2 * at.tie_weight * min(0, tie_of(at, r, q))
    return int(gain)


@kernel
def cross(at: Memory, r: int, x: int, q: int, y: int) -> bool:
    """r goes from x to y, and q, where it is somebody, from y to x; false, and half done, where one of them cannot."""
    leave(at, r, x)
    if q >= 0:
        leave(at, q, y)
    if not fits(at, r, y):
        return False
    join(at, r, y)
    if q >= 0:
        if not fits(at, q, x):
            return False
        join(at, q, x)
    return True


@kernel
def trade(at: Memory, x: int, temperature: float) -> bool:
    """Somebody in x goes to another session, alone or with friends. Accepted as a whole or taken back."""
    y, r = any_other(at, x), any_member(at, x)
    if y < 0 or r < 0:
        return False
    q = who_comes(at, r, x, y)
    if q == NO_WAY:
        return False
    savepoint, least, kind = at.journal_size, at.score + allowance(at, temperature), chance(at)
    if kind < ALONE and at.score + gain_of_trade(at, r, x, q, y) < least:
        return False
    is_good = cross(at, r, x, q, y)
    for _ in range(0 if kind < ALONE else 1 if kind < WITH_ONE else 2):
        friend = any_friend(at, r, x) if is_good else NOBODY
        q = who_comes(at, friend, x, y) if friend >= 0 else NO_WAY
        is_good = q != NO_WAY and cross(at, friend, x, q, y)
    if is_good and at.score >= least and is_sound(at, x) and is_sound(at, y):
        at.journal_size = savepoint
        return True
    roll_back(at, savepoint)
    return False
