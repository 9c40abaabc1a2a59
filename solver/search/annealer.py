"""One searcher: from a start to ever better schedules, in coolings of growing length.

The first rounds are counted in moves, so that they are the same on any machine; the later ones are measured by the
clock, since what they leave is never ended before its time. How hot a cooling begins and ends, and how many moves
move sessions, is measured on the problem itself: in acceptances and in counted work, not in seconds.
"""

import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, replace

import numpy as np

from solver.instance.placed import Found, Placed
from solver.instance.problem import Problem
from solver.kernels.pools import Numbers
from solver.search.annealing import anneal, construct
from solver.search.memory.layout import Memory
from solver.search.memory.packing import Pools
from solver.search.moves.timetabling import ATTENDING, timetable
from solver.search.state import State, new_state, no_incumbent, placed_sessions

NEVER = -(1 << 60)
SHARE = 0.05  # of the moves that move sessions, before it is known what they cost
SESSIONS_WORK, LEAST_WORK = 0.55, 0.05  # of all work that session moves are given; where they bring nothing
MENDING_WORK = 0.85  # the same while published sessions look for their places
HOT, COLD = 0.33, 0.005  # where a cooling begins and ends: what is still accepted of what was, far too hot
NARROW, WIDE = 4.0, 50.0  # how many times hotter than its end a cooling begins
AGAIN, GENTLE = 0.5, 0.3  # of the heat: from the best that is known, and at the end
REPAIR = (0.3, 1.0, 0.5)  # of the heat, in turn: some faults are mended by little, some only by much …
MELTING, SLOWLY = 2.0, 3.0  # … of who melts a repair: published sessions weigh much; and how much longer at first
KNEE, UPPER = 0.2, 0.8  # of the heat, down to which a repair is cooled slowly, and of the time, that this takes
FIRST = 0.5  # seconds of the first timed cooling, or longer where there are more than USUAL residents
LONGER, AGAIN_LONGER = 3.0, 1.5  # each cooling than the one before: of who melts everything, of who returns to the best
USUAL = 75
LAST = 0.15  # of the time: everybody works on the best of all
ATTEMPTS = 12  # at a first schedule that lacks nothing
EARLY = 3  # of them before it is asked whether there is one
TIMETABLE, PLACINGS = 0.15, 5_000  # the most of the time for a repair's timetable, and of tries a published session
PIECES, FIRST_PIECE = 64, 500  # in which it is made; and tries in the first, before their speed is known
WARM, TEPID = 1.5, 0.05  # its heat at first, of what cancelling costs and attending brings; and at last, of that
BEGINNINGS, BEGINNING = 10, 0.05  # of a repair, on that timetable and without, and the most of the time for them
CHUNK = 0.04  # seconds between two looks at the clock and the messages


