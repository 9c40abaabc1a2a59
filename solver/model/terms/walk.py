"""walk: taken off are, over attendances, the minutes from the resident's zone to the space's."""

from solver.model.reading import Reading
from solver.model.variables import Model


def value(reading: Reading) -> int:
    minutes = {(a, b): cost for a, row in reading.problem.travel.items() for b, cost in row.items()}
    minutes |= {(b, a): cost for (a, b), cost in minutes.items()}
    total = sum(minutes.get((who.zone, one.space.zone), 0) for one in reading.held for who in one.people)
    return -reading.problem.weights.walk * total


def post(model: Model) -> None:
    problem, weight = model.problem, model.problem.document.weights.walk
    for slot in model.slots:
        for space, there in model.where(slot).items():
            for r, literal in slot.people.items():
                if problem.walk[space, r]:
                    model.reward(-weight * int(problem.walk[space, r]), model.both(literal, there))
