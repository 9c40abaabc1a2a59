"""target: what residents' sessions lack of their care-plan aims, by the aims' weights."""

from solver.documents import Resident, Target
from solver.reading import Reading


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
