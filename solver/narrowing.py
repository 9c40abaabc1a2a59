"""A problem with fewer demands: what the others ask for is left out, everything else stands as it is."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from solver.documents import ProblemDocument
from solver.identity import contradicted_pins, identities_of
from solver.placed import Placed
from solver.problem import Problem
from solver.variables import Demand

Wanted: TypeAlias = Mapping[Demand, int]  # each demand by the least amount of it that is to be met; a pin's is 1


@dataclass(frozen=True)
class Relaxation:
    """What is left of each demand, and a schedule that meets it: its identities as the narrowed problem's pools number
    them. `is_only`: no other way to give up as little is possible.
    """

    wanted: Wanted
    sessions: tuple[Placed, ...]
    is_only: bool


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


def narrowed(problem: Problem, wanted: Wanted) -> Problem:
    """The problem that demands only what is wanted. Its pins are numbered anew, in the order they had."""
    document = _narrowed(problem.document, wanted)
    return replace(
        problem,
        document=document,
        identities=identities_of(document, problem.frozen_until),
        contradictions=contradicted_pins(document, problem.frozen_until),
    )


def _narrowed(document: ProblemDocument, wanted: Wanted) -> ProblemDocument:
    required: dict[int, dict[str, int]] = {}
    for demand, least in wanted.items():
        if demand.rule == "R14" and least > 0:
            required.setdefault(demand.names[0], {})[document.activities[demand.names[1]].id] = least
    activities = []
    for a, activity in enumerate(document.activities):
        least = wanted.get(Demand("R6", (a,)), 0)
        if least != activity.sessions.min:
            bounds = activity.sessions.model_copy(update={"min": least})
            activity = activity.model_copy(update={"sessions": bounds})
        activities.append(activity)
    residents = [
        person if person.required == (rows := required.get(r, {})) else person.model_copy(update={"required": rows})
        for r, person in enumerate(document.residents)
    ]
    pins = tuple(pin for k, pin in enumerate(document.pins) if wanted.get(Demand("R18", (k,)), 0) > 0)
    return document.model_copy(update={"activities": tuple(activities), "residents": tuple(residents), "pins": pins})
