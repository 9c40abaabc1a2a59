"""usual: what of the base week is kept: each session's day and time, there also its space, and there also its team.

The three count by themselves, and each is kept by any session of the activity that then starts there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from solver.documents.problem import Usual
from solver.model.amounts import About, Amount
from solver.model.attendances import Attendances
from solver.model.reading import Held, Reading
from solver.model.term import Term, term_of_sessions
from solver.model.variables import Model, Slot, both_hold

if TYPE_CHECKING:
    from solver.model.variables import Literal


def amounts(reading: Reading) -> Iterator[Amount]:
    for usual in reading.problem.usual:
        yield Amount(About(day=usual.day), _kept(reading, usual, reading.by_activity.get(usual.activity, ())))


def _kept(reading: Reading, usual: Usual, held: Iterable[Held]) -> int:
    """What these sessions of the activity keep of it."""
    then = [one for one in held if is_then(usual, one)]
    kept = bool(then), any(is_there(usual, one) for one in then), any(is_led(usual, one) for one in then)
    return sum(weight for weight, is_kept in zip(reading.problem.weights.usual, kept, strict=True) if is_kept)


def holding(now: Attendances, one: Held, step: int) -> Iterator[Amount]:
    for usual in now.problem.usual:
        if usual.activity == one.activity.id and is_then(usual, one):
            others = [each for each in now.held() if each is not one and each.activity is one.activity]
            change = _kept(now.reading, usual, [*others, one]) - _kept(now.reading, usual, others)
            yield Amount(About(day=usual.day), step * change)


def is_then(usual: Usual, one: Held) -> bool:
    return (one.day, one.begin) == (usual.day, usual.begin)


def is_there(usual: Usual, one: Held) -> bool:
    return one.space.id == usual.space


def is_led(usual: Usual, one: Held) -> bool:
    """Whether all who are used to lead it do: there is somebody who is."""
    return bool(usual.facilitators) and set(usual.facilitators) <= set(one.session.facilitators)


def post(model: Model) -> None:
    problem, weights = model.problem, model.problem.document.weights.usual
    for usual in problem.document.usual:
        a = problem.activity_number.get(usual.activity, -1)
        space = problem.space_number.get(usual.space or "", -1)
        team = [problem.facilitator_number.get(name, -1) for name in usual.facilitators]
        kept: tuple[list[Literal], list[Literal], list[Literal]] = ([], [], [])
        for slot in model.slots if a >= 0 else ():
            if slot.activity == a:
                _post_slot(model, usual, slot, space, team, kept)
        for weight, literals in zip(weights, kept, strict=True):
            if literals and weight:
                model.reward(weight, model.reach(sum(literals), 1))


def _post_slot(
    model: Model,
    usual: Usual,
    slot: Slot,
    space: int,
    team: list[int],
    kept: tuple[list[Literal], list[Literal], list[Literal]],
) -> None:
    """Adds to what keeps the time, the space and the team of a usual session what this slot can do for each."""
    at = {place: here for place, here in slot.options.items() if (place.day, place.begin) == (usual.day, usual.begin)}
    if not at:
        return
    then = slot.present if len(at) == len(slot.options) else model.any_of(at.values())
    kept[0].append(then)
    there = [here for place, here in at.items() if place.space == space]
    kept[1].append(slot.present if there and len(slot.options) == 1 else model.any_of(there))
    if team:
        led = then
        for f in team:
            led = both_hold(model, led, slot.team.get(f, 0))
        kept[2].append(led)


TERM: Term = term_of_sessions(__name__, __doc__, amounts=amounts, post=post, holding=holding)
