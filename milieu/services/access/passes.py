"""Leave to set a new password once: a link that is mailed, or a code that is printed.

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
from milieu.models import Account, AccountHolder, Community, PasswordPass
from milieu.services.access.holders import set_password_hash
from milieu.services.journal import record

CODE, LINK = "code", "link"
LIVES = {CODE: timedelta(days=7), LINK: timedelta(hours=1)}
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: none that is read as another
_READ_AS = str.maketrans("OIL", "011")
_LENGTHS = {CODE: 16, LINK: 26}  # 80 bits are typed, 130 are clicked


@dataclass(frozen=True)
class Pass:
    """Whose leave it is, as its secret found it."""

    account_id: str
    holder_id: str
    community_id: str
    community_name: str
    name: str
    email: str
    expires_at: datetime


def make_pass(db: DbSession, account_id: str, kind: str, *, by: str | None, now: datetime) -> str:
    """Make leave for an account and return its secret, which is shown or sent now and never again.

    A new code ends an older one; a new link does not, for mails overtake each other. Raises NotFound.
    """
    account = db.get(Account, account_id)
    if account is None or not account.active:
        raise NotFound("There is no such account.")
    db.execute(delete(PasswordPass).where(PasswordPass.expires_at <= now))
    if kind == CODE:
        db.execute(delete(PasswordPass).where(PasswordPass.account_id == account_id, PasswordPass.kind == CODE))
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
    return "-".join(secret[at : at + 4] for at in range(0, len(secret), 4)) if kind == CODE else secret


def find_pass(db: DbSession, secret: str, *, now: datetime) -> Pass | None:
    """Whose leave a secret is, however it was typed; None where it was used, ran out or never was."""
    row = db.execute(
        select(
            Account.id.label("account_id"),
            Account.holder_id,
            Account.community_id,
            Community.name.label("community_name"),
            Account.name,
            AccountHolder.email,
            PasswordPass.expires_at,
        )
        .join(PasswordPass, PasswordPass.account_id == Account.id)
        .join(AccountHolder, AccountHolder.id == Account.holder_id)
        .join(Community, Community.id == Account.community_id)
        .where(PasswordPass.secret_hash == _hash(secret), PasswordPass.expires_at > now, Account.active)
    ).one_or_none()
    return Pass(**row._mapping) if row else None


def use_pass(db: DbSession, secret: str, hashed: str, *, now: datetime) -> str:
    """Set the password that was hashed before; the account's id. Every sign-in ends. Raises NotFound."""
    found = find_pass(db, secret, now=now)
    used = db.execute(delete(PasswordPass).where(PasswordPass.secret_hash == _hash(secret)).returning(PasswordPass.id))
    if found is None or used.first() is None:
        raise NotFound("This code or link was used already, or its time is over.")
    set_password_hash(db, found.holder_id, hashed)
    account = db.get_one(Account, found.account_id)
    account.joined_at = account.joined_at or now
    record(
        db, found.community_id, verb="changed", noun="password", row_id=found.account_id, by=found.account_id, now=now
    )
    return found.account_id


def _hash(secret: str) -> str:
    typed = re.sub(r"[^0-9A-Z]", "", secret[:200].upper()).translate(_READ_AS)
    return hashlib.sha256(typed.encode()).hexdigest()
