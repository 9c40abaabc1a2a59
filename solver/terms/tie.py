"""tie: what tied residents have of each session that they share, of pleasant ties at most `cap` sessions."""

from solver.reading import Reading


def value(reading: Reading) -> int:
    total = 0
    for tie in reading.problem.ties:
        if tie.strength is not None:
            shared = sum(tie.b in one.session.residents for one in reading.by_resident.get(tie.a, ()))
            total += tie.strength * (min(shared, tie.cap) if tie.strength > 0 else shared)
    return reading.problem.weights.tie * total
