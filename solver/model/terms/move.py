"""move: taken off are the residents of published sessions that are now on another day or start at another time."""

from solver.model.reading import Reading
from solver.model.terms.change import changes
from solver.model.variables import Model


def value(reading: Reading) -> int:
    told = sum(
        len(each.people)
        for each in changes(reading)
        if each.now is not None and (each.now.day, each.now.start) != (each.before.day, each.before.start)
    )
    return -reading.problem.weights.move * told


def post(model: Model) -> None:
    document = model.problem.document
    for slot in model.planned:
        if slot.identity is not None and slot.identity.previous >= 0:
            old = document.previous[slot.identity.previous]
            for place, there in slot.options.items():
                if (place.day, place.begin) != (old.day, old.begin):
                    model.reward(-document.weights.move * len(slot.identity.previous_residents), there)
