"""One session with those invited to it and why; one resident's week."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from milieu.database import DbSession
from milieu.errors import NotFound
from milieu.models import Activity, LivingGroup, Resident
from milieu.queries.residents.people import Unit, full_name
from milieu.queries.residents.stays import Stays
from milieu.queries.week.weeks import Card
from milieu.reasons import Reason


@dataclass(frozen=True)
class Invited:
    """Somebody invited to a session; unit and room stand beside the name, for names can be alike."""

    resident_id: str
    name: str
    pronoun: str
    unit: Unit
    room: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class SessionShown:
    """A session's card, what its activity says of itself, and who is invited, in walking order."""

    card: Card
    about: str
    invited: tuple[Invited, ...]


@dataclass(frozen=True)
class ResidentShown:
    """A resident as the heading of their page; `cannot` is what nothing may ask of them."""

    id: str
    name: str
    called: str
    pronoun: str
    unit: Unit
    room: str
    is_gone: bool
    cannot: tuple[str, ...] = ()


@dataclass(frozen=True)
class Entry:
    """A session in a resident's week, and why they are invited."""

    card: Card
    reasons: tuple[Reason, ...]


def show_session(db: DbSession, community_id: str, cards: tuple[Card, ...], ref: str) -> SessionShown:
    """The session of that ref among a week's cards. Raises NotFound where there is none."""
    card = next((card for card in cards if card.ref == ref), None)
    if card is None:
        raise NotFound("There is no such session in this week.")
    about = db.scalar(
        select(Activity.about).where(Activity.community_id == community_id, Activity.id == card.activity_id)
    )
    reasons = {place.resident_id: place.reasons for place in card.places}
    rows = db.execute(
        select(
            Resident.id,
            Resident.given_name,
            Resident.family_name,
            Resident.called,
            Resident.pronoun,
            Resident.room,
            LivingGroup.id.label("unit_id"),
            LivingGroup.name.label("unit"),
            LivingGroup.sort,
        )
        .join(
            LivingGroup,
            (LivingGroup.community_id == Resident.community_id) & (LivingGroup.id == Resident.living_group_id),
        )
        .where(Resident.community_id == community_id, Resident.id.in_(reasons))
    )
    invited = [
        Invited(
            row.id,
            full_name(row.given_name, row.family_name, row.called),
            row.pronoun,
            Unit(row.unit_id, row.unit, row.sort),
            row.room,
            reasons[row.id],
        )
        for row in rows
    ]
    return SessionShown(card, about or "", tuple(sorted(invited, key=_walking)))


def show_resident(db: DbSession, community_id: str, resident_id: str, *, today: date) -> ResidentShown:
    """A resident of the community. Raises NotFound."""
    row = db.execute(
        select(Resident, LivingGroup.name, LivingGroup.sort)
        .join(
            LivingGroup,
            (LivingGroup.community_id == Resident.community_id) & (LivingGroup.id == Resident.living_group_id),
        )
        .where(Resident.community_id == community_id, Resident.id == resident_id)
    ).one_or_none()
    if row is None:
        raise NotFound("There is no such resident.")
    resident, unit, sort = row
    return ResidentShown(
        resident.id,
        full_name(resident.given_name, resident.family_name, resident.called),
        resident.called or resident.given_name,
        resident.pronoun,
        Unit(resident.living_group_id, unit, sort),
        resident.room,
        Stays.of(resident.stays).is_over(today),
        tuple(resident.cannot),
    )


def week_of_resident(cards: tuple[Card, ...], resident_id: str, week_start: date) -> dict[date, tuple[Entry, ...]]:
    """A resident's sessions on each day of a week, also on the days without any."""
    entries = [
        Entry(card, place.reasons) for card in cards for place in card.places if place.resident_id == resident_id
    ]
    days = [week_start + timedelta(days=day) for day in range(7)]
    return {day: tuple(entry for entry in entries if entry.card.on_date == day) for day in days}


def _walking(person: Invited) -> tuple[int, str, int, str, str]:
    digits = "".join(char for char in person.room if char.isdecimal())
    return person.unit.place, person.unit.name, int(digits or 0), person.room, person.name
