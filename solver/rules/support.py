"""R11 support: a session's residents need no more support than its facilitators give, where it has facilitators."""

from collections.abc import Iterator

from solver.reading import Reading
from solver.reasons import Breach, breach


def broken(reading: Reading) -> Iterator[Breach]:
    for one in reading.planned:
        if one.team:
            needed = sum(resident.support for resident in one.people)
            given = sum(person.support for person in one.team)
            if needed > given:
                yield breach("R11", "support", session=one.id, needed=needed, given=given)
