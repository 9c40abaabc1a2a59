"""group: taken off is what the living groups' sessions lack of their aims, by the aims' weights."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from solver.documents.problem import GroupTarget, LivingGroup, Resident
from solver.model.amounts import About, Amount
from solver.model.attendances import Attendances
from solver.model.reading import Held, Reading
from solver.model.reasons import Weighed, weighed
from solver.model.term import Term, term_of_people
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
    return max(0, target.min - sum(_counts(target, one, count) for one, count in present.items()))


def _counts(target: GroupTarget, one: Held, members: int) -> bool:
    """Whether a session that holds so many of the group is one that the aim asks for."""
    return members >= target.members and (not target.domain or target.domain in one.activity.domains)


def attending(now: Attendances, person: Resident, one: Held, step: int) -> Iterator[Amount]:
    for number in now.groups_of.get(person.id, ()):
        group, members = now.problem.groups[number], now.members[number]
        more = members[one] + (step > 0)  # with them
        for target in group.targets:
            if more == target.members and _counts(target, one, more):
                nth = sum(_counts(target, each, count) for each, count in members.items()) + (step > 0)
                if nth <= target.min:
                    about = About(group=group.id, domain=target.domain)
                    yield Amount(about, step * now.weights.group * target.weight)


def reasons(now: Attendances, person: Resident, one: Held, parts: Sequence[Amount]) -> Iterator[Weighed]:
    least = {(group.id, aim.domain): aim.min for group in now.problem.groups for aim in group.targets}
    for part in parts:
        if part.n:
            about = {"group": part.about.group, "domain": part.about.domain}
            often = least[part.about.group, part.about.domain]
            yield weighed("why_group_aim", part.n, resident=person.id, session=one.id, least=often, **about)


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


TERM: Term = term_of_people(
    __name__,
    __doc__,
    amounts=amounts,
    post=post,
    attending=attending,
    reasons=reasons,
    codes=("why_group_aim",),
    audience="team",
)
