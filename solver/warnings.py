"""What is well formed in a problem and makes no sense: demands that nobody can meet, pins that cannot matter.

A warning stops nothing; the solver still says whether there is a schedule.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from solver.documents import AbsentPin, Activity, AttendPin, ProblemDocument, Resident, Session, SessionPin, Window
from solver.fields import DAY_MINUTES
from solver.places import Path, place
from solver.reading import is_past
from solver.reasons import Fact, Reason


@dataclass(frozen=True)
class Doubt:
    """Where in the problem, and why it makes no sense."""

    place: str
    reason: Reason


def find_warnings(problem: ProblemDocument) -> list[Doubt]:
    """By the order of the document's lists."""
    return [
        *_of_horizon(problem),
        *_of_spaces(problem),
        *_of_activities(problem),
        *_of_residents(problem),
        *_of_groups(problem),
        *_of_previous(problem),
        *_of_pins(problem),
    ]


def _warn(path: Path, code: str, **facts: Fact) -> Doubt:
    return Doubt(place(path), Reason(code, tuple(facts.items())))


def _of_horizon(problem: ProblemDocument) -> Iterator[Doubt]:
    name = problem.horizon.timezone
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        yield _warn(("horizon", "timezone"), "zone_unknown", name=name)


def _of_spaces(problem: ProblemDocument) -> Iterator[Doubt]:
    for index, space in enumerate(problem.spaces):
        for key, others in (("adjacent", space.adjacent), ("shares", space.shares)):
            if space.id in others:
                yield _warn(("spaces", index, key, others.index(space.id)), "itself", space=space.id)


def _of_activities(problem: ProblemDocument) -> Iterator[Doubt]:
    refusers: dict[str, set[str]] = {}
    for resident in problem.residents:
        for name in (*resident.refuses.activities, *resident.avoids.activities):
            refusers.setdefault(name, set()).add(resident.id)
    for index, activity in enumerate(problem.activities):
        path = ("activities", index)
        may = len(problem.residents) if activity.only is None else len(activity.only)
        denied = refusers.get(activity.id, set())
        may -= len(denied) if activity.only is None else len(denied.intersection(activity.only))
        if may == 0 and activity.min_group:
            key = ("only",) if activity.only is not None else ()
            yield _warn((*path, *key), "nobody_may", activity=activity.id)
        elif may < activity.min_group:
            yield _warn(
                (*path, "min_group"), "too_few_may", activity=activity.id, least=activity.min_group, residents=may
            )
        yield from _of_holding(problem, path, activity)


def _of_holding(problem: ProblemDocument, path: Path, activity: Activity) -> Iterator[Doubt]:
    """Whether there is a space, a team and a time for an activity, each by itself."""
    if not any(
        space.capacity >= activity.min_group and set(activity.needs_features) <= set(space.features)
        for space in problem.spaces
    ):
        yield _warn((*path, "needs_features"), "no_space", activity=activity.id)
    skills = {skill for person in problem.facilitators for skill in person.skills}
    lacks_skill = activity.facilitators and not set(activity.needs_skills) <= skills
    if lacks_skill or activity.facilitators > len(problem.facilitators):
        key = "needs_skills" if lacks_skill else "facilitators"
        yield _warn((*path, key), "no_team", activity=activity.id, needed=activity.facilitators)
    if not _has_room(activity.windows, activity.duration_minutes):
        yield _warn((*path, "duration_minutes"), "no_time", activity=activity.id, minutes=activity.duration_minutes)
    least, days = activity.sessions.min, problem.horizon.days
    if activity.one_per_day and least > days:
        yield _warn((*path, "sessions", "min"), "days_short", activity=activity.id, least=least, days=days)


def _has_room(windows: tuple[Window, ...] | None, minutes: int) -> bool:
    longest = DAY_MINUTES if windows is None else max((each.end - each.begin for each in windows), default=0)
    return minutes <= longest


def _of_residents(problem: ProblemDocument) -> Iterator[Doubt]:
    activities = {row.id: row for row in problem.activities}
    served = {domain for activity in problem.activities for domain in activity.domains}
    for index, resident in enumerate(problem.residents):
        path = ("residents", index)
        for name, least in resident.required.items():
            if least:
                where = (*path, "required", name)
                yield from _of_required(where, resident, activities[name], least, problem.horizon.days)
        for at, target in enumerate(resident.targets):
            if target.min and target.domain not in served:
                yield _warn((*path, "targets", at, "domain"), "no_domain", domain=target.domain)
        most = min(resident.sessions.max, resident.max_per_day * problem.horizon.days)
        if resident.sessions.min > most:
            yield _warn(
                (*path, "sessions", "min"), "wish", resident=resident.id, least=resident.sessions.min, most=most
            )


