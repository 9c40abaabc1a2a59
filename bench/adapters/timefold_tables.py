"""A problem as plain tables for Timefold's model, whose environment has none of the solver's packages.

A *meeting* is a session that may be held: those of the director's week, which it begins from, and as many more as the
activity may have. A *place* is a time and a space. Sessions of the past are left out; the diary knows them.
"""

from collections import Counter
from typing import Any

from bench.adapters.past import is_held, is_leading, is_taken
from bench.adapters.peer import Sessions, Tree
from solver.documents.exchange import AttendPin, ProblemDocument, Session, SessionPin
from solver.instance.compilation import compile_problem
from solver.instance.problem import Problem, has_leaders, is_any_use
from solver.model.reading import is_past

MOST_SEATS = 14  # of one resident; best weeks hold fewer
MOST_LEADERS = 2


def tables(problem: ProblemDocument, week: Sessions) -> Tree:
    compiled = compile_problem(problem, "")
    places = _places(compiled)
    planned = [row for row in week if not is_past(problem, row)]
    return {
        "places": [list(place) for place in places],
        "spaces": [
            {
                "noise": row.noise,
                "capacity": row.capacity,
                "wheelchairs": row.wheelchair_places,
                "rest": turn,
                "comfort": row.comfort,
                "shares": [int(k in mine) for k in range(len(problem.spaces))],
            }
            for row, turn, mine in zip(problem.spaces, compiled.turnaround.tolist(), _blocked(compiled), strict=True)
        ],
        "staff": [
            {
                "skills": row.skills,
                "support": row.support,
                "rest": row.gap_minutes,
                "most": row.max_sessions_per_day,
                "available": [
                    int(may and not is_leading(compiled, t, f))
                    for t, may in enumerate(compiled.available_at[:, f].tolist())
                ],
            }
            for f, row in enumerate(problem.facilitators)
        ],
        "activities": _activities(compiled, places),
        "people": [_person(compiled, r) for r in range(len(problem.residents))],
        "meetings": _meetings(compiled, planned, places),
        "ties": [list(row) for row in compiled.ties],
        "apart": [list(row) for row in compiled.apart],
        "days": compiled.days,
        "cohorts": problem.separate_cohorts,
        "weights": problem.weights.model_dump(),
        **_names(problem),
    }


def _names(problem: ProblemDocument) -> Tree:
    names = {
        "activity": [row.id for row in problem.activities],
        "space": [row.id for row in problem.spaces],
        "person": [row.id for row in problem.residents],
        "staff": [row.id for row in problem.facilitators],
    }
    return {"names": names}


def _places(problem: Problem) -> list[tuple[int, int, int, int, int]]:
    """(time, day, begin, end, space) wherever some activity may be."""
    times = problem.times
    return [
        (t, int(times.day[t]), int(times.begin[t]), int(times.end[t]), s)
        for t in range(len(times))
        for s in range(problem.open_at.shape[1])
        if problem.open_at[t, s] and not is_taken(problem, t, s)
    ]


def _blocked(problem: Problem) -> list[set[int]]:
    return [{s, *others} for s, others in enumerate(problem.shares)]


def _activities(problem: Problem, places: list[tuple[int, int, int, int, int]]) -> list[Tree]:
    number = {(place[0], place[4]): k for k, place in enumerate(places)}
    rows = []
    for a, row in enumerate(problem.document.activities):
        fits = [s for s in range(problem.fits_space.shape[1]) if problem.fits_space[a, s]]
        times = problem.times.of_activity[a].tolist()
        times = [t for t in times if has_leaders(problem, a, t) and not is_held(problem, t, a)]
        useful = [f for f in range(len(problem.skills[a])) if is_any_use(problem, a, f)]
        rows.append(
            {
                "places": [number[t, s] for t in times for s in fits if (t, s) in number],
                "leaders": useful if row.facilitators else [],
                "count": row.facilitators,
                "noise": row.noise,
                "skills": row.needs_skills if row.facilitators else [],
                "cost": row.cost,
                "one_per_day": row.one_per_day,
                "least": row.min_group,
                "most": row.max_group,
                "domains": row.domains,
            }
        )
    return rows


