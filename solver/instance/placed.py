"""Planned sessions in numbers: what search, models and proofs hand to each other."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Placed:
    """A planned session as numbers; `identity` in the kernels' order, -1 for a new one."""

    activity: int
    time: int
    space: int
    identity: int
    team: tuple[int, ...]
    residents: tuple[int, ...]


@dataclass(frozen=True)
class Found:
    """Planned sessions in numbers, their score, and how many demands they lack."""

    objective: int
    lacking: int
    sessions: tuple[Placed, ...]
