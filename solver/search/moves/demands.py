"""Meeting what is lacking: least counts (R6), required attendances (R14) and pins (R18)."""

from solver.kernels.compiled import kernel
from solver.search.memory.chance import below, chance
from solver.search.memory.layout import MOST_RIVALS, Memory
from solver.search.moves.attending import bring
from solver.search.moves.programme import insert
from solver.search.moves.settling import ANY_STAFF, any_identity, any_space, any_time

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


@kernel
def meet_demand(at: Memory, temperature: float) -> bool:
    """One attempt at one kind of demand."""
    kind = chance(at)
    if kind < 0.4:
        return meet_count(at, temperature)
    if kind < 0.8:
        return meet_required(at, temperature)
    return meet_pin(at, temperature)
