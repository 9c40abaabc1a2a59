"""The demands of a problem: least counts (R6), required attendances (R14) and pins (R18)."""

from solver.check import broken, relaxation
from solver.documents import AbsentPin, AttendPin
from solver.problem import Problem
from solver.rendering import rendered
from solver.schedules import CountRelaxed, Relaxed, RequiredRelaxed
from solver.search.annealer import Found
from solver.search.packing import Pools
from solver.variables import Conflict, Demand


def lacking_demands(problem: Problem, pools: Pools, found: Found) -> list[Demand]:
    """What a schedule that breaks nothing else does not meet."""
    rows = rendered(problem, pools.identities, found.sessions)
    missing = [relaxation(breach) for breach in broken(problem.document, rows)]
    return [_demand(problem, row) for row in missing if row is not None]


def _demand(problem: Problem, row: Relaxed) -> Demand:
    if isinstance(row, CountRelaxed):
        return Demand("R6", (problem.activity_number[row.activity],))
    if isinstance(row, RequiredRelaxed):
        return Demand("R14", (problem.resident_number[row.resident], problem.activity_number[row.activity]))
    return Demand("R18", (row.pin,))


def sentence_of(problem: Problem, demand: Demand) -> str:
    """What is demanded, in words."""
    document = problem.document
    if demand.rule == "R6":
        activity = document.activities[demand.names[0]]
        return f"{activity.name} is to be held at least {activity.sessions.min} times."
    if demand.rule == "R14":
        person, activity = document.residents[demand.names[0]], document.activities[demand.names[1]]
        return f"{person.name} is required to attend {activity.name} at least {person.required[activity.id]} times."
    pin = document.pins[demand.names[0]]
    if isinstance(pin, AttendPin | AbsentPin):
        name = pin.attend if isinstance(pin, AttendPin) else pin.absent
        person = document.residents[problem.resident_number[name]]
        return f"{person.name} is pinned {'to' if isinstance(pin, AttendPin) else 'out of'} session {pin.session}."
    name = document.activities[problem.activity_number[pin.session.activity]].name
    return f"Session {pin.session.id} of {name} is pinned to day {pin.session.day} at {pin.session.start}."


def sentences(problem: Problem, conflict: Conflict) -> tuple[str, ...]:
    """What clashes, in plain words."""
    rows = [sentence_of(problem, demand) for demand in conflict.demands]
    last = "This cannot be had." if len(rows) == 1 else "These cannot all be had together."
    return (*rows, last)
