"""target: taken off is what residents' sessions lack of their care-plan aims, by the aims' weights."""

from collections.abc import Iterator

from solver.documents.problem import Resident, Target
from solver.model.reading import Reading
from solver.model.term import About, Amount, Term, term
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


def post(model: Model) -> None:
    document = model.problem.document
    for r, person in enumerate(document.residents):
        for target in person.targets:
            serving = [slot for slot in model.slots if target.domain in document.activities[slot.activity].domains]
            worth = document.weights.target * target.weight
            model.reward(worth, -target.min)
            model.reward(worth, model.reach(sum(slot.people.get(r, 0) for slot in serving), target.min))


TERM: Term = term(__name__, __doc__, audience="care", amounts=amounts, post=post)
