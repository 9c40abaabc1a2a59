"""Regather: the session stays where it is and is filled anew, from anybody on; its people, or its cohort, may change.

Keeps every rule, as `refill` reads them. The only move by which a session of one cohort becomes another's (R13).
"""

from solver.kernels.compiled import kernel
from solver.search.memory.layout import Memory
from solver.search.moves.attendance.people import any_admitted
from solver.search.moves.programme.refill import refill
from solver.search.moves.programme.settling import finish, forget_displaced, rehome_all, remember_team, take_down
from solver.search.score.attendance import fits, is_sound
from solver.search.score.joining import join
from solver.search.score.opening import open_session


@kernel
def regather(at: Memory, x: int, temperature: float) -> bool:
    """The session stays where it is and is filled anew, from anybody on: its people, or its cohort, may change."""
    row = at.session[x]
    a, t, space, i, before = row.activity, row.time, row.space, row.identity, at.score
    forget_displaced(at)
    remember_team(at, x)
    take_down(at, x)
    y = open_session(at, a, t, space, i)
    r = any_admitted(at, y)
    if r >= 0 and fits(at, r, y):
        join(at, r, y)
    refill(at, y, temperature)
    rehome_all(at)
    return finish(at, is_sound(at, y), before, temperature)
