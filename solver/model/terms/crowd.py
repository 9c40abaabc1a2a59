"""crowd: taken off are the residents above the number at which a space begins to feel crowded."""

from solver.model.reading import Reading
from solver.model.variables import Model


def value(reading: Reading) -> int:
    crowded = sum(max(0, len(one.people) - one.space.comfort) for one in reading.held)
    return -reading.problem.weights.crowd * crowded


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
