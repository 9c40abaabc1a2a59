"""R14 required: a resident attends each required activity at least so often. May be relaxed, by what is lacking."""

from collections.abc import Iterator

from solver.model.reading import Reading
from solver.model.reasons import Breach, breach
from solver.model.rule import Rule, Yields, rule
from solver.model.variables import Model


def broken(reading: Reading) -> Iterator[Breach]:
    for resident in reading.problem.residents:
        for activity, least in resident.required.items():
            count = sum(one.activity.id == activity for one in reading.by_resident.get(resident.id, ()))
            if count < least:
                yield breach(
                    "R14",
                    "required",
                    resident=resident.id,
                    activity=activity,
                    sessions=count,
                    least=least,
                    by=least - count,
                )


def post(model: Model) -> None:
    for r, person in enumerate(model.problem.document.residents):
        for name, least in person.required.items():
            a = model.problem.activity_number[name]
            if least > 0 and model.wants("R14", r, a):
                model.limit(least, sum(slot.people.get(r, 0) for slot in model.slots if slot.activity == a))


RULE: Rule = rule(
    "R14",
    __name__,
    __doc__,
    broken=broken,
    post=post,
    asked="here",
    breaches={
        "required": Yields("nothing"),
    },
)
