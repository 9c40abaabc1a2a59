"""session: taken off is each session, and what its activity costs besides (unweighted)."""

from collections.abc import Iterator

from solver.model.amounts import About, Amount
from solver.model.attendances import Attendances
from solver.model.reading import Held, Reading
from solver.model.term import Term, term_of_sessions
from solver.model.variables import Model


def amounts(reading: Reading) -> Iterator[Amount]:
    for one in reading.held:
        yield Amount(About(session=one.id), -reading.problem.weights.session - one.activity.cost)


def holding(now: Attendances, one: Held, step: int) -> Iterator[Amount]:
    yield Amount(About(session=one.id), -step * (now.weights.session + one.activity.cost))


def post(model: Model) -> None:
    document = model.problem.document
    for slot in model.slots:
        model.reward(-document.weights.session - document.activities[slot.activity].cost, slot.present)


TERM: Term = term_of_sessions(__name__, __doc__, amounts=amounts, post=post, holding=holding)
