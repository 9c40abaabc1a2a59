"""Sign-in sessions kept on the server: begun, found again, renewed, ended."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from milieu.database import DbSession
from milieu.models import SignInSession

RENEW_AFTER = timedelta(seconds=60)


@dataclass(frozen=True)
class Lifetime:
    """How long a sign-in lasts: without a click (`idle`), and whatever is clicked (`absolute`)."""

    idle: timedelta
    absolute: timedelta

    def leads_to(self, other: "Lifetime", age: timedelta) -> bool:
        """Whether a sign-in so old may go on as one of another lifetime without its password.

        One that may rest longer than the other would let a tablet that was left lying into what ends sooner.
        """
        return age < other.absolute and (self.idle <= other.idle or age < other.idle)

    def end(self, created_at: datetime, seen_at: datetime) -> datetime:
        """The moment at which it ends if nothing more is clicked."""
        return min(created_at + self.absolute, seen_at + self.idle)


@dataclass(frozen=True)
class SignIn:
    """A live sign-in as its browser's cookie found it."""

    token: str
    account_id: str
    data: bytes
    created_at: datetime
    seen_at: datetime


def begin_sign_in(
    db: DbSession,
    account_id: str,
    data: bytes,
    *,
    lifetime: Lifetime,
    now: datetime,
    proved_at: datetime | None = None,
) -> SignIn:
    """Keep a new session under a fresh random token of 256 bits; those that have run out are forgotten on the way.

    `proved_at`: when the password was typed, where that is not now: whoever goes from one account of hers to another
    has no longer for it.
    """
    created_at = proved_at or now
    token = secrets.token_urlsafe(32)
    db.execute(delete(SignInSession).where(SignInSession.expires_at <= now))
    db.add(
        SignInSession(
            token_hash=_hash(token),
            account_id=account_id,
            created_at=created_at,
            seen_at=now,
            expires_at=lifetime.end(created_at, now),
            data=data,
        )
    )
    db.flush()
    return SignIn(token, account_id, data, created_at, now)


def find_sign_in(db: DbSession, token: str, *, now: datetime) -> SignIn | None:
    """The live session of a cookie's token; None where there is none, where it ended or ran out."""
    row = db.execute(
        select(SignInSession.account_id, SignInSession.data, SignInSession.created_at, SignInSession.seen_at).where(
            SignInSession.token_hash == _hash(token), SignInSession.expires_at > now
        )
    ).one_or_none()
    if row is None or row.account_id is None:
        return None
    return SignIn(token, row.account_id, row.data, row.created_at, row.seen_at)


def renew_sign_in(db: DbSession, sign_in: SignIn, data: bytes, *, lifetime: Lifetime, now: datetime) -> None:
    """Keep the session's contents and push its end; one that was ended in the meantime stays ended."""
    db.execute(
        update(SignInSession)
        .where(SignInSession.token_hash == _hash(sign_in.token))
        .values(data=data, seen_at=now, expires_at=lifetime.end(sign_in.created_at, now))
    )


def end_sign_in(db: DbSession, token: str) -> None:
    """End the session of a token; its cookie is worth nothing from now on."""
    db.execute(delete(SignInSession).where(SignInSession.token_hash == _hash(token)))


def end_sign_ins_of(db: DbSession, account_ids: Sequence[str]) -> None:
    """End every session of these accounts: a role, a password or an employment has changed."""
    db.execute(delete(SignInSession).where(SignInSession.account_id.in_(account_ids)))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
