"""relocate: taken off are the residents of published sessions that are now in another space."""

from solver.model.reading import Reading
from solver.model.terms.change import changes
from solver.model.variables import Model


def value(reading: Reading) -> int:
    told = sum(
        len(each.people) for each in changes(reading) if each.now is not None and each.now.space != each.before.space
    )
    return -reading.problem.weights.relocate * told


def post(model: Model) -> None:
    document = model.problem.document
    for slot in model.planned:
        if slot.identity is not None and slot.identity.previous >= 0:
            old = document.previous[slot.identity.previous]
            for place, there in slot.options.items():
                if document.spaces[place.space].id != old.space:
                    model.reward(-document.weights.relocate * len(slot.identity.previous_residents), there)