def _of_required(path: Path, resident: Resident, activity: Activity, least: int, days: int) -> Iterator[Doubt]:
    if activity.id in resident.refuses.activities or activity.id in resident.avoids.activities:
        yield _warn(path, "own_refusal", resident=resident.id, activity=activity.id)
    if activity.only is not None and resident.id not in activity.only:
        yield _warn(path, "own_only", resident=resident.id, activity=activity.id)
    most = min(activity.sessions.max, days)  # nobody is in one activity twice a day
    if least > most:
        yield _warn(path, "required_often", resident=resident.id, activity=activity.id, least=least, most=most)


def _of_groups(problem: ProblemDocument) -> Iterator[Doubt]:
    served = {domain for activity in problem.activities for domain in activity.domains}
    for index, group in enumerate(problem.groups):
        for at, target in enumerate(group.targets):
            path = ("groups", index, "targets", at)
            if target.min and target.domain and target.domain not in served:
                yield _warn((*path, "domain"), "no_domain", domain=target.domain)
            if target.min and target.members > len(group.members):
                yield _warn((*path, "members"), "group_target", members=target.members, residents=len(group.members))


def _of_previous(problem: ProblemDocument) -> Iterator[Doubt]:
    seen: dict[tuple[str, int, str, str], str] = {}
    for index, row in enumerate(problem.previous):
        key = (row.activity, row.day, row.start, row.space)
        if key in seen:
            yield _warn(("previous", index), "alike", session=seen[key])
        seen.setdefault(key, row.id)


def _of_pins(problem: ProblemDocument) -> Iterator[Doubt]:
    before = {row.id: row for row in problem.previous}
    pinned = {pin.session.id for pin in problem.pins if isinstance(pin, SessionPin)}
    attending = {(pin.attend, pin.session) for pin in problem.pins if isinstance(pin, AttendPin)}
    for index, pin in enumerate(problem.pins):
        path = ("pins", index)
        if isinstance(pin, SessionPin):
            yield from _of_session_pin(problem, path, pin, before.get(pin.session.id))
            continue
        if pin.session in before and is_past(problem, before[pin.session]):
            yield _warn(path, "pin_past")
        elif pin.session not in before and pin.session not in pinned:
            yield _warn((*path, "session"), "pin_nowhere", session=pin.session)
        if isinstance(pin, AbsentPin) and (pin.absent, pin.session) in attending:
            yield _warn(path, "pin_both", resident=pin.absent, session=pin.session)
    yield from _of_pinned_people(problem)


def _of_session_pin(problem: ProblemDocument, path: Path, pin: SessionPin, before: Session | None) -> Iterator[Doubt]:
    want = pin.session
    until = problem.frozen_until
    if want.day >= problem.horizon.days:
        yield _warn((*path, "session", "day"), "pin_outside", day=want.day)
    elif until is not None and (want.day, want.begin) < (until.day, until.minute):
        yield _warn(path, "pin_past")
    if before is not None and before.activity != want.activity:
        yield _warn((*path, "session", "activity"), "pin_activity", session=want.id)


def _of_pinned_people(problem: ProblemDocument) -> Iterator[Doubt]:
    """Residents pinned into an activity that rule R8 keeps them from."""
    residents = {row.id: row for row in problem.residents}
    activities = {row.id: row for row in problem.activities}
    activity_of = {row.id: row.activity for row in problem.previous}
    activity_of |= {pin.session.id: pin.session.activity for pin in problem.pins if isinstance(pin, SessionPin)}
    for index, pin in enumerate(problem.pins):
        if isinstance(pin, AbsentPin):
            continue
        names = pin.session.residents if isinstance(pin, SessionPin) else (pin.attend,)
        session = pin.session.id if isinstance(pin, SessionPin) else pin.session
        activity = activities.get(activity_of.get(session, ""))
        for name in names if activity is not None else ():
            if activity is not None and _is_denied(residents[name], activity):
                yield _warn(("pins", index), "pin_refused", resident=name, activity=activity.id)


def _is_denied(resident: Resident, activity: Activity) -> bool:
    noes = (*resident.refuses.activities, *resident.avoids.activities)
    return activity.id in noes or (activity.only is not None and resident.id not in activity.only)