def _person(problem: Problem, r: int) -> Tree:
    row = problem.document.residents[r]
    return {
        "wheelchair": int(row.wheelchair),
        "support": row.support,
        "rest": row.rest_minutes,
        "day": row.max_per_day,
        "least": row.sessions.min,
        "cohort": row.cohort,
        "ear": problem.ear[:, r].tolist(),
        "seats": min(row.sessions.max, row.max_per_day * problem.days, MOST_SEATS),
        "spaces": problem.may_space[:, r].astype(int).tolist(),
        "staff": problem.may_facilitator[:, r].tolist(),
        "walk": problem.walk[:, r].tolist(),
        "interest": problem.interest[:, r].tolist(),
        "may": [int(problem.may_activity[a, r]) for a in range(problem.may_activity.shape[0])],
        "times": [row.times.get(part, 0) for part in ("morning", "afternoon", "evening")],
        "targets": [[each.domain, each.min, each.weight] for each in row.targets],
        "required": _required(problem, r),
    }


def _required(problem: Problem, r: int) -> dict[str, int]:
    """What is still to be attended, by the activity's number."""
    came = Counter(fact.activity for fact in problem.facts if r in fact.residents)
    rows = {problem.activity_number[name]: n for name, n in problem.document.residents[r].required.items()}
    return {str(a): least - came[a] for a, least in rows.items() if least > came[a]}


def _meetings(problem: Problem, week: list[Session], places: list[tuple[int, int, int, int, int]]) -> list[Tree]:
    """The director's sessions where they are, then those that may be held besides."""
    document = problem.document
    at = {(day, begin, end, s): k for k, (_, day, begin, end, s) in enumerate(places)}
    held = Counter(document.activities[fact.activity].id for fact in problem.facts)
    pinned = {pin.session.id: pin.session for pin in document.pins if isinstance(pin, SessionPin)}
    before = {row.id: row for row in document.previous}
    rows: list[dict[str, Any]] = []
    for row in week:
        activity = document.activities[problem.activity_number[row.activity]]
        s = problem.space_number[row.space]
        held[row.activity] += 1
        rows.append(
            {
                "id": row.id,
                "activity": problem.activity_number[row.activity],
                "needed": held[row.activity] <= (activity.sessions.min),
                "place": at.get((row.day, row.begin, row.begin + activity.duration_minutes, s)),
                "staff": [problem.facilitator_number[name] for name in row.facilitators],
                "people": [problem.resident_number[name] for name in row.residents],
                "pinned": row.id in pinned,
                "before": _before(problem, before, row.id),
                "must": _must(problem, row.id),
            }
        )
    taken = problem.reserved | {row.id for row in week}
    for a, activity in enumerate(document.activities):
        for k in range(activity.sessions.max - held[activity.id] if _may_be_held(problem, a) else 0):
            name = f"{activity.id}, more {k + 1}"
            if name not in taken:
                rows.append(
                    {
                        "id": name,
                        "activity": a,
                        "needed": False,
                        "place": None,
                        "staff": [],
                        "people": [],
                        "pinned": False,
                        "before": None,
                        "must": [],
                    }
                )
    return rows


def _may_be_held(problem: Problem, a: int) -> bool:
    """Whether its model can express the activity's team, and there is anybody to lead it."""
    count = problem.document.activities[a].facilitators
    able = sum(is_any_use(problem, a, f) for f in range(len(problem.skills[a])))
    return count <= min(MOST_LEADERS, able if count else 0)


def _before(problem: Problem, before: dict[str, Session], name: str) -> Tree | None:
    row = before.get(name)
    if row is None:
        return None
    people = [problem.resident_number[one] for one in row.residents if one in problem.resident_number]
    return {"day": row.day, "begin": row.begin, "space": problem.space_number.get(row.space, -1), "people": people}


def _must(problem: Problem, name: str) -> list[int]:
    """Who is pinned into the session of that id."""
    found = []
    for pin in problem.document.pins:
        if isinstance(pin, AttendPin) and pin.session == name:
            found.append(pin.attend)
        elif isinstance(pin, SessionPin) and pin.session.id == name:
            found += pin.session.residents
    return sorted({problem.resident_number[one] for one in found})
