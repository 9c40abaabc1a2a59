"""R13 cohort: cohorts that are kept separate share no session; who is locked to a zone is in its spaces only."""

from collections.abc import Iterator

from solver.reading import Reading
from solver.reasons import Breach, breach


def broken(reading: Reading) -> Iterator[Breach]:
    for one in reading.planned:
        if reading.problem.separate_cohorts:
            cohorts = {resident.cohort for resident in one.people}
            if len(cohorts) > 1:
                yield breach("R13", "cohorts", session=one.id, cohorts=tuple(sorted(cohorts)))
        for resident in one.people:
            if resident.zone_locked and resident.zone != one.space.zone:
                yield breach("R13", "zone", session=one.id, resident=resident.id, space=one.space.id)
