"""cancel: the residents of published sessions that are gone."""

from solver.reading import Reading
from solver.terms.change import changes


def value(reading: Reading) -> int:
    told = sum(len(each.people) for each in changes(reading) if each.now is None)
    return -reading.problem.weights.cancel * told
