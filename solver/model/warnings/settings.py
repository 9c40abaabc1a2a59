"""Doubts about the horizon, the escorts and the weights."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from solver.documents.problem import ProblemDocument
from solver.model.warnings.doubts import Doubt, warn


def of_horizon(problem: ProblemDocument) -> Iterator[Doubt]:
    name = problem.horizon.timezone
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        yield warn(("horizon", "timezone"), "zone_unknown", name=name)


def of_settings(problem: ProblemDocument) -> Iterator[Doubt]:
    escorts = problem.escorts
    if escorts is not None and escorts.default == 0 and not any(window.capacity for window in escorts.windows):
        many = sum(resident.escort for resident in problem.residents)
        if many and not all(space.bedside for space in problem.spaces):
            yield warn(("escorts", "default"), "no_escorts", residents=many)
    weights = problem.weights.model_dump()
    if not any(any(value) if isinstance(value, tuple) else value for value in weights.values()):
        yield warn(("weights",), "no_weights")
