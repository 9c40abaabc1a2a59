"""Shift: another time, space or team of a session, or several of them. The main move of the programme.

Up to three others make way. Keeps every rule, as `settling` says; the session keeps its identity, and its people come
along where they can. Needs nothing.
"""

from solver.kernels.compiled import kernel
from solver.search.memory.chance import chance
from solver.search.memory.layout import IMPOSSIBLE, MOST_RIVALS, Memory
from solver.search.moves.programme.places import any_space, any_time, near_time
from solver.search.moves.programme.settling import (
    ANY_STAFF,
    GIVEN_TEAM,
    finish,
    forget_displaced,
    open_again,
    rehome_all,
    remember_team,
    settle,
    take_down,
)
from solver.search.score.attendance import is_sound
from solver.search.score.rivals import check_team, is_open_place, space_rivals


@kernel
def may_move(at: Memory, x: int, y: int, a: int, t: int, space: int, staff: int, rivals: int) -> bool:
    """A look before anything is taken down: whether a session of `a` could stand there once x (and y, or -1) are gone
    and up to `rivals` others make way. With GIVEN_TEAM led by the team in `at.team`.
    """
    found = at.probe
    found[0], found[1] = x, y
    gone = 1 if y < 0 else 2
    count = space_rivals(at, a, t, space, found, gone, rivals + gone)
    if count != IMPOSSIBLE and staff == GIVEN_TEAM:
        count = check_team(at, at.activity[a].team, t, space, found, count, rivals + gone)
    return count != IMPOSSIBLE


@kernel
def shift(at: Memory, x: int, temperature: float) -> bool:
    """Another time, space or team, or several of them."""
    row = at.session[x]
    a, t, space = row.activity, row.time, row.space
    kind, staff = chance(at), GIVEN_TEAM
    if kind < 0.3:
        t = any_time(at, a)
    elif kind < 0.5:
        t = near_time(at, a, t)
    elif kind < 0.65:
        space = any_space(at, a)
    elif kind < 0.8:
        staff = ANY_STAFF
    else:
        t, space = any_time(at, a), any_space(at, a)
    if chance(at) < 0.5:
        staff = ANY_STAFF
    if staff == GIVEN_TEAM:
        remember_team(at, x)
    rivals = MOST_RIVALS if chance(at) < 0.25 else 0
    return move_to(at, x, t, space, staff, rivals, temperature)


@kernel
def move_to(
    at: Memory,
    x: int,
    t: int,
    space: int,
    staff: int,
    rivals: int,
    temperature: float,
) -> bool:
    """The session stands there now, led by the team in `at.team` (GIVEN_TEAM) or by anybody, while up to `rivals`
    others make way.
    """
    row = at.session[x]
    a, i, before = row.activity, row.identity, at.score
    is_same = t == row.time and space == row.space and staff == GIVEN_TEAM
    if t < 0 or is_same or not is_open_place(at, a, t, space):
        return False
    if not may_move(at, x, -1, a, t, space, staff, rivals):
        return False
    forget_displaced(at)
    old = take_down(at, x)
    y = settle(at, a, t, space, i, staff, rivals, old, temperature)
    if y >= 0:
        open_again(at, 1, 6, temperature)
        rehome_all(at)
    return finish(at, y >= 0 and is_sound(at, y), before, temperature)
