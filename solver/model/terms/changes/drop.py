"""drop: taken off are the residents who are no longer in a published session that is still held."""

from collections.abc import Iterator, Sequence

from solver.documents.problem import Resident
from solver.model.amounts import About, Amount
from solver.model.attendances import Attendances
from solver.model.reading import Held, Reading
from solver.model.reasons import Weighed, weighed
from solver.model.term import Term, term_of_people
from solver.model.terms.changes.change import changes
from solver.model.variables import Model


def amounts(reading: Reading) -> Iterator[Amount]:
    weight = reading.problem.weights.drop
    for change in changes(reading):
        if change.now is not None:
            gone = [name for name in change.people if name not in change.now.residents]
            yield from (Amount(About((name,), session=change.before.id), -weight) for name in gone)


def attending(now: Attendances, person: Resident, one: Held, step: int) -> Iterator[Amount]:
    if person.id in now.invited_before.get(one.id, ()):
        yield Amount(About((person.id,), session=one.id), step * now.weights.drop)


def holding(now: Attendances, one: Held, step: int) -> Iterator[Amount]:
    for name in now.invited_before.get(one.id, ()):
        yield Amount(About((name,), session=one.id), -step * now.weights.drop)


def reasons(now: Attendances, person: Resident, one: Held, parts: Sequence[Amount]) -> Iterator[Weighed]:
    for part in parts:
        yield weighed("why_published", part.n, resident=person.id, session=one.id)


def post(model: Model) -> None:
    weight = model.problem.document.weights.drop
    for slot in model.planned:
        if slot.identity is not None:
            for r in slot.identity.previous_residents:
                model.reward(-weight, slot.present)
                model.reward(weight, slot.people.get(r, 0))


TERM: Term = term_of_people(
    __name__,
    __doc__,
    amounts=amounts,
    post=post,
    attending=attending,
    holding=holding,
    reasons=reasons,
    codes=("why_published",),
    audience="team",
)
