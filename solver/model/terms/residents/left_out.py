"""left_out: taken off are the residents who wish for sessions and like something, and attend nothing that they like."""

from collections.abc import Iterator, Sequence

from solver.documents.problem import Resident
from solver.model.amounts import About, Amount
from solver.model.attendances import Attendances
from solver.model.reading import Held, Reading
from solver.model.reasons import Weighed, weighed
from solver.model.term import Term, term_of_people
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


def attending(now: Attendances, person: Resident, one: Held, step: int) -> Iterator[Amount]:
    interests = person.interests
    if person.sessions.min and interests.get(one.activity.id, 0) > 0:
        nth = sum(interests.get(each.activity.id, 0) > 0 for each in now.week[person.id]) + (step > 0)
        if nth == 1:
            yield Amount(now.of_resident[person.id], step * now.weights.left_out)


def reasons(now: Attendances, person: Resident, one: Held, parts: Sequence[Amount]) -> Iterator[Weighed]:
    for part in parts:
        if part.n:
            yield weighed("why_only_liked", part.n, resident=person.id, session=one.id, activity=one.activity.id)


def post(model: Model) -> None:
    problem, weight = model.problem, model.problem.document.weights.left_out
    for r, person in enumerate(problem.document.residents):
        if person.sessions.min > 0 and any(like > 0 for like in person.interests.values()):
            liked = sum(slot.people.get(r, 0) for slot in model.slots if problem.interest[slot.activity, r] > 0)
            model.reward(weight, -1)
            model.reward(weight, model.reach(liked, 1))


TERM: Term = term_of_people(
    __name__,
    __doc__,
    amounts=amounts,
    post=post,
    attending=attending,
    reasons=reasons,
    codes=("why_only_liked",),
    audience="team",
)
