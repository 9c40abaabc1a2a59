"""Where a session could stand: what it would stand in the way of, who could lead it, which identity it would have."""

from solver.kernels.compiled import kernel
from solver.kernels.records import Column
from solver.search.memory.chance import below
from solver.search.memory.layout import ANY_TEAM, FORBIDDEN, IMPOSSIBLE, LOUD, NONE, QUIET, Memory
from solver.search.memory.lists import is_among


@kernel
def allows_one_more(at: Memory, a: int, day: int) -> bool:
    """R6: counts over the horizon and on that day."""
    row = at.activity[a]
    if at.held[a] >= row.max or at.free_count == 0:
        return False
    return bool(not row.one_per_day or at.held_on[a, day] == 0)


@kernel
def is_open_place(at: Memory, a: int, t: int, space: int) -> bool:
    """R1: the activity may be held at that time, and in that space, which is open then."""
    return bool(at.has_time[a, t] and at.has_space[a, space] and at.is_open[t, space])


@kernel
def add_rival(found: Column, count: int, x: int, most: int) -> int:
    """The new count of different sessions in `found`; IMPOSSIBLE once there are more than `most`."""
    if is_among(found, count, x):
        return count
    if count >= most:
        return IMPOSSIBLE
    found[count] = x
    return count + 1


@kernel
def space_rivals(at: Memory, a: int, t: int, space: int, rivals: Column, count: int, most: int) -> int:
    """Add the sessions that R3 and R16 exclude beside a new one to `rivals`; IMPOSSIBLE where a fact is among them or
    too many are.
    """
    time = at.time[t]
    day, begin, end = time.day, time.begin, time.end
    here = at.space[space]
    level = max(at.activity[a].noise, here.noise)
    if at.in_space_count[space, day] >= at.most_in_space:
        return IMPOSSIBLE
    for near in range(here.shares_from - 1, here.shares_to):
        other = space if near < here.shares_from else at.shares[near]
        gap = max(here.turnaround, at.space[other].turnaround)
        for k in range(at.in_space_count[other, day]):
            x = at.in_space[other, day, k]
            row = at.session[x]
            if begin < row.end + gap and row.begin < end + gap:
                count = IMPOSSIBLE if row.is_fact else add_rival(rivals, count, x, most)
                if count == IMPOSSIBLE:
                    return IMPOSSIBLE
    if QUIET < level < LOUD:
        return count
    for near in range(here.adjacent_from, here.adjacent_to):
        other = at.adjacent[near]
        for k in range(at.in_space_count[other, day]):
            x = at.in_space[other, day, k]
            row = at.session[x]
            is_beside = begin < row.end and row.begin < end
            if is_beside and max(level, row.level) == LOUD and (min(level, row.level) <= QUIET):
                count = IMPOSSIBLE if row.is_fact else add_rival(rivals, count, x, most)
                if count == IMPOSSIBLE:
                    return IMPOSSIBLE
    return count


@kernel
def staff_rivals(at: Memory, f: int, t: int, space: int, rivals: Column, count: int, most: int) -> int:
    """Add the sessions of a facilitator that R4 excludes beside one then and there; IMPOSSIBLE where it can never be.

    Where the day is full, any of that day's sessions is one, unless one is there already.
    """
    time = at.time[t]
    day, begin, end = time.day, time.begin, time.end
    own_gap = at.facilitator[f].gap
    first, n = at.led[f, day], at.led_count[f, day]
    stays = n
    for k in range(n):
        row = at.session[first[k]]
        gap = own_gap if at.longest_way <= own_gap else max(own_gap, at.way[space, row.space])
        if begin < row.end + gap and row.begin < end + gap:
            count = IMPOSSIBLE if row.is_fact else add_rival(rivals, count, first[k], most)
            if count == IMPOSSIBLE:
                return IMPOSSIBLE
        stays -= 1 if is_among(rivals, count, first[k]) else 0
    limit = min(at.facilitator[f].max_per_day, at.most_led)
    if stays < limit:
        return count
    turn = below(at, max(1, n))
    for k in range(n if stays == limit else 0):
        x = first[(turn + k) % n]
        if at.session[x].is_fact == 0 and not is_among(rivals, count, x):
            return add_rival(rivals, count, x, most)
    return IMPOSSIBLE


@kernel
def pick_team(at: Memory, a: int, t: int, space: int, rivals: Column, count: int, most: int) -> int:
    """Choose a team at random into `at.team`, at the price of at most `most` rivals in all, added to `rivals`.

    The new count of rivals, or IMPOSSIBLE where no team was found: only with a team of several may that be bad luck.
    """
    act = at.activity[a]
    size = act.team
    lacking = act.all_skills
    first, n = act.leaders_from, act.leaders_to - act.leaders_from
    for chosen in range(size):
        if n <= 0:
            return IMPOSSIBLE
        turn = below(at, n)
        leader = NONE
        for k in range(n):
            f = at.activity_leaders[first + (turn + k) % n]
            has = at.skill[a, f]
            if not at.is_available[t, f] or (lacking != 0 and has & lacking == 0):
                continue
            if chosen == size - 1 and lacking & ~has != 0:
                continue
            if is_among(at.team, chosen, f):
                continue
            with_them = staff_rivals(at, f, t, space, rivals, count, most)
            if with_them == IMPOSSIBLE:
                continue
            count, leader, lacking = with_them, f, lacking & ~has
            break
        if leader < 0:
            return IMPOSSIBLE
        at.team[chosen] = leader
    return count if lacking == 0 or size == 0 else IMPOSSIBLE


@kernel
def check_team(at: Memory, size: int, t: int, space: int, rivals: Column, count: int, most: int) -> int:
    """The rivals of the team that already stands in `at.team`; IMPOSSIBLE where it cannot be there."""
    for k in range(size):
        f = at.team[k]
        if not at.is_available[t, f]:
            return IMPOSSIBLE
        count = staff_rivals(at, f, t, space, rivals, count, most)
        if count == IMPOSSIBLE:
            return IMPOSSIBLE
    return count


@kernel
def is_free_for(at: Memory, i: int, day: int, begin: int, space: int) -> bool:
    """Whether nothing stands under the identity, and no pin holds it elsewhere."""
    row = at.identity[i]
    if at.session_of[i] >= 0:
        return False
    is_there = row.day == day and row.begin == begin and (row.space < 0 or row.space == space)
    return bool(is_there or not row.is_pinned)


@kernel
def identity_for(at: Memory, a: int, t: int, space: int, wanted: int) -> int:
    """The identity that a session there is to have: one of the previous sessions' it is alike to, else the wanted one
    where free.

    FORBIDDEN where all that it could have stand elsewhere, or are pinned elsewhere.
    """
    time = at.time[t]
    day, begin = time.day, time.begin
    is_alike, found = False, FORBIDDEN
    for i in range(at.activity[a].identity_from, at.activity[a].identity_to):
        row = at.identity[i]
        if row.previous >= 0 and row.old_day == day and row.old_begin == begin and row.old_space == space:
            is_alike = True
            if (found < 0 or i == wanted) and is_free_for(at, i, day, begin, space):
                found = i
    if is_alike:
        return found
    return wanted if wanted >= 0 and is_free_for(at, wanted, day, begin, space) else NONE


@kernel
def use_pinned_team(at: Memory, i: int) -> int:
    """Copy the team that a pin fixes to `at.team`; its size, or ANY_TEAM."""
    if i < 0:
        return ANY_TEAM
    size = at.identity[i].team
    for k in range(size if size <= at.most_team else 0):
        at.team[k] = at.pinned_team[i, k]
    return int(size)
