"""time: over attendances, what the resident thinks of that part of the day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from solver.documents.fields import PartOfDay, part_of_day
from solver.documents.problem import Resident
from solver.model.amounts import About, Amount
from solver.model.attendances import Attendances
from solver.model.reading import Held, Reading
from solver.model.reasons import Weighed, weighed
from solver.model.term import Term, term_of_people
from solver.model.variables import Model, both_hold

if TYPE_CHECKING:
    from solver.model.variables import Literal


def amounts(reading: Reading) -> Iterator[Amount]:
    weight = reading.problem.weights.time
    for name, held in reading.by_resident.items():
        times = reading.residents[name].times
        yield Amount(About((name,)), weight * sum(times.get(part_of_day(one.begin), 0) for one in held))


def attending(now: Attendances, person: Resident, one: Held, step: int) -> Iterator[Amount]:
    if liking := person.times.get(part_of_day(one.begin), 0):
        yield Amount(now.of_resident[person.id], step * now.weights.time * liking)


def reasons(now: Attendances, person: Resident, one: Held, parts: Sequence[Amount]) -> Iterator[Weighed]:
    day = part_of_day(one.begin)
    code = "why_time" if person.times.get(day, 0) > 0 else "why_other_time"
    for part in parts:
        if part.n:
            yield weighed(code, part.n, resident=person.id, session=one.id, part=day)


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


TERM: Term = term_of_people(
    __name__,
    __doc__,
    amounts=amounts,
    post=post,
    attending=attending,
    reasons=reasons,
    codes=("why_time", "why_other_time"),
    audience="anybody",
)
