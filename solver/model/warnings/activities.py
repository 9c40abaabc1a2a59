"""Doubts about activities: whether there are people, a space, a team and a time for each."""

from collections.abc import Iterator
from dataclasses import dataclass

from solver.documents.paths import Path
from solver.documents.problem import Activity, Facilitator, ProblemDocument, Resident, Space
from solver.model.warnings.doubts import Doubt, warn
from solver.model.warnings.hours import Spans, minutes_of, shared, spans


@dataclass(frozen=True)
class Chances:
    """Where, with whom and when an activity could be held, each looked at by itself."""

    spaces: tuple[Space, ...]
    leaders: tuple[Facilitator, ...]
    hours: Spans  # of the activity
    open: Spans  # of them, while one of the spaces is open
    led: Spans  # of those, while enough leaders are there


def of_activities(problem: ProblemDocument) -> Iterator[Doubt]:
    refusers: dict[str, set[str]] = {}
    for resident in problem.residents:
        for name in (*resident.refuses.activities, *resident.avoids.activities):
            refusers.setdefault(name, set()).add(resident.id)
    chances = _Chances(problem)
    found = {activity.id: chances.of(activity) for activity in problem.activities}
    by_id = {row.id: row for row in problem.residents}
    previous = {row.activity for row in problem.previous}
    for index, activity in enumerate(problem.activities):
        path = ("activities", index)
        denied = refusers.get(activity.id, set())
        invited = by_id if activity.only is None else activity.only
        may = [by_id[name] for name in invited if name not in denied] if activity.min_group else []
        may = [person for person in may if not activity.by_wish or person.wishes(activity.id)]
        yield from _of_people(path, activity, may, found[activity.id])
        yield from _of_holding(problem, path, activity, found[activity.id], activity.id in previous)
    yield from _of_spaces_wanted(problem, found)
    yield from _of_leaders_wanted(problem, found)


class _Chances:
    """Reads the chances of activities, of those that ask for the same once."""

    def __init__(self, problem: ProblemDocument) -> None:
        self.problem, self.days = problem, problem.horizon.days
        self.features = [frozenset(space.features) for space in problem.spaces]
        self.skills = [frozenset(person.skills) for person in problem.facilitators]
        self.open = [spans(space.open, self.days) for space in problem.spaces]
        self.available = [spans(person.available, self.days) for person in problem.facilitators]
        self.known: dict[tuple[object, ...], Chances] = {}

    def of(self, activity: Activity) -> Chances:
        key = (
            activity.windows,
            activity.duration_minutes,
            activity.min_group,
            frozenset(activity.needs_features),
            activity.facilitators,
            frozenset(activity.needs_skills),
        )
        if key not in self.known:
            self.known[key] = self._read(activity)
        return self.known[key]

    def _read(self, activity: Activity) -> Chances:
        length, features, skills = activity.duration_minutes, set(activity.needs_features), set(activity.needs_skills)
        fitting = [
            k
            for k, space in enumerate(self.problem.spaces)
            if space.capacity >= activity.min_group and features <= self.features[k]
        ]
        leaders = [
            k
            for k in range(len(self.problem.facilitators) if activity.facilitators else 0)
            if activity.facilitators > 1 or skills <= self.skills[k]
        ]
        hours = tuple(each for each in spans(activity.windows, self.days) if each[2] - each[1] >= length)
        is_open = _any_of(hours, [self.open[k] for k in fitting], length)
        led = _any_of(is_open, [self.available[k] for k in leaders], length) if activity.facilitators else is_open
        return Chances(
            tuple(self.problem.spaces[k] for k in fitting),
            tuple(self.problem.facilitators[k] for k in leaders),
            hours,
            is_open,
            led,
        )


def _any_of(hours: Spans, others: list[Spans], length: int) -> Spans:
    return tuple(dict.fromkeys(each for other in dict.fromkeys(others) for each in shared(hours, other, length)))


def _of_people(path: Path, activity: Activity, may: list[Resident], chances: Chances) -> Iterator[Doubt]:
    """Whether enough residents may come, and bear the noise."""
    if not may and activity.min_group:
        key = ("only",) if activity.only is not None else ()
        yield warn((*path, *key), "nobody_may", activity=activity.id)
    elif len(may) < activity.min_group:
        yield warn(
            (*path, "min_group"), "too_few_may", activity=activity.id, least=activity.min_group, residents=len(may)
        )
    elif activity.min_group and chances.spaces:
        level = min(max(activity.noise, space.noise) for space in chances.spaces)
        bear = sum(resident.noise_max >= level for resident in may)
        if bear < activity.min_group:
            facts = {"level": level, "residents": bear, "least": activity.min_group}
            yield warn((*path, "noise"), "too_few_bear", activity=activity.id, **facts)


