"""Somebody comes for one session at a fixed time: a guest, an entertainer, a colleague with something special.

The session is fixed as a person fixes one: the next plan and the next repair hold it, and invite whom it suits. A guest
from outside is of the team for that time alone.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from milieu.calendar.weeks import Week
from milieu.database import DbSession
from milieu.errors import Invalid
from milieu.ids import new_id
from milieu.models import Activity, Facilitator, LivingGroup, Pin, Resident, Roster, Space
from milieu.models.weeks.plans import MEANT_FOR
from milieu.queries.facts.kinds import GUEST
from milieu.queries.names import names_of
from milieu.queries.residents.stays import lives_here
from milieu.services.editing.grid import check_time
from milieu.services.facts.noting import find, find_resident, note, short
from milieu.services.facts.stretch import LATEST
from milieu.services.teller import Teller
from milieu.solving.problem.commitments.demands import (
    PIN_AWAY,
    PIN_FEW,
    PIN_GONE,
    PIN_IMPOSSIBLE,
    PIN_PAST,
    PIN_REFUSED,
    Note,
)
from milieu.solving.problem.commitments.fixed import Clash, clash_of
from milieu.solving.problem.known import source_of
from solver.documents.exchange import PinnedSession, ProblemDocument, Session, SessionPin

MOST_NAMED = 2
"""Who leads it, and who is with them."""


@dataclass(frozen=True)
class Visit:
    """What is held, where and when; `leader_id` is somebody of the team, or `guest` the name of somebody who is not.

    `start_minute` counts from midnight. `helper_id` leads it with them, "" nobody. It is meant for who lives in
    `groups` and for `people`, who are asked; with neither, for whom it suits.
    """

    activity_id: str
    space_id: str
    day: date
    start_minute: int
    leader_id: str = ""
    guest: str = ""
    helper_id: str = ""
    groups: tuple[str, ...] = ()
    people: tuple[str, ...] = ()


def tell_visit(db: DbSession, teller: Teller, visit: Visit) -> str:
    """Somebody comes; the id of what was fixed. Raises Invalid at the field that is wrong."""
    activity: Activity = find(db, teller, Activity, visit.activity_id, "Please choose what it is.", at="activity")
    space: Space = find(db, teller, Space, visit.space_id, "Please choose where it is.", at="space")
    _check_time(db, teller, visit, activity.duration_minutes)
    helper = (
        find(db, teller, Facilitator, visit.helper_id, "Please choose who helps.", at="helper")
        if visit.helper_id
        else None
    )
    guest = short(visit.guest, at="guest")
    if bool(guest) == bool(visit.leader_id):
        raise Invalid("Please choose who leads it, or write who comes, one of the two.", at="leader")
    if guest:
        leader = _guest(db, teller, guest, activity, visit)
    else:
        leader = find(db, teller, Facilitator, visit.leader_id, "Please choose who leads it.", at="leader")
    meant_for = _meant_for(db, teller, visit, activity)
    leaders = sorted({leader.id, *([helper.id] if helper is not None else [])})
    monday = visit.day - timedelta(days=visit.day.weekday())
    before = _notes(db, teller, monday) if visit.people else ()
    pin = Pin(
        community_id=teller.community_id,
        week_start=monday,
        kind="session",
        session_ref=f"{Week(monday, 'UTC').name}-{new_id()[:12]}",
        fixed={
            "activity": activity.id,
            "day": visit.day.weekday(),
            "start": f"{visit.start_minute // 60:02}:{visit.start_minute % 60:02}",
            "space": space.id,
            "facilitators": leaders,
            **meant_for,
        },
        made_by=teller.by,
        made_at=teller.now,
    )
    db.add(pin)
    db.flush()
    _check_it_can_be_held(db, teller, pin, (activity.name, space.name), before)
    about = {
        "activity_id": activity.id,
        "space_id": space.id,
        "facilitator_id": leader.id,
        "guest": bool(guest),
        "group_ids": list(visit.groups),
        "resident_ids": list(visit.people),
        "ref": pin.session_ref,
        "first": visit.day.isoformat(),
        "last": visit.day.isoformat(),
        "start_minute": visit.start_minute,
        "end_minute": visit.start_minute + activity.duration_minutes,
    }
    return note(db, teller, GUEST, pin.id, about)


def _meant_for(db: DbSession, teller: Teller, visit: Visit, activity: Activity) -> dict[str, Any]:
    """Whom it is for, as a pin keeps it. Raises Invalid where those are fewer than it takes, or more than it seats."""
    if not (visit.groups or visit.people):
        return {}
    for group_id in visit.groups:
        find(db, teller, LivingGroup, group_id, "Please choose among the living groups.", at="groups")
    for resident_id in visit.people:
        find_resident(db, teller, resident_id, visit.day, at="people")
    here = Resident.community_id == teller.community_id, lives_here(visit.day, visit.day)
    theirs = db.scalars(select(Resident.id).where(*here, Resident.living_group_id.in_(visit.groups))).all()
    count = len({*theirs, *visit.people})
    if count < activity.min_group:
        raise Invalid(f"It takes {activity.min_group} people at least; these are {count}.", at="groups")
    if len(set(visit.people)) > activity.max_group:
        raise Invalid(f"It has {activity.max_group} places at most; please name fewer people.", at="people")
    return {MEANT_FOR: {"groups": sorted(set(visit.groups)), "residents": sorted(set(visit.people))}}


def _notes(db: DbSession, teller: Teller, monday: date) -> Collection[Note]:
    return source_of(db, teller.community_id, monday, teller.now, repair=False).notes


def _check_it_can_be_held(
    db: DbSession, teller: Teller, pin: Pin, names: tuple[str, str], before: Collection[Note]
) -> None:
    """Raises Invalid where no plan could hold what is fixed, which would then be left out of each without a word.

    `before` was noted of the week without it: whom it takes away from what they were fixed in cannot be in both.
    """
    source = source_of(db, teller.community_id, pin.week_start, teller.now, repair=False)
    notes = [each for each in source.notes if each.session == pin.session_ref]
    taken = [each for each in source.notes if each not in before and each.resident]
    codes = {each.code for each in notes}
    activity, space = names
    if PIN_GONE in codes:
        raise Invalid(
            f"{activity} is not offered that week: it has its months, or ends before. Please choose something else, or "
            "look in House.",
            at="activity",
        )
    if PIN_PAST in codes:
        raise Invalid("That time has passed.", at="start")
    _check_team(db, teller, source.document, pin, activity)
    if PIN_IMPOSSIBLE in codes:
        raise Invalid(
            f"{activity} cannot be held there and then. It has times at which it may be held and things that it needs; "
            f"{space} has its hours, and whoever leads theirs and what they can. Please choose another time or place, "
            "or look in House.",
            at="start",
        )
    if out := {each.resident for each in (*notes, *taken) if each.code in (PIN_REFUSED, PIN_AWAY)}:
        names_here = names_of(db, teller.community_id)
        who = ", ".join(sorted(names_here[each] for each in out))
        raise Invalid(
            f"Not everybody named can be there: {who}. It may be that they are away, busy or resting then, said no, "
            "are to be kept apart from somebody named, or find no place there. Please leave them out, or choose "
            "another time or place.",
            at="people",
        )
    if PIN_FEW in codes:
        raise Invalid(
            "Too few of those whom it is for can come there and then. Please choose another time or place, or more of "
            "them.",
            at="groups",
        )
    if clash := clash_of(source.document, pin.session_ref):
        raise _of_clash(db, teller, clash, space)


def _check_team(db: DbSession, teller: Teller, document: ProblemDocument, pin: Pin, activity: str) -> None:
    """Raises Invalid at the field where more or fewer lead it than lead the activity by its size."""
    given = {key: value for key, value in (pin.fixed or {}).items() if key != MEANT_FOR}
    fixed = PinnedSession.model_validate({**given, "id": pin.session_ref})
    row = next(each for each in document.activities if each.id == fixed.activity)
    team, needed = fixed.facilitators or (), row.facilitators
    if len(team) > needed:
        led = "Nobody leads" if not needed else "One of the team, or a guest, leads"
        raise Invalid(
            f"{led} {activity}. Please leave out who is with them, or say in House how many lead it.",
            at="helper" if needed else "leader",
        )
    if needed > MOST_NAMED:
        raise Invalid(
            f"{activity} is led by {needed} for its size; here {MOST_NAMED} can be named. Please say in House how many "
            "lead it.",
            at="helper",
        )
    if len(team) < needed:
        names = names_of(db, teller.community_id)
        free = ", ".join(sorted(names[each] for each in _free(document, fixed, row.duration_minutes)))
        said = (
            f"Free then: {free}." if free else "Nobody is free then: whoever you choose is taken from something else."
        )
        raise Invalid(f"{activity} is led by two. Please choose who of the team is with them. {said}", at="helper")


def _free(document: ProblemDocument, fixed: PinnedSession, minutes: int) -> Iterator[str]:
    """Who of the team is on duty then, and leads nothing that is published or fixed at that time."""
    lengths = {row.id: row.duration_minutes for row in document.activities}
    others: list[Session | PinnedSession] = [*document.previous]
    others += [other.session for other in document.pins if isinstance(other, SessionPin)]
    end = fixed.begin + minutes
    taken = {
        leader
        for each in others
        if each.day == fixed.day and each.begin < end and fixed.begin < each.begin + lengths[each.activity]
        for leader in each.facilitators or ()
    }
    for row in document.facilitators:
        is_there = row.available is None or any(window.holds(fixed.day, fixed.begin, end) for window in row.available)
        if is_there and row.id not in {*taken, *(fixed.facilitators or ())}:
            yield row.id


def _of_clash(db: DbSession, teller: Teller, clash: Clash, space: str) -> Invalid:
    other = db.get_one(Activity, (teller.community_id, clash.other.activity)).name
    if clash.leader:
        leader = db.get_one(Facilitator, (teller.community_id, clash.leader)).name
        return Invalid(
            f"{leader} is fixed for {other} at {clash.other.start} that day and cannot lead both. "
            "Please choose another time, or somebody else.",
            at="leader",
        )
    return Invalid(
        f"{space} is fixed for {other} at {clash.other.start} that day. Please choose another time or place.",
        at="start",
    )


def _check_time(db: DbSession, teller: Teller, visit: Visit, minutes: int) -> None:
    today = teller.today(db)
    if not today <= visit.day <= today + LATEST:
        raise Invalid("Please choose a day to come, within a year.", at="first")
    check_time(db, teller.community_id, visit.start_minute, minutes)


def _guest(db: DbSession, teller: Teller, name: str, activity: Activity, visit: Visit) -> Facilitator:
    """Somebody from outside, of the team on that day for that time, who may lead this one thing."""
    row = Facilitator(
        community_id=teller.community_id,
        key=f"g-{new_id()}",
        name=name,
        kind="volunteer",
        skills=list(activity.needs_skills),
        leads_alone=[activity.key],
        max_sessions_per_day=1,
        starts_on=visit.day,
        ended_on=visit.day + timedelta(days=1),
    )
    db.add(row)
    db.flush()
    db.add(
        Roster(
            community_id=teller.community_id,
            facilitator_id=row.id,
            on_date=visit.day,
            start_minute=visit.start_minute,
            end_minute=visit.start_minute + activity.duration_minutes,
        )
    )
    db.flush()
    return row
