"""Swap: two residents change places, mostly with whoever brings most, where all are tied to all.

Most swaps are refused on sums of ties that are kept (`at.pull`), without a look at a single tie. Keeps every rule as
`fits` and `is_sound` read them. Needs `at.is_dense`; where more than a swap is asked for it is `bring`.
"""

from solver.kernels.compiled import kernel
from solver.search.memory.chance import allowance, chance
from solver.search.memory.layout import Memory
from solver.search.moves.attendance.bringing import bring, in_the_way
from solver.search.moves.attendance.people import NOBODY, any_member
from solver.search.score.attendance import fits, has_room, has_room_without, is_sound
from solver.search.score.joining import join, leave
from solver.search.score.opening import roll_back
from solver.search.score.worth import own_gain, tie_of

ANYBODY = 0.3  # of the swaps, those with anybody and not with whom they bring most


@kernel
def partner_gain(at: Memory, r: int, x: int, q: int, y: int) -> int:
    """What q gains by the sums of ties by going from x to y while r comes from there: their own tie, which both sums
    still hold, is taken out of both.
    """
    return int(at.pull[y, q] - at.pull[x, q] - 2 * at.tie_weight * tie_of(at, r, q))


@kernel
def swap_gain(at: Memory, r: int, x: int, q: int, y: int) -> int:
    """What the swap of r, in y, and q, in x, would gain by the sums of ties; `companion` and caps of ties aside."""
    own = own_gain(at, r, x, y) - own_gain(at, r, y, y) + own_gain(at, q, y, x)
    own -= own_gain(at, q, x, x)
    return int(own + at.pull[x, r] - at.pull[y, r] + partner_gain(at, r, x, q, y))


@kernel
def best_partner(at: Memory, r: int, x: int, y: int) -> int:
    """Who of x would bring most by the sums of ties if they exchanged places with r, who is in y."""
    first, best, most = at.member[x], NOBODY, 0
    for k in range(at.session[x].people):
        q = first[k]
        gain = partner_gain(at, r, x, q, y)
        if best < 0 or gain > most:
            best, most = q, gain
    return int(best)


@kernel
def swap(at: Memory, r: int, x: int, temperature: float) -> bool:
    """The resident and somebody in x change places, where that is all it takes; else they join as `bring` does.

    For dense ties: most swaps are refused on sums that are kept, without a look at a single tie.
    """
    if at.session[x].people == 0 or in_the_way(at, r, x) != 1 or has_room(at, r, x):
        return bring(at, r, x, temperature)
    y = at.left[0]
    q = any_member(at, x) if chance(at) < ANYBODY else best_partner(at, r, x, y)
    least = at.score + allowance(at, temperature)
    if at.score + swap_gain(at, r, x, q, y) < least or not has_room_without(at, r, x, q):
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
