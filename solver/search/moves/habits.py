"""The base week comes back: a session stands where one of its activity is used to be, in its space, led by its team."""

from solver.kernels.compiled import kernel
from solver.search.memory.chance import below, chance
from solver.search.memory.layout import MOST_RIVALS, NONE, Memory
from solver.search.moves.programme.inserting import insert
from solver.search.moves.programme.places import any_identity, any_space
from solver.search.moves.programme.settling import ANY_STAFF, GIVEN_TEAM
from solver.search.moves.programme.shifting import move_to

LOOKS = 4  # for a usual session that is not kept
MOVES = 0.5  # how often a session of the activity comes there from elsewhere, where there is one
AS_USUAL = 0.85  # how often it is to be in its space, and led by its team


@kernel
def any_missed(at: Memory) -> int:
    """A usual session of which something is not kept, or NONE where none is hit upon."""
    for _ in range(LOOKS if at.usuals > 0 else 0):
        u = below(at, at.usuals)
        row = at.usual[u]
        is_there = row.space < 0 or at.usual_there[u] > 0
        if at.usual_then[u] == 0 or not is_there or (row.can_lead and at.usual_led[u] == 0):
            return u
    return NONE


@kernel
def usual_time(at: Memory, u: int) -> int:
    """The time of a usual session, or NONE where the activity cannot be held then."""
    row = at.usual[u]
    if row.begin % at.slot != 0 or row.day >= at.days:
        return NONE
    t = at.time_at[at.activity[row.activity].duration_kind, row.day, row.begin // at.slot]
    return int(t) if t >= 0 and at.has_time[row.activity, t] else NONE


@kernel
def session_there(at: Memory, u: int) -> int:
    """A planned session of the activity that keeps the time of a usual one, or NONE."""
    for k in range(at.planned_count if at.usual_then[u] > 0 else 0):
        x = at.planned[k]
        if at.session[x].usual == u:
            return int(x)
    return NONE


@kernel
def session_elsewhere(at: Memory, u: int) -> int:
    """A planned session of the activity that keeps no usual time: one of that day, where it may only be held once a
    day and is; or NONE.
    """
    a, day, found = at.usual[u].activity, at.usual[u].day, NONE
    is_that_day = at.activity[a].one_per_day and at.held_on[a, day] > 0
    turn = below(at, max(1, at.planned_count))
    for k in range(at.planned_count):
        x = at.planned[(turn + k) % at.planned_count]
        row = at.session[x]
        if row.activity == a and (row.day == day or not is_that_day) and row.usual < 0:
            found = x
            break
    return int(found)


@kernel
def keep_usual(at: Memory, u: int, temperature: float) -> bool:
    """What is used to be is so again: by a session that is there already, by one from elsewhere, or by a new one."""
    row = at.usual[u]
    a, t = row.activity, usual_time(at, u)
    space = row.space if row.space >= 0 and chance(at) < AS_USUAL else any_space(at, a)
    if t < 0 or space < 0:
        return False
    x = session_there(at, u)
    if x < 0 and (at.held[a] >= at.activity[a].max or chance(at) < MOVES or at.held_on[a, row.day] > 0):
        x = session_elsewhere(at, u)
    staff = GIVEN_TEAM if row.can_lead and chance(at) < AS_USUAL else ANY_STAFF
    for k in range(row.team_size if staff == GIVEN_TEAM else 0):
        at.team[k] = at.usual_team[u, k]
    rivals = MOST_RIVALS if chance(at) < 0.3 else 0
    if x >= 0:
        return move_to(at, x, t, space, staff, rivals, temperature)
    return insert(at, a, t, space, any_identity(at, a), staff, rivals, temperature)
