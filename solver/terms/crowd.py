"""crowd: the residents above the number at which a space begins to feel crowded."""

from solver.reading import Reading


def value(reading: Reading) -> int:
    crowded = sum(max(0, len(one.people) - one.space.comfort) for one in reading.held)
    return -reading.problem.weights.crowd * crowded
