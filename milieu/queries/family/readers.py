"""Who reads of whom: relatives with whom a resident shares her calendar, each with the account that they read with."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from milieu.database import DbSession
from milieu.models import Account, Consent, Kinship, Relative, Resident
from milieu.queries.family.page import CALENDAR
from milieu.queries.residents.people import full_name


@dataclass(frozen=True)
class FamilyReader:
    """A relative who may read of a resident today. `account_id` is None where nobody has made them an account."""

    relative_id: str
    resident_id: str
    relative: str
    resident: str
    account_id: str | None

    @property
    def key(self) -> str:
        """By which an address names the two."""
        return f"{self.relative_id}.{self.resident_id}"


def readers_of(db: DbSession, community_id: str, today: date) -> tuple[FamilyReader, ...]:
    """All of them, by resident and relative. One query."""
    account = (
        select(func.min(Account.id))
        .where(Account.community_id == community_id, Account.relative_id == Relative.id, Account.active.is_(True))
        .scalar_subquery()
    )
    rows = db.execute(
        select(Relative.id, Relative.name, Resident, account.label("account_id"))
        .join(Kinship, (Kinship.community_id == Relative.community_id) & (Kinship.relative_id == Relative.id))
        .join(Resident, (Resident.community_id == Kinship.community_id) & (Resident.id == Kinship.resident_id))
        .join(
            Consent,
            (Consent.community_id == Kinship.community_id)
            & (Consent.relative_id == Kinship.relative_id)
            & (Consent.resident_id == Kinship.resident_id),
        )
        .where(
            Relative.community_id == community_id,
            Consent.kind == CALENDAR,
            Consent.valid_from <= today,
            Consent.valid_until.is_(None) | (Consent.valid_until >= today),
        )
    )
    found = {
        FamilyReader(
            row.id,
            row.Resident.id,
            row.name,
            full_name(row.Resident.given_name, row.Resident.family_name, row.Resident.called),
            row.account_id,
        )
        for row in rows
    }
    return tuple(sorted(found, key=lambda each: (each.resident, each.relative, each.key)))
