"""Exchange: two sessions change when and, mostly, where they are.

Keeps every rule, as `settling` says. Needs two activities whose times begin alike; nothing else makes way.
"""

from solver.kernels.compiled import kernel
from solver.search.memory.chance import chance
from solver.search.memory.layout import Memory
from solver.search.moves.programme.places import time_like
from solver.search.moves.programme.settling import ANY_STAFF, finish, forget_displaced, rehome_all, settle, take_down
from solver.search.moves.programme.shifting import may_move
from solver.search.score.attendance import is_sound
from solver.search.score.rivals import is_open_place


@kernel
def exchange(at: Memory, x: int, y: int, temperature: float) -> bool:
    """Two sessions exchange when and, mostly, where they are."""
    one, two = at.session[x], at.session[y]
    a, c = one.activity, two.activity
    if x == y or a == c:
        return False
    t, u = time_like(at, a, two.time), time_like(at, c, one.time)
    space, other = two.space, one.space
    if chance(at) < 0.3:
        space, other = other, space
    if t < 0 or u < 0 or not is_open_place(at, a, t, space) or not is_open_place(at, c, u, other):
        return False
    if not may_move(at, x, y, a, t, space, ANY_STAFF, 0) or not may_move(at, x, y, c, u, other, ANY_STAFF, 0):
        return False
    before, i, j = at.score, one.identity, two.identity
    forget_displaced(at)
    first, second = take_down(at, x), take_down(at, y)
    x = settle(at, a, t, space, i, ANY_STAFF, 0, first, temperature)
    y = settle(at, c, u, other, j, ANY_STAFF, 0, second, temperature) if x >= 0 else -1
    if y >= 0:
        rehome_all(at)
    return finish(at, y >= 0 and is_sound(at, x) and is_sound(at, y), before, temperature)
