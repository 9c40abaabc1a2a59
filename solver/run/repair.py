"""Repairs of a published week to choose from: few people told otherwise, or a better week.

The same problem is solved with changes very dear, then less and less so, each time on from the last, and every schedule
is scored by the problem's own weights. What is told is a short list: each repair tells fewer people than the next, and
the next is better.
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from solver.documents.problem import OF_CHANGES, ProblemDocument, Weights
from solver.documents.schedule import ScheduleDocument
from solver.explaining.comparing import PeopleTold, people_told
from solver.model.check import score
from solver.run.limits import Limits
from solver.run.solve import solve

DEARER = (50, 12, 3, 1)  # times the weights of changes: first the fewest changes, last what they are worth
SHARES = (0.2, 0.25, 0.3, 1.0)  # of the time that is left
USUAL = Weights()


@dataclass(frozen=True)
class Repair:
    """A schedule, scored by the problem's own weights, and who has to be told of it.

    `told` are people for whom something that stood is withdrawn, moved or relocated; new invitations count apart.
    """

    score: int
    people: PeopleTold
    schedule: ScheduleDocument

    @property
    def told(self) -> int:
        """How many people have something taken away or changed."""
        return len(self.people.told)

    @property
    def only_invited(self) -> int:
        """How many people are newly invited and lose nothing."""
        return len(self.people.only_invited)


def options(
    problem: ProblemDocument,
    digest: str,
    limits: Limits,
    should_stop: Callable[[], bool] = lambda: False,
    on_option: Callable[[Repair], None] = lambda repair: None,
) -> tuple[Repair, ...]:
    """Repairs of the problem's `previous`, the fewest people told first, each further one better by the score.

    The time is shared among all; `on_option` is called with each as it is found, before it is known whether a later
    one tells fewer and is better. Empty where no schedule was found. `digest` is the problem's, as for `solve`.
    """
    found: list[Repair] = []
    last: ScheduleDocument | None = None
    for times, part in zip(DEARER, SHARES, strict=True):
        left = limits.deadline - time.monotonic()
        if should_stop() or (found and left < 0.2):
            break
        share = replace(limits, seconds=max(0.1, part * left), started=time.monotonic())
        asked = problem.model_copy(update={"weights": dearer(problem.weights, times)})
        schedule = solve(asked, digest, share, last, lambda progress: None, should_stop)
        if schedule.status not in ("optimal", "feasible"):
            continue
        last = schedule
        found.append(_repair(problem, schedule, times))
        on_option(found[-1])
    return best_of(found)


def dearer(weights: Weights, times: int) -> Weights:
    """The weights with changes of what is published so many times as dear, as usual at least."""
    if times == 1:
        return weights
    more = {name: min(1_000_000, times * max(getattr(weights, name), getattr(USUAL, name))) for name in OF_CHANGES}
    return weights.model_copy(update=more)


def best_of(repairs: Iterable[Repair]) -> tuple[Repair, ...]:
    """Those than which none tells fewer, or as few, and is better: by people told, then by new invitations."""
    chosen: list[Repair] = []
    for each in sorted(repairs, key=lambda each: (each.told, -each.score, each.only_invited)):
        if not chosen or each.score > chosen[-1].score:
            chosen.append(each)
    return tuple(chosen)


def _repair(problem: ProblemDocument, schedule: ScheduleDocument, times: int) -> Repair:
    """The schedule under the problem's own weights: what was proved of other weights is not known of these."""
    terms = score(problem, schedule.sessions)
    is_own = times == 1
    told = schedule.model_copy(
        update={
            "terms": terms,
            "objective": sum(terms.values()),
            "bound": schedule.bound if is_own else None,
            "status": schedule.status if is_own else "feasible",
        }
    )
    here = [row.id for row in problem.residents]
    return Repair(sum(terms.values()), people_told(problem.previous, schedule.sessions, here), told)