@dataclass
class Annealer:
    problem: Problem
    pools: Pools
    seed: int
    state: State
    incumbent: Memory
    speed: float = 20_000.0  # moves a second, measured as it goes
    hot: float = 16.0
    cold: float = 0.5
    share: float = SHARE
    sessions_work: float = SESSIONS_WORK  # of all work
    offered: Found | None = None  # the best that another searcher has told

    @property
    def people(self) -> int:
        return max(1, len(self.problem.document.residents))

    def found(self) -> Found | None:
        """The best schedule so far that lacks nothing."""
        if self.incumbent.score == NEVER:
            return None
        return Found(int(self.incumbent.score), 0, tuple(placed_sessions(self.incumbent)))

    def standing(self) -> Found:
        """Where the search is now, which may lack something."""
        return Found(self.state.objective, self.state.lacking, tuple(self.state.sessions()))

    def begin(self, start: list[Placed]) -> None:
        """The first schedule: what can be kept of the start, mended and filled up."""
        self.state.clear()
        self.state.load(start)
        self.fill(6 * len(self.problem.document.activities))

    def fill(self, rounds: int) -> None:
        construct(self.state.memory, self.incumbent, rounds)

    def restart(self, found: Found) -> None:
        """Take up a schedule found here or elsewhere."""
        self.state.clear()
        self.state.load(list(found.sessions))
        if found.lacking == 0 and found.objective > self.incumbent.score and self.state.lacking == 0:
            self.fill(0)

    def best_known(self) -> Found | None:
        """The better of one's own best and what others have told."""
        own, other = self.found(), self.offered
        return other if other is not None and (own is None or other.objective > own.objective) else own

    def step(self, moves: int, hot: float, cold: float, share: float | None = None) -> None:
        """So many moves."""
        before = time.perf_counter()
        part = self.share if share is None else share
        anneal(self.state.memory, self.incumbent, moves, hot, cold, part)
        spent = max(1e-6, time.perf_counter() - before)
        self.speed += 0.3 * (moves / spent - self.speed)
        self.divide_work()

    def divide_work(self) -> None:
        """Set the share of session moves by what both kinds of moves have cost, and whether those bring anything."""
        at = self.state.memory
        sessions, others = int(at.session_moves), int(at.moves - at.session_moves)
        if sessions < 50 or others < 50:
            return
        part = LEAST_WORK if sessions > 2000 and at.session_accepted * 10_000 < sessions else self.sessions_work
        each, other = int(at.session_work) / sessions, int(at.work - at.session_work) / others
        self.share = part * other / (part * other + (1 - part) * each)


def new_annealer(problem: Problem, pools: Pools, seed: int) -> Annealer:
    """A searcher that has only the facts."""
    state = new_state(problem, pools, seed, price_of(problem))
    incumbent = no_incumbent(state.memory)
    incumbent.score = NEVER
    hot = int(state.memory.usual_gain) / 4  # until it is measured
    return Annealer(problem, pools, seed, state, incumbent, hot=hot, cold=hot / 40)


def price_of(problem: Problem) -> int:
    """What a lacking demand costs while searching: more than meeting it is likely to cost, yet no wall to the heat."""
    weights = problem.document.weights
    average = sum(weights.engagement[:4]) // 4 if weights.engagement else 0
    return 40 * max(1, 2 * weights.interest + average + weights.warm, weights.tie * 3, weights.cancel)


def attempts(annealer: Annealer, start: list[Placed], most: int = ATTEMPTS) -> Iterator[None]:
    """First schedules until one lacks nothing, else the one that lacks least.

    A first schedule that lacks something has mostly had bad luck: another one costs far less than mending it.
    """
    nearest: Found | None = None
    for _ in range(most):
        annealer.begin(start)
        yield
        if annealer.state.lacking == 0:
            return
        if nearest is None or annealer.state.lacking < nearest.lacking:
            nearest = annealer.standing()
    assert nearest is not None
    annealer.restart(nearest)


def no_places(at: Memory) -> Numbers:
    """Room for what `timetable` finds: worth less than any, then a line for each identity."""
    return np.full(1 + int(at.identities) * (2 + int(at.most_team)), NEVER, np.int64)


def standing_at(pools: Pools, at: Memory, places: Numbers) -> list[Placed]:
    """The sessions that stand somewhere in what `timetable` found, with those whom they invited."""
    lines, found = places[1:].reshape(len(pools.identities), 2 + int(at.most_team)), []
    for k, identity in enumerate(pools.identities):
        t, space, *team = lines[k].tolist()
        if t >= 0:
            size = at.activity[identity.activity].team
            found.append(Placed(identity.activity, t, space, k, tuple(team[:size]), tuple(identity.previous_residents)))
    return found


