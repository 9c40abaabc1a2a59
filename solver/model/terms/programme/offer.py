"""offer: taken off is what a day lacks of what should be on then, by its weight; visits to one are not counted.

Where a living group is named, a session counts that holds enough of its members.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from solver.documents.problem import Offer, Resident
from solver.model.amounts import About, Amount
from solver.model.attendances import Attendances
from solver.model.reading import Held, Reading
from solver.model.reasons import Weighed, weighed
from solver.model.term import Term, term_of_people
from solver.model.variables import Model, Place, Slot, both_hold

if TYPE_CHECKING:
    from solver.model.variables import Literal


def amounts(reading: Reading) -> Iterator[Amount]:
    weight = reading.problem.weights.offer
    members = {group.id: frozenset(group.members) for group in reading.problem.groups}
    for offer in reading.problem.offers:
        theirs = members[offer.group] if offer.group is not None else frozenset()
        mine = [one for one in reading.held if counts(offer, one, len(theirs.intersection(one.session.residents)))]
        for day in range(reading.problem.horizon.days):
            if offer.is_on(day):
                lack = max(0, offer.min - sum(one.day == day for one in mine))
                yield Amount(About(group=offer.group or "", day=day), -weight * offer.weight * lack)


def counts(offer: Offer, one: Held, members: int) -> bool:
    """Whether a session that holds so many of the group that is named is one that the offer asks for, its day aside."""
    is_then = one.activity.max_group > 1 and offer.begin <= one.begin < offer.end
    return is_then and (offer.group is None or members >= offer.members)


def attending(now: Attendances, person: Resident, one: Held, step: int) -> Iterator[Amount]:
    for number in now.groups_of.get(person.id, ()):
        name, members = now.problem.groups[number].id, now.members[number]
        more = members[one] + (step > 0)  # with them
        for offer in now.problem.offers:
            is_theirs = offer.group == name and _is_today(now, offer, one)
            if is_theirs and more == offer.members and counts(offer, one, more):
                yield _share(now, offer, one, step, members)


def holding(now: Attendances, one: Held, step: int) -> Iterator[Amount]:
    for offer in now.problem.offers:
        if offer.group is None and _is_today(now, offer, one) and counts(offer, one, 0):
            yield _share(now, offer, one, step, Counter())


def _is_today(now: Attendances, offer: Offer, one: Held) -> bool:
    return offer.is_on(one.day) and one.day < now.problem.horizon.days


def _share(now: Attendances, offer: Offer, one: Held, step: int, members: Counter[Held]) -> Amount:
    """What it adds that a session counts now, or no longer, beside the others of its day."""
    today = [each for each in now.held() if each is not one and each.day == one.day]
    nth = 1 + sum(counts(offer, each, members[each]) for each in today)
    worth = now.weights.offer * offer.weight if nth <= offer.min else 0
    return Amount(About(group=offer.group or "", day=one.day), step * worth)


def reasons(now: Attendances, person: Resident, one: Held, parts: Sequence[Amount]) -> Iterator[Weighed]:
    for part in parts:
        if part.n:
            yield weighed("why_offer", part.n, resident=person.id, session=one.id, group=part.about.group)


def post(model: Model) -> None:
    document = model.problem.document
    members = {g.id: [model.problem.resident_number[name] for name in g.members] for g in document.groups}
    groups = [slot for slot in model.slots if document.activities[slot.activity].max_group > 1]
    for offer in document.offers:
        worth = document.weights.offer * offer.weight
        days = [day for day in range(model.problem.days) if offer.is_on(day)]
        held: dict[int, list[Literal]] = {day: [] for day in days}
        for slot in groups if offer.min and worth else ():
            enough: Literal = 1 if offer.group is None else _enough(model, slot, members[offer.group], offer.members)
            for day in days:
                there = [literal for place, literal in slot.options.items() if _is_then(offer, day, place)]
                then = slot.present if len(there) == len(slot.options) else model.any_of(there)
                held[day].append(both_hold(model, enough, then))
        for day in days:
            model.reward(worth, -offer.min)
            model.reward(worth, model.reach(sum(held[day]), offer.min))


def _is_then(offer: Offer, day: int, place: Place) -> bool:
    return place.day == day and offer.begin <= place.begin < offer.end


def _enough(model: Model, slot: Slot, members: list[int], least: int) -> Literal:
    """A literal that may hold only where so many of the members are in the slot's session."""
    present = sum(slot.people.get(r, 0) for r in members)
    if isinstance(present, int):
        return int(present >= least)
    made = model.boolean()
    model.limit(least, present, made)
    return made


TERM: Term = term_of_people(
    __name__,
    __doc__,
    amounts=amounts,
    post=post,
    attending=attending,
    holding=holding,
    reasons=reasons,
    codes=("why_offer",),
    audience="team",
)
