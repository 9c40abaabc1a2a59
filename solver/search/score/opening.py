"""Opening and closing sessions, with all lists and the running score, and taking a compound move back."""

from solver.kernels.compiled import kernel
from solver.search.memory.journal import CLOSE, JOIN, LEAVE, OPEN, SESSION_COLUMNS, note, note_row
from solver.search.memory.layout import NONE, WHOLE_HOME, Memory
from solver.search.memory.lists import drop_from, is_among
from solver.search.score.joining import join, leave
from solver.search.score.worth import counts_for_offer, first_offer, last_offer


@kernel
def previous_gain(at: Memory, i: int, day: int, begin: int, space: int) -> int:
    """What a published session adds to the score by standing there, still without people, where else it is gone."""
    it = at.identity[i]
    price = at.cancel_weight - at.drop_weight
    if day != it.old_day or begin != it.old_begin:
        price -= at.move_weight
    if space != it.old_space:
        price -= at.relocate_weight
    return int(price * it.people)


@kernel
def is_in_team(at: Memory, x: int, f: int) -> bool:
    row = at.session[x]
    return is_among(row.team, row.team_size, f)


@kernel
def relead_loss(at: Memory, x: int, i: int) -> int:
    """What it costs that some who led the published session do not lead it now."""
    lost = 0
    for k in range(at.old_team_from[i], at.old_team_from[i + 1]):
        if not is_in_team(at, x, at.old_team[k]):
            lost += 1
    return int(at.relead_weight * lost)


@kernel
def usual_at(at: Memory, a: int, day: int, begin: int) -> int:
    """The usual session of the activity at just that time, or NONE."""
    act = at.activity[a]
    for u in range(act.usual_from, act.usual_to):
        if at.usual[u].day == day and at.usual[u].begin == begin:
            return int(u)
    return NONE


@kernel
def is_led_as_usual(at: Memory, x: int, u: int) -> bool:
    size = at.usual[u].team_size
    for k in range(size):
        if not is_in_team(at, x, at.usual_team[u, k]):
            return False
    return bool(size > 0)


@kernel
def habit_gain(at: Memory, x: int) -> int:
    """The term `usual` of a session, beside those that there are."""
    u, gain = at.session[x].usual, 0
    if u >= 0:
        if at.usual_then[u] == 0:
            gain += at.usual_time_weight
        if at.usual_there[u] == 0 and at.session[x].space == at.usual[u].space:
            gain += at.usual_space_weight
        if at.usual_led[u] == 0 and is_led_as_usual(at, x, u):
            gain += at.usual_team_weight
    return int(gain)


@kernel
def count_programme(at: Memory, x: int, by: int) -> None:
    """Add an open session to what the programme has of what there should be and used to be (`by` 1), or take it out."""
    row = at.session[x]
    for k in range(first_offer(at, WHOLE_HOME, row.day), last_offer(at, WHOLE_HOME, row.day)):
        if counts_for_offer(at, x, k):
            at.offer_have[k] += by
    u = row.usual
    if u >= 0:
        at.usual_then[u] += by
        at.usual_there[u] += by if row.space == at.usual[u].space else 0
        at.usual_led[u] += by if is_led_as_usual(at, x, u) else 0


@kernel
def programme_gain(at: Memory, x: int) -> int:
    """What the open session itself, still without people, adds to the score: session, offer, usual, R6, R18 and
    `previous`.
    """
    row = at.session[x]
    gain = habit_gain(at, x) - at.activity[row.activity].cost
    for k in range(first_offer(at, WHOLE_HOME, row.day), last_offer(at, WHOLE_HOME, row.day)):
        if at.offer_have[k] < at.offer[k].min and counts_for_offer(at, x, k):
            gain += at.offer[k].worth
    i = row.identity
    if i >= 0 and at.identity[i].previous >= 0:
        gain += previous_gain(at, i, row.day, row.begin, row.space) - relead_loss(at, x, i)
    return int(gain + at.lack_price * programme_demands(at, x))


@kernel
def programme_demands(at: Memory, x: int) -> int:
    """Lacking demands that the open session meets, minus those that it makes: people pinned to it (R6, R18)."""
    row = at.session[x]
    a = row.activity
    met = 1 if at.held[a] < at.activity[a].min else 0
    i = row.identity
    if i >= 0:
        it = at.identity[i]
        met += (1 if it.is_pinned else 0) - it.attend
    return met


@kernel
def list_session(at: Memory, x: int) -> None:
    """Enter an open session into the lists of its space, staff and activity."""
    row = at.session[x]
    a, day = row.activity, row.day
    at.held[a] += 1
    at.held_on[a, day] += 1
    count_programme(at, x, 1)
    at.in_space[row.space, day, at.in_space_count[row.space, day]] = x
    at.in_space_count[row.space, day] += 1
    for k in range(row.team_size):
        f = row.team[k]
        at.led[f, day, at.led_count[f, day]] = x
        at.led_count[f, day] += 1
    if row.identity >= 0:
        at.session_of[row.identity] = x
    if not row.is_fact:
        row.place = at.planned_count
        at.planned[at.planned_count] = x
        at.planned_count += 1
    row.is_held = 1


