"""One try at another place for a published session; what makes way goes to the best of some free places."""

from solver.kernels.compiled import kernel
from solver.kernels.records import Column
from solver.search.memory.chance import allowance, chance
from solver.search.memory.layout import IMPOSSIBLE, NONE, Memory
from solver.search.memory.lists import is_among
from solver.search.moves.programme.places import any_space, any_time, near_time, old_time
from solver.search.moves.programme.reinstating import in_its_way
from solver.search.moves.programme.settling import copy_team
from solver.search.moves.timetable.valuing import worth_of, worth_there
from solver.search.score.opening import close_session, open_session, roll_back
from solver.search.score.rivals import allows_one_more, identity_for, is_open_place, pick_team, space_rivals

LOOKS = 30  # at places for what made way


@kernel
def one_too_many(at: Memory, a: int, day: int, found: Column, count: int) -> int:
    """A session of the activity, none of the `count` in `found`, beside which R6 allows no other that day, or -1."""
    act, held, last = at.activity[a], 0, NONE
    for k in range(at.planned_count):
        x = at.planned[k]
        row = at.session[x]
        if row.activity == a and not is_among(found, count, x):
            if act.one_per_day and row.day == day:
                return int(x)
            held, last = held + 1, x
    return int(last) if held >= act.max else -1


@kernel
def find_place(at: Memory, i: int) -> int:
    """Open the session of before at the best of some free places; what it is worth there, or 0 where there was none."""
    row = at.identity[i]
    a, old, found = row.activity, old_time(at, i), at.rivals
    size, most, when, where = at.activity[a].team, 0, -1, -1
    team, kept = at.team, at.best_team
    for look in range(LOOKS):
        t, space = old, row.old_space
        if look > 1 or t < 0:
            t = near_time(at, a, old) if old >= 0 and look < LOOKS // 3 else any_time(at, a)
        if space < 0 or (look > 0 and chance(at) < 0.5):
            space = any_space(at, a)
        if t < 0 or space < 0 or not is_open_place(at, a, t, space):
            continue
        if not allows_one_more(at, a, at.time[t].day):
            continue
        if pick_team(at, a, t, space, found, 0, 0) == IMPOSSIBLE:
            continue
        if space_rivals(at, a, t, space, found, 0, 0) == IMPOSSIBLE:
            continue
        worth = worth_there(at, i, t, space, found, 0) if identity_for(at, a, t, space, i) == i else 0
        if worth > most:
            most, when, where = worth, t, space
            copy_team(team, kept, size)
    if when >= 0:
        copy_team(kept, team, size)
        open_session(at, a, when, where, i)
    return int(most)


@kernel
def is_movable(at: Memory, i: int) -> bool:
    """Whether it is a published session that no pin holds where it is."""
    if i < 0:
        return False
    row = at.identity[i]
    return bool(row.previous >= 0 and row.activity >= 0 and not row.is_pinned)


@kernel
def make_way(at: Memory, i: int, day: int, count: int) -> int:
    """Complete what is in the way of the session of before by R6, and note whose sessions these are; the new count of
    them, or IMPOSSIBLE where one of them stays.
    """
    found = at.probe
    crowding = one_too_many(at, at.identity[i].activity, day, found, count)
    if crowding >= 0:
        found[count] = crowding
        count += 1
    for k in range(count):
        at.old_identity[k] = at.session[found[k]].identity
        if not is_movable(at, at.old_identity[k]):
            return IMPOSSIBLE
    return count


@kernel
def try_place(at: Memory, i: int, t: int, space: int, temperature: float) -> int:
    """The session of before stands there now, and what made way somewhere else; what that is worth, or 0 where it was
    refused.
    """
    a = at.identity[i].activity
    own, count = 0 if at.session_of[i] < 0 else 1, in_its_way(at, i, a, t, space)
    if count == IMPOSSIBLE:
        return 0
    found, day, least = at.probe, at.time[t].day, allowance(at, temperature)
    count = make_way(at, i, day, count)
    if count == IMPOSSIBLE:
        return 0
    gain = worth_there(at, i, t, space, found, count)
    if own != 0:
        gain -= worth_of(at, found[0], found, 1)
    if gain < least:
        return 0
    for k in range(own, count):
        gain -= worth_of(at, found[k], found, k + 1)
    at.journal_size = 0
    for k in range(count):
        close_session(at, found[k])
    if allows_one_more(at, a, day) and identity_for(at, a, t, space, i) == i:
        open_session(at, a, t, space, i)
        for k in range(own, count):
            gain += find_place(at, at.old_identity[k])
        if gain >= least:
            return int(gain)
    roll_back(at, 0)
    return 0
