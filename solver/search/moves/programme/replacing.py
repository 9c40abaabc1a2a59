"""Replace: another activity takes a session's place.

Keeps every rule, as `settling` says. Needs a time of that activity that begins alike.
"""

from solver.kernels.compiled import kernel
from solver.search.memory.chance import chance
from solver.search.memory.layout import Memory
from solver.search.moves.programme.places import any_identity, any_space, time_like
from solver.search.moves.programme.settling import (
    ANY_STAFF,
    finish,
    forget_displaced,
    open_again,
    rehome_all,
    settle,
    take_down,
)
from solver.search.moves.programme.shifting import may_move
from solver.search.score.attendance import is_sound
from solver.search.score.rivals import is_open_place


@kernel
def replace(at: Memory, x: int, a: int, temperature: float) -> bool:
    """Another activity takes the session's place."""
    row = at.session[x]
    t, space = time_like(at, a, row.time), row.space
    if a == row.activity or t < 0:
        return False
    if not is_open_place(at, a, t, space):
        space = any_space(at, a)
        if space < 0 or not is_open_place(at, a, t, space):
            return False
    if not may_move(at, x, -1, a, t, space, ANY_STAFF, 0):
        return False
    before = at.score
    forget_displaced(at)
    take_down(at, x)
    y = settle(at, a, t, space, any_identity(at, a), ANY_STAFF, 0, -1, temperature)
    if y >= 0:
        if chance(at) < 0.3:
            open_again(at, 0, 6, temperature)
        rehome_all(at)
    return finish(at, y >= 0 and is_sound(at, y), before, temperature)
