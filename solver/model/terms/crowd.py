"""crowd: taken off are the residents above the number at which a space begins to feel crowded."""

from collections.abc import Iterator

from solver.model.reading import Reading
from solver.model.term import About, Amount, Term, term
from solver.model.variables import Model


def amounts(reading: Reading) -> Iterator[Amount]:
    for one in reading.held:
        if (over := len(one.people) - one.space.comfort) > 0:
            yield Amount(About(session=one.id), -reading.problem.weights.crowd * over)


def post(model: Model) -> None:
    document = model.problem.document
    for slot in model.slots:
        total = sum(slot.people.values())
        for space, there in model.where(slot).items():
            comfort = document.spaces[space].comfort
            if isinstance(total, int) and isinstance(there, int):
                model.reward(-document.weights.crowd * there, max(0, total - comfort))
            elif len(slot.people) > comfort:
                over = model.number(len(slot.people) - comfort)
                model.limit(total, comfort + over, there)
                model.reward(-document.weights.crowd, over)


TERM: Term = term(__name__, __doc__, audience="team", amounts=amounts, post=post)
