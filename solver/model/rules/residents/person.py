"""R7 person: a resident is nowhere while busy, in one place at a time with their rest and the way between, in no
activity twice a day or sooner again than it allows, and in no more sessions a day or in all than they can bear."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations

from solver.documents.problem import Resident
from solver.model.reading import Held, Reading, crowded_days, exceeds, hurries
from solver.model.reasons import Breach, breach
from solver.model.rule import Rule, Yields, rule
from solver.model.variables import Model, Slot, Stay, keep_apart, keep_ways, spell


def broken(reading: Reading) -> Iterator[Breach]:
    for name, held in reading.by_resident.items():
        person = reading.residents[name]
        for one in held:
            if not one.is_frozen and any(window.touches(one.day, one.begin, one.end) for window in person.busy):
                yield breach("R7", "busy", resident=name, session=one.id)
        for first, second in hurries(reading, held, person.rest_minutes):
            yield breach("R7", "resident_taken", resident=name, session=first.id, other=second.id)
        yield from _counts(person, held)


def _counts(person: Resident, held: list[Held]) -> Iterator[Breach]:
    by_activity: dict[str, list[Held]] = {}
    for one in held:
        by_activity.setdefault(one.activity.id, []).append(one)
    for activity, same in by_activity.items():
        yield from _too_soon(person, activity, same)
    for day, count in crowded_days(held, person.max_per_day):
        yield breach("R7", "resident_day", resident=person.id, day=day, sessions=count, limit=person.max_per_day)
    if exceeds(held, person.sessions.max):
        yield breach("R7", "resident_all", resident=person.id, sessions=len(held), limit=person.sessions.max)


def _too_soon(person: Resident, activity: str, same: list[Held]) -> Iterator[Breach]:
    """Pairs of sessions of one activity that lie less than its `days_apart` apart."""
    for first, second in combinations(sorted(same, key=lambda one: one.day), 2):
        between, least = second.day - first.day, first.activity.days_apart
        if between >= least or (first.is_frozen and second.is_frozen):
            continue
        one, two = first.id, second.id
        if between == 0:
            day = first.day
            yield breach("R7", "activity_twice", resident=person.id, activity=activity, session=one, other=two, day=day)
        else:
            yield breach("R7", "too_soon", resident=person.id, activity=activity, session=one, other=two, least=least)


def post(model: Model) -> None:
    for r in range(len(model.problem.document.residents)):
        held: list[Stay] = []
        owners: list[Slot] = []
        for slot in model.slots:
            if r not in slot.people:
                continue
            for time, then in model.when(slot).items():
                place = next(place for place in slot.options if place.time == time)
                held.append((spell(place), model.both(slot.people[r], then), slot.is_fact))
                owners.append(slot)
                if not slot.is_fact and model.problem.ear[time, r] < 0:
                    model.forbid(slot.people[r], then)
        if not model.keeps("R7", r):
            continue
        rest = model.problem.document.residents[r].rest_minutes
        keep_apart(model, held, rest)
        keep_ways(model, [(slot, slot.people[r]) for slot in model.slots if r in slot.people], rest)
        _post_counts(model, r, held, owners)


def _post_counts(model: Model, r: int, held: list[Stay], owners: list[Slot]) -> None:
    person = model.problem.document.residents[r]
    by_day: defaultdict[tuple[int, int], list[Stay]] = defaultdict(list)
    for row, slot in zip(held, owners, strict=True):
        by_day[row[0][0], -1].append(row)
        by_day[row[0][0], slot.activity].append(row)
    for (_, a), rows in by_day.items():
        past = sum(is_fact for _, _, is_fact in rows)
        most = person.max_per_day if a < 0 else 1
        model.limit(sum(literal for _, literal, is_fact in rows if not is_fact), max(0, most - past))
    for a, activity in enumerate(model.problem.document.activities):
        if activity.days_apart > 1:
            _post_apart(model, a, [row for row, slot in zip(held, owners, strict=True) if slot.activity == a])
    mine = [slot for slot in model.slots if r in slot.people]
    past = sum(slot.is_fact for slot in mine)
    model.limit(sum(slot.people[r] for slot in mine if not slot.is_fact), max(0, person.sessions.max - past))


def _post_apart(model: Model, a: int, rows: list[Stay]) -> None:
    """Within as many days as its sessions are to lie apart, a resident attends one: facts may be closer."""
    apart = model.problem.document.activities[a].days_apart
    for first in range(max(1, model.problem.days - apart + 1)):
        near = [(day, literal, is_fact) for (day, _, _), literal, is_fact in rows if first <= day < first + apart]
        if len({day for day, _, _ in near}) > 1:
            past = sum(is_fact for _, _, is_fact in near)
            model.limit(sum(literal for _, literal, is_fact in near if not is_fact), max(0, 1 - past))


RULE: Rule = rule(
    "R7",
    __name__,
    __doc__,
    broken=broken,
    post=post,
    asked="week",
    breaches={
        "busy": Yields("leave", "out_busy"),
        "resident_taken": Yields("leave_later", "out_clash"),
        "activity_twice": Yields("leave_later", "out_clash"),
        "too_soon": Yields("leave_later", "out_clash"),
        "resident_day": Yields("leave_last", "out_clash"),
        "resident_all": Yields("leave_last", "out_clash"),
    },
)
