"""R7 person: a resident is nowhere while busy, in one place at a time with their rest between, in no activity twice a
day, and in no more sessions a day or in all than they can bear."""

from collections.abc import Iterator

from solver.documents import Resident
from solver.reading import Held, Reading, clashes, crowded_days, exceeds
from solver.reasons import Breach, breach


def broken(reading: Reading) -> Iterator[Breach]:
    for name, held in reading.by_resident.items():
        person = reading.residents[name]
        for one in held:
            if not one.is_frozen and any(window.touches(one.day, one.begin, one.end) for window in person.busy):
                yield breach("R7", "busy", resident=name, session=one.id)
        for first, second in clashes(held, person.rest_minutes):
            yield breach("R7", "resident_taken", resident=name, session=first.id, other=second.id)
        yield from _counts(person, held)


def _counts(person: Resident, held: list[Held]) -> Iterator[Breach]:
    by_activity: dict[str, list[Held]] = {}
    for one in held:
        by_activity.setdefault(one.activity.id, []).append(one)
    for activity, same in by_activity.items():
        for day, count in crowded_days(same, 1) if len(same) > 1 else ():
            yield breach("R7", "activity_twice", resident=person.id, activity=activity, day=day, sessions=count)
    for day, count in crowded_days(held, person.max_per_day):
        yield breach("R7", "resident_day", resident=person.id, day=day, sessions=count, limit=person.max_per_day)
    if exceeds(held, person.sessions.max):
        yield breach("R7", "resident_all", resident=person.id, sessions=len(held), limit=person.sessions.max)
