"""What is asked of a week, cut to what its people allow and its rest can still hold; each cut is noted for people.

Only least counts and required attendances are cut here, and pins in `fixed`. Nothing here weighs one demand against
another: what clashes only together is the solver's to find and a person's to decide.
"""

from dataclasses import dataclass

from milieu.solving.problem.commitments.rest import Rest, may_attend
from solver.documents.exchange import Activity, ProblemDocument, Resident, SessionBounds

REFUSED, DISLIKED = "requirement_refused", "requirement_disliked"
AVOIDED, CLOSED = "requirement_avoided", "requirement_closed"
ENDED, LOWERED, COUNT_LOWERED = "requirement_ended", "requirement_lowered", "count_lowered"
VISIT_REFUSED, VISIT_LOWERED = "visit_refused", "visit_lowered"
PIN_GONE, PIN_PAST, PIN_REFUSED = "pin_gone", "pin_past", "pin_refused"
PIN_AWAY, PIN_FEW, PIN_IMPOSSIBLE = "pin_away", "pin_few", "pin_impossible"


@dataclass(frozen=True)
class Note:
    """A demand that was dropped (`now` 0) or lowered from `was` to `now`; which ids are given depends on the code."""

    code: str
    activity: str = ""
    resident: str = ""
    session: str = ""
    was: int = 0
    now: int = 0


def settle_demands(problem: ProblemDocument) -> tuple[ProblemDocument, tuple[Note, ...]]:
    """The problem with the demands that can be kept one by one, and what was cut."""
    rest = Rest(problem)
    notes: list[Note] = []
    residents = tuple(_settle_required(rest, resident, notes) for resident in problem.residents)
    activities = tuple(_settle_count(rest, activity, notes) for activity in problem.activities)
    changed = {"residents": residents, "activities": activities}
    return problem.model_copy(update=changed), tuple(notes)


def _settle_required(rest: Rest, resident: Resident, notes: list[Note]) -> Resident:
    if not resident.required:
        return resident
    activities = {activity.id: activity for activity in rest.problem.activities}
    required, room = {}, rest.most_left(resident)
    by_liking = sorted(resident.required.items(), key=lambda item: (-resident.interests.get(item[0], 0), item[0]))
    for name, least in by_liking:
        activity, came = activities[name], rest.attended[resident.id, name]
        code = _against(resident, activity)
        more = 0 if code else min(max(0, least - came), room, rest.most_attended(resident, activity))
        kept = min(least, came + more)
        if kept < least:
            notes.append(Note(code or LOWERED, activity=name, resident=resident.id, was=least, now=kept))
        room -= more
        if kept:
            required[name] = kept
    return resident.model_copy(update={"required": dict(sorted(required.items()))})


def _against(resident: Resident, activity: Activity) -> str:
    """Why a demand is none: the code of the note, "" where it stands."""
    if activity.id in resident.refuses.activities:
        return DISLIKED if resident.interests.get(activity.id, 0) < 0 else REFUSED
    if activity.id in resident.avoids.activities:
        return AVOIDED
    return "" if may_attend(resident, activity) else CLOSED


def _settle_count(rest: Rest, activity: Activity, notes: list[Note]) -> Activity:
    least, held = activity.sessions.min, rest.held[activity.id]
    if least <= held:
        return activity
    possible = held + rest.most_sessions(activity, least - held)
    if possible >= least:
        return activity
    notes.append(_of_count(rest.problem, activity, least, possible))
    bounds = SessionBounds(min=possible, max=activity.sessions.max)
    return activity.model_copy(update={"sessions": bounds})


def _of_count(problem: ProblemDocument, activity: Activity, was: int, now: int) -> Note:
    """What is for one resident alone is told by whom, and that it was they who said no where they did."""
    [who, *others] = activity.only or ("",)
    resident = next((each for each in problem.residents if each.id == who), None)
    if others or resident is None:
        return Note(COUNT_LOWERED, activity=activity.id, was=was, now=now)
    code = VISIT_REFUSED if activity.id in resident.refuses.activities else VISIT_LOWERED
    return Note(code, activity=activity.id, resident=who, was=was, now=now)
