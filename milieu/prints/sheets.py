"""Sheets of a week or a day: the programme, a space's door, the floor's day by living group, one's own week, slips.

Whom somebody likes or does not is never on paper. Each sheet says from when it is.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from milieu.prints.months import usual_said
from milieu.prints.papers import Paper
from milieu.prints.reasons import why_said
from milieu.prints.typesetting import typeset
from milieu.prints.words import clock_time, day_said, moment_said, week_said
from milieu.queries.floor.today import DaySession, Guest, StaffDay
from milieu.queries.paper.invited import Asked, AskedDays
from milieu.queries.paper.programme import Listed, ListedDay, ListedDays

_TICKED = {"attended": 0, "declined": 1, "asleep": 2}
_WEEK_NOT_OUT = "Nothing is planned for this week yet."
_NOT_OUT = "Nothing is published for this day yet."
ABSENT = {
    "hospital": "In hospital",
    "bed": "In bed then",
    "outing": "Out then",
    "appointment": "At an appointment then",
}


def week_sheet(shown: ListedDays, paper: Paper, *, made: datetime) -> bytes:
    """The programme of a week in large print, nobody's name in it."""
    first = shown.days[0].on_date
    return _programme(shown, paper, week_said(first), f"{shown.community}. We invite; you decide on the day.", made)


def door_sheet(shown: ListedDays, space_id: str, space: str, paper: Paper, *, made: datetime) -> bytes:
    """What a week brings to one space, for its door, which need not be told where it is."""
    under = (
        f"{week_said(shown.days[0].on_date)}. Closed groups and visits are not on it unless they have a public name."
    )
    return _programme(shown, paper, space, under, made, space_id=space_id)


def _in_space(day: ListedDay, space_id: str) -> ListedDay:
    return replace(day, sessions=tuple(each for each in day.sessions if each.space_id == space_id))


def _programme(
    shown: ListedDays, paper: Paper, heading: str, under: str, made: datetime, *, space_id: str | None = None
) -> bytes:
    if space_id:
        shown = replace(shown, days=tuple(_in_space(day, space_id) for day in shown.days))
    days = [
        {
            "name": day_said(day.on_date),
            "sessions": [_listed(each) for each in day.sessions],
            "empty": "Nothing is planned." if day.is_published else "Nothing is planned yet.",
            "is_published": day.is_published,
        }
        for day in shown.days
    ]
    if not any(day["sessions"] or day["is_published"] for day in days):
        days, under = [], f"{under} {_WEEK_NOT_OUT}"  # said once, not of every day
    under = f"{under} {usual_said(shown)}".rstrip()
    given = {"title": f"{heading}, {shown.community}", "paper": paper.typst, "heading": heading, "under": under}
    as_of = _as_of(shown.as_of, shown.timezone)
    return typeset("week", {**given, "is_door": bool(space_id), "days": days, "as_of": as_of}, made=made)


def _listed(each: Listed) -> dict[str, Any]:
    return {
        "time": clock_time(each.start_minute),
        "title": each.title,
        "domain": each.domains[0] if each.domains else "",
        "space": each.space,
        "is_off": each.is_off,
    }


def own_sheet(shown: AskedDays, paper: Paper, *, made: datetime) -> bytes:
    """One person's week, as large as it can be read from the armchair, each invitation with why it is theirs."""
    [whose] = shown.people
    days = [
        {
            "name": day_said(day),
            "sessions": [_own(each) for each in whose.asked if each.slot.on_date == day],
            "empty": "A quiet day." if day in shown.published else "Not planned yet.",
        }
        for day in shown.days
    ]
    under = f"{week_said(shown.days[0])}. You are invited; you decide on the day."
    if not shown.published:
        days, under = [], f"{week_said(shown.days[0])}. {_WEEK_NOT_OUT}"
    data = {
        "title": f"{whose.person.name}, {week_said(shown.days[0])}",
        "paper": paper.typst,
        "heading": whose.person.name,
        "under": under,
        "days": days,
        "as_of": _as_of(shown.as_of, shown.timezone),
    }
    return typeset("own", data, made=made)


def _own(each: Asked) -> dict[str, Any]:
    return {
        "time": clock_time(each.slot.start_minute),
        "title": each.title,
        "domain": each.slot.domains[0] if each.slot.domains else "",
        "where": _where(each),
        "why": why_said(each.reasons, is_visit=each.slot.is_visit) if each.is_on else "",
        "gone": "off" if each.is_off else "you are not free then" if each.is_kept else "",
    }


def _where(each: Asked) -> str:
    led = " and ".join(each.leaders)
    return f"{each.slot.space}, with {led}" if led else each.slot.space


