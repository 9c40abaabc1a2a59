"""tie: what tied residents have of each session that they share, of pleasant ties at most `cap` sessions."""

from collections.abc import Iterator

from solver.model.reading import Reading
from solver.model.term import About, Amount, Term, term
from solver.model.variables import Model


def amounts(reading: Reading) -> Iterator[Amount]:
    weight = reading.problem.weights.tie
    for tie in reading.problem.ties:
        if tie.strength is not None:
            shared = sum(tie.b in one.session.residents for one in reading.by_resident.get(tie.a, ()))
            counted = min(shared, tie.cap) if tie.strength > 0 else shared
            yield Amount(About((min(tie.a, tie.b), max(tie.a, tie.b))), weight * tie.strength * counted)


def post(model: Model) -> None:
    weight = model.problem.document.weights.tie
    for a, b, strength, cap in model.problem.ties:
        if strength > 0:
            shared = sum(model.together(slot, a, b) for slot in model.slots)
            model.reward(weight * strength, model.reach(shared, cap))
        else:
            for slot in model.slots:
                model.reward(weight * strength, model.both(slot.people.get(a, 0), slot.people.get(b, 0)))


TERM: Term = term(__name__, __doc__, audience="team", amounts=amounts, post=post)
