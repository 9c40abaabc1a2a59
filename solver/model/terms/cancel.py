"""cancel: taken off are the residents of published sessions that are gone."""

from collections.abc import Iterator

from solver.model.reading import Reading
from solver.model.term import About, Amount, Term, term
from solver.model.terms.change import changes
from solver.model.variables import Model


def amounts(reading: Reading) -> Iterator[Amount]:
    weight = reading.problem.weights.cancel
    for change in changes(reading):
        if change.now is None:
            yield from (Amount(About((name,), session=change.before.id), -weight) for name in change.people)


def post(model: Model) -> None:
    weight = model.problem.document.weights.cancel
    for identity in model.problem.identities:
        model.reward(-weight, len(identity.previous_residents))
    for slot in model.planned:
        if slot.identity is not None:
            model.reward(weight * len(slot.identity.previous_residents), slot.present)


TERM: Term = term(__name__, __doc__, audience="team", amounts=amounts, post=post)
