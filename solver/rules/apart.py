"""R10 apart: two residents who are to be kept apart share no session."""

from collections.abc import Iterator

from solver.reading import Reading
from solver.reasons import Breach, breach


def broken(reading: Reading) -> Iterator[Breach]:
    for a, b in reading.apart:
        for one in reading.by_resident.get(a, ()):
            if not one.is_frozen and b in one.session.residents:
                yield breach("R10", "apart", session=one.id, resident=a, other_resident=b)
