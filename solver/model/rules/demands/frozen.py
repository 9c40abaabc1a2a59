"""R17 frozen: what starts before `frozen_until` is exactly what `previous` says, residents who have left aside."""

from collections.abc import Iterator

from solver.documents.problem import Session
from solver.model.reading import Reading, is_past
from solver.model.reasons import Breach, breach
from solver.model.rule import Rule, Yields, rule
from solver.model.variables import Model


def broken(reading: Reading) -> Iterator[Breach]:
    problem = reading.problem
    if problem.frozen_until is None:
        return
    was = {_face(reading, row) for row in problem.previous if is_past(problem, row)}
    now = {_face(reading, one.session) for one in reading.held if is_past(problem, one.session)}
    for name, *_ in sorted(was - now):
        yield breach("R17", "past_lost", session=name)
    for name, *_ in sorted(now - was):
        yield breach("R17", "past_new", session=name)


def _face(reading: Reading, row: Session) -> tuple[str, str, int, str, str, tuple[str, ...], tuple[str, ...]]:
    """A session as it is compared: every field, of the residents those who are still here."""
    here = sorted({name for name in row.residents if name in reading.residents})
    return (row.id, row.activity, row.day, row.start, row.space, tuple(sorted(row.facilitators)), tuple(here))


def post(model: Model) -> None:
    """Facts are slots in which everything is fixed, and no option of another slot lies in the past."""
    for slot in model.planned:
        for place, literal in slot.options.items():
            if (place.day, place.begin) < model.problem.frozen_until:
                model.forbid(literal)


RULE: Rule = rule(
    "R17",
    __name__,
    __doc__,
    broken=broken,
    post=post,
    asked="here",
    breaches={
        "past_lost": Yields("nothing", "out_past"),
        "past_new": Yields("drop", "out_past"),
    },
)
