"""R4 staff: as many facilitators as needed, with all skills, available, and each in one place and gap at a time."""

from collections.abc import Iterator

from solver.reading import Held, Reading, clashes, crowded_days
from solver.reasons import Breach, breach


def broken(reading: Reading) -> Iterator[Breach]:
    for one in reading.planned:
        yield from _in_session(one)
    for name, held in reading.by_facilitator.items():
        person = reading.facilitators[name]
        for first, second in clashes(held, person.gap_minutes):
            yield breach("R4", "facilitator_taken", facilitator=name, session=first.id, other=second.id)
        for day, count in crowded_days(held, person.max_sessions_per_day):
            yield breach(
                "R4", "facilitator_day", facilitator=name, day=day, sessions=count, limit=person.max_sessions_per_day
            )


def _in_session(one: Held) -> Iterator[Breach]:
    if len(one.team) != one.activity.facilitators:
        yield breach("R4", "team_size", session=one.id, facilitators=len(one.team), needed=one.activity.facilitators)
    for person in one.team:
        available = person.available
        if available is not None and not any(window.holds(one.day, one.begin, one.end) for window in available):
            yield breach("R4", "not_available", session=one.id, facilitator=person.id)
    skills = {skill for person in one.team for skill in person.skills}
    lacking = {skill for skill in one.activity.needs_skills if skill not in skills}
    if one.team and lacking:
        yield breach("R4", "skills", session=one.id, skills=tuple(sorted(lacking)))
