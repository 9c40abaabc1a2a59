"""Filling a session with the people to whom it is worth most, and finding another session for those who lost theirs."""

from solver.kernels.compiled import kernel
from solver.kernels.records import Column
from solver.search.memory.chance import below, chance
from solver.search.memory.journal import is_long
from solver.search.memory.layout import MOST_WAITING, Memory
from solver.search.score.attendance import admits, clashes, fits, has_familiar, has_room, is_full, is_sound
from solver.search.score.joining import join, leave
from solver.search.score.opening import roll_back
from solver.search.score.worth import gain_of, gain_without

MOST_SEARCHED = 80  # sessions looked at for one displaced resident
AT_ANY_PRICE = -1_000_000_000_000  # instead of the least that joining has to be worth


@kernel
def sift(keys: Column, names: Column, k: int, n: int) -> None:
    """Let the element k of a heap (largest key first) sink to where it belongs."""
    while True:
        child = 2 * k + 1
        if child >= n:
            return
        if child + 1 < n and keys[child + 1] > keys[child]:
            child += 1
        if keys[child] <= keys[k]:
            return
        key, name = keys[k], names[k]
        keys[k], names[k] = keys[child], names[child]
        keys[child], names[child] = key, name
        k = child


@kernel
def least_missed(at: Memory, r: int, day: int) -> int:
    """The resident's planned session that day which is worth least, or -1."""
    found, least = -1, 0
    for k in range(at.attended_count[r, day]):
        x = at.attended[r, day, k]
        if at.session[x].is_fact == 0:
            worth = gain_without(at, r, x, x)
            if found < 0 or worth < least:
                found, least = x, worth
    return int(found)


@kernel
def try_join(at: Memory, r: int, x: int, least: int) -> bool:
    """Let the resident join where it is worth at least `least`, leaving one other session for it where they must.

    In repairs also where only their day is full, or their week: a published session that goes to another day keeps
    its people. In a new week that costs more than it brings.
    """
    if not admits(at, r, x) or not has_room(at, r, x):
        return False
    if at.resident[r].needs_familiar != 0 and not has_familiar(at, r, x):
        return False
    n = clashes(at, r, x, at.clashing)
    if n > 1:
        return False
    other = at.clashing[0]
    if n == 0:
        full = is_full(at, r, at.session[x].day)
        if full == 0:
            if gain_of(at, r, x) < least:
                return False
            join(at, r, x)
            return True
        if not at.has_previous:
            return False
        other = least_missed(at, r, at.session[x].day if full == 1 else below(at, at.days))
        if other < 0:
            return False
    savepoint, before = at.journal_size, at.score
    if gain_without(at, r, x, other) - gain_without(at, r, other, other) < least:
        return False
    leave(at, r, other)
    if has_room(at, r, x) and is_full(at, r, at.session[x].day) == 0:
        join(at, r, x)
        if at.score - before >= least and is_sound(at, other):
            return True
    roll_back(at, savepoint)
    return False


@kernel
def join_with_friend(at: Memory, r: int, x: int) -> None:
    """Let two join whatever it costs of whom each may be the other's familiar face: neither could come first."""
    savepoint = at.journal_size
    if not fits(at, r, x):
        return
    join(at, r, x)
    for k in range(at.tie_from[r], at.tie_from[r + 1]):
        q = at.tie_other[k]
        if at.pair_strength[at.tie_pair[k]] > 0 and fits(at, q, x):
            join(at, q, x)
            return
    roll_back(at, savepoint)


@kernel
def refill(at: Memory, x: int, temperature: float) -> None:
    """Let people join, the most valuable first, while it pays; up to the least group whatever it costs."""
    row = at.session[x]
    least_group = at.activity[row.activity].min_group
    if row.people >= row.seats:
        return
    at.work += 4 * at.residents
    keys, names, n = at.heap_key, at.heap_who, 0
    for r in range(at.residents):
        if admits(at, r, x):
            gain = gain_of(at, r, x)
            if gain > 0 or row.people < least_group:
                keys[n] = int(64 * (gain + (temperature + 0.98) * chance(at)))  # equals in any order
                names[n] = r
                n += 1
    for k in range(n // 2 - 1, -1, -1):
        sift(keys, names, k, n)
    again = 0
    while n > 0 and row.people < row.seats and not is_long(at):
        r = names[0]
        n -= 1
        keys[0], names[0] = keys[n], names[n]
        sift(keys, names, 0, n)
        least = 1 if row.people >= least_group else AT_ANY_PRICE
        is_needing = at.resident[r].needs_familiar != 0
        if not try_join(at, r, x, least) and is_needing and again < MOST_WAITING:
            at.waiting[again] = r
            again += 1
    for k in range(again):
        if row.people < row.seats:
            try_join(at, at.waiting[k], x, 1)
    for k in range(again):
        if row.people < least_group:
            join_with_friend(at, at.waiting[k], x)


@kernel
def rehome(at: Memory, r: int) -> bool:
    """Let the resident join the free session that is worth most, where one is worth anything."""
    n = at.planned_count
    if n == 0:
        return False
    turn, best, most = below(at, n), -1, 0
    at.work += 4 * min(n, MOST_SEARCHED)
    for k in range(min(n, MOST_SEARCHED)):
        x = at.planned[(turn + k) % n]
        if fits(at, r, x):
            if at.resident[r].needs_familiar != 0 and not has_familiar(at, r, x):
                continue
            gain = gain_of(at, r, x)
            if gain > most:
                best, most = x, gain
    if best < 0:
        return False
    join(at, r, best)
    return True
