"""group: what the living groups' sessions lack of their aims, by the aims' weights."""

from solver.documents import GroupTarget, LivingGroup
from solver.reading import Reading


def value(reading: Reading) -> int:
    lacking = 0
    for group in reading.problem.groups:
        present = _present(reading, group)
        lacking += sum(target.weight * _lack(reading, target, present) for target in group.targets)
    return -reading.problem.weights.group * lacking


def _present(reading: Reading, group: LivingGroup) -> list[int]:
    """How many of the group are in each session."""
    members = set(group.members) if group.targets else set()
    return [sum(name in members for name in one.session.residents) for one in reading.held] if members else []


def _lack(reading: Reading, target: GroupTarget, present: list[int]) -> int:
    have = sum(
        count >= target.members and (not target.domain or target.domain in one.activity.domains)
        for one, count in zip(reading.held, present, strict=False)  # `present` is empty where nobody is a member
    )
    return max(0, target.min - have)
