"""cancel: taken off are the residents of published sessions that are gone."""

from solver.model.reading import Reading
from solver.model.terms.change import changes
from solver.model.variables import Model


def value(reading: Reading) -> int:
    told = sum(len(each.people) for each in changes(reading) if each.now is None)
    return -reading.problem.weights.cancel * told


def post(model: Model) -> None:
    weight = model.problem.document.weights.cancel
    for identity in model.problem.identities:
        model.reward(-weight, len(identity.previous_residents))
    for slot in model.planned:
        if slot.identity is not None:
            model.reward(weight * len(slot.identity.previous_residents), slot.present)
