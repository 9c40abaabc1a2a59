"""R11 support: a session's residents need no more support than its facilitators give, where it has facilitators."""

from collections.abc import Iterator

from solver.model.reading import Reading
from solver.model.reasons import Breach, breach
from solver.model.rule import Rule, Yields, rule
from solver.model.variables import Model


def broken(reading: Reading) -> Iterator[Breach]:
    for one in reading.planned:
        if one.team:
            needed = sum(resident.support for resident in one.people)
            given = sum(person.support for person in one.team)
            if needed > given:
                yield breach("R11", "support", session=one.id, needed=needed, given=given)


def post(model: Model) -> None:
    document = model.problem.document
    for slot in model.planned:
        if document.activities[slot.activity].facilitators > 0:
            needed = sum(document.residents[r].support * literal for r, literal in slot.people.items())
            model.limit(needed, sum(document.facilitators[f].support * leads for f, leads in slot.team.items()))


RULE: Rule = rule(
    "R11",
    __name__,
    __doc__,
    broken=broken,
    post=post,
    asked="session",
    looked_for="alone",
    breaches={
        "support": Yields("spare_support", "out_help"),
    },
)
