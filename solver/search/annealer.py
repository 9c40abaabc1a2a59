"""One searcher: from a start to ever better schedules, in rounds of falling heat.

The first rounds are counted in moves, so that they are the same on any machine; the later ones are measured against the
clock, since what they leave is never ended before its time.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from solver.problem import Problem
from solver.search import layout as at
from solver.search.annealing import anneal, construct
from solver.search.packing import Pools
from solver.search.pools import Numbers
from solver.search.state import Placed, State, compact_size, new_state, placed_sessions

NEVER = -(1 << 60)
SHARE = 0.02  # of the moves that move sessions
HOT, COLD = 1.0, 0.04  # the heat at the beginning and the end of a cooling, as a share of what one attendance is worth
LONG = 0.7  # of the time left, for the one long cooling
ATTEMPTS = 12  # at a first schedule that lacks nothing
EARLY = 3  # of them before it is asked whether there is one
CHUNK = 0.04  # seconds between two looks at the clock and the messages


@dataclass(frozen=True)
class Found:
    """Planned sessions in numbers, their score, and how many demands they lack."""

    objective: int
    lacking: int
    sessions: tuple[Placed, ...]


@dataclass
class Annealer:
    problem: Problem
    pools: Pools
    seed: int
    state: State
    best: Numbers
    speed: float = 20_000.0  # moves a second, measured as it goes

    @property
    def people(self) -> int:
        return max(1, len(self.problem.document.residents))

    def found(self) -> Found | None:
        """The best schedule so far that lacks nothing."""
        if int(self.best[at.SCORE]) == NEVER:
            return None
        return Found(int(self.best[at.SCORE]), 0, tuple(placed_sessions(self.pools, self.best)))

    def standing(self) -> Found:
        """Where the search is now, which may lack something."""
        return Found(self.state.objective, self.state.lacking, tuple(self.state.sessions()))

    def begin(self, start: list[Placed]) -> None:
        """The first schedule: what can be kept of the start, mended and filled up."""
        self.state.clear()
        self.state.load(start)
        self.fill(6 * len(self.problem.document.activities))

    def fill(self, rounds: int) -> None:
        pools = self.pools
        construct(pools.p, pools.b, self.state.s, self.state.m, self.best, rounds)

    def restart(self, found: Found) -> None:
        """Take up a schedule found here or elsewhere."""
        self.state.clear()
        self.state.load(list(found.sessions))
        if found.lacking == 0 and found.objective > int(self.best[at.SCORE]) and self.state.lacking == 0:
            self.fill(0)

    def step(self, moves: int, hot: float, cold: float, share: float = SHARE) -> None:
        """So many moves."""
        before = time.perf_counter()
        pools = self.pools
        anneal(pools.p, pools.b, self.state.s, self.state.m, self.best, moves, hot, cold, share)
        spent = max(1e-6, time.perf_counter() - before)
        self.speed += 0.3 * (moves / spent - self.speed)

    def worth(self) -> float:
        """About what one attendance is worth in the score: what the heat is measured by."""
        weights = self.problem.document.weights
        average = sum(weights.engagement[:4]) / 4 if weights.engagement else 0
        return max(1.0, 2 * weights.interest + average, weights.tie, weights.warm / 2)


def new_annealer(problem: Problem, pools: Pools, seed: int) -> Annealer:
    """A searcher that has only the facts."""
    state = new_state(problem, pools, seed, price_of(problem))
    best = state.s[: compact_size(state.s)].copy()
    best[at.SCORE] = NEVER
    return Annealer(problem, pools, seed, state, best)


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


def search(
    annealer: Annealer,
    start: list[Placed],
    deadline: float,
    clock: Callable[[], float],
    between: Callable[[], Iterator[None]],
) -> Iterator[None]:
    """Search until the deadline; between two steps the caller may read `found`, `restart` or stop.

    `between` has its turn where the first attempts found nothing, and after the counted rounds, before the clock
    decides anything: what it proves is repeatable.
    """
    is_repair = bool(start)
    yield from attempts(annealer, start, EARLY)
    if annealer.found() is None:
        yield from between()
        yield from attempts(annealer, start)
    hot, cold = HOT * annealer.worth(), COLD * annealer.worth()
    again = 0.5 if is_repair else 1.0  # of the heat: a repair changes little of what is published
    yield from counted_round(annealer, 300 * annealer.people, 0.5 * again * hot, cold)
    yield from counted_round(annealer, 2000 * annealer.people, 0.7 * again * hot, cold)
    yield from between()
    first = True
    while (now := clock()) < deadline:
        best = annealer.found()
        if best is None:
            yield from attempts(annealer, [])
            annealer.state.set_price(min(1 << 40, 2 * int(annealer.state.s[at.LACK_PRICE])))
            yield from timed_round(annealer, min(deadline, now + 3.0), 3 * hot, cold, clock)
        elif first:
            first = False
            yield from timed_round(annealer, now + LONG * (deadline - now), again * hot, cold, clock)
        else:
            annealer.restart(best)
            length = max(0.5, 0.25 * (deadline - now))
            yield from timed_round(annealer, min(deadline, now + length), 0.3 * hot, cold, clock)
