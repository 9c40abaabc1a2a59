"""shortfall: taken off is what a resident's welcome sessions lack of the least number that they wish for."""

from solver.model.reading import Reading
from solver.model.terms.engagement import welcome, welcome_to
from solver.model.variables import Model


def value(reading: Reading) -> int:
    lacking = sum(
        max(0, resident.sessions.min - welcome(reading, resident))
        for resident in reading.problem.residents
        if resident.sessions.min
    )
    return -reading.problem.weights.shortfall * lacking


def post(model: Model) -> None:
    weight = model.problem.document.weights.shortfall
    for r, person in enumerate(model.problem.document.residents):
        if person.sessions.min > 0:
            model.reward(-weight, person.sessions.min)
            model.reward(weight, model.reach(welcome_to(model, r), person.sessions.min))
