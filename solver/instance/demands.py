"""The demands of a problem: least counts (R6), required attendances (R14) and pins (R18)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from solver.documents.problem import ProblemDocument
from solver.documents.schedule import CountRelaxed, Relaxed, RequiredRelaxed

if TYPE_CHECKING:
    from solver.instance.problem import Problem  # which loads numpy: checking and explaining a schedule need none


@dataclass(frozen=True)
class Demand:
    """What may be relaxed: ("R6", activity), ("R14", resident, activity) or ("R18", pin)."""

    rule: str
    names: tuple[int, ...]


Wanted: TypeAlias = Mapping[Demand, int]  # each demand by the least amount of it that is to be met; a pin's is 1


def all_demands(problem: Problem) -> list[Demand]:
    """Every demand, those first that are to be kept most: required attendances, least counts, pins."""
    document = problem.document
    rows = [
        Demand("R14", (r, problem.activity_number[name]))
        for r, person in enumerate(document.residents)
        for name, least in person.required.items()
        if least > 0
    ]
    rows += [Demand("R6", (a,)) for a, activity in enumerate(document.activities) if activity.sessions.min > 0]
    rows += [Demand("R18", (k,)) for k in range(len(document.pins))]
    return rows


def amount_of(document: ProblemDocument, demand: Demand) -> int:
    """How much is demanded: sessions, attendances, or one pin."""
    if demand.rule == "R6":
        return document.activities[demand.names[0]].sessions.min
    if demand.rule == "R14":
        resident, activity = demand.names
        return document.residents[resident].required[document.activities[activity].id]
    return 1


def everything_wanted(problem: Problem) -> Wanted:
    """Every demand in full, in the order of `all_demands`."""
    return {demand: amount_of(problem.document, demand) for demand in all_demands(problem)}


def demand_of(problem: Problem, row: Relaxed) -> Demand:
    if isinstance(row, CountRelaxed):
        return Demand("R6", (problem.activity_number[row.activity],))
    if isinstance(row, RequiredRelaxed):
        return Demand("R14", (problem.resident_number[row.resident], problem.activity_number[row.activity]))
    return Demand("R18", (row.pin,))


def activities_of(problem: Problem, demand: Demand) -> list[int]:
    """The activities whose sessions a demand speaks of."""
    if demand.rule == "R6":
        return [demand.names[0]]
    if demand.rule == "R14":
        return [demand.names[1]]
    identity = problem.identity_number.get(session_of(problem, demand))
    pin = problem.document.pins[demand.names[0]].session
    if not isinstance(pin, str):
        return [problem.activity_number[pin.activity]]
    found = problem.identities[identity].activity if identity is not None else -1
    return [found] if found >= 0 else []


def session_of(problem: Problem, demand: Demand) -> str:
    """The session that a pin speaks of."""
    pin = problem.document.pins[demand.names[0]].session
    return pin if isinstance(pin, str) else pin.id
