"""session: taken off is each session, and what its activity costs besides (unweighted)."""

from solver.model.reading import Reading
from solver.model.variables import Model


def value(reading: Reading) -> int:
    return -sum(reading.problem.weights.session + one.activity.cost for one in reading.held)


def post(model: Model) -> None:
    document = model.problem.document
    for slot in model.slots:
        model.reward(-document.weights.session - document.activities[slot.activity].cost, slot.present)