def slips(shown: AskedDays, paper: Paper, *, made: datetime) -> bytes:
    """A slip for each invitation of a day, in the order in which rooms are passed.

    What is off has none, nor has who is away or in bed then; how many those are stands above.
    """
    day = shown.days[0]
    cards = [
        {
            "room": f"{whose.person.unit.name}, {whose.person.room}",
            "name": whose.person.name,
            "title": each.title,
            "when": day_said(each.slot.on_date),
            "time": clock_time(each.slot.start_minute),
            "where": _where(each),
        }
        for whose in shown.people
        for each in whose.asked
        if each.is_on
    ]
    kept = sum(each.is_kept and not each.is_off for whose in shown.people for each in whose.asked)
    data = {
        "title": f"Invitations for {day_said(day)}",
        "paper": paper.typst,
        "heading": f"Invitations for {day_said(day)}",
        "under": f"To cut out and hand over. {_without(kept)}{_as_of(shown.as_of, shown.timezone)}",
        "slips": cards,
        "empty": "Nobody is invited by name on this day." if day in shown.published else _NOT_OUT,
    }
    return typeset("slips", data, made=made)


def _without(kept: int) -> str:
    if not kept:
        return ""
    invitations = "1 invitation has" if kept == 1 else f"{kept} invitations have"
    return f"{invitations} no slip: who it is for is in hospital, out or in bed then. "


def day_sheet(shown: Sequence[StaffDay], paper: Paper, *, made: datetime) -> bytes:
    """The floor's day, a living group after the other: whom to ask to what, with boxes to tick.

    Each of `shown` is the same day of another living group, or of all of them.
    """
    first = shown[0]
    fresh = first.freshness
    data = {
        "title": f"{day_said(first.day)}, day sheet",
        "paper": paper.typst,
        "day": day_said(first.day),
        "units": [_unit(each) for each in shown],
        "empty": "Nothing is planned here on this day." if fresh else _NOT_OUT,
        "as_of": _as_of(fresh.published_at if fresh else None, first.timezone),
    }
    return typeset("day", data, made=made)


def _unit(day: StaffDay) -> dict[str, Any]:
    stale = day.freshness is not None and day.freshness.is_stale
    return {
        "name": day.unit.name if day.unit else "All living groups",
        "warnings": ["This day has not been checked since it was published."] if stale else [],
        "sessions": [_session(each, day) for each in day.sessions if not each.slot.is_visit or _own_guests(each, day)],
    }


def _own_guests(each: DaySession, day: StaffDay) -> tuple[Guest, ...]:
    return each.guests if day.unit is None else each.of_unit(day.unit)


def _session(each: DaySession, day: StaffDay) -> dict[str, Any]:
    own = () if each.is_off else _own_guests(each, day)
    elsewhere = len(each.guests) - len(_own_guests(each, day))
    leaders = " and ".join(leader.name for leader in each.leaders)
    said = [each.slot.space, f"with {leaders}" if leaders else "nobody leads it yet", *_needs(each)]
    return {
        "time": f"{clock_time(each.slot.start_minute)}–{clock_time(each.slot.end_minute)}",
        "title": each.slot.title,
        "about": "This will not be held." if each.is_off else ", ".join(said),
        "guests": [_guest(guest, day) for guest in own],
        "others": _others(elsewhere, has_own=bool(own), is_off=each.is_off),
    }


def _needs(each: DaySession) -> Iterable[str]:
    if each.wheelchairs:
        yield f"{each.wheelchairs} in a wheelchair"
    if each.helpers:
        yield f"{each.helpers} with somebody to come along"


def _others(count: int, *, has_own: bool, is_off: bool) -> str:
    if is_off:
        return ""
    if count:
        return f"{'and ' if has_own else ''}{count} {'person' if count == 1 else 'people'} from elsewhere"
    return "" if has_own else "Nobody is invited by name: whoever likes may come."


def _guest(guest: Guest, day: StaffDay) -> dict[str, Any]:
    person = guest.person
    about = [*([] if day.unit else [person.unit.name]), person.room]
    about += ["wheelchair"] if person.wheelchair else []
    about += ["with somebody"] if person.escort else []
    outcome = guest.outcome
    return {
        "name": person.name,
        "about": ", ".join(each for each in about if each),
        "how": f"{ABSENT[guest.absent]}: do not ask." if guest.absent else person.invite_how,
        "said": -1 if outcome is None else _TICKED.get(outcome, 3),
        "word": outcome or "",
    }


def _as_of(published_at: datetime | None, timezone: str) -> str:
    return f"As published {moment_said(published_at, timezone)}." if published_at else "Nothing is published yet."
