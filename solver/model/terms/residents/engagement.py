"""engagement: a resident's first session is worth most, each next one less, until the list of weights ends.

Only sessions of activities count in which the resident's interest is not negative.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING

from solver.documents.problem import Resident
from solver.model.amounts import About, Amount
from solver.model.attendances import Attendances, is_welcome
from solver.model.reading import Held, Reading
from solver.model.reasons import Weighed, weighed
from solver.model.term import Term, term_of_people
from solver.model.variables import Model

if TYPE_CHECKING:
    from solver.model.variables import Literal, Sum


def amounts(reading: Reading) -> Iterator[Amount]:
    worth = [0, *accumulate(reading.problem.weights.engagement)]
    for resident in reading.problem.residents:
        yield Amount(About((resident.id,)), worth[min(welcome(reading, resident), len(worth) - 1)])


def welcome(reading: Reading, resident: Resident) -> int:
    """How many sessions the resident attends of activities that they do not dislike."""
    return sum(is_welcome(resident, one) for one in reading.by_resident.get(resident.id, ()))


def attending(now: Attendances, person: Resident, one: Held, step: int) -> Iterator[Amount]:
    if is_welcome(person, one):
        weights, nth = now.weights.engagement, now.welcome[person.id] + (step > 0)
        if nth <= len(weights):
            yield Amount(now.of_resident[person.id], step * weights[nth - 1])


def reasons(now: Attendances, person: Resident, one: Held, parts: Sequence[Amount]) -> Iterator[Weighed]:
    others = sum(each is not one for each in now.week[person.id])
    for part in parts:
        if part.n:
            yield weighed("why_little", part.n, resident=person.id, session=one.id, sessions=others)


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


TERM: Term = term_of_people(
    __name__,
    __doc__,
    amounts=amounts,
    post=post,
    attending=attending,
    reasons=reasons,
    codes=("why_little",),
    audience="team",
)
