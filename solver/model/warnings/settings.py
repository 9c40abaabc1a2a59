"""Doubts about the horizon, the escorts, the programme and the weights."""

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
        zones = {space.zone for space in problem.spaces}
        many = sum(resident.escort and zones - {resident.zone} != set() for resident in problem.residents)
        if many:
            yield warn(("escorts", "default"), "no_escorts", residents=many)
    least, days = problem.programme.min_sessions_per_day, problem.horizon.days
    most = sum(
        min(activity.sessions.max, days) if activity.one_per_day else activity.sessions.max
        for activity in problem.activities
        if activity.max_group > 1
    )
    if least * days > most:
        yield warn(("programme", "min_sessions_per_day"), "programme_high", least=least, days=days, most=most)
    weights = problem.weights.model_dump()
    if not any(any(value) if isinstance(value, tuple) else value for value in weights.values()):
        yield warn(("weights",), "no_weights")
