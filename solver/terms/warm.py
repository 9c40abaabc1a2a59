"""warm: the residents who share a session with someone dear to them."""

from solver.reading import Reading


def value(reading: Reading) -> int:
    warm = 0
    for name, friends in reading.warm.items():
        warm += any(not friends.isdisjoint(one.session.residents) for one in reading.by_resident.get(name, ()))
    return reading.problem.weights.warm * warm
