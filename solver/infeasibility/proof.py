"""Whether some demands can be met together: a small model of them alone, in which nothing else is planned.

What no demand asks for never helps a demand to be met. So only sessions of demanded activities may be held, one for
each time that such a session may have: the sessions of an activity need no telling apart. A model goes to one of three
depths. The first two name only the residents of whom something is demanded, and ask for each place by itself whether
enough others could come; the first does not even ask whether two sessions are in one room. They ask less than the rules
do: what clashes in them clashes. The last names everybody, and is exact. Loads OR-Tools.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from enum import Enum
from typing import TYPE_CHECKING

import numpy as np

from solver.instance.placements import Placements
from solver.instance.problem import Flags, Identity, Problem, is_any_use
from solver.model.building import build_model, place_at
from solver.model.variables import FREE, Model, Place, Slot

if TYPE_CHECKING:
    from solver.model.variables import Literal


class Depth(Enum):
    """How much of the rules a model asks."""

    HOURS = "hours"
    PLACES = "places"
    WHOLE = "whole"


DEPTHS = (Depth.HOURS, Depth.PLACES, Depth.WHOLE)
ROOMS = frozenset({("R3", -1), ("R16", -1)})


def named_people(problem: Problem) -> Flags:
    """(R,): of whom something is demanded, and on whose company those among them depend who need a familiar face."""
    residents = problem.document.residents
    named = np.array([any(person.required.values()) for person in residents], bool)
    for identity in problem.identities:
        named[[*identity.attend, *identity.absent]] = True
    friends = [(a, b) for a, b, strength, _ in problem.ties if strength > 0]
    friends += [(b, a) for a, b in friends]
    is_growing = True
    while is_growing:
        is_growing = False
        for a, b in friends:
            if named[a] and residents[a].needs_familiar and not named[b]:
                named[b] = is_growing = True
    return named


def demanded_activities(problem: Problem) -> list[int]:
    """The activities of which new sessions can help: least counts and required attendances speak of them."""
    document = problem.document
    found = {a for a, activity in enumerate(document.activities) if activity.sessions.min > 0}
    found |= {
        problem.activity_number[name]
        for person in document.residents
        for name, least in person.required.items()
        if least > 0
    }
    return sorted(found)


def proof_slots(placements: Placements, problem: Problem, depth: Depth) -> list[Slot]:
    """What may be held to meet the demands of a narrowed problem."""
    is_whole = depth is Depth.WHOLE
    named = np.ones(len(problem.document.residents), bool) if is_whole else named_people(problem)
    slots = [
        _pinned_slot(placements, problem, named, identity) for identity in problem.identities if identity.is_pinned
    ]
    for a in demanded_activities(problem):
        worst = worse_spaces(problem, a, named) if depth is Depth.HOURS else {}
        slots += _activity_slots(placements, problem, named, a, worst)
    return slots


def proof_model(
    problem: Problem, slots: list[Slot], depth: Depth, lifted: frozenset[tuple[str, int]] = frozenset()
) -> Model:
    """Posts every demand of a narrowed problem and every rule that is not lifted."""
    less = lifted | ROOMS if depth is Depth.HOURS else lifted
    return build_model(problem, slots, [], None, has_score=False, lifted=less)


def worse_spaces(problem: Problem, a: int, named: Flags) -> dict[int, set[int]]:
    """By space, those that serve an activity at least as well, as long as nobody else wants them: never both ways."""
    spaces = problem.document.spaces
    may = problem.may_space[:, named]
    fitting = np.flatnonzero(problem.fits_space[a]).tolist()

    def is_as_good(other: int, space: int) -> bool:
        one, two = spaces[other], spaces[space]
        return bool(
            one.zone == two.zone
            and one.bedside >= two.bedside
            and one.capacity >= two.capacity
            and one.wheelchair_places >= two.wheelchair_places
            and problem.level[a, other] <= problem.level[a, space]
            and (may[other] >= may[space]).all()
        )

    return {
        space: {
            other
            for other in fitting
            if other != space and is_as_good(other, space) and (other < space or not is_as_good(space, other))
        }
        for space in fitting
    }


def size_of(slots: list[Slot]) -> int:
    """About how many literals a model of these slots has."""
    return sum(1 + len(slot.options) + len(slot.team) + len(slot.people) for slot in slots)


def _activity_slots(
    placements: Placements, problem: Problem, named: Flags, a: int, worse: dict[int, set[int]]
) -> Iterator[Slot]:
    """A slot for each time and, where several may be held on one day, for each place that no other makes needless."""
    activity, places = problem.document.activities[a], placements.places(a)
    is_once = activity.one_per_day or activity.sessions.max == 1
    for row in np.flatnonzero(places.any(axis=1)).tolist():
        bound = {space: _bound_there(problem, a, row, space) for space in np.flatnonzero(places[row]).tolist()}
        loose = [space for space, identities in bound.items() if not identities]
        if is_once:
            loose = [space for space in loose if worse.get(space, set()).isdisjoint(loose)]
        for group in [loose] if is_once and loose else [[space] for space in loose]:
            yield _slot(placements, problem, named, a, row, group, None)
        for space, identities in bound.items():
            for identity in (problem.identities[number] for number in sorted(identities)):
                if not identity.is_pinned:
                    yield _slot(placements, problem, named, a, row, [space], identity)


def _bound_there(problem: Problem, a: int, row: int, space: int) -> frozenset[int]:
    """The identities one of which a session there has, being alike to one of `previous`; none where it is free."""
    if not problem.document.previous:
        return frozenset()
    time = problem.times.of_activity[a][row]
    key = (a, int(problem.times.day[time]), int(problem.times.begin[time]), space)
    return problem.alike.get(key, frozenset())


def _slot(
    placements: Placements,
    problem: Problem,
    named: Flags,
    a: int,
    row: int,
    spaces: list[int],
    identity: Identity | None,
) -> Slot:
    """A session at one time, in one of these spaces; `row` counts the times of the activity."""
    time = int(problem.times.of_activity[a][row])
    team: dict[int, Literal] = {}
    if problem.document.activities[a].facilitators > 0:
        there = np.flatnonzero(problem.available_at[time]).tolist()
        team = {f: FREE for f in there if is_any_use(problem, a, f)}
    options: dict[Place, Literal] = {place_at(problem, time, space): FREE for space in spaces}
    lowest = min(int(problem.level[a, space]) for space in spaces)
    anybody = problem.may_activity[a] & problem.may_space[spaces].any(axis=0) & (problem.ear[time] >= lowest)
    people: dict[int, Literal] = dict.fromkeys(np.flatnonzero(anybody & named).tolist(), FREE)
    others = int((problem.may_activity[a] & (problem.ear[time] >= 0) & ~named).sum())
    return Slot(a, FREE, options, team, people, identity, most_others=others)


def _pinned_slot(placements: Placements, problem: Problem, named: Flags, identity: Identity) -> Slot:
    """A session that is pinned, at the places that its pin leaves open."""
    a = identity.activity
    end = identity.begin + problem.document.activities[a].duration_minutes
    time = problem.times.number.get((identity.day, identity.begin, end), -1)
    rows = np.flatnonzero(problem.times.of_activity[a] == time).tolist()
    mine = problem.identity_number[identity.id]
    spaces = [
        space
        for row in rows
        for space in np.flatnonzero(placements.places(a)[row]).tolist()
        if identity.space in (-1, space) and mine in (_bound_there(problem, a, row, space) or {mine})
    ]
    return (
        _slot(placements, problem, named, a, rows[0], spaces, identity) if spaces else Slot(a, 0, {}, {}, {}, identity)
    )


def fresh(slots: list[Slot]) -> list[Slot]:
    """The slots for another model: building one names their literals."""
    return [replace(slot, options=dict(slot.options), team=dict(slot.team), people=dict(slot.people)) for slot in slots]
