"""Who is close to a resident: ties, for those who may see them, and the family with what each of them may see."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import or_, select

from milieu.database import DbSession
from milieu.errors import NotFound
from milieu.models import Consent, Kinship, Relative, Resident, Tie, kind_of
from milieu.models.validity import is_valid_within
from milieu.queries.residents.people import full_name
from milieu.queries.residents.stays import death_of_resident, has_left


@dataclass(frozen=True)
class Close:
    """A tie to another resident, as it holds: `is_apart`, or of `strength`; `source` says how it is known.

    `kind` is of `milieu.models.TIE_KINDS`. From `asks_on` on somebody is asked whether it still holds. `died_on` is of
    the other, None while they live; `is_gone`: they live here no more and are not to come.
    """

    id: str
    version: int
    kind: str
    named_by: str
    visibility: str
    author: str
    expires_on: date | None
    asks_on: date | None

    other_id: str
    other: str
    room: str
    is_apart: bool
    strength: int
    source: str
    noted_on: date
    died_on: date | None
    is_gone: bool

    def asks(self, today: date) -> bool:
        """Whether it is time to ask."""
        return self.asks_on is not None and self.asks_on <= today


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
            Tie.id.label("tie_id"),
            Tie.version,
            Tie.kind,
            Tie.named_by,
            Tie.visibility,
            Tie.author,
            Tie.expires_on,
            Tie.asks_on,
            Tie.is_apart,
            Tie.strength,
            Tie.source,
            Tie.noted_on,
            Resident.id,
            Resident.given_name,
            Resident.family_name,
            Resident.called,
            Resident.room,
            death_of_resident(on).label("died_on"),
            has_left(on).label("is_gone"),
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
    found = [_close(row) for row in rows]
    return tuple(sorted(found, key=lambda tie: (tie.is_apart, -tie.strength, tie.other, tie.other_id)))


def _close(row: Any) -> Close:
    return Close(
        row.tie_id,
        row.version,
        kind_of(row.kind, row.is_apart, row.strength),
        row.named_by,
        row.visibility,
        row.author,
        row.expires_on,
        row.asks_on,
        row.id,
        full_name(row.given_name, row.family_name, row.called),
        row.room,
        row.is_apart,
        row.strength or 0,
        row.source,
        row.noted_on,
        row.died_on,
        row.is_gone,
    )


def require_own_tie(db: DbSession, community_id: str, resident_id: str, tie_id: str) -> None:
    """Raises NotFound where it is none of theirs. One query."""
    row = db.get(Tie, (community_id, tie_id))
    if row is None or resident_id not in (row.resident_id, row.other_id):
        raise NotFound("There is no such tie.")


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
            is_valid_within(Consent, on, on),
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
