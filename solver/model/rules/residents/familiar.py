"""R15 familiar: who needs a familiar face is only where a facilitator or a resident close to them is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

from solver.model.reading import Reading
from solver.model.reasons import Breach, breach
from solver.model.rule import Rule, Yields, rule
from solver.model.variables import Model

if TYPE_CHECKING:
    from solver.model.variables import Sum


def broken(reading: Reading) -> Iterator[Breach]:
    for one in reading.planned:
        for resident in one.people:
            if not resident.needs_familiar:
                continue
            friends = reading.friends.get(resident.id, set())
            if not any(other in friends for other in one.session.residents) and not any(
                resident.id in person.familiar_to for person in one.team
            ):
                yield breach("R15", "familiar", session=one.id, resident=resident.id)


def post(model: Model) -> None:
    problem = model.problem
    friends: defaultdict[int, list[int]] = defaultdict(list)
    for a, b, strength, _ in problem.ties:
        if strength > 0:
            friends[a].append(b)
            friends[b].append(a)
    for slot in model.planned:
        for r, literal in slot.people.items():
            if problem.document.residents[r].needs_familiar:
                faces: Sum = sum(slot.people.get(q, 0) for q in friends[r])
                faces += sum(leads for f, leads in slot.team.items() if problem.familiar[f, r])
                model.limit(literal, faces)


RULE: Rule = rule(
    "R15",
    __name__,
    __doc__,
    broken=broken,
    post=post,
    asked="session",
    looked_for="alone",
    breaches={
        "familiar": Yields("leave", "out_company"),
    },
)
