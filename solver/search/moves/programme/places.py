"""When, where and as what a session could be, by chance."""

from solver.kernels.compiled import kernel
from solver.search.memory.chance import below, chance
from solver.search.memory.layout import NONE, Memory


@kernel
def any_time(at: Memory, a: int) -> int:
    row = at.activity[a]
    n = row.times_to - row.times_from
    return -1 if n == 0 else int(at.activity_times[row.times_from + below(at, n)])


@kernel
def any_space(at: Memory, a: int) -> int:
    row = at.activity[a]
    n = row.spaces_to - row.spaces_from
    return -1 if n == 0 else int(at.activity_spaces[row.spaces_from + below(at, n)])


@kernel
def any_identity(at: Memory, a: int) -> int:
    """A free identity of the activity, mostly; or none."""
    first, last = at.activity[a].identity_from, at.activity[a].identity_to
    if first == last or chance(at) < 0.1:
        return NONE
    turn = below(at, last - first)
    for k in range(last - first):
        i = first + (turn + k) % (last - first)
        if at.session_of[i] < 0 and at.identity[i].previous >= 0:
            return int(i)
    return NONE


@kernel
def near_time(at: Memory, a: int, t: int) -> int:
    """A time of the activity on the same day, or any where none is hit upon."""
    for _ in range(6):
        other = any_time(at, a)
        if at.time[other].day == at.time[t].day:
            return other
    return any_time(at, a)


@kernel
def time_like(at: Memory, a: int, t: int) -> int:
    """The activity's own time that begins when t does, or -1."""
    time = at.time[t]
    kind = at.activity[a].duration_kind
    own = at.time_at[kind, time.day, time.begin // at.slot]
    return int(own) if own >= 0 and at.has_time[a, own] else -1


@kernel
def old_time(at: Memory, i: int) -> int:
    """The time at which a session of before was to be, or -1 where the activity cannot be held then any more."""
    row = at.identity[i]
    begin = row.old_begin
    if begin % at.slot != 0:
        return -1
    kind = at.activity[row.activity].duration_kind
    return int(at.time_at[kind, row.old_day, begin // at.slot])


@kernel
def any_wanting(at: Memory) -> int:
    """An activity that may have another session, or -1 where each has as many as it may."""
    turn = below(at, at.activities)
    for k in range(at.activities):
        a = (turn + k) % at.activities
        if at.held[a] < at.activity[a].max:
            return int(a)
    return -1
