"""From a problem document to the compiled problem."""

from collections.abc import Iterable

import numpy as np

from solver.documents.fields import DAY_MINUTES
from solver.documents.problem import ProblemDocument, Resident, SessionPin, Window
from solver.instance.identity import contradicted_pins, identities_of
from solver.instance.problem import MOST_CELLS, Bytes, Fact, Flags, Ints, Problem, Times, inside, starts_of


def compile_problem(document: ProblemDocument, digest: str) -> Problem:
    """The arrays that construction, search and models read. The document has no errors (`exchange.read_problem`)."""
    frozen = (document.frozen_until.day, document.frozen_until.minute) if document.frozen_until else (0, 0)
    facts = _facts(document)
    times = _times(document, frozen)
    spaces, residents = document.spaces, document.residents
    may_activity, may_space, may_facilitator = _permissions(document)
    zones = [space.zone for space in spaces]
    return Problem(
        document=document,
        digest=digest,
        days=document.horizon.days,
        slot=document.horizon.slot_minutes,
        frozen_until=frozen,
        times=times,
        level=np.array([[max(a.noise, s.noise) for s in spaces] for a in document.activities], np.int64).reshape(
            len(document.activities), len(spaces)
        ),
        fits_space=_fits_space(document),
        open_at=_within([space.open for space in spaces], times, document.horizon.days),
        available_at=_within([person.available for person in document.facilitators], times, document.horizon.days),
        ear=_ears(document, times),
        may_activity=may_activity,
        may_space=may_space,
        may_facilitator=may_facilitator,
        familiar=_familiar(document),
        interest=_interest(document),
        walk=_minutes(document, zones, [r.zone for r in residents]),
        way=_minutes(document, zones, zones),
        fetched=np.array([[r.escort and not space.bedside for r in residents] for space in spaces], bool).reshape(
            len(spaces), len(residents)
        ),
        turnaround=np.array([space.turnaround_minutes for space in spaces], np.int64),
        shares=_symmetric([space.id for space in spaces], [space.shares for space in spaces]),
        adjacent=_symmetric([space.id for space in spaces], [space.adjacent for space in spaces]),
        skills=tuple(
            tuple(
                frozenset(k for k, skill in enumerate(dict.fromkeys(a.needs_skills)) if skill in person.skills)
                for person in document.facilitators
            )
            for a in document.activities
        ),
        escorts=_escorts(document),
        cohort=_numbered([r.cohort for r in residents]),
        ties=_ties(document),
        waiting=_waiting(document),
        apart=_apart(document),
        facts=facts,
        identities=identities_of(document, frozen),
        contradictions=contradicted_pins(document, frozen),
        reserved=_reserved(document),
    )


def _facts(document: ProblemDocument) -> tuple[Fact, ...]:
    if document.frozen_until is None:
        return ()
    until = (document.frozen_until.day, document.frozen_until.minute)
    activities = {row.id: k for k, row in enumerate(document.activities)}
    spaces = {row.id: k for k, row in enumerate(document.spaces)}
    people = {row.id: k for k, row in enumerate(document.residents)}
    staff = {row.id: k for k, row in enumerate(document.facilitators)}
    return tuple(
        Fact(
            previous=k,
            activity=activities[row.activity],
            day=row.day,
            begin=row.begin,
            end=row.begin + document.activities[activities[row.activity]].duration_minutes,
            space=spaces[row.space],
            team=tuple(staff[f] for f in row.facilitators),
            residents=tuple(people[r] for r in row.residents if r in people),
        )
        for k, row in enumerate(document.previous)
        if (row.day, row.begin) < until
    )


