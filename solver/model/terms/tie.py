"""tie: what tied residents have of each session that they share, of pleasant ties at most `cap` sessions."""

from solver.model.reading import Reading
from solver.model.variables import Model


def value(reading: Reading) -> int:
    total = 0
    for tie in reading.problem.ties:
        if tie.strength is not None:
            shared = sum(tie.b in one.session.residents for one in reading.by_resident.get(tie.a, ()))
            total += tie.strength * (min(shared, tie.cap) if tie.strength > 0 else shared)
    return reading.problem.weights.tie * total


def post(model: Model) -> None:
    weight = model.problem.document.weights.tie
    for a, b, strength, cap in model.problem.ties:
        if strength > 0:
            shared = sum(model.together(slot, a, b) for slot in model.slots)
            model.reward(weight * strength, model.reach(shared, cap))
        else:
            for slot in model.slots:
                model.reward(weight * strength, model.both(slot.people.get(a, 0), slot.people.get(b, 0)))
