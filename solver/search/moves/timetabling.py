"""Where the published sessions could all stand: a timetable of them alone, without anybody in it.

Before a repair is searched for as a whole, what is published is put in place by whom it invited: how many of them could
come, to what each session would be worth to them, is known without anybody joining or leaving. A move costs a hundredth
of a compound one, so that many more are tried. It only proposes; the search begins there.
"""

from solver.kernels.compiled import entry, kernel
from solver.kernels.pools import Numbers
from solver.kernels.records import Column
from solver.search.memory.chance import allowance, below, chance
from solver.search.memory.layout import IMPOSSIBLE, NONE, Memory
from solver.search.moves.programme import near_time
from solver.search.moves.reinstating import in_its_way, old_time
from solver.search.moves.settling import any_space, any_time, copy_team
from solver.search.score.opening import close_session, open_session, previous_gain, roll_back
from solver.search.score.rivals import (
    allows_one_more,
    identity_for,
    is_among,
    is_open_place,
    pick_team,
    space_rivals,
)

ATTENDING = 3  # one attendance counts this part of what it is worth at most
LOOKS = 30  # at places for what made way


@kernel
def may_come(at: Memory, r: int, a: int, t: int) -> bool:
    """Whether neither the hour nor the noise keeps the resident away."""
    return bool(at.bears[t, r] >= at.activity[a].noise)


@kernel
def worth_to(at: Memory, r: int, i: int, t: int, found: Column, count: int) -> int:
    """What the session of before is worth at that time to somebody whom it invited, beside all others that did and
    stand, but for `count` of them in `found`: one attendance, less for each that excludes it, and what is required.
    """
    a, person = at.identity[i].activity, at.resident[r]
    if not may_come(at, r, a, t):
        return 0
    time = at.time[t]
    day, begin, end = time.day, time.begin - person.rest, time.end + person.rest
    coming, that_day, alike = 1, 0, 0
    for k in range(at.invitations_from[r], at.invitations_from[r + 1]):
        j = at.invitations[k]
        x = at.session_of[j]
        if j == i or x < 0 or is_among(found, count, x):
            continue
        row = at.session[x]
        if not may_come(at, r, row.activity, row.time):
            continue
        alike += 1 if row.activity == a else 0
        if row.day == day:
            that_day += 1
            coming -= 1 if begin < row.end and row.begin < end else 0
    coming -= 1 if that_day >= person.max_per_day else 0
    worth = coming * (at.drop_weight + at.usual_gain // ATTENDING)
    for k in range(at.required_from[r], at.required_from[r + 1]):
        if at.required_activity[k] == a and alike < at.required_least[k]:
            worth += at.lack_price
    return int(worth)


@kernel
def worth_there(at: Memory, i: int, t: int, space: int, found: Column, count: int) -> int:
    """What the session of before is worth there, beside all that stands but for `count` sessions in `found`: the terms
    of `previous`, what it is worth to those whom it invited, R6's least count. For any order of coming and going the
    sum of it is the same.
    """
    time = at.time[t]
    worth = previous_gain(at, i, time.day, time.begin, space)
    for k in range(at.invited_from[i], at.invited_from[i + 1]):
        worth += worth_to(at, at.invited_who[k], i, t, found, count)
    a, x = at.identity[i].activity, at.session_of[i]
    held = at.held[a] - (1 if x >= 0 and not is_among(found, count, x) else 0)
    for k in range(count):
        held -= 1 if at.session[found[k]].activity == a else 0
    if held < at.activity[a].min:
        worth += at.lack_price
    return int(worth)


@kernel
def worth_of(at: Memory, x: int, found: Column, count: int) -> int:
    """`worth_there` of a session where it stands."""
    row = at.session[x]
    return worth_there(at, row.identity, row.time, row.space, found, count)


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
        if pick_team(at, a, t, found, 0, 0) == IMPOSSIBLE or space_rivals(at, a, t, space, found, 0, 0) == IMPOSSIBLE:
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


@kernel
def worth_of_all(at: Memory) -> int:
    """The worth of all published sessions that stand."""
    worth = 0
    for k in range(at.planned_count):  # beside those that come before it in the list
        if at.session[at.planned[k]].identity >= 0:
            worth += worth_of(at, at.planned[k], at.planned[k:], at.planned_count - k)
    return worth


@kernel
def keep_places(at: Memory, places: Numbers, worth: int) -> None:
    """Note where the published sessions stand and who leads them, and before them what that is worth."""
    places[0] = worth
    for i in range(at.identities):
        first, x = 1 + i * (2 + at.most_team), at.session_of[i]
        places[first] = NONE
        if x >= 0:
            row = at.session[x]
            places[first], places[first + 1] = row.time, row.space
            for k in range(at.most_team):
                places[first + 2 + k] = row.team[k]


@entry
def timetable(at: Memory, places: Numbers, steps: int, hot: float, cold: float) -> None:
    """So many tries at other places for published sessions while the temperature falls; nobody is in any session.

    `places`: what the best is worth, then time (-1: none), space and team of each identity; changed where there is a
    better one.
    """
    worth = worth_of_all(at)
    for step in range(steps if at.identities > 0 else 0):
        if worth > places[0]:
            keep_places(at, places, worth)
        i = below(at, at.identities)
        if not is_movable(at, i):
            continue
        row = at.identity[i]
        a, t, space = row.activity, old_time(at, i), row.old_space
        if t < 0 or chance(at) < 0.6:
            t = near_time(at, a, t) if t >= 0 and chance(at) < 0.5 else any_time(at, a)
        if space < 0 or chance(at) < 0.4:
            space = any_space(at, a)
        worth += try_place(at, i, t, space, hot * (cold / hot) ** (step / steps))
    if worth > places[0]:
        keep_places(at, places, worth)
    at.journal_size = 0
