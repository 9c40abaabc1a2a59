"""R2 seats: a session holds no more residents than its space has seats, nor more wheelchairs than it has places."""

from collections.abc import Iterator

from solver.model.reading import Reading
from solver.model.reasons import Breach, breach
from solver.model.rule import Rule, Yields, rule
from solver.model.variables import Model


def broken(reading: Reading) -> Iterator[Breach]:
    for one in reading.planned:
        if len(one.people) > one.space.capacity:
            yield breach(
                "R2", "seats", session=one.id, space=one.space.id, residents=len(one.people), seats=one.space.capacity
            )
        chairs = sum(resident.wheelchair for resident in one.people)
        if chairs > (places := one.space.wheelchair_places):
            yield breach("R2", "wheelchairs", session=one.id, space=one.space.id, wheelchairs=chairs, places=places)


def post(model: Model) -> None:
    document = model.problem.document
    for slot in model.planned:
        chairs = sum(literal for r, literal in slot.people.items() if document.residents[r].wheelchair)
        for space, there in model.where(slot).items():
            model.limit(sum(slot.people.values()) + slot.others, document.spaces[space].capacity, there)
            model.limit(chairs, document.spaces[space].wheelchair_places, there)


RULE: Rule = rule(
    "R2",
    __name__,
    __doc__,
    broken=broken,
    post=post,
    asked="session",
    looked_for="alone",
    breaches={
        "seats": Yields("thin", "out_full"),
        "wheelchairs": Yields("thin_wheelchairs", "out_full"),
    },
)
