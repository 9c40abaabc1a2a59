"""drop: the residents who are no longer in a published session that is still held."""

from solver.reading import Reading
from solver.terms.change import changes


def value(reading: Reading) -> int:
    told = sum(
        name not in each.now.residents for each in changes(reading) if each.now is not None for name in each.people
    )
    return -reading.problem.weights.drop * told