def _times(document: ProblemDocument, frozen: tuple[int, int]) -> Times:
    step = document.horizon.slot_minutes
    while True:
        starts = [starts_of(activity, document.horizon.days, step, frozen) for activity in document.activities]
        keys = {
            (day, begin, begin + activity.duration_minutes)
            for activity, rows in zip(document.activities, starts, strict=True)
            for day, begin in rows
        }
        if len(keys) * len(document.residents) <= MOST_CELLS or step >= 60:
            break
        step *= 2
    named = _named_times(document, frozen) if step > document.horizon.slot_minutes else {}
    keys.update(key for rows in named.values() for key in rows)
    ordered = sorted(keys)
    number = {key: k for k, key in enumerate(ordered)}
    of_activity = []
    for k, (activity, rows) in enumerate(zip(document.activities, starts, strict=True)):
        mine = {number[day, begin, begin + activity.duration_minutes] for day, begin in rows}
        mine.update(number[key] for key in named.get(k, ()))
        of_activity.append(np.array(sorted(mine), np.int64))
    columns = np.array(ordered, np.int64).reshape(len(ordered), 3)
    return Times(columns[:, 0].copy(), columns[:, 1].copy(), columns[:, 2].copy(), number, tuple(of_activity))


def _named_times(document: ProblemDocument, frozen: tuple[int, int]) -> dict[int, set[tuple[int, int, int]]]:
    """By activity, the times that `previous` and the pins name: a coarser grid keeps them too."""
    activities = {row.id: k for k, row in enumerate(document.activities)}
    rows = [(row.activity, row.day, row.begin) for row in document.previous]
    rows += [
        (pin.session.activity, pin.session.day, pin.session.begin)
        for pin in document.pins
        if isinstance(pin, SessionPin)
    ]
    found: dict[int, set[tuple[int, int, int]]] = {}
    for name, day, begin in rows:
        if name not in activities or begin % document.horizon.slot_minutes:
            continue
        k = activities[name]
        end = begin + document.activities[k].duration_minutes
        if (day, begin) >= frozen and end <= DAY_MINUTES and inside(document.activities[k].windows, day, begin, end):
            found.setdefault(k, set()).add((day, begin, end))
    return found


def _fits_space(document: ProblemDocument) -> Flags:
    rows = [
        [set(a.needs_features) <= set(s.features) and s.capacity >= a.min_group for s in document.spaces]
        for a in document.activities
    ]
    return np.array(rows, bool).reshape(len(document.activities), len(document.spaces))


def _within(owners: list[tuple[Window, ...] | None], times: Times, days: int) -> Flags:
    """(T, owners): whether each time lies inside one window of each owner."""
    result = np.zeros((len(times), len(owners)), bool)
    for k, windows in enumerate(owners):
        if windows is None:
            result[:, k] = True
            continue
        for window in windows:
            holds = (window.begin <= times.begin) & (times.end <= window.end)
            result[:, k] |= holds if window.day is None else holds & (times.day == window.day)
    return result


def _ears(document: ProblemDocument, times: Times) -> Bytes:
    """What a window says is read once for all who share it: homes repeat their meals and quiet hours."""
    result = np.empty((len(times), len(document.residents)), np.int8)
    known: dict[tuple[int | None, int, int], Flags] = {}

    def touched(window: Window) -> Flags:
        key = (window.day, window.begin, window.end)
        if key not in known:
            holds = (times.begin < window.end) & (window.begin < times.end)
            known[key] = holds if window.day is None else holds & (times.day == window.day)
        return known[key]

    for k, resident in enumerate(document.residents):
        column = np.full(len(times), resident.noise_max, np.int8)
        for calm in resident.calm:
            column[touched(calm)] = np.minimum(column[touched(calm)], calm.noise_max)
        for window in resident.busy:
            column[touched(window)] = -1
        result[:, k] = column
    return result


def _permissions(document: ProblemDocument) -> tuple[Flags, Flags, Flags]:
    residents = document.residents
    zones = [space.zone for space in document.spaces]
    activity = np.ones((len(document.activities), len(residents)), bool)
    space = np.ones((len(document.spaces), len(residents)), bool)
    facilitator = np.ones((len(document.facilitators), len(residents)), bool)
    activities = {row.id: k for k, row in enumerate(document.activities)}
    spaces = {row.id: k for k, row in enumerate(document.spaces)}
    staff = {row.id: k for k, row in enumerate(document.facilitators)}
    for k, row in enumerate(document.activities):
        if row.only is not None:
            activity[k] = False
            only = set(row.only)
            activity[k, [r for r, person in enumerate(residents) if person.id in only]] = True
    for k, row in enumerate(document.activities):
        if row.by_wish:
            activity[k] &= [person.wishes(row.id) for person in residents]
    for r, person in enumerate(residents):
        for no in (person.refuses, person.avoids):
            _strike(activity, activities, no.activities, r)
            _strike(space, spaces, no.spaces, r)
            _strike(facilitator, staff, no.facilitators, r)
        if person.zone_locked:
            space[[k for k, zone in enumerate(zones) if zone != person.zone], r] = False
    return activity, space, facilitator


