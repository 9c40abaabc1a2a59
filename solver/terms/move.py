"""move: the residents of published sessions that are now on another day or start at another time."""

from solver.reading import Reading
from solver.terms.change import changes


def value(reading: Reading) -> int:
    told = sum(
        len(each.people)
        for each in changes(reading)
        if each.now is not None and (each.now.day, each.now.start) != (each.before.day, each.before.start)
    )
    return -reading.problem.weights.move * told
