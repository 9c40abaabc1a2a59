"""shortfall: taken off is what a resident's welcome sessions lack of the least number that they wish for."""

from collections.abc import Iterator

from solver.model.reading import Reading
from solver.model.term import About, Amount, Term, term
from solver.model.terms.engagement import welcome, welcome_to
from solver.model.variables import Model


def amounts(reading: Reading) -> Iterator[Amount]:
    weight = reading.problem.weights.shortfall
    for resident in reading.problem.residents:
        if least := resident.sessions.min:
            yield Amount(About((resident.id,)), -weight * max(0, least - welcome(reading, resident)))


def post(model: Model) -> None:
    weight = model.problem.document.weights.shortfall
    for r, person in enumerate(model.problem.document.residents):
        if person.sessions.min > 0:
            model.reward(-weight, person.sessions.min)
            model.reward(weight, model.reach(welcome_to(model, r), person.sessions.min))


TERM: Term = term(__name__, __doc__, audience="team", amounts=amounts, post=post)