def _strike(table: Flags, numbers: dict[str, int], names: Iterable[str], resident: int) -> None:
    for name in names:
        if name in numbers:
            table[numbers[name], resident] = False


def _familiar(document: ProblemDocument) -> Flags:
    people = {row.id: k for k, row in enumerate(document.residents)}
    result = np.zeros((len(document.facilitators), len(people)), bool)
    for k, row in enumerate(document.facilitators):
        result[k, [people[name] for name in row.familiar_to if name in people]] = True
    return result


def _interest(document: ProblemDocument) -> Bytes:
    activities = {row.id: k for k, row in enumerate(document.activities)}
    result = np.zeros((len(activities), len(document.residents)), np.int8)
    for r, person in enumerate(document.residents):
        for name, like in person.interests.items():
            if name in activities:
                result[activities[name], r] = like
    return result


def _waiting(document: ProblemDocument) -> Bytes:
    activities = {row.id: k for k, row in enumerate(document.activities)}
    result = np.zeros((len(activities), len(document.residents)), np.int8)
    for r, person in enumerate(document.residents):
        for name, long in person.waiting.items():
            result[activities[name], r] = long
    return result


def _minutes(document: ProblemDocument, these: list[str], those: list[str]) -> Ints:
    """How far it is from each of these zones to each of those."""
    minutes: dict[tuple[str, str], int] = {}
    for a, row in document.travel.items():
        for b, cost in row.items():
            minutes[a, b] = minutes[b, a] = cost
    rows = [[minutes.get((one, other), 0) for other in those] for one in these]
    return np.array(rows, np.int64).reshape(len(these), len(those))


def _symmetric(names: list[str], rows: list[tuple[str, ...]]) -> tuple[tuple[int, ...], ...]:
    number = {name: k for k, name in enumerate(names)}
    near: list[set[int]] = [set() for _ in names]
    for k, row in enumerate(rows):
        for name in row:
            near[k].add(number[name])
            near[number[name]].add(k)
    return tuple(tuple(sorted(row)) for row in near)


def _escorts(document: ProblemDocument) -> Ints | None:
    if document.escorts is None:
        return None
    step = document.horizon.slot_minutes
    rows = [
        [
            document.escorts.available(day, minute) if minute < DAY_MINUTES else document.escorts.default
            for minute in range(0, DAY_MINUTES + 1, step)
        ]
        for day in range(document.horizon.days)
    ]
    return np.array(rows, np.int64)


def _numbered(words: list[str]) -> Ints:
    number = {word: k for k, word in enumerate(sorted(set(words)))}
    return np.array([number[word] for word in words], np.int64)


def _pairs(document: ProblemDocument) -> dict[str, int]:
    return {row.id: k for k, row in enumerate(document.residents)}


def _ties(document: ProblemDocument) -> tuple[tuple[int, int, int, int], ...]:
    people = _pairs(document)
    return tuple(
        (people[tie.a], people[tie.b], tie.strength, tie.cap) for tie in document.ties if tie.strength is not None
    )


def _apart(document: ProblemDocument) -> tuple[tuple[int, int], ...]:
    people = _pairs(document)
    return tuple((people[tie.a], people[tie.b]) for tie in document.ties if tie.apart)


def _reserved(document: ProblemDocument) -> frozenset[str]:
    names = {row.id for row in document.previous}
    for pin in document.pins:
        names.add(pin.session.id if isinstance(pin, SessionPin) else pin.session)
    return frozenset(names)


def wants(resident: Resident) -> bool:
    """Whether `left_out` speaks of them: they wish for sessions and like something."""
    return resident.sessions.min > 0 and any(like > 0 for like in resident.interests.values())
