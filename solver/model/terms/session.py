"""session: taken off is each session, and what its activity costs besides (unweighted)."""

from collections.abc import Iterator

from solver.model.reading import Reading
from solver.model.term import About, Amount, Term, term
from solver.model.variables import Model


def amounts(reading: Reading) -> Iterator[Amount]:
    for one in reading.held:
        yield Amount(About(session=one.id), -reading.problem.weights.session - one.activity.cost)


def post(model: Model) -> None:
    document = model.problem.document
    for slot in model.slots:
        model.reward(-document.weights.session - document.activities[slot.activity].cost, slot.present)


TERM: Term = term(__name__, __doc__, audience="team", amounts=amounts, post=post)
