"""R12 escort: at no moment do more residents need an escort, to or from a session in another zone, than there are."""

from collections import Counter
from collections.abc import Iterator

from solver.reading import Reading
from solver.reasons import Breach, breach


def broken(reading: Reading) -> Iterator[Breach]:
    escorts = reading.problem.escorts
    if escorts is None:
        return
    walks: Counter[tuple[int, int]] = Counter()
    past: Counter[tuple[int, int]] = Counter()
    for one in reading.held:
        need = sum(resident.escort and resident.zone != one.space.zone for resident in one.people)
        for minute in (one.begin, one.end):
            walks[one.day, minute] += need
            past[one.day, minute] += need if one.is_frozen else 0
    for (day, minute), need in walks.items():
        there = escorts.available(day, minute)
        if need > max(there, past[day, minute]):
            yield breach("R12", "escorts", day=day, minute=minute, needed=need, escorts=there)
