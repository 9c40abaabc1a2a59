"""Accounts: made, changed, ended; who somebody is, and how quickly they may try a password again."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from sqlalchemy import delete, func, select

from milieu.database import DbSession
from milieu.errors import Conflict, Invalid, NotFound
from milieu.ids import new_id
from milieu.models import ROLES, Account, Community, Note, Role, SignInAttempt, account_role
from milieu.services.sign_ins import end_all_sign_ins

# OWASP's second choice for argon2id: 19 MiB, two passes, one lane; about 40 ms a check on one core.
MEMORY_KIB, PASSES, LANES = 19_456, 2, 1
SHORTEST_PASSWORD = 10
FREE_FAILURES = 3
LONGEST_DELAY = timedelta(seconds=60)
FORGET_FAILURES_AFTER = timedelta(hours=12)

_UNKNOWN = "sign-in of an unknown name"

_hasher = PasswordHasher(time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=LANES)


@dataclass(frozen=True)
class Principal:
    """Who is signed in, of which community, with what right; everything that a view may know of an account."""

    account_id: str
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
) -> str:
    """Make an account and return its id.

    Raises Invalid for an address, role or password that cannot be taken, Conflict where the address has an account.
    """
    address = email.strip().lower()
    if "@" not in address or len(address) > 255:
        raise Invalid("That is not an e-mail address.")
    if unknown := set(roles) - set(ROLES):
        raise Invalid(f"There is no role called {', '.join(sorted(unknown))}.")
    if db.scalar(select(Account.id).where(Account.email == address)) is not None:
        raise Conflict("There is an account with this address already.")
    account = Account(
        id=new_id(), community_id=community_id, email=address, name=name, password=_hashed(password),
        relative_id=relative_id, facilitator_id=facilitator_id, is_demo=is_demo, created_at=now,
        roles=[_role(db, role) for role in roles],
    )  # fmt: skip
    db.add(account)
    db.flush()
    return account.id


def set_password(db: DbSession, account_id: str, password: str) -> None:
    """Give an account another password and end all its sign-ins. Raises Invalid where it is too short, NotFound."""
    account = _account(db, account_id)
    account.password = _hashed(password)
    account.fs_uniquifier = new_id()
    end_all_sign_ins(db, account_id)
    db.flush()


def keep_password_hash(db: DbSession, account_id: str, hashed: str) -> None:
    """Store a fresh hash of the same password, made because the hash's parameters have risen."""
    _account(db, account_id).password = hashed
    db.flush()


def set_roles(db: DbSession, account_id: str, roles: tuple[str, ...]) -> None:
    """Change what an account may do and end all its sign-ins. Raises NotFound."""
    account = _account(db, account_id)
    account.roles = [_role(db, role) for role in roles]
    end_all_sign_ins(db, account_id)
    db.flush()


def close_account(db: DbSession, account_id: str) -> None:
    """End an account: nobody signs in with it again, and whoever is signed in is not from the next request on."""
    account = _account(db, account_id)
    account.active = False
    account.fs_uniquifier = new_id()
    end_all_sign_ins(db, account_id)
    db.flush()


def find_account_id(db: DbSession, email: str) -> str | None:
    """The id of the account with an address, None where there is none."""
    return db.scalar(select(Account.id).where(Account.email == email.strip().lower()))


def find_principal(db: DbSession, account_id: str) -> Principal | None:
    """Who an account is, None where there is no active one of that id."""
    account = db.execute(
        select(
            Account.id.label("account_id"), Account.name, Account.relative_id, Account.facilitator_id, Account.is_demo,
            Account.community_id, Community.key.label("community_key"), Community.name.label("community_name"),
            Community.timezone, Community.is_made_up,
        )
        .join(Community, Community.id == Account.community_id)
        .where(Account.id == account_id, Account.active)
    ).one_or_none()  # fmt: skip
    if account is None:
        return None
    roles = db.scalars(
        select(Role.name)
        .join(account_role, account_role.c.role_id == Role.id)
        .where(account_role.c.account_id == account_id)
    )
    return Principal(roles=frozenset(roles), **account._mapping)


def delay_after(failures: int) -> timedelta:
    """How long to wait before a password is tried again: at first not, then ever longer, at most a minute."""
    if failures < FREE_FAILURES:
        return timedelta(0)
    return min(timedelta(seconds=float(2 ** min(failures - FREE_FAILURES, 10))), LONGEST_DELAY)


def waiting_time(db: DbSession, account_id: str, *, now: datetime) -> timedelta:
    """How long this account's next try has still to wait; zero or less = now. Never for good: nobody is locked out."""
    attempt = db.get(SignInAttempt, account_id)
    if attempt is None or now - attempt.last_at > FORGET_FAILURES_AFTER:
        return timedelta(0)
    return attempt.last_at + delay_after(attempt.failures) - now


def note_failure(db: DbSession, account_id: str, *, now: datetime) -> None:
    """Count a wrong password of an existing account (unknown names leave no row)."""
    attempt = db.get(SignInAttempt, account_id)
    if attempt is None:
        db.add(SignInAttempt(account_id=account_id, failures=1, last_at=now))
    else:
        attempt.failures = 1 if now - attempt.last_at > FORGET_FAILURES_AFTER else attempt.failures + 1
        attempt.last_at = now
    db.flush()


def note_unknown_name(db: DbSession, *, now: datetime) -> None:
    """A name without an account was tried: one note for all of them, so that it costs a write like a known name's."""
    note = db.get(Note, _UNKNOWN)
    if note is None:
        db.add(Note(name=_UNKNOWN, value=now.isoformat()))
    else:
        note.value = now.isoformat()
    db.flush()


def forget_failures(db: DbSession, account_id: str) -> None:
    """Somebody signed in: the count of wrong passwords starts again."""
    db.execute(delete(SignInAttempt).where(SignInAttempt.account_id == account_id))


def count_accounts(db: DbSession) -> int:
    """How many accounts there are in all."""
    return db.scalar(select(func.count()).select_from(Account)) or 0


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


def _hashed(password: str | None) -> str | None:
    if password is None:
        return None
    if len(password) < SHORTEST_PASSWORD:
        raise Invalid(f"A password has at least {SHORTEST_PASSWORD} characters.")
    return _hasher.hash(password)
