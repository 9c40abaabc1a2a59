"""target: taken off is what residents' sessions lack of their care-plan aims, by the aims' weights."""

from solver.documents.problem import Resident, Target
from solver.model.reading import Reading
from solver.model.variables import Model


def value(reading: Reading) -> int:
    lacking = sum(
        target.weight * lack(reading, resident, target)
        for resident in reading.problem.residents
        for target in resident.targets
    )
    return -reading.problem.weights.target * lacking


def lack(reading: Reading, resident: Resident, target: Target) -> int:
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
