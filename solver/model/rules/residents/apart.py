"""R10 apart: two residents who are to be kept apart share no session."""

from collections.abc import Iterator

from solver.model.reading import Reading
from solver.model.reasons import Breach, breach
from solver.model.rule import Rule, Yields, rule
from solver.model.variables import Model


def broken(reading: Reading) -> Iterator[Breach]:
    for a, b in reading.apart:
        for one in reading.by_resident.get(a, ()):
            if not one.is_frozen and b in one.session.residents:
                yield breach("R10", "apart", session=one.id, resident=a, other_resident=b)


def post(model: Model) -> None:
    for slot in model.planned:
        for a, b in model.problem.apart:
            model.forbid(slot.people.get(a, 0), slot.people.get(b, 0))


RULE: Rule = rule(
    "R10",
    __name__,
    __doc__,
    broken=broken,
    post=post,
    asked="here",
    looked_for="alone",
    breaches={
        "apart": Yields("leave_other", "out_company"),
    },
)
