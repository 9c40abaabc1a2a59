"""turn: over residents and the activities that they attend, how long they have wanted each in vain."""

from collections.abc import Iterator, Sequence

from solver.documents.problem import Resident
from solver.model.amounts import About, Amount
from solver.model.attendances import Attendances
from solver.model.reading import Held, Reading
from solver.model.reasons import Weighed, weighed
from solver.model.term import Term, term_of_people
from solver.model.variables import Model


def amounts(reading: Reading) -> Iterator[Amount]:
    weight = reading.problem.weights.turn
    for resident in reading.problem.residents:
        if resident.waiting:
            attended = {one.activity.id for one in reading.by_resident.get(resident.id, ())}
            long = sum(long for activity, long in resident.waiting.items() if activity in attended)
            yield Amount(About((resident.id,)), weight * long)


def attending(now: Attendances, person: Resident, one: Held, step: int) -> Iterator[Amount]:
    """The first of their sessions of it is their turn."""
    if long := person.waiting.get(one.activity.id, 0):
        others = any(each.activity is one.activity and each is not one for each in now.week[person.id])
        yield Amount(now.of_resident[person.id], 0 if others else step * now.weights.turn * long)


def reasons(now: Attendances, person: Resident, one: Held, parts: Sequence[Amount]) -> Iterator[Weighed]:
    for part in parts:
        if part.n:
            yield weighed("why_turn", part.n, resident=person.id, session=one.id, activity=one.activity.id)


def post(model: Model) -> None:
    problem, weight = model.problem, model.problem.document.weights.turn
    for r, person in enumerate(problem.document.residents):
        for name, long in person.waiting.items():
            a = problem.activity_number[name]
            total = sum(slot.people.get(r, 0) for slot in model.slots if slot.activity == a)
            model.reward(weight * long, model.reach(total, 1))


TERM: Term = term_of_people(
    __name__,
    __doc__,
    amounts=amounts,
    post=post,
    attending=attending,
    reasons=reasons,
    codes=("why_turn",),
    audience="anybody",
)
