"""R12 escort: at no moment do more residents need an escort, to or from a session, than there are; at the bedside
nobody does."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from solver.model.variables import Model

if TYPE_CHECKING:
    from solver.model.variables import Literal

from collections import Counter
from collections.abc import Iterator

from solver.model.reading import Reading
from solver.model.reasons import Breach, breach
from solver.model.rule import Rule, Yields, rule


def broken(reading: Reading) -> Iterator[Breach]:
    escorts = reading.problem.escorts
    if escorts is None:
        return
    walks: Counter[tuple[int, int]] = Counter()
    past: Counter[tuple[int, int]] = Counter()
    for one in reading.held:
        need = 0 if one.space.bedside else sum(resident.escort for resident in one.people)
        for minute in (one.begin, one.end):
            walks[one.day, minute] += need
            past[one.day, minute] += need if one.is_frozen else 0
    for (day, minute), need in walks.items():
        there = escorts.available(day, minute)
        if need > max(there, past[day, minute]):
            yield breach("R12", "escorts", day=day, minute=minute, needed=need, escorts=there)


def post(model: Model) -> None:
    problem = model.problem
    if problem.escorts is None:
        return
    moving: defaultdict[tuple[int, int], list[Literal]] = defaultdict(list)
    past: Counter[tuple[int, int]] = Counter()
    for slot in model.slots:
        for edge in ("begin", "end"):
            for r, literal in slot.people.items():
                at: defaultdict[tuple[int, int], list[Literal]] = defaultdict(list)
                for place, there in slot.options.items():
                    if problem.fetched[place.space, r]:
                        at[place.day, getattr(place, edge)].append(there)
                for moment, options in at.items():
                    if slot.is_fact:
                        past[moment] += 1
                    else:
                        moving[moment].append(model.both(literal, model.any_of(options)))
    for (day, minute), literals in moving.items():
        capacity = int(problem.escorts[day, minute // problem.slot])
        model.limit(sum(literals), max(0, capacity - past[day, minute]))


RULE: Rule = rule(
    "R12",
    __name__,
    __doc__,
    broken=broken,
    post=post,
    asked="here",
    looked_for="alone",
    breaches={
        "escorts": Yields("spare_escorts", "out_help"),
    },
)
