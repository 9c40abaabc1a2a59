"""What a published session is worth in a place, beside all others, by whom it invited and without anybody in it."""

from solver.kernels.compiled import kernel
from solver.kernels.records import Column
from solver.search.memory.layout import Memory
from solver.search.memory.lists import is_among
from solver.search.score.opening import previous_gain

ATTENDING = 3  # one attendance counts this part of what it is worth at most


@kernel
def may_come(at: Memory, r: int, a: int, t: int) -> bool:
    """Whether neither the hour nor the noise keeps the resident away."""
    return bool(at.bears[t, r] >= at.activity[a].noise)


@kernel
def worth_to(at: Memory, r: int, i: int, t: int, space: int, found: Column, count: int) -> int:
    """What the session of before is worth there to somebody whom it invited, beside all others that did and
    stand, but for `count` of them in `found`: one attendance, less for each that excludes it, and what is required.
    """
    a, person = at.identity[i].activity, at.resident[r]
    if not may_come(at, r, a, t):
        return 0
    time = at.time[t]
    day, begin, end = time.day, time.begin, time.end
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
            gap = max(person.rest, at.way[space, row.space])
            coming -= 1 if begin < row.end + gap and row.begin < end + gap else 0
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
        worth += worth_to(at, at.invited_who[k], i, t, space, found, count)
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
def worth_of_all(at: Memory) -> int:
    """The worth of all published sessions that stand."""
    worth = 0
    for k in range(at.planned_count):  # beside those that come before it in the list
        if at.session[at.planned[k]].identity >= 0:
            worth += worth_of(at, at.planned[k], at.planned[k:], at.planned_count - k)
    return worth
