"""Doubts about pins, and about what was published before."""

from collections.abc import Iterator

from solver.documents.paths import Path
from solver.documents.problem import AbsentPin, Activity, AttendPin, ProblemDocument, Resident, Session, SessionPin
from solver.model.reading import is_past
from solver.model.warnings.doubts import Doubt, warn
from solver.model.warnings.pinned import of_pinned_sessions


def of_previous(problem: ProblemDocument) -> Iterator[Doubt]:
    seen: dict[tuple[str, int, str, str], str] = {}
    for index, row in enumerate(problem.previous):
        key = (row.activity, row.day, row.start, row.space)
        if key in seen and not is_past(problem, row):
            yield warn(("previous", index), "alike", session=seen[key])
        seen.setdefault(key, row.id)


def of_pins(problem: ProblemDocument) -> Iterator[Doubt]:
    before = {row.id: row for row in problem.previous}
    pinned = {pin.session.id for pin in problem.pins if isinstance(pin, SessionPin)}
    attending = {(pin.attend, pin.session) for pin in problem.pins if isinstance(pin, AttendPin)}
    for index, pin in enumerate(problem.pins):
        path = ("pins", index)
        if isinstance(pin, SessionPin):
            yield from _of_session_pin(problem, path, pin, before.get(pin.session.id))
            continue
        if pin.session in before and is_past(problem, before[pin.session]):
            yield warn(path, "pin_past")
        elif pin.session not in before and pin.session not in pinned:
            yield warn((*path, "session"), "pin_nowhere", session=pin.session)
        if isinstance(pin, AbsentPin) and (pin.absent, pin.session) in attending:
            yield warn(path, "pin_both", resident=pin.absent, session=pin.session)
    yield from _of_pinned_people(problem)
    yield from of_pinned_sessions(problem)


def _of_session_pin(problem: ProblemDocument, path: Path, pin: SessionPin, before: Session | None) -> Iterator[Doubt]:
    want = pin.session
    until = problem.frozen_until
    if want.day >= problem.horizon.days:
        yield warn((*path, "session", "day"), "pin_outside", day=want.day)
    elif until is not None and (want.day, want.begin) < (until.day, until.minute):
        yield warn(path, "pin_past")
    if before is not None and before.activity != want.activity:
        yield warn((*path, "session", "activity"), "pin_activity", session=want.id)


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
                yield warn(("pins", index), "pin_refused", resident=name, activity=activity.id)


def _is_denied(resident: Resident, activity: Activity) -> bool:
    noes = (*resident.refuses.activities, *resident.avoids.activities)
    is_closed = activity.only is not None and resident.id not in activity.only
    return activity.id in noes or is_closed or (activity.by_wish and not resident.wishes(activity.id))
