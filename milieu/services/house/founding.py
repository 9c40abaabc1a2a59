"""A community from an empty database: a link that works once makes it, with its first director.

Only where there is no community and no account at all. Whoever started the server reads the link; it is kept as a hash.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import select

from milieu.database import DbSession
from milieu.errors import Invalid, NotFound
from milieu.ids import new_id
from milieu.imports.tables import cells
from milieu.models import Account, Community, CommunitySettings, Note
from milieu.services.access.accounts import create_account
from milieu.services.house.things.naming import key_like
from milieu.services.journal import record

NOTE = "set-up"
LIVES = timedelta(hours=24)
LONGEST = 120


def offer_set_up(db: DbSession, now: datetime) -> str | None:
    """A new secret for the link, in the place of any before; None where there is somebody already."""
    if not _is_empty(db):
        return None
    secret = secrets.token_urlsafe(24)
    value = {"hash": _hash(secret), "until": (now + LIVES).isoformat()}
    row = db.get(Note, NOTE)
    if row is None:
        db.add(Note(name=NOTE, value=value))
    else:
        row.value = value
    db.flush()
    return secret


def is_set_up_open(db: DbSession, secret: str, now: datetime) -> bool:
    """Whether a link makes a community now."""
    row = db.get(Note, NOTE)
    if row is None or not _is_empty(db):
        return False
    is_right = secrets.compare_digest(row.value["hash"], _hash(secret))
    return is_right and now < datetime.fromisoformat(row.value["until"])


def was_set_up_by(db: DbSession, secret: str) -> bool:
    """Whether it was this link that made the community."""
    row = db.get(Note, NOTE)
    return row is not None and "used" in row.value and secrets.compare_digest(row.value["hash"], _hash(secret))


def read_name(text: str, at: str) -> str:
    """A name as it is kept. Raises Invalid at its field."""
    try:
        name = cells.clean(text)
    except cells.BadCell as bad:
        raise Invalid(f"{bad.fault}.", at=at) from bad
    if not name:
        raise Invalid("Please fill this in.", at=at)
    if len(name) > LONGEST:
        raise Invalid(f"Please keep it under {LONGEST} letters.", at=at)
    return name


def read_zone(text: str, at: str) -> str:
    """A time zone by its name. Raises Invalid at its field."""
    try:
        return str(cells.timezone(cells.clean(text)))
    except cells.BadCell as bad:
        said = str(bad.fault)
        raise Invalid(f"{said[:1].upper()}{said[1:].rstrip('.?')}.", at=at) from bad


def found_community(
    db: DbSession, secret: str, *, name: str, timezone: str, director: str, email: str, hashed: str, now: datetime
) -> str:
    """Make the community and its director's account; the account's id. `hashed` is the password's hash.

    Raises NotFound where the link works no more, Invalid for an address that is none.
    """
    if not is_set_up_open(db, secret, now):
        raise NotFound("This link works no more.")
    community = Community(
        id=new_id(),
        key=key_like(name, ()),
        name=name,
        timezone=timezone,
        created_at=now,
    )
    db.add(community)
    db.flush()
    db.add(CommunitySettings(community_id=community.id))
    account_id = create_account(
        db, community.id, email=email, name=director, password=None, hashed=hashed, roles=("director",), now=now
    )
    note = db.get_one(Note, NOTE)
    note.value = {**note.value, "used": True}
    db.flush()
    after = {"name": name, "timezone": timezone}
    record(db, community.id, verb="added", noun="community", row_id=community.id, by=account_id, now=now, after=after)
    return account_id


def _is_empty(db: DbSession) -> bool:
    somebody = db.scalar(select(Account.id).limit(1))
    return somebody is None and db.scalar(select(Community.id).limit(1)) is None


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
