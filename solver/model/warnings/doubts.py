"""What a warning is."""

from dataclasses import dataclass

from solver.documents.paths import Path, place
from solver.model.reasons import Fact, Reason


@dataclass(frozen=True)
class Doubt:
    """Where in the problem, and why it makes no sense."""

    place: str
    reason: Reason


def warn(path: Path, code: str, **facts: Fact) -> Doubt:
    return Doubt(place(path), Reason(code, tuple(facts.items())))
