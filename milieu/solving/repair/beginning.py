"""What a solve begins from: as much of a week as a problem lets stand."""

from collections.abc import Iterable

from milieu.solving.answer.checking import check_week
from milieu.solving.contents import SessionContent
from milieu.solving.problem.document import ProblemSource
from solver.documents import exchange


def begin_from(source: ProblemSource, sessions: Iterable[SessionContent]) -> bytes | None:
    """What of a week can be held by a problem, as the document that a solve begins from; None where nothing can.

    Whatever a broken rule speaks of is left out, until nothing is broken.
    """
    left = list(sessions)
    while left:
        checked = check_week(source, left)
        named = {value for each in checked.breaches for _name, value in each.reason.facts}
        if not checked.breaches:
            return exchange.write_schedule(
                exchange.ScheduleDocument(
                    problem=source.digest,
                    status="feasible",
                    objective=checked.objective,
                    bound=None,
                    sessions=checked.sessions,
                    terms=checked.terms,
                )
            )
        kept = [each for each in left if each.ref not in named]
        if len(kept) == len(left):
            return None
        left = kept
    return None
