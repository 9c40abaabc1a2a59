"""How much demands get into each other's way: those that want one room, one leader, one person or one hour."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from solver.documents.problem import AbsentPin, AttendPin, SessionPin
from solver.instance.demands import Demand, activities_of, session_of
from solver.instance.placements import Placements
from solver.instance.problem import Flags, Problem, is_any_use

STEP = 30  # minutes


@dataclass(frozen=True)
class Claim:
    """What meeting a demand may take."""

    activities: frozenset[int]
    session: str
    residents: frozenset[int]
    leaders: frozenset[int]
    spaces: frozenset[int]
    hours: Flags  # over the horizon, in half hours


class Closeness:
    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.placements = Placements(problem)
        self._claims: dict[Demand, Claim] = {}

    def by_nearness(self, demand: Demand, others: Iterable[Demand]) -> list[Demand]:
        """The other demands, those first that are most in the way of this one."""
        mine = self.claim(demand)
        near = {other: _nearness(mine, self.claim(other)) for other in others if other != demand}
        return sorted(near, key=lambda other: -near[other])

    def claim(self, demand: Demand) -> Claim:
        if demand not in self._claims:
            self._claims[demand] = self._read(demand)
        return self._claims[demand]

    def _read(self, demand: Demand) -> Claim:
        problem = self.problem
        activities = activities_of(problem, demand)
        hours = np.zeros(problem.days * (1440 // STEP), bool)
        leaders: set[int] = set()
        spaces: set[int] = set()
        for a in activities:
            places = self.placements.places(a)
            times = problem.times.of_activity[a][places.any(axis=1)]
            self._mark(hours, demand, times)
            spaces |= set(np.flatnonzero(places.any(axis=0)).tolist())
            if problem.document.activities[a].facilitators:
                there = np.flatnonzero(problem.available_at[times].any(axis=0)).tolist()
                leaders |= {f for f in there if is_any_use(problem, a, f)}
        name = session_of(problem, demand) if demand.rule == "R18" else ""
        return Claim(frozenset(activities), name, self._residents(demand), frozenset(leaders), frozenset(spaces), hours)

    def _mark(self, hours: Flags, demand: Demand, times: np.typing.NDArray[np.int64]) -> None:
        table = self.problem.times
        pin = self.problem.document.pins[demand.names[0]] if demand.rule == "R18" else None
        for time in times.tolist():
            day, begin, end = int(table.day[time]), int(table.begin[time]), int(table.end[time])
            if isinstance(pin, SessionPin) and (day, begin) != (pin.session.day, pin.session.begin):
                continue
            if demand.rule == "R14" and self.problem.ear[time, demand.names[0]] < 0:
                continue
            first = day * (1440 // STEP) + begin // STEP
            hours[first : first + max(1, (end - begin + STEP - 1) // STEP)] = True

    def _residents(self, demand: Demand) -> frozenset[int]:
        if demand.rule == "R14":
            return frozenset(demand.names[:1])
        if demand.rule == "R6":
            return frozenset()
        pin, number = self.problem.document.pins[demand.names[0]], self.problem.resident_number
        if isinstance(pin, AttendPin):
            return frozenset({number[pin.attend]})
        if isinstance(pin, AbsentPin):
            return frozenset({number[pin.absent]})
        return frozenset(number[name] for name in pin.session.residents)


def _nearness(mine: Claim, other: Claim) -> float:
    """How likely it is that meeting the other takes what the one needs."""
    if mine.session and mine.session == other.session:
        return 9.0
    shared = float((mine.hours & other.hours).sum()) / max(1.0, float(other.hours.sum()))
    taken = _share(mine.leaders, other.leaders) + _share(mine.spaces, other.spaces)
    return (
        2.0 * bool(mine.activities & other.activities)
        + 2.0 * bool(mine.residents & other.residents)
        + shared * (0.5 + taken)
    )


def _share(mine: frozenset[int], other: frozenset[int]) -> float:
    return len(mine & other) / max(1, len(other))
