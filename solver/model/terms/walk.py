"""walk: taken off are, over attendances, the minutes from the resident's zone to the space's."""

from collections.abc import Iterator

from solver.model.reading import Reading
from solver.model.term import About, Amount, Term, term
from solver.model.variables import Model


def amounts(reading: Reading) -> Iterator[Amount]:
    minutes = {(a, b): cost for a, row in reading.problem.travel.items() for b, cost in row.items()}
    minutes |= {(b, a): cost for (a, b), cost in minutes.items()}
    weight = reading.problem.weights.walk
    for name, held in reading.by_resident.items():
        zone = reading.residents[name].zone
        yield Amount(About((name,)), -weight * sum(minutes.get((zone, one.space.zone), 0) for one in held))


def post(model: Model) -> None:
    problem, weight = model.problem, model.problem.document.weights.walk
    for slot in model.slots:
        for space, there in model.where(slot).items():
            for r, literal in slot.people.items():
                if problem.walk[space, r]:
                    model.reward(-weight * int(problem.walk[space, r]), model.both(literal, there))


TERM: Term = term(__name__, __doc__, audience="anybody", amounts=amounts, post=post)
