"""Meet a pin: a pinned session is inserted, or somebody is brought to the session they are pinned to (R18)."""

from solver.kernels.compiled import kernel
from solver.search.memory.chance import below
from solver.search.memory.layout import MOST_RIVALS, Memory
from solver.search.moves.attendance.bringing import bring
from solver.search.moves.demands.counting import TRIES
from solver.search.moves.programme.inserting import insert
from solver.search.moves.programme.places import any_space
from solver.search.moves.programme.settling import ANY_STAFF


@kernel
def meet_pin(at: Memory, temperature: float) -> bool:
    """Insert a pinned session that is not there, or bring somebody to the session they are pinned to."""
    n = at.identities
    turn = below(at, max(1, n))
    for j in range(n):
        i = (turn + j) % n
        row = at.identity[i]
        x = at.session_of[i]
        if x < 0 and row.is_pinned:
            a = row.activity
            kind = at.activity[a].duration_kind
            t = at.time_at[kind, row.day, row.begin // at.slot]
            for _ in range(TRIES):
                space = row.space if row.space >= 0 else any_space(at, a)
                if insert(at, a, t, space, i, ANY_STAFF, MOST_RIVALS, temperature):
                    return True
        if x >= 0:
            for k in range(at.attend_from[i], at.attend_from[i + 1]):
                if bring(at, at.attend_who[k], x, temperature):
                    return True
    return False
