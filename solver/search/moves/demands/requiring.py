"""Meet a requirement: somebody is brought to an activity they require (R14), or a session of it is inserted."""

from solver.kernels.compiled import kernel
from solver.search.memory.chance import below, chance
from solver.search.memory.layout import MOST_RIVALS, Memory
from solver.search.moves.attendance.bringing import bring
from solver.search.moves.demands.counting import TRIES
from solver.search.moves.programme.inserting import insert
from solver.search.moves.programme.places import any_identity, any_space, any_time
from solver.search.moves.programme.settling import ANY_STAFF


@kernel
def meet_required(at: Memory, temperature: float) -> bool:
    """Bring somebody to an activity they require, or insert a session of it."""
    n = at.residents
    turn = below(at, n)
    for j in range(n):
        r = (turn + j) % n
        for k in range(at.required_from[r], at.required_from[r + 1]):
            a = at.required_activity[k]
            if at.often[r, a] >= at.required_least[k]:
                continue
            first = below(at, max(1, at.planned_count))
            for i in range(at.planned_count):
                x = at.planned[(first + i) % at.planned_count]
                if at.session[x].activity == a and bring(at, r, x, temperature):
                    return True
            for _ in range(TRIES):
                rivals = MOST_RIVALS if chance(at) < 0.5 else 0
                t, space, i = any_time(at, a), any_space(at, a), any_identity(at, a)
                if insert(at, a, t, space, i, ANY_STAFF, rivals, temperature):
                    return True
            return False
    return False
