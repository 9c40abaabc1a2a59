"""The second reading of a schedule: every rule and every term in plain Python, from the documents alone.

Nothing leaves the solver that has not passed here. It shares no code with the search's own reading.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from solver.documents.problem import ProblemDocument, Session
from solver.documents.schedule import (
    CountDemand,
    CountRelaxed,
    PinDemand,
    Relaxed,
    RequiredDemand,
    RequiredRelaxed,
    ScheduleDocument,
)
from solver.model.reading import Reading
from solver.model.reasons import Breach, Fact, breach
from solver.model.rules import RULES
from solver.model.terms import TERMS


def broken(problem: ProblemDocument, sessions: Iterable[Session], relaxed: Sequence[Relaxed] = ()) -> list[Breach]:
    """Every rule that the sessions break, by the order of the rules; what `relaxed` lists by the right amount aside."""
    return broken_in(Reading(problem, sessions), relaxed)


def broken_in(reading: Reading, relaxed: Sequence[Relaxed] = ()) -> list[Breach]:
    allowed = Counter(relaxed)
    found = [*reading.strays, *_form(reading)]
    for rule in RULES:
        for each in rule.broken(reading):
            demand = relaxation(each)
            if demand is not None and allowed[demand]:
                allowed[demand] -= 1
            else:
                found.append(each)
    for demand in allowed.elements():
        found.append(breach("FORM", "not_relaxed", demand=_written(demand)))
    return found


def score(problem: ProblemDocument, sessions: Iterable[Session]) -> dict[str, int]:
    """Every term of the score by its name, weight and sign included; their sum is the objective."""
    return score_of(Reading(problem, sessions))


def score_of(reading: Reading) -> dict[str, int]:
    return {term.name: term.value(reading) for term in TERMS}


def objective(problem: ProblemDocument, sessions: Iterable[Session]) -> int:
    return sum(score(problem, sessions).values())


def relaxation(found: Breach) -> Relaxed | None:
    """What a schedule has to list as relaxed to break this rule; None where nothing allows it."""
    facts: dict[str, Fact] = dict(found.reason.facts)
    if found.reason.code == "too_few":
        return CountRelaxed(activity=str(facts["activity"]), by=int(str(facts["by"])))
    if found.reason.code == "required":
        who, what, by = facts["resident"], facts["activity"], facts["by"]
        return RequiredRelaxed(resident=str(who), activity=str(what), by=int(str(by)))
    if found.rule == "R18":
        return PinDemand(pin=int(str(facts["pin"])))
    return None


def read_whole(problem: ProblemDocument, digest: str, schedule: ScheduleDocument) -> list[Breach]:
    """Everything that is wrong with a schedule document: its rules, its own statements and its form."""
    found = [] if schedule.problem == digest else [breach("FORM", "other_problem")]
    if schedule.status in ("infeasible", "unknown"):
        return found + list(_without_schedule(problem, schedule))
    reading = Reading(problem, schedule.sessions)
    return found + broken_in(reading, schedule.relaxed) + list(_statements(reading, schedule))


def _statements(reading: Reading, schedule: ScheduleDocument) -> Iterator[Breach]:
    terms = score_of(reading)
    total = sum(terms.values())
    if schedule.objective != total:
        stated = "null" if schedule.objective is None else str(schedule.objective)
        yield breach("SCORE", "objective", stated=stated, scored=total)
    names = {name for name in {*terms, *schedule.terms} if terms.get(name, 0) != schedule.terms.get(name, 0)}
    if names:
        yield breach("SCORE", "terms", names=tuple(sorted(names)))
    bound = schedule.bound
    if (bound is not None and bound < total) or (schedule.status == "optimal" and bound != total):
        stated = "null" if bound is None else str(bound)
        yield breach("SCORE", "bound", bound=stated, status=schedule.status, scored=total)


def _without_schedule(problem: ProblemDocument, schedule: ScheduleDocument) -> Iterator[Breach]:
    stated = (schedule.sessions, schedule.terms, schedule.objective, schedule.bound, schedule.relaxed)
    if any(each not in (None, (), {}) for each in stated):
        yield breach("FORM", "with_sessions", status=schedule.status)
    if schedule.status == "infeasible" and not schedule.conflict:
        yield breach("FORM", "no_conflict")
    least = {row.id: row.sessions.min for row in problem.activities}
    required = {row.id: row.required for row in problem.residents}
    for row in (schedule.conflict or ()) if schedule.status == "infeasible" else ():
        if isinstance(row, CountDemand):
            is_real = least.get(row.activity, 0) > 0
        elif isinstance(row, RequiredDemand):
            is_real = required.get(row.resident, {}).get(row.activity, 0) > 0
        else:
            is_real = row.pin < len(problem.pins)
        if not is_real:
            yield breach("FORM", "no_demand", demand=_written(row))


def _written(demand: CountDemand | RequiredDemand | PinDemand) -> str:
    return " ".join(str(value) for value in demand.model_dump().values())


def _by_place(sessions: Iterable[Session]) -> dict[tuple[str, int, str, str], list[str]]:
    """The ids of the sessions of one activity, on one day, at one time, in one space."""
    found: dict[tuple[str, int, str, str], list[str]] = {}
    for row in sessions:
        found.setdefault((row.activity, row.day, row.start, row.space), []).append(row.id)
    return found


def _form(reading: Reading) -> Iterator[Breach]:
    """Ids that stand twice, and what `previous` says of ids."""
    for name, count in Counter(one.id for one in reading.held).items():
        if count > 1:
            yield breach("FORM", "id_twice", session=name, sessions=count)
    now = {one.id: one.session for one in reading.held}
    before, there = _by_place(reading.problem.previous), _by_place(one.session for one in reading.held)
    for place, names in before.items():
        here = there.get(place, [])
        strangers, lost = [name for name in here if name not in names], [name for name in names if name not in here]
        if strangers and lost:  # as many of the sessions there as can have their ids
            yield breach("FORM", "other_id", session=strangers[0], previous=lost[0])
    for row in reading.problem.previous:
        if row.id in now and now[row.id].activity != row.activity:
            yield breach("FORM", "other_activity", session=row.id)
