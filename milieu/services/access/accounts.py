"""Accounts: made, changed, ended; who somebody is."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Exists, delete, exists, select
from sqlalchemy.orm import aliased

from milieu.database import DbSession
from milieu.errors import Conflict, Invalid, NotFound
from milieu.ids import new_id
from milieu.models import ROLES, Account, Community, PasswordPass, Role, account_role
from milieu.services.access.addresses import read_address
from milieu.services.access.holders import (
    check_none_here,
    find_holder,
    make_holder,
    open_accounts,
    set_password_hash,
)
from milieu.services.access.passwords import hash_password
from milieu.services.access.sign_ins import end_sign_ins_of
from milieu.services.access.tours import FIRST_STEP
from milieu.services.journal import record


@dataclass(frozen=True)
class Principal:
    """Who is signed in, of which community, with what right; everything that a view may know of an account."""

    account_id: str
    holder_id: str
    name: str
    roles: frozenset[str]
    relative_id: str | None
    facilitator_id: str | None
    is_demo: bool
    community_id: str
    community_key: str
    community_name: str
    timezone: str
    is_made_up: bool
    has_others: bool
    tour_at: str | None


def create_account(
    db: DbSession,
    community_id: str,
    *,
    email: str,
    name: str,
    password: str | None,
    roles: tuple[str, ...],
    now: datetime,
    relative_id: str | None = None,
    facilitator_id: str | None = None,
    is_demo: bool = False,
    hashed: str | None = None,
    is_taken_up: bool = False,
) -> str:
    """Make an account and return its id. `hashed`: the hash of a password, where that was computed before.

    Who has this address in another community is its holder, with the password that she has; `is_taken_up` lets her in
    at once, as only who stands above both communities may. Raises Invalid for an address, role or password that cannot
    be taken, Conflict where the address has an account here, or a password and another one comes with it.
    """
    address = read_address(email)
    _check_roles(roles, relative_id)
    hashed = hash_password(password) if password is not None else hashed
    if (holder := find_holder(db, address)) is not None:
        check_none_here(db, community_id, holder.id)
    else:
        holder = make_holder(db, address, now=now)
    if hashed is not None:
        if any(each.joined_at for each in open_accounts(db, holder.id)):
            raise Conflict("Whoever has this address has a password already, in another community.", at="email")
        holder.password, is_taken_up = hashed, True
    account = Account(
        id=new_id(),
        community_id=community_id,
        holder_id=holder.id,
        name=name,
        joined_at=now if is_taken_up else None,
        relative_id=relative_id,
        facilitator_id=facilitator_id,
        is_demo=is_demo,
        created_at=now,
        tour_at=FIRST_STEP if "director" in roles else None,
        roles=[_role(db, role) for role in roles],
    )
    db.add(account)
    db.flush()
    return account.id


def change_own_password(db: DbSession, account_id: str, hashed: str, *, now: datetime) -> None:
    """Give the account's owner another password, hashed before, and end all her sign-ins. Raises NotFound."""
    account = _account(db, account_id)
    set_password_hash(db, account.holder_id, hashed)
    record(db, account.community_id, verb="changed", noun="password", row_id=account_id, by=account_id, now=now)


def set_roles(db: DbSession, account_id: str, roles: tuple[str, ...]) -> None:
    """Change what an account may do and end all its sign-ins. Raises NotFound."""
    account = _account(db, account_id)
    if "director" in roles and "director" not in {role.name for role in account.roles}:
        account.tour_at = FIRST_STEP
    account.roles = [_role(db, role) for role in roles]
    end_sign_ins_of(db, [account_id])
    db.flush()


def close_account(db: DbSession, account_id: str) -> None:
    """End an account: nobody signs in with it again, and whoever is signed in is not from the next request on."""
    account = _account(db, account_id)
    account.active = False
    end_what_it_opened(db, account)


def find_principal(db: DbSession, account_id: str) -> Principal | None:
    """Who an account is, None where there is no active one of that id."""
    account = db.execute(
        select(
            Account.id.label("account_id"),
            Account.holder_id,
            Account.name,
            Account.relative_id,
            Account.facilitator_id,
            Account.is_demo,
            Account.community_id,
            Community.key.label("community_key"),
            Community.name.label("community_name"),
            Community.timezone,
            Community.is_made_up,
            Account.tour_at,
            _another_lets_in().label("has_others"),
        )
        .join(Community, Community.id == Account.community_id)
        .where(Account.id == account_id, Account.active)
    ).one_or_none()
    if account is None:
        return None
    roles = db.scalars(
        select(Role.name)
        .join(account_role, account_role.c.role_id == Role.id)
        .where(account_role.c.account_id == account_id)
    )
    return Principal(roles=frozenset(roles), **account._mapping)


def _another_lets_in() -> Exists:
    other = aliased(Account)
    same = (other.holder_id == Account.holder_id) & (other.id != Account.id)
    return exists().where(same, other.active, other.joined_at.is_not(None))


def end_what_it_opened(db: DbSession, account: Account) -> None:
    """Sign-ins and leave to set a password end; it holds from the next request on, wherever that comes from."""
    account.fs_uniquifier = new_id()
    end_sign_ins_of(db, [account.id])
    db.execute(delete(PasswordPass).where(PasswordPass.account_id == account.id))
    db.flush()


def _check_roles(roles: tuple[str, ...], relative_id: str | None) -> None:
    if unknown := set(roles) - set(ROLES):
        raise Invalid(f"There is no role called {', '.join(sorted(unknown))}.")
    if "family" in roles and relative_id is None:
        raise Invalid("An account for family belongs to a relative: say whose it is.", at="relative")
    if "family" not in roles and relative_id is not None:
        raise Invalid("Only an account for family belongs to a relative.")


def _account(db: DbSession, account_id: str) -> Account:
    account = db.get(Account, account_id)
    if account is None:
        raise NotFound("There is no such account.")
    return account


def _role(db: DbSession, name: str) -> Role:
    role = db.scalar(select(Role).where(Role.name == name))
    if role is None:
        role = Role(id=new_id(), name=name)
        db.add(role)
        db.flush()
    return role
