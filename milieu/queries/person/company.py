"""Who is close to a resident: ties, for those who may see them, and the family with what each of them may see."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select

from milieu.database import DbSession
from milieu.models import Consent, Kinship, Relative, Resident, Tie
from milieu.queries.residents.people import full_name


@dataclass(frozen=True)
class Close:
    """A tie to another resident, as it holds: `is_apart`, or of `strength`; `source` says how it is known."""

    other_id: str
    other: str
    room: str
    is_apart: bool
    strength: int
    source: str
    noted_on: date


@dataclass(frozen=True)
class RelativeShown:
    """A relative, what the resident is to them in their word, and until when they see what: by kind of consent."""

    name: str
    resident_is: str
    shares: Mapping[str, date | None]


def ties_of(
    db: DbSession, community_id: str, resident_id: str, on: date, *, visibilities: tuple[str, ...]
) -> tuple[Close, ...]:
    """The ties that hold on a day, of these levels of visibility alone; nearest first. One query."""
    rows = db.execute(
        select(
            Tie.is_apart,
            Tie.strength,
            Tie.source,
            Tie.noted_on,
            Resident.id,
            Resident.given_name,
            Resident.family_name,
            Resident.called,
            Resident.room,
        )
        .join(
            Resident,
            (Resident.community_id == Tie.community_id)
            & or_(
                (Tie.resident_id == resident_id) & (Resident.id == Tie.other_id),
                (Tie.other_id == resident_id) & (Resident.id == Tie.resident_id),
            ),
        )
        .where(
            Tie.community_id == community_id,
            Tie.noted_on <= on,
            or_(Tie.expires_on.is_(None), Tie.expires_on >= on),
            Tie.visibility.in_(visibilities),
            Tie.kind != "meet",  # they might get on: nothing is between them yet
        )
    )
    found = [
        Close(
            row.id,
            full_name(row.given_name, row.family_name, row.called),
            row.room,
            row.is_apart,
            row.strength or 0,
            row.source,
            row.noted_on,
        )
        for row in rows
    ]
    return tuple(sorted(found, key=lambda tie: (tie.is_apart, -tie.strength, tie.other, tie.other_id)))


def family_of(db: DbSession, community_id: str, resident_id: str, on: date) -> tuple[RelativeShown, ...]:
    """A resident's relatives by name, also those who may see nothing. Two queries."""
    relatives = db.execute(
        select(Relative.id, Relative.name, Kinship.resident_is)
        .join(Relative, (Relative.community_id == Kinship.community_id) & (Relative.id == Kinship.relative_id))
        .where(Kinship.community_id == community_id, Kinship.resident_id == resident_id)
        .order_by(Relative.name, Relative.id)
    ).all()
    consents = db.execute(
        select(Consent.relative_id, Consent.kind, Consent.valid_until).where(
            Consent.community_id == community_id,
            Consent.resident_id == resident_id,
            Consent.valid_from <= on,
            or_(Consent.valid_until.is_(None), Consent.valid_until >= on),
        )
    ).all()
    return tuple(
        RelativeShown(
            row.name,
            row.resident_is,
            {each.kind: each.valid_until for each in consents if each.relative_id == row.id},
        )
        for row in relatives
    )
