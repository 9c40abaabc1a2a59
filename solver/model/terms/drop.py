"""drop: taken off are the residents who are no longer in a published session that is still held."""

from collections.abc import Iterator

from solver.model.reading import Reading
from solver.model.term import About, Amount, Term, term
from solver.model.terms.change import changes
from solver.model.variables import Model


def amounts(reading: Reading) -> Iterator[Amount]:
    weight = reading.problem.weights.drop
    for change in changes(reading):
        if change.now is not None:
            gone = [name for name in change.people if name not in change.now.residents]
            yield from (Amount(About((name,), session=change.before.id), -weight) for name in gone)


def post(model: Model) -> None:
    weight = model.problem.document.weights.drop
    for slot in model.planned:
        if slot.identity is not None:
            for r in slot.identity.previous_residents:
                model.reward(-weight, slot.present)
                model.reward(weight, slot.people.get(r, 0))


TERM: Term = term(__name__, __doc__, audience="team", amounts=amounts, post=post)
