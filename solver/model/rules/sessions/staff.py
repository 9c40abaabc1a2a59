"""R4 staff: as many facilitators as needed, with all skills, available, and each in one place at a time, with their gap
and the way between."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

from solver.model.reading import Held, Reading, crowded_days, hurries
from solver.model.reasons import Breach, breach
from solver.model.rule import Rule, Yields, rule
from solver.model.variables import Model, Slot, Stay, keep_apart, keep_ways, spell

if TYPE_CHECKING:
    from solver.model.variables import Literal


def broken(reading: Reading) -> Iterator[Breach]:
    for one in reading.planned:
        yield from _in_session(one)
    for name, held in reading.by_facilitator.items():
        person = reading.facilitators[name]
        for first, second in hurries(reading, held, person.gap_minutes):
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


def post(model: Model) -> None:
    held: defaultdict[int, list[Stay]] = defaultdict(list)
    led: defaultdict[int, list[tuple[Slot, Literal]]] = defaultdict(list)
    for slot in model.slots:
        if not slot.is_fact:
            _post_team(model, slot)
        for f, leads in slot.team.items():
            led[f].append((slot, leads))
            for time, then in model.when(slot).items():
                place = next(place for place in slot.options if place.time == time)
                held[f].append((spell(place), model.both(leads, then), slot.is_fact))
    for f, rows in held.items():
        if not model.keeps("R4", f):
            continue
        person = model.problem.document.facilitators[f]
        keep_apart(model, rows, person.gap_minutes)
        keep_ways(model, led[f], person.gap_minutes)
        for day in range(model.problem.days):
            past = sum(is_fact for (at, _, _), _, is_fact in rows if at == day)
            planned = [literal for (at, _, _), literal, is_fact in rows if at == day and not is_fact]
            model.limit(sum(planned), max(0, person.max_sessions_per_day - past))


def _post_team(model: Model, slot: Slot) -> None:
    activity = model.problem.document.activities[slot.activity]
    total = sum(slot.team.values())
    model.limit(total, activity.facilitators * slot.present)
    model.limit(activity.facilitators, total, slot.present)
    for leads in slot.team.values():
        model.note_within(leads, slot.present)
    if activity.facilitators > 0:
        for skill in range(len(dict.fromkeys(activity.needs_skills))):
            have = [lead for f, lead in slot.team.items() if skill in model.problem.skills[slot.activity][f]]
            model.limit(1, sum(have), slot.present)
    for f, leads in slot.team.items():
        for time, then in model.when(slot).items():
            if not model.problem.available_at[time, f]:
                model.forbid(leads, then)


RULE: Rule = rule(
    "R4",
    __name__,
    __doc__,
    broken=broken,
    post=post,
    asked="never",
    breaches={
        "facilitator_taken": Yields("drop_later"),
        "facilitator_day": Yields("drop_last"),
        "team_size": Yields("drop"),
        "not_available": Yields("drop"),
        "skills": Yields("drop"),
    },
)
