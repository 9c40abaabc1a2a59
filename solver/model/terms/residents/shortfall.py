"""shortfall: taken off is what a resident's welcome sessions lack of the least number that they wish for."""

from collections.abc import Iterator, Sequence

from solver.documents.problem import Resident
from solver.model.amounts import About, Amount
from solver.model.attendances import Attendances, is_welcome
from solver.model.reading import Held, Reading
from solver.model.reasons import Weighed, weighed
from solver.model.term import Term, term_of_people
from solver.model.terms.residents.engagement import welcome, welcome_to
from solver.model.variables import Model


def amounts(reading: Reading) -> Iterator[Amount]:
    weight = reading.problem.weights.shortfall
    for resident in reading.problem.residents:
        if least := resident.sessions.min:
            yield Amount(About((resident.id,)), -weight * max(0, least - welcome(reading, resident)))


def attending(now: Attendances, person: Resident, one: Held, step: int) -> Iterator[Amount]:
    least = person.sessions.min
    if least and is_welcome(person, one):
        nth = now.welcome[person.id] + (step > 0)
        if nth <= least:
            yield Amount(now.of_resident[person.id], step * now.weights.shortfall)


def reasons(now: Attendances, person: Resident, one: Held, parts: Sequence[Amount]) -> Iterator[Weighed]:
    for part in parts:
        if part.n:
            yield weighed("why_wish", part.n, resident=person.id, session=one.id, least=person.sessions.min)


def post(model: Model) -> None:
    weight = model.problem.document.weights.shortfall
    for r, person in enumerate(model.problem.document.residents):
        if person.sessions.min > 0:
            model.reward(-weight, person.sessions.min)
            model.reward(weight, model.reach(welcome_to(model, r), person.sessions.min))


TERM: Term = term_of_people(
    __name__,
    __doc__,
    amounts=amounts,
    post=post,
    attending=attending,
    reasons=reasons,
    codes=("why_wish",),
    audience="team",
)
