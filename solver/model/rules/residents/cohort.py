"""R13 cohort: cohorts that are kept separate share no session; who is locked to a zone is in its spaces only."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from solver.model.variables import Model

if TYPE_CHECKING:
    from solver.model.variables import Literal

from collections.abc import Iterator

from solver.model.reading import Reading
from solver.model.reasons import Breach, breach
from solver.model.rule import Rule, Yields, rule


def broken(reading: Reading) -> Iterator[Breach]:
    for one in reading.planned:
        if reading.problem.separate_cohorts:
            cohorts = {resident.cohort for resident in one.people}
            if len(cohorts) > 1:
                yield breach("R13", "cohorts", session=one.id, cohorts=tuple(sorted(cohorts)))
        for resident in one.people:
            if resident.zone_locked and resident.zone != one.space.zone:
                yield breach("R13", "zone", session=one.id, resident=resident.id, space=one.space.id)


def post(model: Model) -> None:
    """The zone of who is locked to it is among the spaces that they may not enter: see `refusal`."""
    if not model.problem.document.separate_cohorts:
        return
    for slot in model.planned:
        cohorts: defaultdict[int, list[Literal]] = defaultdict(list)
        for r, literal in slot.people.items():
            cohorts[int(model.problem.cohort[r])].append(literal)
        model.at_most_one(model.any_of(literals) for literals in cohorts.values())


RULE: Rule = rule(
    "R13",
    __name__,
    __doc__,
    broken=broken,
    post=post,
    asked="session",
    looked_for="alone",
    breaches={
        "cohorts": Yields("keep_one_cohort", "out_company"),
        "zone": Yields("leave", "out_place"),
    },
)
