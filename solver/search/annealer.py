"""One searcher: its memory, its incumbent, and the steps it takes.

How hot a cooling begins and ends, and how many moves move sessions, is measured on the problem itself: in acceptances
and in counted work, not in seconds. What steers it are `parameters`.
"""

import time
from dataclasses import dataclass

from solver.instance.placed import Found, Placed
from solver.instance.problem import Problem
from solver.search.annealing import anneal, construct
from solver.search.memory.layout import Memory
from solver.search.memory.packing import Pools
from solver.search.parameters import PARAMETERS, Parameters
from solver.search.state import State, new_state, no_incumbent, placed_sessions

NEVER = -(1 << 60)  # the score of an incumbent that is none


@dataclass
class Annealer:
    """`hot` and `cold` are the temperatures between which it cools, measured; `incumbent` is the best so far."""

    problem: Problem
    pools: Pools
    seed: int
    state: State
    incumbent: Memory
    speed: float = 20_000.0  # moves a second, measured as it goes
    hot: float = 16.0
    cold: float = 0.5
    parameters: Parameters = PARAMETERS
    share: float = PARAMETERS.first_session_share  # of moves that move sessions
    session_work: float = PARAMETERS.session_work  # of all work
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
        self.fill(self.parameters.insertions * len(self.problem.document.activities))

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

    def return_to_best(self) -> None:
        """Back to the best that is known, where one is."""
        best = self.best_known()
        if best is not None:
            self.restart(best)

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
        at, how = self.state.memory, self.parameters
        sessions, others = int(at.session_moves), int(at.moves - at.session_moves)
        if sessions < 50 or others < 50:
            return
        brings = sessions <= how.known_after or at.session_accepted * how.idle >= sessions
        part = self.session_work if brings else how.least_work
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
    """What a lacking demand costs while searching: more than meeting it is likely to cost, yet no wall to moves."""
    weights = problem.document.weights
    average = sum(weights.engagement[:4]) // 4 if weights.engagement else 0
    return PARAMETERS.lack_price * max(
        1, 2 * weights.interest + average + weights.companion, weights.tie * 3, weights.cancel
    )
