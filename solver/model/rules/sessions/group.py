"""R5 group: a session holds no fewer residents than its activity's least group and no more than its largest."""

from collections.abc import Iterator

from solver.model.reading import Reading
from solver.model.reasons import Breach, breach
from solver.model.rule import Rule, Yields, rule
from solver.model.variables import Model


def broken(reading: Reading) -> Iterator[Breach]:
    for one in reading.planned:
        size, least, most = len(one.people), one.activity.min_group, one.activity.max_group
        if size < least:
            yield breach("R5", "group_small", session=one.id, activity=one.activity.id, residents=size, least=least)
        if size > most:
            yield breach("R5", "group_large", session=one.id, activity=one.activity.id, residents=size, most=most)


def post(model: Model) -> None:
    for slot in model.planned:
        activity, total = model.problem.document.activities[slot.activity], sum(slot.people.values()) + slot.others
        model.limit(total, activity.max_group)
        model.limit(activity.min_group, total, slot.present)
        if not (isinstance(slot.present, int) and slot.present == 1):
            for literal in slot.people.values():
                model.limit(literal, slot.present)
                model.note_within(literal, slot.present)


RULE: Rule = rule(
    "R5",
    __name__,
    __doc__,
    broken=broken,
    post=post,
    asked="session",
    looked_for="alone last",
    breaches={
        "group_small": Yields("drop"),
        "group_large": Yields("thin", "out_full"),
    },
)