def _of_holding(
    problem: ProblemDocument, path: Path, activity: Activity, chances: Chances, was_held: bool
) -> Iterator[Doubt]:
    """Whether there is a space, a team and a time for an activity, each by itself and then together."""
    if not chances.spaces:
        yield warn((*path, "needs_features"), "no_space", activity=activity.id)
    skills = {skill for person in problem.facilitators for skill in person.skills}
    lacks_skill = bool(activity.facilitators) and not set(activity.needs_skills) <= skills
    lacks_team = lacks_skill or activity.facilitators > len(problem.facilitators)
    if lacks_team:
        key = "needs_skills" if lacks_skill else "facilitators"
        yield warn((*path, key), "no_team", activity=activity.id, needed=activity.facilitators)
    least, days = activity.sessions.min, problem.horizon.days
    if not chances.hours:
        yield warn((*path, "duration_minutes"), "no_time", activity=activity.id, minutes=activity.duration_minutes)
    elif activity.one_per_day and least > days:
        yield warn((*path, "sessions", "min"), "days_short", activity=activity.id, least=least, days=days)
    elif chances.spaces and not lacks_team and not was_held:
        yield from _of_hours(path, activity, chances)


def _of_hours(path: Path, activity: Activity, chances: Chances) -> Iterator[Doubt]:
    """Whether its hours, an open space and a leader come together, and on how many days."""
    least, held = activity.sessions.min, {day for day, _, _ in chances.led}
    if not chances.open:
        yield warn((*path, "windows"), "space_elsewhen", activity=activity.id)
    elif not chances.led:
        yield warn((*path, "windows"), "led_never", activity=activity.id)
    elif activity.one_per_day and least > len(held):
        yield warn((*path, "sessions", "min"), "days_held", activity=activity.id, least=least, days=len(held))


def _of_spaces_wanted(problem: ProblemDocument, found: dict[str, Chances]) -> Iterator[Doubt]:
    """Whether the least counts of what can only be held in one space are longer than it is open."""
    alone: dict[str, list[Activity]] = {}
    for row in problem.activities:
        if row.sessions.min and len(found[row.id].spaces) == 1:
            alone.setdefault(found[row.id].spaces[0].id, []).append(row)
    for index, space in enumerate(problem.spaces):
        mine = alone.get(space.id, [])
        needed = sum(row.sessions.min * row.duration_minutes for row in mine)
        there = minutes_of(each for row in mine for each in found[row.id].open)
        if needed > there and _is_many(mine):
            yield warn(("spaces", index, "open"), "space_short", space=space.id, needed=needed, minutes=there)


def _of_leaders_wanted(problem: ProblemDocument, found: dict[str, Chances]) -> Iterator[Doubt]:
    """Whether the least counts of what only one person can lead are longer than they are there, or too many."""
    alone: dict[str, list[Activity]] = {}
    for row in problem.activities:
        if row.sessions.min and row.facilitators == 1 and len(found[row.id].leaders) == 1:
            alone.setdefault(found[row.id].leaders[0].id, []).append(row)
    for index, person in enumerate(problem.facilitators):
        mine = alone.get(person.id, [])
        needed = sum(row.sessions.min * row.duration_minutes for row in mine)
        there = minutes_of(each for row in mine for each in found[row.id].led)
        often, most = sum(row.sessions.min for row in mine), person.max_sessions_per_day * problem.horizon.days
        if needed > there and _is_many(mine):
            path = ("facilitators", index, "available")
            yield warn(path, "leader_short", facilitator=person.id, needed=needed, minutes=there)
        elif often > most > 0:
            path = ("facilitators", index, "max_sessions_per_day")
            yield warn(path, "leader_often", facilitator=person.id, least=often, most=most)


def _is_many(mine: list[Activity]) -> bool:
    """Whether several sessions are wanted: one alone that finds no time is told of its activity."""
    return sum(row.sessions.min for row in mine) > 1
