"""R8 refusal: nobody is in an activity, space or session with a facilitator they refuse or avoid, in one that `only`
denies, or in one held by wish that they neither like nor require.
"""

from collections.abc import Iterator

from solver.documents.problem import Noes
from solver.model.reading import Held, Reading
from solver.model.reasons import Breach, breach
from solver.model.rule import Rule, Yields, rule
from solver.model.variables import Model

_NOTHING = Noes()


def broken(reading: Reading) -> Iterator[Breach]:
    for one in reading.planned:
        only = one.activity.only
        for resident in one.people:
            if resident.refuses != _NOTHING:
                yield from _named("refuses", resident.id, resident.refuses, one)
            if resident.avoids != _NOTHING:
                yield from _named("avoids", resident.id, resident.avoids, one)
            if only is not None and resident.id not in only:
                yield breach("R8", "only", session=one.id, resident=resident.id, activity=one.activity.id)
            if one.activity.by_wish and not resident.wishes(one.activity.id):
                yield breach("R8", "no_wish", session=one.id, resident=resident.id, activity=one.activity.id)


def _named(why: str, resident: str, noes: Noes, one: Held) -> Iterator[Breach]:
    if one.activity.id in noes.activities:
        yield breach("R8", f"{why}_activity", session=one.id, resident=resident, activity=one.activity.id)
    if one.space.id in noes.spaces:
        yield breach("R8", f"{why}_space", session=one.id, resident=resident, space=one.space.id)
    for person in one.team:
        if person.id in noes.facilitators:
            yield breach("R8", f"{why}_facilitator", session=one.id, resident=resident, facilitator=person.id)


def post(model: Model) -> None:
    """Refused and avoided spaces come with those outside the zone of who is locked to it (R13)."""
    problem = model.problem
    for slot in model.planned:
        for r, literal in slot.people.items():
            if not problem.may_activity[slot.activity, r]:
                model.forbid(literal)
            for space, there in model.where(slot).items():
                if not problem.may_space[space, r]:
                    model.forbid(literal, there)
            for f, leads in slot.team.items():
                if not problem.may_facilitator[f, r]:
                    model.forbid(literal, leads)


RULE: Rule = rule(
    "R8",
    __name__,
    __doc__,
    broken=broken,
    post=post,
    asked="person",
    breaches={
        "refuses_activity": Yields("leave", "out_closed"),
        "refuses_space": Yields("leave", "out_place"),
        "refuses_facilitator": Yields("leave", "out_place"),
        "avoids_activity": Yields("leave", "out_closed"),
        "avoids_space": Yields("leave", "out_place"),
        "avoids_facilitator": Yields("leave", "out_place"),
        "only": Yields("leave", "out_closed"),
        "no_wish": Yields("leave", "out_closed"),
    },
)
