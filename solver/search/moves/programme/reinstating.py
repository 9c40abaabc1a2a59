"""Reinstate: a session of before comes back, where it was or at the place nearby that disturbs the fewest people.

Keeps every rule, as `settling` says. Needs `previous`, and a session of it that is gone or stands elsewhere.
"""

from solver.kernels.compiled import kernel
from solver.search.memory.chance import below, chance
from solver.search.memory.layout import IMPOSSIBLE, MOST_RIVALS, Memory
from solver.search.moves.programme.inserting import insert
from solver.search.moves.programme.places import any_space, any_time, near_time, old_time
from solver.search.moves.programme.settling import GIVEN_TEAM, copy_team
from solver.search.moves.programme.shifting import move_to
from solver.search.score.rivals import check_team, is_open_place, pick_team, space_rivals, use_pinned_team

LOOKS = 16  # at places, before the best of them is tried
UPSET = 3  # what each session that makes way counts besides its people
NOWHERE = 1 << 40  # instead of how many are disturbed: it cannot stand there


@kernel
def in_its_way(at: Memory, i: int, a: int, t: int, space: int) -> int:
    """How many sessions would have to go for the session of before to stand there, itself among them where it stands
    elsewhere: they are in `at.probe`, itself first, and the team that would lead it, picked by chance or
    pinned, in `at.team`. IMPOSSIBLE where it cannot stand there.
    """
    if t < 0 or space < 0 or not is_open_place(at, a, t, space):
        return IMPOSSIBLE
    found, x = at.probe, at.session_of[i]
    found[0] = x
    own = 0 if x < 0 else 1
    count = space_rivals(at, a, t, space, found, own, MOST_RIVALS + own)
    if count == IMPOSSIBLE:
        return IMPOSSIBLE
    size, pinned = at.activity[a].team, use_pinned_team(at, i)
    if pinned < 0:
        return pick_team(at, a, t, space, found, count, MOST_RIVALS + own)
    return check_team(at, size, t, space, found, count, MOST_RIVALS + own) if pinned == size else IMPOSSIBLE


@kernel
def disturbed(at: Memory, i: int, a: int, t: int, space: int) -> int:
    """How many people would be disturbed if the session of before stood there, by what makes way for it: NOWHERE
    where it cannot. The team that would lead it is in `at.team`.
    """
    count, people = in_its_way(at, i, a, t, space), 0
    if count == IMPOSSIBLE:
        return NOWHERE
    for k in range(0 if at.session_of[i] < 0 else 1, count):
        people += UPSET + at.session[at.probe[k]].people
    return people


@kernel
def reinstate(at: Memory, i: int, temperature: float) -> bool:
    """A session of before comes back: where it was, or that day, or somewhere. Of a few such places, the one is tried
    where what has to make way has the fewest people.
    """
    row = at.identity[i]
    a, x = row.activity, at.session_of[i]
    size, least, when, where = at.activity[a].team, NOWHERE, -1, -1
    team, kept, old = at.team, at.best_team, old_time(at, i)
    for _ in range(LOOKS):
        t, space = old, row.old_space
        if t < 0 or chance(at) < 0.4:
            t = near_time(at, a, t) if t >= 0 and chance(at) < 0.6 else any_time(at, a)
        if space < 0 or chance(at) < 0.4:
            space = any_space(at, a)
        people = disturbed(at, i, a, t, space)
        if people < least:
            least, when, where = people, t, space
            copy_team(team, kept, size)
        if least == 0:
            break
    if least == NOWHERE:
        return False
    copy_team(kept, team, size)
    if x < 0:
        return insert(at, a, when, where, i, GIVEN_TEAM, MOST_RIVALS, temperature)
    return move_to(at, x, when, where, GIVEN_TEAM, MOST_RIVALS, temperature)


@kernel
def any_astray(at: Memory) -> int:
    """A session of before that is gone or stands elsewhere now, or -1 where none is hit upon."""
    for _ in range(4 if at.identities > 0 else 0):
        i = below(at, at.identities)
        row = at.identity[i]
        if row.previous < 0 or row.activity < 0:
            continue
        x = at.session_of[i]
        if x < 0:
            return i
        it = at.session[x]
        if not it.is_fact and (it.day != row.old_day or it.begin != row.old_begin or it.space != row.old_space):
            return i
    return -1
