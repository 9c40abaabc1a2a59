"""cancel: taken off are the residents of published sessions that are gone."""

from collections.abc import Iterator

from solver.model.amounts import About, Amount
from solver.model.attendances import Attendances
from solver.model.reading import Held, Reading
from solver.model.term import Term, term_of_sessions
from solver.model.terms.changes.change import changes
from solver.model.variables import Model


def amounts(reading: Reading) -> Iterator[Amount]:
    weight = reading.problem.weights.cancel
    for change in changes(reading):
        if change.now is None:
            yield from (Amount(About((name,), session=change.before.id), -weight) for name in change.people)


def holding(now: Attendances, one: Held, step: int) -> Iterator[Amount]:
    for name in now.invited_before.get(one.id, ()):
        yield Amount(About((name,), session=one.id), step * now.weights.cancel)


def post(model: Model) -> None:
    weight = model.problem.document.weights.cancel
    for identity in model.problem.identities:
        model.reward(-weight, len(identity.previous_residents))
    for slot in model.planned:
        if slot.identity is not None:
            model.reward(weight * len(slot.identity.previous_residents), slot.present)


TERM: Term = term_of_sessions(__name__, __doc__, amounts=amounts, post=post, holding=holding)