@kernel
def unlist_session(at: Memory, x: int) -> None:
    row = at.session[x]
    a, day = row.activity, row.day
    at.held[a] -= 1
    at.held_on[a, day] -= 1
    count_programme(at, x, -1)
    at.in_space_count[row.space, day] -= 1
    drop_from(at.in_space[row.space, day], at.in_space_count[row.space, day], x)
    for k in range(row.team_size):
        f = row.team[k]
        at.led_count[f, day] -= 1
        drop_from(at.led[f, day], at.led_count[f, day], x)
    if row.identity >= 0:
        at.session_of[row.identity] = -1
    last = at.planned[at.planned_count - 1]
    at.planned[row.place] = last
    at.session[last].place = row.place
    at.planned_count -= 1
    row.is_held = 0


@kernel
def admit_people(at: Memory, x: int) -> None:
    """Write who may ever be in the session where it stands: R7 busy, R8, R9, R13 zone, R18 absent."""
    row = at.session[x]
    n = at.residents
    at.work += 40 + n // 8
    bears, attend = at.bears[row.time], at.may_attend[row.activity]
    enter, level, may = at.may_enter[row.space], row.level, at.may_join[x]
    for r in range(n):
        may[r] = (bears[r] >= level) & attend[r] & enter[r]
    for k in range(row.team_size):
        follow = at.may_follow[row.team[k]]
        for r in range(n):
            may[r] &= follow[r]
    if row.identity >= 0:
        never = at.must_not_attend[row.identity]
        for r in range(n):
            may[r] &= 1 - never[r]


@kernel
def open_session(at: Memory, a: int, t: int, space: int, identity: int) -> int:
    """A new session, without people, led by `at.team`; that it may stand there is the caller's to
    know.
    """
    at.free_count -= 1
    x = at.free[at.free_count]
    row = at.session[x]
    time, act, here = at.time[t], at.activity[a], at.space[space]
    row.is_fact = 0
    row.activity = a
    row.day = time.day
    row.begin = time.begin
    row.end = time.end
    row.part = time.part
    row.time = t
    row.space = space
    row.level = max(act.noise, here.noise)
    row.seats = min(min(act.max_group, here.seats), at.most_members)
    row.identity = identity
    row.team_size = act.team
    row.given = 0
    for k in range(act.team):
        f = at.team[k]
        row.team[k] = f
        row.given += at.facilitator[f].support
    start_session(at, x)
    note(at, OPEN, x, 0)
    return int(x)


@kernel
def start_session(at: Memory, x: int) -> None:
    """Bring a session whose row says where it stands to life: counts, lists, score and who may come."""
    row = at.session[x]
    row.people = 0
    row.wheelchairs = 0
    row.support = 0
    row.needing = 0
    row.cohort = -1
    row.usual = usual_at(at, row.activity, row.day, row.begin)
    for g in range(at.aims):
        at.aim_count[x, g] = 0
    for g in range(at.crowds):
        at.crowd_count[x, g] = 0
    at.score += programme_gain(at, x)
    at.lacking -= programme_demands(at, x)
    list_session(at, x)
    admit_people(at, x)


@kernel
def end_session(at: Memory, x: int) -> None:
    """The reverse of `start_session`, for a session without people."""
    unlist_session(at, x)
    at.score -= programme_gain(at, x)
    at.lacking += programme_demands(at, x)
    at.free[at.free_count] = x
    at.free_count += 1


@kernel
def close_session(at: Memory, x: int) -> None:
    """Everybody leaves, and the session is gone."""
    row = at.session[x]
    while row.people > 0:
        leave(at, at.member[x, row.people - 1], x)
    note_row(at, x)
    end_session(at, x)
    note(at, CLOSE, x, 0)


@kernel
def roll_back(at: Memory, savepoint: int) -> None:
    """Take back what was done since the journal had that size."""
    while at.journal_size > savepoint:
        at.journal_size -= 3
        size = at.journal_size
        what, first, second = at.journal[size], at.journal[size + 1], at.journal[size + 2]
        if what == JOIN:
            leave(at, first, second)
        elif what == LEAVE:
            join(at, first, second)
        elif what == OPEN:
            end_session(at, first)
        elif what == CLOSE:
            size -= SESSION_COLUMNS + at.most_team
            cells = at.session[first].cells
            for k in range(SESSION_COLUMNS + at.most_team):
                cells[k] = at.journal[size + k]
            at.free_count -= 1
            start_session(at, first)
        at.journal_size = size
