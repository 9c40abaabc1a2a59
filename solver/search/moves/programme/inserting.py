"""Insert: a new session, mostly of an activity that may have more, for which others may have to make way.

Keeps every rule, as `settling` says; of R6 it makes another session of the activity go where there may be no more.
Needs an open place. Meets least counts (R6) and pins (R18) as well.
"""

from solver.kernels.compiled import kernel
from solver.search.memory.layout import Memory
from solver.search.moves.programme.settling import finish, forget_displaced, open_again, rehome_all, settle
from solver.search.score.attendance import is_sound
from solver.search.score.rivals import is_open_place


@kernel
def insert(
    at: Memory,
    a: int,
    t: int,
    space: int,
    i: int,
    staff: int,
    rivals: int,
    temperature: float,
) -> bool:
    """A new session, led by the team in `at.team` (GIVEN_TEAM) or by anybody; others may have to make way."""
    if t < 0 or space < 0 or not is_open_place(at, a, t, space):
        return False
    before = at.score
    forget_displaced(at)
    x = settle(at, a, t, space, i, staff, rivals, -1, temperature)
    if x >= 0:
        open_again(at, 0, 6, temperature)
        rehome_all(at)
    return finish(at, x >= 0 and is_sound(at, x), before, temperature)
