"""Attendance: who may join a session, what it is worth, joining and leaving with the running score.

The three kinds of obstacle are told apart, because the moves answer them differently: `admits` (never, while the
session's placement and people are what they are), `has_room` (somebody else has to go first) and `clashes` (the
resident has to leave something else first).
"""

from solver.kernels.compiled import kernel
from solver.kernels.records import Column
from solver.search.memory.layout import IMPOSSIBLE, NONE, Memory


@kernel
def admits(at: Memory, r: int, x: int) -> bool:
    """Whether nothing but seats, time and counts stands between the resident and the session (R7 busy, R8-R10, R13)."""
    if at.is_member[x, r] or not at.may_join[x, r]:
        return False
    row = at.session[x]
    if at.has_cohorts and row.people > 0 and row.cohort != at.resident[r].cohort:
        return False
    for k in range(at.apart_from[r], at.apart_from[r + 1]):  # noqa: SIM110 - numba knows no generators
        if at.is_member[x, at.apart_other[k]]:
            return False
    return True


@kernel
def has_escort(at: Memory, x: int) -> bool:
    """R12: whether one more can be brought to the session, and back."""
    row = at.session[x]
    day, begin, end = row.day, row.begin // at.slot, row.end // at.slot
    is_free = at.moving[day, begin] < at.escort_cap[day, begin]
    return bool(is_free and at.moving[day, end] < at.escort_cap[day, end])


@kernel
def has_room(at: Memory, r: int, x: int) -> bool:
    """R2, R5's most, R11, R12."""
    row = at.session[x]
    if row.people >= row.seats:
        return False
    person = at.resident[r]
    if person.wheelchair != 0 and row.wheelchairs >= at.space[row.space].wheelchair_places:
        return False
    if row.team_size > 0 and row.support + person.support > row.given:
        return False
    if at.has_escorts and at.is_fetched[row.space, r]:
        return has_escort(at, x)
    return True


@kernel
def has_room_without(at: Memory, r: int, x: int, q: int) -> bool:
    """The same once q, who is in the session, has left it."""
    row = at.session[x]
    if row.people > row.seats:
        return False
    person, gone = at.resident[r], at.resident[q]
    if person.wheelchair > gone.wheelchair and row.wheelchairs >= at.space[row.space].wheelchair_places:
        return False
    if row.team_size > 0 and row.support + person.support - gone.support > row.given:
        return False
    fetched = at.is_fetched[row.space]
    if at.has_escorts and fetched[r] > fetched[q]:
        return has_escort(at, x)
    return True


@kernel
def excludes(at: Memory, x: int, other: int, rest: int) -> bool:
    """Whether nobody can be in both sessions of one day, by time, the way between them, their rest or being of one
    activity (R7).
    """
    row, its = at.session[x], at.session[other]
    gap = rest if at.longest_way <= rest else max(rest, at.way[row.space, its.space])
    return bool(its.activity == row.activity or (row.begin < its.end + gap and its.begin < row.end + gap))


@kernel
def first_near(at: Memory, a: int, day: int) -> int:
    """The first day of those on which one of the activity's sessions is too near to one that day."""
    return int(max(0, day - at.activity[a].days_apart + 1))


@kernel
def last_near(at: Memory, a: int, day: int) -> int:
    return int(min(at.days - 1, day + at.activity[a].days_apart - 1))


@kernel
def session_of_kind(at: Memory, r: int, a: int, day: int) -> int:
    """The resident's session of the activity that day, or NONE."""
    for k in range(at.attended_count[r, day]):
        if at.session[at.attended[r, day, k]].activity == a:
            return int(at.attended[r, day, k])
    return NONE


@kernel
def clashes(at: Memory, r: int, x: int, found: Column) -> int:
    """How many of the resident's sessions exclude this one by time, way, rest or being of one activity (R7).

    The first two are written to `found`. IMPOSSIBLE where a fact is among them.
    """
    day, a, rest = at.session[x].day, at.session[x].activity, at.resident[r].rest
    first = at.attended[r, day]
    count = 0
    for k in range(at.attended_count[r, day]):
        other = first[k]
        if excludes(at, x, other, rest):
            if at.session[other].is_fact:
                return IMPOSSIBLE
            if count < 2:
                found[count] = other
            count += 1
    if at.activity[a].days_apart > 1 and at.often[r, a] > 0:
        for near in range(first_near(at, a, day), last_near(at, a, day) + 1):
            other = session_of_kind(at, r, a, near) if near != day else NONE
            if other >= 0:
                if at.session[other].is_fact:
                    return IMPOSSIBLE
                if count < 2:
                    found[count] = other
                count += 1
    return count


@kernel
def is_full(at: Memory, r: int, day: int) -> int:
    """0 where the resident may attend one more session that day, 1 where the day is full, 2 where the horizon is
    (R7).
    """
    person = at.resident[r]
    if at.attended_all[r] >= person.max:
        return 2
    n = at.attended_count[r, day]
    if n >= person.max_per_day or n >= at.most_a_day:
        return 1
    return 0


@kernel
def fits(at: Memory, r: int, x: int) -> bool:
    """Whether the resident can join as things stand, a familiar face aside (R15 is read by `is_sound`)."""
    if not admits(at, r, x) or not has_room(at, r, x):
        return False
    if is_full(at, r, at.session[x].day) != 0:
        return False
    day, a, rest = at.session[x].day, at.session[x].activity, at.resident[r].rest
    first = at.attended[r, day]
    for k in range(at.attended_count[r, day]):
        if excludes(at, x, first[k], rest):
            return False
    if at.activity[a].days_apart > 1 and at.often[r, a] > 0:
        for near in range(first_near(at, a, day), last_near(at, a, day) + 1):
            if session_of_kind(at, r, a, near) >= 0:
                return False
    return True


@kernel
def has_familiar(at: Memory, r: int, x: int) -> bool:
    """R15 of one resident in a session: a friend among its people or a familiar facilitator."""
    row = at.session[x]
    for k in range(row.team_size):
        if at.is_familiar[row.team[k], r]:
            return True
    for k in range(at.tie_from[r], at.tie_from[r + 1]):
        if at.is_member[x, at.tie_other[k]] and at.pair_strength[at.tie_pair[k]] > 0:
            return True
    return False


@kernel
def is_sound(at: Memory, x: int) -> bool:
    """What joining and leaving leave open: R5's least number and R15."""
    row = at.session[x]
    if row.is_fact:
        return True
    if row.people < at.activity[row.activity].min_group:
        return False
    if row.needing > 0:
        first = at.member[x]
        for k in range(row.people):
            r = first[k]
            if at.resident[r].needs_familiar != 0 and not has_familiar(at, r, x):
                return False
    return True
