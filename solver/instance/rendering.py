"""From planned numbers back to the sessions of a document."""

from collections.abc import Iterable

from solver.documents.fields import clock
from solver.documents.problem import Session
from solver.instance.placed import Placed
from solver.instance.problem import Identity, Problem


def rendered(problem: Problem, identities: tuple[Identity, ...], placed: Iterable[Placed]) -> tuple[Session, ...]:
    """The facts as they stand and the planned sessions, in the order of time; new ones get ids of their own."""
    document, times = problem.document, problem.times
    rows = []
    for fact in problem.facts:
        old = document.previous[fact.previous]
        kept = tuple(name for name in old.residents if name in problem.resident_number)
        rows.append((old.day, old.begin, old.model_copy(update={"residents": kept})))
    number = 0
    for one in placed:
        if one.identity >= 0:
            name = identities[one.identity].id
        else:
            number += 1
            while f"s{number}" in problem.reserved:
                number += 1
            name = f"s{number}"
        day, begin = int(times.day[one.time]), int(times.begin[one.time])
        session = Session(
            id=name,
            activity=document.activities[one.activity].id,
            day=day,
            start=clock(begin),
            space=document.spaces[one.space].id,
            facilitators=tuple(document.facilitators[f].id for f in one.team),
            residents=tuple(document.residents[r].id for r in one.residents),
        )
        rows.append((day, begin, session))
    return tuple(session for _, _, session in sorted(rows, key=lambda row: (row[0], row[1])))
