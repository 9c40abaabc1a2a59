"""session: what each session takes of the house, and what its activity costs besides (unweighted)."""

from solver.reading import Reading


def value(reading: Reading) -> int:
    return -sum(reading.problem.weights.session + one.activity.cost for one in reading.held)
