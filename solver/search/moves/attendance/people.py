"""Whom a move of attendance is about, by chance: members, friends, and people who may come."""

from solver.kernels.compiled import kernel
from solver.search.memory.chance import below, chance
from solver.search.memory.layout import FORBIDDEN, NONE, Memory

NOBODY, NO_WAY = NONE, FORBIDDEN  # instead of somebody who comes
LOOKS = 10  # for another session of the same activity
KEEN, KEEN_LOOKS = 0.8, 2  # how often somebody else who may come is looked at, and of how many who is keenest comes


@kernel
def any_other(at: Memory, x: int) -> int:
    """Another planned session, mostly of the same activity, or -1."""
    y = -1
    for _ in range(LOOKS):
        y = int(at.planned[below(at, at.planned_count)])
        if y != x and at.session[y].activity == at.session[x].activity:
            return y
    return y if y != x else -1


@kernel
def any_member(at: Memory, x: int) -> int:
    """One of a session's people, or NOBODY."""
    n = at.session[x].people
    return int(at.member[x, below(at, n)]) if n > 0 else NOBODY


@kernel
def any_friend(at: Memory, r: int, x: int) -> int:
    """One of a resident's friends in a session, or NOBODY."""
    first, n = at.tie_from[r], at.tie_from[r + 1] - at.tie_from[r]
    turn = below(at, n)
    for k in range(n):
        tie = first + (turn + k) % n
        q = at.tie_other[tie]
        if at.is_member[x, q] and at.pair_strength[at.tie_pair[tie]] > 0:
            return int(q)
    return NOBODY


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
