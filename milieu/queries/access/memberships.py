"""In which communities a person has an account that lets her in."""

from dataclasses import dataclass

from sqlalchemy import select

from milieu.database import DbSession
from milieu.models import Account, Community


@dataclass(frozen=True)
class Membership:
    """An account as its own holder sees it: where, what she may do there, and what she is called."""

    account_id: str
    community_name: str
    name: str
    roles: frozenset[str]


def memberships_of(db: DbSession, holder_id: str) -> tuple[Membership, ...]:
    """By the community's name."""
    rows = db.execute(
        select(Account, Community.name)
        .join(Community, Community.id == Account.community_id)
        .where(Account.holder_id == holder_id, Account.active, Account.joined_at.is_not(None))
        .order_by(Community.name, Account.id)
    )
    return tuple(
        Membership(account.id, community, account.name, frozenset(role.name for role in account.roles))
        for account, community in rows
    )
