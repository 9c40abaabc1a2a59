"""What one change would do: a resident added to a session, or taken out of it, and nothing else."""

from dataclasses import dataclass

from solver.documents.problem import ProblemDocument, Session
from solver.documents.schedule import ScheduleDocument
from solver.model.check import broken_in, score_of
from solver.model.reading import Reading
from solver.model.reasons import Breach


@dataclass(frozen=True)
class Explanation:
    """`invited` is whether the resident is in the session now; `terms` the parts of the gain that are not 0."""

    resident: str
    session: str
    invited: bool
    breaks: tuple[Breach, ...]
    gain: int
    terms: dict[str, int]


def explain(problem: ProblemDocument, schedule: ScheduleDocument, resident: str, session: str) -> Explanation:
    """What it would break and gain to add the resident to the session, or to take them out where they are in.

    Both ids must exist.
    """
    [old] = [row for row in schedule.sessions if row.id == session]
    invited = resident in old.residents
    changed = [_toggled(row, resident) if row is old else row for row in schedule.sessions]
    before, after = Reading(problem, schedule.sessions), Reading(problem, changed)
    known = {each.subject for each in broken_in(before, schedule.relaxed)}
    breaks = tuple(
        each for each in broken_in(after, schedule.relaxed) if each.subject not in known and each.rule.startswith("R")
    )
    was, would = score_of(before), score_of(after)
    terms = {name: would[name] - was[name] for name in would if would[name] != was[name]}
    return Explanation(resident, session, invited, breaks, sum(terms.values()), terms)


def _toggled(session: Session, resident: str) -> Session:
    others = tuple(name for name in session.residents if name != resident)
    people = others if len(others) < len(session.residents) else (*session.residents, resident)
    return session.model_copy(update={"residents": people})
