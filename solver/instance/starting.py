"""Where a search begins: with the schedule given, with what is published, or with nothing.

Repairing beats restarting: what still holds of the previous sessions is taken up as it stands, what fell through is
mended around it, and only then does the search move on.
"""

from collections.abc import Iterable

from solver.documents.problem import Session
from solver.documents.schedule import ScheduleDocument
from solver.instance.placed import Placed
from solver.instance.problem import Identity, Problem, team_can_lead


def starting_sessions(
    problem: Problem, identities: tuple[Identity, ...], start: ScheduleDocument | None
) -> list[Placed]:
    """The planned sessions to begin from, pinned ones first; what the problem does not know is left out."""
    given: Iterable[Session] = problem.document.previous
    if start is not None and start.sessions:
        given = start.sessions
    number = {identity.id: k for k, identity in enumerate(identities)}
    rows = [placed for row in given if (placed := _placed(problem, number, row)) is not None]
    return sorted(rows, key=lambda row: (row.identity < 0 or not identities[row.identity].is_pinned, row.time))


def _placed(problem: Problem, identity_of: dict[str, int], row: Session) -> Placed | None:
    """One session as numbers, or None where it is a fact or names what there is no more."""
    activity, space = problem.activity_number.get(row.activity), problem.space_number.get(row.space)
    if activity is None or space is None or (row.day, row.begin) < problem.frozen_until:
        return None
    end = row.begin + problem.document.activities[activity].duration_minutes
    time = problem.times.number.get((row.day, row.begin, end))
    if time is None:
        return None
    team = tuple(problem.facilitator_number[f] for f in row.facilitators if f in problem.facilitator_number)
    if not team_can_lead(problem, activity, team):
        team = (-1,)
    identity = identity_of.get(row.id, -1)
    return Placed(
        activity=activity,
        time=time,
        space=space,
        identity=identity,
        team=team,
        residents=tuple(problem.resident_number[r] for r in row.residents if r in problem.resident_number),
    )
