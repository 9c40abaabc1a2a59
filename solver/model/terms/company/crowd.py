"""crowd: taken off are the residents above the number at which a space begins to feel crowded."""

from collections.abc import Iterator, Sequence

from solver.documents.problem import Resident
from solver.model.amounts import About, Amount
from solver.model.attendances import Attendances
from solver.model.reading import Held, Reading
from solver.model.reasons import Weighed, weighed
from solver.model.term import Term, term_of_people
from solver.model.variables import Model


def amounts(reading: Reading) -> Iterator[Amount]:
    for one in reading.held:
        if (over := len(one.people) - one.space.comfort) > 0:
            yield Amount(About(session=one.id), -reading.problem.weights.crowd * over)


def attending(now: Attendances, person: Resident, one: Held, step: int) -> Iterator[Amount]:
    nth = len(now.present[one]) + (step > 0)
    if nth > one.space.comfort:
        yield Amount(now.of_session[one], -step * now.weights.crowd)


def reasons(now: Attendances, person: Resident, one: Held, parts: Sequence[Amount]) -> Iterator[Weighed]:
    for part in parts:
        if part.n:
            yield weighed("why_crowd", part.n, resident=person.id, session=one.id)


def post(model: Model) -> None:
    document = model.problem.document
    for slot in model.slots:
        total = sum(slot.people.values())
        for space, there in model.where(slot).items():
            comfort = document.spaces[space].comfort
            if isinstance(total, int) and isinstance(there, int):
                model.reward(-document.weights.crowd * there, max(0, total - comfort))
            elif len(slot.people) > comfort:
                over = model.number(len(slot.people) - comfort)
                model.limit(total, comfort + over, there)
                model.reward(-document.weights.crowd, over)


TERM: Term = term_of_people(
    __name__,
    __doc__,
    amounts=amounts,
    post=post,
    attending=attending,
    reasons=reasons,
    codes=("why_crowd",),
    audience="team",
)
