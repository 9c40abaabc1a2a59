"""move: taken off are the residents of published sessions that are now on another day or start at another time."""

from collections.abc import Iterator

from solver.model.amounts import About, Amount
from solver.model.attendances import Attendances
from solver.model.reading import Held, Reading
from solver.model.term import Term, term_of_sessions
from solver.model.terms.changes.change import changes
from solver.model.variables import Model


def amounts(reading: Reading) -> Iterator[Amount]:
    weight = reading.problem.weights.move
    for change in changes(reading):
        if change.now is not None and (change.now.day, change.now.start) != (change.before.day, change.before.start):
            yield from (Amount(About((name,), session=change.before.id), -weight) for name in change.people)


def holding(now: Attendances, one: Held, step: int) -> Iterator[Amount]:
    old = now.before.get(one.id)
    if old is not None and (old.day, old.start) != (one.day, one.session.start):
        for name in now.invited_before[one.id]:
            yield Amount(About((name,), session=one.id), -step * now.weights.move)


def post(model: Model) -> None:
    document = model.problem.document
    for slot in model.planned:
        if slot.identity is not None and slot.identity.previous >= 0:
            old = document.previous[slot.identity.previous]
            for place, there in slot.options.items():
                if (place.day, place.begin) != (old.day, old.begin):
                    model.reward(-document.weights.move * len(slot.identity.previous_residents), there)


TERM: Term = term_of_sessions(__name__, __doc__, amounts=amounts, post=post, holding=holding)
