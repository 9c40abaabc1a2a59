"""The referee of the exchange format, where it lies beside the project: an outside opinion on whole schedules."""

from collections import Counter
from typing import Any

from tests.referees import load_referee, needs_referee

__all__ = ["judged", "needs_referee"]


def judged(problem: dict[str, Any], sessions: list[Any], relaxed: list[Any]) -> tuple[Counter[str], dict[str, int]]:
    """How often each rule is broken, and the terms of the score, as the referee reads them."""
    referee = load_referee().Referee(problem, {"sessions": sessions, "relaxed": relaxed})
    referee.check()
    terms = referee.score()
    return Counter(line.partition(":")[0] for line in referee.broken), terms
