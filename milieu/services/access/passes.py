"""Leave to set a new password once: a link that is mailed, or a code that is printed.

A link, and a code that who runs Milieu prints, set a person's password and take up all accounts that wait for her. A
community's code does so for its own account alone, and only where no other community lets her in: who could print one
and use it would otherwise walk into the other. There it takes its account up, with the password that she has.

Only the hash of what is handed out is kept. Each works once, for a time, and ends with any change of the password.
"""

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from milieu.database import DbSession
from milieu.errors import NotFound
from milieu.models import Account, Community, PasswordPass
from milieu.services.access.holders import (
    CODE,
    FOR_ALL,
    GIVEN,
    LINK,
    is_let_in_elsewhere,
    open_accounts,
    set_password_hash,
    take_up,
)
from milieu.services.journal import record

LIVES = {CODE: timedelta(days=7), GIVEN: timedelta(days=7), LINK: timedelta(hours=1)}
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: none that is read as another
_READ_AS = str.maketrans("OIL", "011")
_LENGTHS = {CODE: 16, GIVEN: 16, LINK: 26}  # 80 bits are typed, 130 are clicked


@dataclass(frozen=True)
class Pass:
    """Whose leave it is, as its secret found it. `sets_password`: else it takes an account up, with the present one."""

    account_id: str
    holder_id: str
    community_id: str
    community_name: str
    name: str
    email: str
    expires_at: datetime
    sets_password: bool
    is_for_all: bool


def make_pass(db: DbSession, account_id: str, kind: str, *, by: str | None, now: datetime) -> str:
    """Make leave for an account and return its secret, which is shown or sent now and never again.

    A new code ends an older one; a new link does not, for mails overtake each other. Raises NotFound.
    """
    account = db.get(Account, account_id)
    if account is None or not account.active:
        raise NotFound("There is no such account.")
    db.execute(delete(PasswordPass).where(PasswordPass.expires_at <= now))
    if kind != LINK:
        db.execute(delete(PasswordPass).where(PasswordPass.account_id == account_id, PasswordPass.kind == kind))
    secret = "".join(secrets.choice(_LETTERS) for _ in range(_LENGTHS[kind]))
    db.add(
        PasswordPass(
            community_id=account.community_id,
            account_id=account_id,
            kind=kind,
            secret_hash=_hash(secret),
            made_at=now,
            expires_at=now + LIVES[kind],
            made_by=by,
        )
    )
    record(db, account.community_id, verb="made", noun=f"password {kind}", row_id=account_id, by=by, now=now)
    return "-".join(secret[at : at + 4] for at in range(0, len(secret), 4)) if kind != LINK else secret


def find_pass(db: DbSession, secret: str, *, now: datetime) -> Pass | None:
    """Whose leave a secret is, however it was typed; None where it was used, ran out or never was."""
    row = db.execute(
        select(Account, Community.name, PasswordPass.expires_at, PasswordPass.kind)
        .join(PasswordPass, PasswordPass.account_id == Account.id)
        .join(Community, Community.id == Account.community_id)
        .where(PasswordPass.secret_hash == _hash(secret), PasswordPass.expires_at > now, Account.active)
    ).one_or_none()
    if row is None:
        return None
    account, community, expires_at, kind = row
    is_for_all = kind in FOR_ALL
    return Pass(
        account_id=account.id,
        holder_id=account.holder_id,
        community_id=account.community_id,
        community_name=community,
        name=account.name,
        email=account.email,
        expires_at=expires_at,
        sets_password=is_for_all or not is_let_in_elsewhere(db, account),
        is_for_all=is_for_all,
    )


def use_pass(db: DbSession, secret: str, hashed: str, *, now: datetime) -> str:
    """Set the password that was hashed before; the account's id. Every sign-in ends.

    Raises NotFound, also where somebody was let in elsewhere since she began to type.
    """
    found = find_pass(db, secret, now=now)
    if not _use_up(db, secret) or found is None or not found.sets_password:
        raise _used()
    opened = [each for each in open_accounts(db, found.holder_id) if found.is_for_all or each.id == found.account_id]
    take_up(db, opened, now=now)
    set_password_hash(db, found.holder_id, hashed)
    for account in opened:
        record(db, account.community_id, verb="changed", noun="password", row_id=account.id, by=account.id, now=now)
    return found.account_id


def join_by_pass(db: DbSession, secret: str, *, now: datetime) -> str:
    """Take an account up, after its holder's present password was found right; the account's id. Raises NotFound."""
    found = find_pass(db, secret, now=now)
    if not _use_up(db, secret) or found is None:
        raise _used()
    take_up(db, [db.get_one(Account, found.account_id)], now=now)
    record(
        db, found.community_id, verb="taken up", noun="account", row_id=found.account_id, by=found.account_id, now=now
    )
    return found.account_id


def _use_up(db: DbSession, secret: str) -> bool:
    used = db.execute(delete(PasswordPass).where(PasswordPass.secret_hash == _hash(secret)).returning(PasswordPass.id))
    return used.first() is not None


def _used() -> NotFound:
    return NotFound("This code or link was used already, or its time is over.")


def _hash(secret: str) -> str:
    typed = re.sub(r"[^0-9A-Z]", "", secret[:200].upper()).translate(_READ_AS)
    return hashlib.sha256(typed.encode()).hexdigest()
