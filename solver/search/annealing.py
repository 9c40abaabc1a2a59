"""The loop: moves of attendance, a few of the programme, a falling temperature, and the best that was met."""

from solver.kernels.compiled import entry, kernel
from solver.search.memory.chance import below, chance
from solver.search.memory.layout import Memory
from solver.search.moves.attendance.drawing import move_attendance
from solver.search.moves.demands.counting import meet_count
from solver.search.moves.demands.drawing import meet_demand
from solver.search.moves.demands.pinning import meet_pin
from solver.search.moves.demands.requiring import meet_required
from solver.search.moves.habits import keep_usual
from solver.search.moves.programme.drawing import change_programme
from solver.search.moves.programme.inserting import insert
from solver.search.moves.programme.places import any_identity, any_space, any_time
from solver.search.moves.programme.refill import refill
from solver.search.moves.programme.reinstating import any_astray, reinstate
from solver.search.moves.programme.settling import ANY_STAFF
from solver.search.score.attendance import has_familiar, is_sound
from solver.search.score.joining import leave
from solver.search.score.opening import close_session

DEMANDING = 0.1  # of the steps, while something is lacking, try to meet it
KICKS = 0.5  # of these, as hot as a lacking demand is dear
ASTRAY = 6  # times that each session of before which went astray is tried
LOOK = 24  # steps between two looks at whether the state is better than the incumbent


@kernel
def keep_best(at: Memory, incumbent: Memory) -> None:
    """Copy what is planned where nothing is lacking and the score is better than the incumbent's."""
    if at.lacking == 0 and at.score > incumbent.score:
        for k in range(at.kept_size):
            incumbent.s[k] = at.s[k]


@kernel
def count_move(at: Memory, is_done: bool, before: int) -> None:
    """Count one move of the kind that `at.kind` says, made when the score was `before`."""
    at.tried_by_kind[at.kind] += 1
    if is_done:
        at.accepted_by_kind[at.kind] += 1
        at.gained_by_kind[at.kind] += 1 if at.score > before else 0


@entry
def anneal(at: Memory, incumbent: Memory, steps: int, hot: float, cold: float, share: float) -> None:
    """So many moves while the temperature falls from `hot` to `cold`; `share` of them move sessions.

    The S of the incumbent is the beginning of that of `at`, `kept_size` long; its score is the one to beat.
    """
    ratio = cold / hot if hot > 0.0 else 1.0
    temperature = hot
    for k in range(steps):
        if k % LOOK == 0:
            temperature = hot * ratio ** (k / steps)
            keep_best(at, incumbent)
        before = at.score
        if at.lacking > 0 and chance(at) < DEMANDING:
            # Half of the attempts may give up another demand for this one: the next in turn mostly finds a way.
            done = meet_demand(at, float(at.lack_price) if chance(at) < KICKS else temperature)
        elif chance(at) < share:
            work = at.work
            done = change_programme(at, temperature)
            at.session_moves += 1
            at.session_accepted += 1 if done and at.score != before else 0
            at.session_work += 20 + at.work - work
        else:
            done = move_attendance(at, temperature)
        count_move(at, done, before)
        at.moves += 1
        at.work += 20
        at.accepted += 1 if done else 0
    keep_best(at, incumbent)


@kernel
def mend(at: Memory) -> None:
    """Make loaded sessions sound: without a familiar face one leaves, too small a group is filled up or closed."""
    for k in range(at.planned_count - 1, -1, -1):
        x = at.planned[k]
        if not is_sound(at, x):
            refill(at, x, 0.0)
            release_strangers(at, x)
            refill(at, x, 0.0)
            if not is_sound(at, x):
                close_session(at, x)
        at.journal_size = 0


@kernel
def release_strangers(at: Memory, x: int) -> None:
    """Whoever needs a familiar face in x and has none leaves, until nobody does."""
    k = at.session[x].people - 1
    while k >= 0:
        r = at.member[x, k]
        if at.resident[r].needs_familiar != 0 and not has_familiar(at, r, x):
            leave(at, r, x)
            k = at.session[x].people
        k -= 1


@kernel
def any_in_demand(at: Memory) -> int:
    """An activity, the more likely the more it is liked: the better of two."""
    a, c = below(at, at.activities), below(at, at.activities)
    return a if at.activity[a].demand >= at.activity[c].demand else c


@entry
def construct(at: Memory, incumbent: Memory, rounds: int) -> None:
    """From whatever is loaded to a whole schedule: what is unsound is mended, demands come first, then what pays."""
    mend(at)
    if at.activities == 0:
        keep_best(at, incumbent)
        return
    for _ in range(40):
        if at.lacking == 0:
            break
        for _ in range(at.lacking):
            if not meet_pin(at, 0.0):
                break
        for _ in range(at.lacking):
            if not meet_count(at, 0.0):
                break
        for _ in range(at.lacking):
            if not meet_required(at, 0.0):
                break
    for _ in range(ASTRAY if at.has_previous and rounds > 0 else 0):
        for _ in range(at.identities):
            i = any_astray(at)
            if i >= 0:
                reinstate(at, i, 0.0)
    first = below(at, max(1, at.usuals))
    for k in range(at.usuals if rounds > 0 else 0):
        keep_usual(at, (first + k) % at.usuals, 0.0)
    for _ in range(rounds):
        a = any_in_demand(at)
        insert(at, a, any_time(at, a), any_space(at, a), any_identity(at, a), ANY_STAFF, 0, 0.0)
    keep_best(at, incumbent)
