"""relocate: the residents of published sessions that are now in another space."""

from solver.reading import Reading
from solver.terms.change import changes


def value(reading: Reading) -> int:
    told = sum(
        len(each.people) for each in changes(reading) if each.now is not None and each.now.space != each.before.space
    )
    return -reading.problem.weights.relocate * told
