"""Whose letter a relative may read: her residents who share their calendar with her, with all that they share.

Consent is read with every request, and holds on the days on which the resident lives here.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute

from milieu.calendar.spans import is_valid
from milieu.database import DbSession
from milieu.errors import NotFound
from milieu.models import Consent, Kinship, Relative, Resident
from milieu.queries.residents.stays import Stays

CALENDAR, ATTENDED = "calendar", "attended"
KINDS = (CALENDAR, ATTENDED)
"""What these pages can show: consent to photos and notes is kept, and there is nothing here that would need it."""


@dataclass(frozen=True)
class Share:
    """A kind of thing that is shared, from a day to a day (None: until further notice), both included."""

    kind: str
    valid_from: date
    valid_until: date | None

    def holds(self, day: date) -> bool:
        return is_valid(self.valid_from, self.valid_until, day, day)


@dataclass(frozen=True)
class Kin:
    """A resident who shares at least her calendar today. `resident_is` is the relative's own word, such as "mother"."""

    resident_id: str
    called: str
    pronoun: str
    resident_is: str
    shares: tuple[Share, ...]
    stays: Stays

    def is_shared(self, kind: str, day: date) -> bool:
        """Whether that kind is shared on a day on which the resident lives here."""
        return self.stays.stays_over(day) and any(share.kind == kind and share.holds(day) for share in self.shares)


def kin_of(db: DbSession, relative_id: str, community_id: str, today: date) -> tuple[str, tuple[Kin, ...]]:
    """A relative's name, and her residents who share their calendar with her today, by name, with all that they share.

    Raises NotFound where there is no such relative.
    """
    found = kin_of_each(db, community_id, today, [relative_id])
    if relative_id not in found:
        raise NotFound("There is no such relative.")
    return found[relative_id]


def kin_of_each(
    db: DbSession, community_id: str, today: date, relative_ids: Collection[str] | None = None
) -> dict[str, tuple[str, tuple[Kin, ...]]]:
    """The same of each of these relatives, or of all of a community, by id; as many queries for many as for one."""

    def asked(column: InstrumentedAttribute[str]) -> list[ColumnElement[bool]]:
        return [] if relative_ids is None else [column.in_(relative_ids)]

    names = db.execute(
        select(Relative.id, Relative.name).where(Relative.community_id == community_id, *asked(Relative.id))
    ).all()
    rows = db.execute(
        select(Kinship.relative_id, Resident, Kinship.resident_is)
        .join(Resident, (Kinship.community_id == Resident.community_id) & (Kinship.resident_id == Resident.id))
        .where(Kinship.community_id == community_id, *asked(Kinship.relative_id))
    ).all()
    consents = db.scalars(
        select(Consent)
        .where(Consent.community_id == community_id, *asked(Consent.relative_id))
        .order_by(Consent.valid_from, Consent.id)
    )
    shares: dict[tuple[str, str], list[Share]] = defaultdict(list)
    for row in consents:
        shares[row.relative_id, row.resident_id].append(Share(row.kind, row.valid_from, row.valid_until))
    kin: dict[str, list[Kin]] = defaultdict(list)
    for relative_id, resident, resident_is in rows:
        each = _kin(resident, resident_is, shares[relative_id, resident.id])
        if each.is_shared(CALENDAR, today):
            kin[relative_id].append(each)
    return {
        relative_id: (name, tuple(sorted(kin[relative_id], key=lambda each: (each.called, each.resident_id))))
        for relative_id, name in names
    }


def _kin(resident: Resident, resident_is: str, shares: Collection[Share]) -> Kin:
    return Kin(
        resident_id=resident.id,
        called=_called(resident),
        pronoun=resident.pronoun,
        resident_is=resident_is,
        shares=tuple(shares),
        stays=Stays.of(resident.stays),
    )


def _called(resident: Resident) -> str:
    """What a family says: the name the resident goes by, save where that is a "Mr Webb" for strangers."""
    if not resident.called or (resident.family_name and resident.family_name in resident.called):
        return resident.given_name
    return resident.called
