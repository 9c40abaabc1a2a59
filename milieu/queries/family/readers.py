"""Who reads of whom: relatives with whom a resident shares her calendar, each with the account that they read with."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from milieu.database import DbSession
from milieu.models import Account
from milieu.queries.family.kin import kin_of_each
from milieu.queries.names import resident_names


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
    """All of them, by resident and relative."""
    account_id = func.min(Account.id).label("account_id")
    rows = db.execute(
        select(Account.relative_id, account_id)
        .where(Account.community_id == community_id, Account.active.is_(True))
        .group_by(Account.relative_id)
    )
    accounts = {row.relative_id: row.account_id for row in rows}
    names = resident_names(db, community_id)
    found = [
        FamilyReader(relative_id, each.resident_id, relative, names[each.resident_id], accounts.get(relative_id))
        for relative_id, (relative, kin) in kin_of_each(db, community_id, today).items()
        for each in kin
    ]
    return tuple(sorted(found, key=lambda each: (each.resident, each.relative, each.key)))
