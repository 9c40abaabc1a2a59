"""What is known of a week for which no schedule was found in the time, though none was proved impossible.

Only what is sure is said: what the nearest schedule lacks, and what by itself keeps a demand of it from being met.
"""

import time
from collections.abc import Iterator

from solver.documents.problem import Session
from solver.infeasibility.obstacles import Obstacles, reason
from solver.infeasibility.tallies import tallies
from solver.instance.demands import Demand, all_demands, demand_of
from solver.instance.placements import Placements
from solver.instance.problem import Problem
from solver.model.check import broken, relaxation
from solver.model.reasons import Reason
from solver.model.wording.words import sentences

MOST_LACKING = 4


def unfinished(problem: Problem, nearest: tuple[Session, ...] | None, end: float) -> tuple[str, ...]:
    """Sentences: that the search did not end, and what stands in the way as far as it is known at `end` (monotonic)."""
    found = [reason("search_open")]
    lacking = [] if nearest is None else list(_lacking(problem, nearest))
    if lacking:
        found += [reason("search_nearest"), *(why for _, why in lacking[:MOST_LACKING])]
    demands = [demand for demand, _ in lacking] or list(all_demands(problem))
    placements = Placements(problem)
    return sentences(
        problem.document, [*found, *_alone(problem, placements, demands, end), *_counted(problem, placements, end)]
    )


def _lacking(problem: Problem, nearest: tuple[Session, ...]) -> Iterator[tuple[Demand, Reason]]:
    """What a schedule lacks of the demands, each with its sentence."""
    for breach in broken(problem.document, nearest):
        if (row := relaxation(breach)) is not None:
            yield demand_of(problem, row), breach.reason


def _counted(problem: Problem, placements: Placements, end: float) -> Iterator[Reason]:
    """What the sessions of an activity cannot give to all of whom it is required, while there is time to count."""
    for tally in tallies(problem, placements, tuple(all_demands(problem))):
        if time.monotonic() >= end:
            return
        yield from tally.hindrances()


def _alone(problem: Problem, placements: Placements, demands: list[Demand], end: float) -> Iterator[Reason]:
    """What keeps some of these demands from being met, each by itself, while there is time to look."""
    obstacles = Obstacles(problem, placements)
    count = 0
    for demand in demands:
        if count >= MOST_LACKING or time.monotonic() >= end:
            return
        why = obstacles.of(demand)
        count += bool(why)
        yield from why
