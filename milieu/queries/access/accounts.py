"""Accounts of a community: whose they are, whether they are open, when they were last used; and who has none."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from milieu.database import DbSession
from milieu.models import (
    Account,
    Consent,
    Facilitator,
    Kinship,
    PasswordPass,
    Relative,
    Role,
    SignInSession,
    account_role,
)
from milieu.models.validity import is_valid_within
from milieu.queries.residents.people import residents_here

KEPT_ROLES = frozenset({"staff", "family"})


@dataclass(frozen=True)
class AccountLine:
    """An account as its keeper sees it. `code_until`: until when a printed code still waits to be used."""

    account_id: str
    name: str
    email: str
    roles: tuple[str, ...]
    is_open: bool
    has_password: bool
    relative_id: str | None
    facilitator_id: str | None
    version: int
    sign_ins: int
    seen_at: datetime | None
    code_until: datetime | None

    @property
    def is_kept_here(self) -> bool:
        """Whether a director may change it; others are kept by the command line."""
        return bool(self.roles) and KEPT_ROLES.issuperset(self.roles)


@dataclass(frozen=True)
class Shared:
    """A resident who shares a calendar with a relative: what she is to the relative, and where she lives."""

    resident_id: str
    name: str
    room: str
    resident_is: str
    since: date


@dataclass(frozen=True)
class RelativeChoice:
    """A relative and who agreed that she may see what: without anybody, no account can be made for her."""

    relative_id: str
    name: str
    email: str
    shared: tuple[Shared, ...]


def accounts_of(db: DbSession, community_id: str, *, now: datetime) -> tuple[AccountLine, ...]:
    """Every account, open ones first, by name."""
    roles: dict[str, list[str]] = defaultdict(list)
    for account_id, role in db.execute(
        select(account_role.c.account_id, Role.name)
        .join(Role, Role.id == account_role.c.role_id)
        .join(Account, Account.id == account_role.c.account_id)
        .where(Account.community_id == community_id)
        .order_by(Role.name)
    ):
        roles[account_id].append(role)
    live = select(SignInSession.account_id, func.count().label("sign_ins"), func.max(SignInSession.seen_at).label("at"))
    here = SignInSession.account_id.in_(select(Account.id).where(Account.community_id == community_id))
    used = {
        row.account_id: row
        for row in db.execute(live.where(SignInSession.expires_at > now, here).group_by(SignInSession.account_id))
    }
    printed = select(PasswordPass.account_id, PasswordPass.expires_at).where(
        PasswordPass.community_id == community_id, PasswordPass.kind == "code", PasswordPass.expires_at > now
    )
    codes = {row.account_id: row.expires_at for row in db.execute(printed)}
    lines = [
        AccountLine(
            account_id=row.id,
            name=row.name,
            email=row.email,
            roles=tuple(roles[row.id]),
            is_open=row.active,
            has_password=row.joined_at is not None,
            relative_id=row.relative_id,
            facilitator_id=row.facilitator_id,
            version=row.version,
            sign_ins=used[row.id].sign_ins if row.id in used else 0,
            seen_at=used[row.id].at if row.id in used else None,
            code_until=codes.get(row.id),
        )
        for row in db.scalars(select(Account).where(Account.community_id == community_id))
    ]
    return tuple(sorted(lines, key=lambda line: (not line.is_open, line.name.casefold(), line.email)))


def relatives_of(db: DbSession, community_id: str, today: date) -> tuple[RelativeChoice, ...]:
    """Every relative with the residents who live here and share a calendar with her today, by name."""
    here = {person.id: person for person in residents_here(db, community_id, today)}
    shared: dict[str, list[Shared]] = defaultdict(list)
    for row in db.execute(
        select(Consent.relative_id, Consent.resident_id, Consent.valid_from, Kinship.resident_is)
        .outerjoin(
            Kinship,
            (Kinship.community_id == Consent.community_id)
            & (Kinship.relative_id == Consent.relative_id)
            & (Kinship.resident_id == Consent.resident_id),
        )
        .where(
            Consent.community_id == community_id,
            Consent.kind == "calendar",
            is_valid_within(Consent, today, today),
        )
    ):
        if person := here.get(row.resident_id):
            shared[row.relative_id].append(
                Shared(row.resident_id, person.name, person.room, row.resident_is or "", row.valid_from)
            )
    rows = db.scalars(select(Relative).where(Relative.community_id == community_id).order_by(Relative.name))
    return tuple(RelativeChoice(row.id, row.name, row.email, tuple(shared[row.id])) for row in rows)


def facilitators_of(db: DbSession, community_id: str) -> dict[str, str]:
    """Who may lead and has not left: id -> name, by name."""
    rows = db.execute(
        select(Facilitator.id, Facilitator.name)
        .where(Facilitator.community_id == community_id, Facilitator.ended_on.is_(None))
        .order_by(Facilitator.name)
    )
    return {row.id: row.name for row in rows}
