"""walk: taken off are, over attendances, the minutes from the resident's zone to the space's."""

from collections.abc import Iterator, Sequence

from solver.documents.problem import Resident
from solver.model.amounts import About, Amount
from solver.model.attendances import Attendances
from solver.model.reading import Held, Reading
from solver.model.reasons import Weighed, weighed
from solver.model.term import Term, term_of_people
from solver.model.variables import Model


def amounts(reading: Reading) -> Iterator[Amount]:
    weight, minutes = reading.problem.weights.walk, reading.minutes
    for name, held in reading.by_resident.items():
        zone = reading.residents[name].zone
        yield Amount(About((name,)), -weight * sum(minutes.get((zone, one.space.zone), 0) for one in held))


def attending(now: Attendances, person: Resident, one: Held, step: int) -> Iterator[Amount]:
    if minutes := now.reading.minutes.get((person.zone, one.space.zone)):
        yield Amount(now.of_resident[person.id], -step * now.weights.walk * minutes)


def reasons(now: Attendances, person: Resident, one: Held, parts: Sequence[Amount]) -> Iterator[Weighed]:
    for part in parts:
        if part.n:
            minutes = now.reading.minutes[person.zone, one.space.zone]
            yield weighed("why_walk", part.n, resident=person.id, session=one.id, space=one.space.id, minutes=minutes)


def post(model: Model) -> None:
    problem, weight = model.problem, model.problem.document.weights.walk
    for slot in model.slots:
        for space, there in model.where(slot).items():
            for r, literal in slot.people.items():
                if problem.walk[space, r]:
                    model.reward(-weight * int(problem.walk[space, r]), model.both(literal, there))


TERM: Term = term_of_people(
    __name__,
    __doc__,
    amounts=amounts,
    post=post,
    attending=attending,
    reasons=reasons,
    codes=("why_walk",),
    audience="anybody",
)
