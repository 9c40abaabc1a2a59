"""engagement: a resident's first session is worth most, each next one less, until the list of weights ends.

Only sessions of activities count in which the resident's interest is not negative.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate
from typing import TYPE_CHECKING

from solver.documents.problem import Resident
from solver.model.reading import Reading
from solver.model.term import About, Amount, Term, term
from solver.model.variables import Model

if TYPE_CHECKING:
    from solver.model.variables import Literal, Sum


def amounts(reading: Reading) -> Iterator[Amount]:
    worth = [0, *accumulate(reading.problem.weights.engagement)]
    for resident in reading.problem.residents:
        yield Amount(About((resident.id,)), worth[min(welcome(reading, resident), len(worth) - 1)])


def welcome(reading: Reading, resident: Resident) -> int:
    """How many sessions the resident attends of activities that they do not dislike."""
    interests = resident.interests
    return sum(interests.get(one.activity.id, 0) >= 0 for one in reading.by_resident.get(resident.id, ()))


def post(model: Model) -> None:
    for r in range(len(model.problem.document.residents)):
        total = welcome_to(model, r)
        steps: list[Literal] = []
        for worth in model.problem.document.weights.engagement:
            if isinstance(total, int):
                step: Literal = int(len(steps) < total)
            else:
                step = model.boolean()
            steps.append(step)
            model.reward(worth, step)
        if not isinstance(total, int):
            model.limit(sum(steps), total)


def welcome_to(model: Model, r: int) -> Sum:
    """How many sessions of activities that they do not dislike a resident attends."""
    interest = model.problem.interest
    return sum(slot.people.get(r, 0) for slot in model.slots if interest[slot.activity, r] >= 0)


TERM: Term = term(__name__, __doc__, audience="team", amounts=amounts, post=post)
