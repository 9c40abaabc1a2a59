"""R15 familiar: who needs a familiar face is only where a facilitator or a resident close to them is."""

from collections.abc import Iterator

from solver.reading import Reading
from solver.reasons import Breach, breach


def broken(reading: Reading) -> Iterator[Breach]:
    for one in reading.planned:
        for resident in one.people:
            if not resident.needs_familiar:
                continue
            friends = reading.warm.get(resident.id, set())
            if not any(other in friends for other in one.session.residents) and not any(
                resident.id in person.familiar_to for person in one.team
            ):
                yield breach("R15", "familiar", session=one.id, resident=resident.id)
