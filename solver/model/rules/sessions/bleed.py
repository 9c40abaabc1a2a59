"""R16 bleed: while a session of level 3 runs, none of level 0 or 1 runs in an adjacent space."""

from collections.abc import Iterator

from solver.model.reading import Reading, overlap, touching
from solver.model.reasons import Breach, breach
from solver.model.rule import Rule, Yields, rule
from solver.model.variables import Model, Stay, keep_two_apart, spell


def broken(reading: Reading) -> Iterator[Breach]:
    near = touching(reading.problem, "adjacent")
    for loud in (one for one in reading.held if one.level == 3):
        for space in sorted(near[loud.space.id]):
            for calm in reading.by_space.get(space, ()):
                if calm.level <= 1 and overlap(loud, calm):
                    yield breach("R16", "bleed", session=loud.id, other=calm.id)


def post(model: Model) -> None:
    problem = model.problem
    loud: dict[int, list[Stay]] = {space: [] for space in range(len(problem.adjacent))}
    calm: dict[int, list[Stay]] = {space: [] for space in range(len(problem.adjacent))}
    for slot in model.slots:
        for place, literal in slot.options.items():
            level = problem.level[slot.activity, place.space]
            if level == 3:
                loud[place.space].append((spell(place), literal, slot.is_fact))
            elif level <= 1:
                calm[place.space].append((spell(place), literal, slot.is_fact))
    for space, mine in loud.items():
        for other in problem.adjacent[space]:
            keep_two_apart(model, mine, calm[other], 0)


RULE: Rule = rule(
    "R16",
    __name__,
    __doc__,
    broken=broken,
    post=post,
    asked="never",
    looked_for="alone",
    breaches={
        "bleed": Yields("drop_later"),
    },
)
