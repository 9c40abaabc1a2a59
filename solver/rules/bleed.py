"""R16 bleed: while a session of level 3 runs, none of level 0 or 1 runs in an adjacent space."""

from collections.abc import Iterator

from solver.reading import Reading, overlap, touching
from solver.reasons import Breach, breach


def broken(reading: Reading) -> Iterator[Breach]:
    near = touching(reading.problem, "adjacent")
    for loud in (one for one in reading.held if one.level == 3):
        for space in sorted(near[loud.space.id]):
            for calm in reading.by_space.get(space, ()):
                if calm.level <= 1 and overlap(loud, calm):
                    yield breach("R16", "bleed", session=loud.id, other=calm.id)
