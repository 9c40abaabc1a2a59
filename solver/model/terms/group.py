"""group: taken off is what the living groups' sessions lack of their aims, by the aims' weights."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from solver.documents.problem import GroupTarget, LivingGroup
from solver.model.reading import Held, Reading
from solver.model.term import About, Amount, Term, term
from solver.model.variables import Model

if TYPE_CHECKING:
    from solver.model.variables import Literal


def amounts(reading: Reading) -> Iterator[Amount]:
    weight = reading.problem.weights.group
    for group in reading.problem.groups:
        present = _present(reading, group)
        for target in group.targets:
            about = About(group=group.id, domain=target.domain)
            yield Amount(about, -weight * target.weight * _lack(target, present))


def _present(reading: Reading, group: LivingGroup) -> Counter[Held]:
    """How many of the group are in each session that holds any of them."""
    members = set(group.members) if group.targets else set()
    return Counter(one for name in members for one in reading.by_resident.get(name, ()))


def _lack(target: GroupTarget, present: Counter[Held]) -> int:
    have = sum(
        count >= target.members and (not target.domain or target.domain in one.activity.domains)
        for one, count in present.items()
    )
    return max(0, target.min - have)


def post(model: Model) -> None:
    document = model.problem.document
    for group in document.groups:
        members = {model.problem.resident_number[name] for name in group.members}
        for target in group.targets:
            worth = document.weights.group * target.weight
            held: list[Literal] = []
            for slot in model.slots:
                if target.domain in ("", *document.activities[slot.activity].domains):
                    present = sum(slot.people.get(r, 0) for r in members)
                    if isinstance(present, int):
                        held.append(int(present >= target.members))
                    else:
                        held.append(model.boolean())
                        model.limit(target.members, present, held[-1])
            model.reward(worth, -target.min)
            model.reward(worth, model.reach(sum(held), target.min))


TERM: Term = term(__name__, __doc__, audience="team", amounts=amounts, post=post)
