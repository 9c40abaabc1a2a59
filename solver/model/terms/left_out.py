"""left_out: taken off are the residents who wish for sessions and like something, and attend nothing that they like."""

from collections.abc import Iterator

from solver.documents.problem import Resident
from solver.model.reading import Reading
from solver.model.term import About, Amount, Term, term
from solver.model.variables import Model


def amounts(reading: Reading) -> Iterator[Amount]:
    for resident in reading.problem.residents:
        if _is_left_out(reading, resident):
            yield Amount(About((resident.id,)), -reading.problem.weights.left_out)


def _is_left_out(reading: Reading, resident: Resident) -> bool:
    if resident.sessions.min == 0:
        return False
    liked = {activity for activity, interest in resident.interests.items() if interest > 0}
    return bool(liked) and not any(one.activity.id in liked for one in reading.by_resident.get(resident.id, ()))


def post(model: Model) -> None:
    problem, weight = model.problem, model.problem.document.weights.left_out
    for r, person in enumerate(problem.document.residents):
        if person.sessions.min > 0 and any(like > 0 for like in person.interests.values()):
            liked = sum(slot.people.get(r, 0) for slot in model.slots if problem.interest[slot.activity, r] > 0)
            model.reward(weight, -1)
            model.reward(weight, model.reach(liked, 1))


TERM: Term = term(__name__, __doc__, audience="team", amounts=amounts, post=post)
