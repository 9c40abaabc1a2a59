"""What a hand does to a week: functions from its sessions to its sessions. Nothing is read or written here."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date

from milieu.calendar.weeks import DAY_MINUTES
from milieu.errors import Conflict, Invalid, NotFound
from milieu.models import Activity, Space
from milieu.solving.contents import Place, SessionContent, named

PLACED, REMOVED, ADDED, COPIED, INVITED, TAKEN_OUT, SWAPPED = KINDS = (
    "placed",
    "removed",
    "added",
    "copied",
    "invited",
    "taken out",
    "swapped",
)

Sessions = Mapping[str, SessionContent]
"""A week's sessions by ref."""


@dataclass(frozen=True)
class Spot:
    """When and where a session is held, and who leads it. Minutes are local, from midnight."""

    on_date: date
    start_minute: int
    space_id: str
    facilitators: tuple[str, ...]


@dataclass(frozen=True)
class House:
    """What a week's sessions are made of, by id: only what is there in that week."""

    activities: Mapping[str, Activity]
    spaces: Mapping[str, Space]
    facilitators: frozenset[str]
    residents: frozenset[str]
    days: tuple[date, ...]
    slot_minutes: int


Edit = Callable[[Sessions, House], SessionContent | None]
"""What one session becomes, None where it goes. Raises Invalid, Conflict or NotFound where that cannot be."""


def place(ref: str, spot: Spot, only: Collection[str] | None = None) -> Edit:
    """Hold a session at another time, in another space or with other leaders.

    Those invited come along; where `only` is given, no others than those.
    """

    def edit(sessions: Sessions, house: House) -> SessionContent:
        was = _one(sessions, ref)
        staying = tuple(each for each in was.places if only is None or each.resident_id in only)
        return _at(house, ref, was.activity_id, spot, staying)

    return edit


def add(ref: str, activity_id: str, spot: Spot) -> Edit:
    """Hold an activity once more; `ref` names the new session."""

    def edit(sessions: Sessions, house: House) -> SessionContent:
        return _at(house, ref, activity_id, spot, ())

    return edit


def copy(ref: str, of: str, on_date: date, start_minute: int) -> Edit:
    """Hold a session once more at another time, in its place, with its leaders and for its people."""

    def edit(sessions: Sessions, house: House) -> SessionContent:
        was = _one(sessions, of)
        spot = Spot(on_date, start_minute, was.space_id, was.facilitators)
        return _at(house, ref, was.activity_id, spot, tuple(Place(each) for each in was.residents))

    return edit


def remove(ref: str) -> Edit:
    """Hold a session no more."""

    def edit(sessions: Sessions, house: House) -> None:
        _one(sessions, ref)

    return edit


def invite(ref: str, resident_id: str, instead_of: str = "") -> Edit:
    """Invite somebody; with `instead_of` in somebody else's place."""

    def edit(sessions: Sessions, house: House) -> SessionContent:
        was = _one(sessions, ref)
        if resident_id not in house.residents:
            raise Invalid("Please choose somebody who lives here then.", at="who")
        if resident_id in was.residents:
            raise Conflict("They are invited already.", at="who")
        staying = _without(was, instead_of) if instead_of else was.places
        places = sorted([*staying, Place(resident_id)], key=lambda place: place.resident_id)
        return replace(was, places=tuple(places))

    return edit


def take_out(ref: str, resident_id: str) -> Edit:
    """Invite somebody no more."""

    def edit(sessions: Sessions, house: House) -> SessionContent:
        was = _one(sessions, ref)
        return replace(was, places=_without(was, resident_id))

    return edit


def _one(sessions: Sessions, ref: str) -> SessionContent:
    if ref not in sessions:
        raise NotFound("This session is not in the draft any more.")
    return sessions[ref]


def _without(session: SessionContent, resident_id: str) -> tuple[Place, ...]:
    if resident_id not in session.residents:
        raise Conflict("They are not invited any more.")
    return tuple(place for place in session.places if place.resident_id != resident_id)


def _at(house: House, ref: str, activity_id: str, spot: Spot, places: tuple[Place, ...]) -> SessionContent:
    activity, space = house.activities.get(activity_id), house.spaces.get(spot.space_id)
    if activity is None:
        raise Invalid("Please choose an activity that is offered then.", at="activity")
    if space is None:
        raise Invalid("Please choose a space that is there then.", at="space")
    if spot.on_date not in house.days:
        raise Invalid("Please choose a day of this week.", at="day")
    if unknown := set(spot.facilitators) - house.facilitators:
        raise Invalid(f"{len(unknown)} of those who lead are not there that week.", at="leaders")
    end = spot.start_minute + activity.duration_minutes
    if spot.start_minute % house.slot_minutes:
        raise Invalid(f"Please choose a multiple of {house.slot_minutes} minutes.", at="start")
    if not spot.start_minute >= 0 or end > DAY_MINUTES:
        raise Invalid("It has to end before midnight.", at="start")
    return named(
        activity,
        space,
        ref=ref,
        on_date=spot.on_date,
        start_minute=spot.start_minute,
        end_minute=end,
        facilitators=tuple(sorted(set(spot.facilitators))),
        places=places,
    )
