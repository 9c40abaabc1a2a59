"""drop: taken off are the residents who are no longer in a published session that is still held."""

from solver.model.reading import Reading
from solver.model.terms.change import changes
from solver.model.variables import Model


def value(reading: Reading) -> int:
    told = sum(
        name not in each.now.residents for each in changes(reading) if each.now is not None for name in each.people
    )
    return -reading.problem.weights.drop * told


def post(model: Model) -> None:
    weight = model.problem.document.weights.drop
    for slot in model.planned:
        if slot.identity is not None:
            for r in slot.identity.previous_residents:
                model.reward(-weight, slot.present)
                model.reward(weight, slot.people.get(r, 0))
