"""time: over attendances, what the resident thinks of that part of the day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

from solver.documents.fields import PartOfDay, part_of_day
from solver.model.reading import Reading
from solver.model.term import About, Amount, Term, term
from solver.model.variables import Model, both_hold

if TYPE_CHECKING:
    from solver.model.variables import Literal


def amounts(reading: Reading) -> Iterator[Amount]:
    weight = reading.problem.weights.time
    for name, held in reading.by_resident.items():
        times = reading.residents[name].times
        yield Amount(About((name,)), weight * sum(times.get(part_of_day(one.begin), 0) for one in held))


def post(model: Model) -> None:
    document = model.problem.document
    for slot in model.slots:
        parts: defaultdict[PartOfDay, list[Literal]] = defaultdict(list)
        for place, there in slot.options.items():
            parts[part_of_day(place.begin)].append(there)
        for part, options in parts.items():
            then = model.any_of(options)
            for r, literal in slot.people.items():
                liking = document.residents[r].times.get(part, 0)
                if liking > 0:
                    model.reward(document.weights.time * liking, both_hold(model, literal, then))
                elif liking < 0:
                    model.reward(document.weights.time * liking, model.both(literal, then))


TERM: Term = term(__name__, __doc__, audience="anybody", amounts=amounts, post=post)
