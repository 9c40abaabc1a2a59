"""Meet a count: a session of an activity that has too few (R6) is inserted, at first where nothing has to make way."""

from solver.kernels.compiled import kernel
from solver.search.memory.chance import below, chance
from solver.search.memory.layout import MOST_RIVALS, Memory
from solver.search.moves.programme.inserting import insert
from solver.search.moves.programme.places import any_identity, any_space, any_time
from solver.search.moves.programme.settling import ANY_STAFF

TRIES = 12


@kernel
def meet_count(at: Memory, temperature: float) -> bool:
    """Insert a session of an activity that has too few."""
    n = at.activities
    turn = below(at, n)
    for k in range(n):
        a = (turn + k) % n
        if at.held[a] < at.activity[a].min:
            for tried in range(TRIES):
                rivals = MOST_RIVALS if tried > TRIES // 2 else 0
                t, space, i = any_time(at, a), any_space(at, a), any_identity(at, a)
                if insert(at, a, t, space, i, ANY_STAFF, rivals, temperature):
                    return True
            if chance(at) < 0.5:
                return False
    return False
