"""How fresh a published day is: from when its publication is, and what today's check has come to."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from milieu.database import DbSession
from milieu.models import Community, CommunitySettings, LedgerEntry, Publication, PublishedDay
from milieu.models.weeks.publications import WITHDRAWN

GRACE = timedelta(minutes=5)
"""A check may take so long before a page calls its day old."""

CHECK, AGAIN = "repair", "again"
OVER = "over"
_DONE = ("published", "unchanged")


@dataclass(frozen=True)
class Freshness:
    """The publication that a day shows.

    `check` is the state of today's check: published, unchanged, kept (no better plan could be had), asked (a person
    decides), not due, under way, or late; or over: the day is, or its week is withdrawn, and no check is for it any
    more. `is_stale`: the check is late, kept or asked, and the publication is from before it was due. `is_short`: the
    check had little time, and is to be done again when there is room.
    """

    publication_id: str
    number: int
    week_start: date
    published_at: datetime
    check: str
    checked_at: datetime | None
    is_short: bool = False

    @property
    def is_stale(self) -> bool:
        return self.check in ("late", "kept", "asked")


def freshness(db: DbSession, community_id: str, day: date, today: date, now: datetime) -> Freshness | None:
    """How fresh the publication of a local day is, None where nothing is published for it."""
    found = db.execute(
        select(Publication.id, Publication.number, Publication.week_start, Publication.published_at, Publication.kind)
        .join(
            PublishedDay,
            (PublishedDay.community_id == Publication.community_id) & (PublishedDay.publication_id == Publication.id),
        )
        .where(PublishedDay.community_id == community_id, PublishedDay.on_date == day)
    ).one_or_none()
    if found is None:
        return None
    is_over = day < today or found.kind == WITHDRAWN
    check, checked_at = (OVER, None) if is_over else _check(db, community_id, today, now, found.published_at)
    is_short = _is_owed_again(db, community_id, today)
    return Freshness(found.id, found.number, found.week_start, found.published_at, check, checked_at, is_short)


def _check(
    db: DbSession, community_id: str, today: date, now: datetime, published_at: datetime
) -> tuple[str, datetime | None]:
    entry = db.execute(
        select(LedgerEntry.state, LedgerEntry.finished_at).where(
            LedgerEntry.community_id == community_id, LedgerEntry.local_day == today, LedgerEntry.kind == CHECK
        )
    ).one_or_none()
    state, finished_at = (entry.state, entry.finished_at) if entry is not None else (None, None)
    if finished_at is not None and published_at > finished_at:
        return "published", published_at  # a person published it since: what the check said was of the one before
    if state in _DONE:
        return state, finished_at
    due_at = _due_at(db, community_id, today)
    if now < due_at:
        return "not due", None
    if published_at >= due_at:
        return "published", published_at
    if state in ("kept", "asked"):
        return state, finished_at
    return ("under way", None) if now < due_at + GRACE else ("late", None)


def _is_owed_again(db: DbSession, community_id: str, today: date) -> bool:
    owed = select(LedgerEntry.id).where(
        LedgerEntry.community_id == community_id,
        LedgerEntry.local_day == today,
        LedgerEntry.kind == AGAIN,
        LedgerEntry.state.in_(("due", "running")),
    )
    return db.scalar(owed) is not None


def _due_at(db: DbSession, community_id: str, day: date) -> datetime:
    """The moment of a local day's check: its publishing time on the wall."""
    timezone, minute = db.execute(
        select(Community.timezone, CommunitySettings.publish_minute)
        .outerjoin(CommunitySettings, CommunitySettings.community_id == Community.id)
        .where(Community.id == community_id)
    ).one()
    minutes = 330 if minute is None else minute
    return datetime.combine(day, time(minutes // 60, minutes % 60), tzinfo=ZoneInfo(timezone))
