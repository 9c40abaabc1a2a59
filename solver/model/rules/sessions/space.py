"""R3 space: sessions in a space, or in spaces that share, do not overlap and keep the turnaround between them."""

from collections.abc import Iterator

from solver.model.reading import Reading, clashes, overlap, touching
from solver.model.reasons import Breach, breach
from solver.model.rule import Rule, Yields, rule
from solver.model.variables import Model, Stay, keep_apart, keep_two_apart, spell


def broken(reading: Reading) -> Iterator[Breach]:
    for name, held in reading.by_space.items():
        for first, second in clashes(held, reading.spaces[name].turnaround_minutes):
            yield breach("R3", "space_taken", space=name, session=first.id, other=second.id)
    for name, others in touching(reading.problem, "shares").items():
        for other in sorted(others):
            if name < other:
                yield from _in_shared(reading, name, other)


def _in_shared(reading: Reading, name: str, other: str) -> Iterator[Breach]:
    gap = max(reading.spaces[name].turnaround_minutes, reading.spaces[other].turnaround_minutes)
    for first in reading.by_space.get(name, ()):
        for second in reading.by_space.get(other, ()):
            if overlap(first, second, gap):
                yield breach("R3", "shared_space", space=name, other_space=other, session=first.id, other=second.id)


def post(model: Model) -> None:
    problem = model.problem
    held: dict[int, list[Stay]] = {space: [] for space in range(len(problem.shares))}
    for slot in model.slots:
        for place, literal in slot.options.items():
            held[place.space].append((spell(place), literal, slot.is_fact))
    for space, mine in held.items():
        if not model.keeps("R3", space):
            continue
        keep_apart(model, mine, int(problem.turnaround[space]))
        for other in problem.shares[space]:
            if space < other and model.keeps("R3", other):
                gap = int(max(problem.turnaround[space], problem.turnaround[other]))
                keep_two_apart(model, mine, held[other], gap)


RULE: Rule = rule(
    "R3",
    __name__,
    __doc__,
    broken=broken,
    post=post,
    asked="never",
    breaches={
        "space_taken": Yields("drop_later"),
        "shared_space": Yields("drop_later"),
    },
)