def timetabled(
    annealer: Annealer, start: list[Placed], until: float, clock: Callable[[], float]
) -> Generator[None, None, list[Placed]]:
    """A start with its published sessions in places where they disturb each other little, by whom they invited: where
    the large groups of a repair stand at first seldom changes later. What finds no place is left out; what is new comes
    last. Meanwhile nobody is in any session; in the end there are only the facts.
    """
    pools, state, begun = annealer.pools, annealer.state, clock()
    at = state.memory
    given = {row.identity: row.residents for row in start if row.identity >= 0}
    state.clear()
    left_out = state.load([replace(row, residents=()) for row in start if row.identity >= 0])
    if left_out == 0 and len(given) == sum(identity.previous >= 0 for identity in pools.identities):
        return start
    places = no_places(at)
    hot, done = WARM * int(at.cancel_weight + at.usual_gain // ATTENDING), 0
    for k in range(PIECES):
        spent, left = clock() - begun, until - clock()
        most = int(done / max(1e-6, spent) * left / (PIECES - k)) if done else FIRST_PIECE
        moves = max(0, min(most, PLACINGS * len(pools.identities) // PIECES))
        first, last = hot * TEPID ** (k / PIECES), hot * TEPID ** ((k + 1) / PIECES)
        timetable(at, places, moves, first, last)
        done += moves
        yield
    found = [replace(row, residents=given.get(row.identity, row.residents)) for row in standing_at(pools, at, places)]
    state.clear()
    return found + [row for row in start if row.identity < 0]


def best_beginning(
    annealer: Annealer, starts: list[list[Placed]], until: float, clock: Callable[[], float]
) -> Iterator[None]:
    """The best of several first schedules, from these starts in turn, or what is known where each lacks something. One
    costs no more than a few thousand moves.
    """
    best: Found | None = None
    for k in range(BEGINNINGS):
        if clock() >= until:
            break
        annealer.begin(starts[k % len(starts)])
        yield
        if annealer.state.lacking == 0 and (best is None or annealer.state.objective > best.objective):
            best = annealer.standing()
    if best is not None:
        annealer.restart(best)
    else:
        _return(annealer)


def measure_heat(annealer: Annealer) -> Iterator[None]:
    """A quick cooling from far too hot to far too cold, which shows at what heat how many moves are accepted."""
    at = annealer.state.memory
    heat, moves, number, most = 2.0 * int(at.usual_gain), 500 + 30 * annealer.people, 0, 0.0
    annealer.hot = annealer.cold = 0.0
    while heat > 0.1:
        accepted, has_sessions = int(at.accepted), number % 2 == 1
        annealer.step(moves, heat, heat, None if has_sessions else 0.0)
        share = (int(at.accepted) - accepted) / moves
        most = max(most, share)
        annealer.hot = annealer.hot or (heat if share < HOT * most else 0.0)
        if share < COLD * most and not has_sessions:
            break
        heat, number = 0.8 * heat, number + 1
        yield
    annealer.hot = annealer.hot or heat
    annealer.cold = max(annealer.hot / WIDE, min(annealer.hot / NARROW, heat))


def counted_round(annealer: Annealer, moves: int, hot: float, cold: float) -> Iterator[None]:
    """A whole cooling of so many moves, in pieces."""
    pieces = 64
    for k in range(pieces):
        first, last = hot * (cold / hot) ** (k / pieces), hot * (cold / hot) ** ((k + 1) / pieces)
        annealer.step(max(1, moves // pieces), first, last)
        yield


def timed_round(
    annealer: Annealer, until: float, hot: float, cold: float, clock: Callable[[], float]
) -> Iterator[None]:
    """A whole cooling from now to the moment `until`, in pieces."""
    begun = clock()
    while (now := clock()) < until:
        done = (now - begun) / max(1e-6, until - begun)
        then = min(1.0, (now + CHUNK - begun) / max(1e-6, until - begun))
        annealer.step(max(20, int(annealer.speed * CHUNK)), hot * (cold / hot) ** done, hot * (cold / hot) ** then)
        yield


def even_round(annealer: Annealer, until: float, hot: float, clock: Callable[[], float]) -> Iterator[None]:
    """A cooling as slow everywhere, to the end."""
    yield from timed_round(annealer, until, hot, annealer.cold, clock)


def bent_round(annealer: Annealer, until: float, hot: float, clock: Callable[[], float]) -> Iterator[None]:
    """A cooling of a repair: slow while published sessions still move, which weigh more than anybody's coming."""
    knee, now = max(annealer.cold, KNEE * annealer.hot), clock()
    if hot > knee:
        annealer.sessions_work = MENDING_WORK
        yield from timed_round(annealer, now + UPPER * (until - now), hot, knee, clock)
        annealer.sessions_work = SESSIONS_WORK
    yield from timed_round(annealer, until, min(hot, knee), annealer.cold, clock)


def search(
    annealer: Annealer,
    start: list[Placed],
    deadline: float,
    clock: Callable[[], float],
    between: Callable[[], Iterator[None]],
    is_fresh: bool = True,
) -> Iterator[None]:
    """Search until the deadline; between two steps the caller may read `found`, set `offered` or stop.

    `between` has its turn where the first attempts found nothing, and after the counted rounds, before the clock
    decides anything: what it proves is repeatable. Who `is_fresh` melts everything before each longer cooling, others
    return to the best that is known: where there are several searchers, some do this and some that.
    """
    is_repair = bool(start)
    yield from attempts(annealer, start, EARLY)
    if annealer.found() is None:
        yield from between()
        yield from attempts(annealer, start)
    yield from measure_heat(annealer)
    _return(annealer)
    if is_repair and annealer.found() is not None:
        placed = yield from timetabled(annealer, start, clock() + TIMETABLE * (deadline - clock()), clock)
        yield from best_beginning(annealer, [placed, start], clock() + BEGINNING * (deadline - clock()), clock)
    hot = (AGAIN if is_repair else 1.0) * annealer.hot
    yield from counted_round(annealer, 2000 * annealer.people, hot, annealer.cold)
    yield from between()
    number, begun, length = 0 if is_fresh else 1, clock(), FIRST * max(1.0, annealer.people / USUAL)
    if is_repair and is_fresh:
        length *= SLOWLY
    while (now := clock()) < deadline:
        if annealer.best_known() is None:
            yield from attempts(annealer, [])
            annealer.state.set_price(min(1 << 40, 2 * int(annealer.state.memory.lack_price)))
            yield from even_round(annealer, min(deadline, now + 3.0), 2 * annealer.hot, clock)
            continue
        left = deadline - now
        is_last = left <= LAST * (deadline - begun)
        if is_last or not is_fresh:
            _return(annealer)
        grows = LONGER if is_fresh else AGAIN_LONGER
        most = left if is_last else max(0.5 * left, left - LAST * (deadline - begun))
        until = now + (most if most < (1.0 + grows) * length else length)
        part = GENTLE if is_last else _part_of_heat(number, is_repair, is_fresh)
        cool = bent_round if is_repair else even_round
        yield from cool(annealer, until, part * annealer.hot, clock)
        length *= grows
        number += 1


def _part_of_heat(number: int, is_repair: bool, is_fresh: bool) -> float:
    """How hot the timed cooling of that number begins."""
    if not is_repair:
        return 1.0 if is_fresh else AGAIN
    return MELTING if is_fresh else REPAIR[number % len(REPAIR)]


def cool_on(annealer: Annealer, deadline: float, clock: Callable[[], float]) -> Iterator[None]:
    """What is left of the time, on coolings from the best that is known."""
    while (now := clock()) < deadline:
        _return(annealer)
        left = deadline - now
        until = now + (left if left < 4 * FIRST else left / 2)
        yield from even_round(annealer, until, AGAIN * annealer.hot, clock)


def _return(annealer: Annealer) -> None:
    """Back to the best that is known, where one is."""
    best = annealer.best_known()
    if best is not None:
        annealer.restart(best)
