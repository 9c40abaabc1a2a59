"""target: taken off is what residents' sessions lack of their care-plan aims, by the aims' weights."""

from collections.abc import Iterator, Sequence

from solver.documents.problem import Resident, Target
from solver.model.amounts import About, Amount
from solver.model.attendances import Attendances
from solver.model.reading import Held, Reading
from solver.model.reasons import Weighed, weighed
from solver.model.term import Term, term_of_people
from solver.model.variables import Model


def amounts(reading: Reading) -> Iterator[Amount]:
    weight = reading.problem.weights.target
    for resident in reading.problem.residents:
        for target in resident.targets:
            lack = _lack(reading, resident, target)
            yield Amount(About((resident.id,), domain=target.domain), -weight * target.weight * lack)


def _lack(reading: Reading, resident: Resident, target: Target) -> int:
    """How many sessions of the target's domain are missing."""
    have = sum(target.domain in one.activity.domains for one in reading.by_resident.get(resident.id, ()))
    return max(0, target.min - have)


def attending(now: Attendances, person: Resident, one: Held, step: int) -> Iterator[Amount]:
    for target in person.targets:
        if target.domain in one.activity.domains:
            nth = sum(target.domain in each.activity.domains for each in now.week[person.id]) + (step > 0)
            paid = step if nth <= target.min else 0
            about = About((person.id,), domain=target.domain)
            yield Amount(about, now.weights.target * target.weight * paid)


def reasons(now: Attendances, person: Resident, one: Held, parts: Sequence[Amount]) -> Iterator[Weighed]:
    """Of more sessions than an aim asks for, none would be missed; the first ones serve it."""
    served = [target for target in person.targets if target.domain in one.activity.domains]
    for target, part in zip(served, parts, strict=True):
        week = [each for each in now.week[person.id] if target.domain in each.activity.domains]
        first = sorted(week, key=lambda each: (each.day, each.begin, each.id))[: target.min]
        if part.n or one in first:
            domain, least = target.domain, target.min
            yield weighed("why_aim", part.n, resident=person.id, session=one.id, domain=domain, least=least)


def post(model: Model) -> None:
    document = model.problem.document
    for r, person in enumerate(document.residents):
        for target in person.targets:
            serving = [slot for slot in model.slots if target.domain in document.activities[slot.activity].domains]
            worth = document.weights.target * target.weight
            model.reward(worth, -target.min)
            model.reward(worth, model.reach(sum(slot.people.get(r, 0) for slot in serving), target.min))


TERM: Term = term_of_people(
    __name__,
    __doc__,
    amounts=amounts,
    post=post,
    attending=attending,
    reasons=reasons,
    codes=("why_aim",),
    audience="care",
)
