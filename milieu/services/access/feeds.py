"""Private calendar addresses: made, shown once, ended, and found again by their token at each reading.

The token is 256 random bits, of which only the hash is kept. What may be read with it is asked anew each time: a
relative's calendar holds while the resident shares it with her, a leader's while they work here, each while the account
that it belongs to is open.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

from milieu.clock import local_day
from milieu.database import DbSession
from milieu.errors import NotFound
from milieu.models import Account, Community, Facilitator, Feed
from milieu.queries.family.kin import CALENDAR, Kin, kin_of
from milieu.services.journal import record

MANY_NETWORKS = 5
"""A calendar read from more networks than this on one day may have got about."""
_TOLD_AGAIN = timedelta(hours=1)
_MOST_NETWORKS = 20


@dataclass(frozen=True)
class Opened:
    """What a token opens today: a resident (with the days that are shared) or somebody who leads."""

    feed_id: str
    community_id: str
    community: str
    timezone: str
    today: date
    kin: Kin | None
    facilitator_id: str | None
    name: str

    def is_shared(self, day: date) -> bool:
        """Whether a day of it may be read."""
        return self.kin is None or self.kin.is_shared(CALENDAR, day)


def make_feed(
    db: DbSession,
    community_id: str,
    *,
    relative_id: str | None = None,
    resident_id: str | None = None,
    facilitator_id: str | None = None,
    by: str | None,
    now: datetime,
) -> str:
    """Make an address of a relative's for a resident, or of somebody who leads; its token, shown now and never again.

    Raises NotFound where the resident shares no calendar with the relative today, or where nobody leads of that id.
    """
    today = _today(db, community_id, now)
    if relative_id is not None and resident_id is not None and facilitator_id is None:
        if _kin(db, community_id, relative_id, resident_id, today) is None:
            raise NotFound("There is nobody of that name to share a calendar of.")
        owner = select(Account.id).where(Account.community_id == community_id, Account.relative_id == relative_id)
    elif facilitator_id is not None and relative_id is None and resident_id is None:
        if _leader(db, community_id, facilitator_id, today) is None:
            raise NotFound("There is nobody of that name to make a calendar for.")
        owner = select(Account.id).where(Account.community_id == community_id, Account.facilitator_id == facilitator_id)
    else:
        raise NotFound("There is nobody of that name to make a calendar for.")
    token = secrets.token_urlsafe(32)
    feed = Feed(
        community_id=community_id,
        token_hash=_hash(token),
        relative_id=relative_id,
        resident_id=resident_id,
        facilitator_id=facilitator_id,
        account_id=db.scalar(owner.where(Account.active.is_(True)).order_by(Account.id).limit(1)),
        made_at=now,
        made_by=by,
    )
    db.add(feed)
    db.flush()
    whose = {"relative_id": relative_id, "resident_id": resident_id, "facilitator_id": facilitator_id}
    after = {name: value for name, value in whose.items() if value is not None}
    record(db, community_id, verb="made", noun="calendar address", row_id=feed.id, by=by, now=now, after=after)
    return token


def end_feed(db: DbSession, community_id: str, feed_id: str, *, by: str | None, now: datetime) -> None:
    """End an address from its next reading on; ended twice it is ended once. Raises NotFound."""
    feed = db.get(Feed, (community_id, feed_id))
    if feed is None:
        raise NotFound("There is no such address.")
    if feed.ended_at is not None:
        return
    feed.ended_at = now
    db.flush()
    record(db, community_id, verb="ended", noun="calendar address", row_id=feed_id, by=by, now=now)


def open_feed(db: DbSession, token: str, now: datetime) -> Opened:
    """What a token opens now. Raises NotFound where it opens nothing, or nothing any more: all are told alike."""
    feed = db.scalar(select(Feed).where(Feed.token_hash == _hash(token)))
    found = None if feed is None or feed.ended_at is not None else _opened(db, feed, now)
    if found is None:
        raise NotFound("There is no such calendar.")
    return found


def note_use(db: DbSession, community_id: str, feed_id: str, network: str, now: datetime) -> None:
    """Keep that an address was read now, from a network named by a hash; of one hour and network once."""
    feed = db.get(Feed, (community_id, feed_id))
    if feed is None:
        return
    day = now.date().isoformat()
    held = feed.networks or {}
    seen = list(held.get("seen", ())) if held.get("day") == day else []
    if network not in seen and len(seen) < _MOST_NETWORKS:
        feed.networks = {"day": day, "seen": [*seen, network]}
    if feed.used_at is None or now - feed.used_at >= _TOLD_AGAIN:
        feed.used_at = now


def _opened(db: DbSession, feed: Feed, now: datetime) -> Opened | None:
    account = db.get(Account, feed.account_id) if feed.account_id else None
    if account is not None and not account.active:
        return None
    community = db.get_one(Community, feed.community_id)
    today = local_day(now, community.timezone)
    kin, name = None, ""
    if feed.relative_id is not None and feed.resident_id is not None:
        kin = _kin(db, feed.community_id, feed.relative_id, feed.resident_id, today)
        if kin is None:
            return None
        name = kin.called
    elif feed.facilitator_id is not None:
        leader = _leader(db, feed.community_id, feed.facilitator_id, today)
        if leader is None:
            return None
        name = leader.name
    return Opened(
        feed_id=feed.id,
        community_id=community.id,
        community=community.name,
        timezone=community.timezone,
        today=today,
        kin=kin,
        facilitator_id=feed.facilitator_id,
        name=name,
    )


def _kin(db: DbSession, community_id: str, relative_id: str, resident_id: str, today: date) -> Kin | None:
    """The resident, where she shares her calendar with the relative today."""
    try:
        _name, kin = kin_of(db, relative_id, community_id, today)
    except NotFound:
        return None
    return next((each for each in kin if each.resident_id == resident_id), None)


def _leader(db: DbSession, community_id: str, facilitator_id: str, today: date) -> Facilitator | None:
    """Somebody who works here on a day."""
    found = db.get(Facilitator, (community_id, facilitator_id))
    if found is None or (found.ended_on is not None and found.ended_on <= today):
        return None
    return found


def _today(db: DbSession, community_id: str, now: datetime) -> date:
    return local_day(now, db.get_one(Community, community_id).timezone)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
