"""relead: taken off are the facilitators who no longer lead a published session that is still held."""

from collections.abc import Iterator

from solver.documents.problem import Session
from solver.model.amounts import About, Amount
from solver.model.attendances import Attendances
from solver.model.reading import Held, Reading
from solver.model.term import Term, term_of_sessions
from solver.model.terms.changes.change import changes
from solver.model.variables import Model


def amounts(reading: Reading) -> Iterator[Amount]:
    for change in changes(reading):
        if change.now is not None:
            yield Amount(About(session=change.before.id), _loss(reading, change.before, change.now))


def _loss(reading: Reading, before: Session, now: Session) -> int:
    gone = [name for name in before.facilitators if name in reading.facilitators and name not in now.facilitators]
    return -reading.problem.weights.relead * len(gone)


def holding(now: Attendances, one: Held, step: int) -> Iterator[Amount]:
    if (before := now.before.get(one.id)) is not None:
        yield Amount(About(session=one.id), step * _loss(now.reading, before, one.session))


def post(model: Model) -> None:
    weight = model.problem.document.weights.relead
    for slot in model.planned:
        if slot.identity is not None:
            for f in slot.identity.previous_team:
                model.reward(-weight, slot.present)
                model.reward(weight, slot.team.get(f, 0))


TERM: Term = term_of_sessions(__name__, __doc__, amounts=amounts, post=post, holding=holding)
