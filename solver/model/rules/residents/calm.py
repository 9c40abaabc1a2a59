"""R9 calm: nobody is in a session louder than they bear, at all or in one of their calm windows that it touches."""

from collections.abc import Iterator

from solver.model.reading import Reading
from solver.model.reasons import Breach, breach
from solver.model.rule import Rule, Yields, rule
from solver.model.variables import Model


def broken(reading: Reading) -> Iterator[Breach]:
    for one in (one for one in reading.planned if one.level):
        for resident in one.people:
            if one.level > resident.noise_max:
                yield breach(
                    "R9", "loud", session=one.id, resident=resident.id, level=one.level, limit=resident.noise_max
                )
            for window in resident.calm:
                if one.level > window.noise_max and window.touches(one.day, one.begin, one.end):
                    yield breach(
                        "R9",
                        "loud_then",
                        session=one.id,
                        resident=resident.id,
                        since=window.from_,
                        level=one.level,
                        limit=window.noise_max,
                    )


def post(model: Model) -> None:
    problem = model.problem
    for slot in model.planned:
        for place, there in slot.options.items():
            level = problem.level[slot.activity, place.space]
            for r, literal in slot.people.items():
                if 0 <= problem.ear[place.time, r] < level:
                    model.forbid(literal, there)


RULE: Rule = rule(
    "R9",
    __name__,
    __doc__,
    broken=broken,
    post=post,
    asked="person",
    breaches={
        "loud": Yields("leave", "out_loud"),
        "loud_then": Yields("leave", "out_loud"),
    },
)
