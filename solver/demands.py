"""The demands of a problem: least counts (R6), required attendances (R14) and pins (R18)."""

from solver.check import broken, relaxation
from solver.documents import AbsentPin, AttendPin
from solver.problem import Problem, has_leaders
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
        return f"{activity.name} is to be held at least {_times(activity.sessions.min)}."
    if demand.rule == "R14":
        person, activity = document.residents[demand.names[0]], document.activities[demand.names[1]]
        return f"{person.name} is required to attend {activity.name} at least {_times(person.required[activity.id])}."
    pin = document.pins[demand.names[0]]
    if isinstance(pin, AttendPin | AbsentPin):
        name = pin.attend if isinstance(pin, AttendPin) else pin.absent
        person = document.residents[problem.resident_number[name]]
        return f"{person.name} is pinned {'to' if isinstance(pin, AttendPin) else 'out of'} session {pin.session}."
    name = document.activities[problem.activity_number[pin.session.activity]].name
    return f"Session {pin.session.id} of {name} is pinned to day {pin.session.day} at {pin.session.start}."


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def obstacle_of(problem: Problem, demand: Demand) -> str:
    """What by itself keeps an activity from being held at all, in words; empty where it is nothing so simple."""
    if demand.rule == "R18":
        return ""
    a = demand.names[-1]
    activity, times = problem.document.activities[a], problem.times.of_activity[a]
    if len(times) == 0:
        return f"There is no time left at which {activity.name} could be held."
    fitting = problem.fits_space[a]
    if not fitting.any():
        return f"No space has the seats and the features that {activity.name} needs."
    places = problem.open_at[times][:, fitting].any(axis=1)
    if not places.any():
        return f"No space that fits {activity.name} is open at any of its times."
    if not any(has_leaders(problem, a, time) for time in times[places].tolist()):
        skills = " and ".join(activity.needs_skills)
        return (
            f"Nobody who could lead {activity.name}{f' (it needs {skills})' if skills else ''} is there at its times."
        )
    return ""


def sentences(problem: Problem, conflict: Conflict) -> tuple[str, ...]:
    """What clashes, and what stands in its way where that is one thing, in plain words."""
    rows = [sentence_of(problem, demand) for demand in conflict.demands]
    why = [text for demand in conflict.demands if (text := obstacle_of(problem, demand))]
    last = "This cannot be had." if len(rows) == 1 else "These cannot all be had together."
    return (*rows, *(dict.fromkeys(why) or (last,)))
