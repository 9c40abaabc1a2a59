"""shortfall: what a resident's welcome sessions lack of the least number that they wish for."""

from solver.reading import Reading
from solver.terms.engagement import welcome


def value(reading: Reading) -> int:
    lacking = sum(
        max(0, resident.sessions.min - welcome(reading, resident))
        for resident in reading.problem.residents
        if resident.sessions.min
    )
    return -reading.problem.weights.shortfall * lacking
