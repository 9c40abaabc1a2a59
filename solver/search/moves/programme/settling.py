"""How a session comes to stand somewhere: what is in its way goes, people settle, what went comes back elsewhere.

What every move of the programme is made of. `settle` keeps R1, R3, R4, R6's most, R16 and R18's fixed places by asking
before anything is taken down; people join as `refill` and `restore` let them; `finish` accepts the whole or takes it
back.
"""

from solver.kernels.compiled import kernel
from solver.kernels.records import Column
from solver.search.memory.chance import accepts, below
from solver.search.memory.journal import is_long
from solver.search.memory.layout import FORBIDDEN, IMPOSSIBLE, MOST_EVICTED, Memory
from solver.search.moves.programme.places import any_space, any_time
from solver.search.moves.programme.refill import refill, rehome
from solver.search.score.attendance import fits, is_sound
from solver.search.score.joining import join
from solver.search.score.opening import close_session, open_session, roll_back
from solver.search.score.rivals import (
    add_rival,
    allows_one_more,
    check_team,
    identity_for,
    is_open_place,
    pick_team,
    space_rivals,
    use_pinned_team,
)
from solver.search.score.worth import gain_of

GIVEN_TEAM, ANY_STAFF = 0, 1
INVITED = 2  # more tries at a place for a published session, for each who was invited


@kernel
def take_down(at: Memory, x: int) -> int:
    """Close a session and remember it and its people: its number among the evicted."""
    row = at.session[x]
    k = at.evicted_count
    it = at.evicted[k]
    it.activity = row.activity
    it.identity = row.identity
    it.first = at.displaced_count
    for j in range(row.people):
        at.displaced[at.displaced_count] = at.member[x, j]
        at.displaced_count += 1
    it.last = at.displaced_count
    it.time = row.time
    it.space = row.space
    at.evicted_count = k + 1
    close_session(at, x)
    return int(k)


@kernel
def forget_displaced(at: Memory) -> None:
    at.displaced_count = 0
    at.evicted_count = 0


@kernel
def has_room_for_displaced(at: Memory, x: int) -> bool:
    """Whether one more session can be remembered."""
    is_free = at.displaced_count + at.session[x].people < 2 * at.residents and at.evicted_count < MOST_EVICTED
    return bool(is_free and not is_long(at))


@kernel
def restore(at: Memory, k: int, x: int) -> None:
    """Of the people of an evicted session, those who still gain by it join x."""
    it = at.evicted[k]
    row = at.session[x]
    least = at.activity[row.activity].min_group
    for j in range(it.first, it.last):
        r = at.displaced[j]
        if r >= 0 and fits(at, r, x) and (gain_of(at, r, x) > 0 or row.people < least):
            join(at, r, x)
            at.displaced[j] = -1 - r


@kernel
def own_rival(at: Memory, a: int, day: int) -> int:
    """A session of the activity itself that would have to go for R6 to allow another one that day, or -1."""
    is_that_day = at.activity[a].one_per_day != 0 and at.held_on[a, day] > 0
    n = at.planned_count
    turn = below(at, max(1, n))
    for k in range(n):
        x = at.planned[(turn + k) % n]
        row = at.session[x]
        if row.activity == a and (not is_that_day or row.day == day):
            return int(x)
    return -1


@kernel
def settle(
    at: Memory,
    a: int,
    t: int,
    space: int,
    wanted: int,
    staff: int,
    rivals: int,
    old: int,
    temperature: float,
) -> int:
    """Open a session where up to `rivals` others make way, let the evicted session's people back in and fill it.

    `staff` GIVEN_TEAM: led by the team in `at.team`, else by anybody. The session, or -1.
    """
    if not is_open_place(at, a, t, space):
        return -1
    day = at.time[t].day
    own = -1
    if not allows_one_more(at, a, day):
        own = own_rival(at, a, day) if rivals > 0 else -1
        if own < 0:
            return -1
    i = identity_for(at, a, t, space, wanted)
    if i == FORBIDDEN:
        return -1
    found = at.rivals
    count = space_rivals(at, a, t, space, found, 0, rivals)
    if count != IMPOSSIBLE and own >= 0:
        count = add_rival(found, count, own, rivals)
    if count == IMPOSSIBLE:
        return -1
    size = at.activity[a].team
    pinned = use_pinned_team(at, i)
    if pinned >= 0 and pinned != size:
        return -1
    if pinned >= 0 or staff == GIVEN_TEAM:
        count = check_team(at, size, t, space, found, count, rivals)
    else:
        count = pick_team(at, a, t, space, found, count, rivals)
    if count == IMPOSSIBLE:
        return -1
    for k in range(count):
        if not has_room_for_displaced(at, found[k]):
            return -1
        take_down(at, found[k])
    if own >= 0 and not allows_one_more(at, a, day):
        return -1
    x = open_session(at, a, t, space, i)
    if old >= 0:
        restore(at, old, x)
    refill(at, x, temperature)
    return x if is_sound(at, x) else -1


@kernel
def open_again(at: Memory, first: int, tries: int, temperature: float) -> None:
    """Open the evicted sessions from the `first` on somewhere else, where that pays."""
    for k in range(first, at.evicted_count):
        it = at.evicted[k]
        a, i = it.activity, it.identity
        turns = tries
        if i >= 0 and at.identity[i].previous >= 0:
            turns += INVITED * (it.last - it.first)
        for turn in range(turns):
            t = any_time(at, a) if turn > 1 else it.time
            space = it.space if turn == 0 or turn == 2 else any_space(at, a)
            if t < 0 or space < 0:
                break
            savepoint, before = at.journal_size, at.score
            x = settle(at, a, t, space, i, ANY_STAFF, 0, k, temperature)
            if x >= 0 and at.score > before:
                break
            roll_back(at, savepoint)
            for j in range(it.first, it.last):
                if at.displaced[j] < 0:
                    at.displaced[j] = -1 - at.displaced[j]


@kernel
def rehome_all(at: Memory) -> None:
    """Whoever was displaced and is nowhere yet finds another session."""
    for j in range(at.displaced_count):
        if at.displaced[j] >= 0 and not is_long(at):
            rehome(at, at.displaced[j])


@kernel
def finish(at: Memory, is_good: bool, before: int, temperature: float) -> bool:
    """Accept or take back."""
    if is_good and accepts(at, at.score - before, temperature):
        at.journal_size = 0
        return True
    roll_back(at, 0)
    return False


@kernel
def copy_team(source: Column, target: Column, size: int) -> None:
    for k in range(size):
        target[k] = source[k]


@kernel
def remember_team(at: Memory, x: int) -> None:
    row = at.session[x]
    copy_team(row.team, at.team, row.team_size)
