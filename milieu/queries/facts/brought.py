"""Which published sessions begin or end while more people have to be brought at once than there are helpers."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from sqlalchemy import func, select

from milieu.calendar.spans import AwayRow, away_of
from milieu.database import DbSession
from milieu.models import Invitation, PublishedDay, PublishedSession, Resident, Space

BEDSIDE = "bedside"
"""The feature of a space to which nobody is brought."""


def bedsides(db: DbSession, community_id: str) -> frozenset[str]:
    """The spaces to which nobody is brought."""
    rows = db.execute(select(Space.id, Space.features).where(Space.community_id == community_id))
    return frozenset(row.id for row in rows if BEDSIDE in row.features)


def too_many_to_bring(db: DbSession, community_id: str, short: AwayRow, helpers: int, since: date) -> Collection[str]:
    """The rows of published sessions, from a day on, that need more than `helpers` at a moment of a time.

    Whoever needs somebody is walked there as it begins and back as it ends; at midnight nobody is.
    """
    walked = (
        select(
            PublishedSession.id, PublishedSession.on_date, PublishedSession.start_minute, PublishedSession.end_minute
        )
        .add_columns(func.count())
        .join(
            PublishedDay,
            (PublishedDay.community_id == PublishedSession.community_id)
            & (PublishedDay.publication_id == PublishedSession.publication_id)
            & (PublishedDay.on_date == PublishedSession.on_date),
        )
        .join(
            Invitation,
            (Invitation.community_id == PublishedSession.community_id)
            & (Invitation.published_session_id == PublishedSession.id),
        )
        .join(Resident, (Resident.community_id == Invitation.community_id) & (Resident.id == Invitation.resident_id))
        .where(
            PublishedSession.community_id == community_id,
            PublishedSession.on_date.between(max(short.first_date, since), short.last_date),
            PublishedSession.space_id.not_in(bedsides(db, community_id)),
            Resident.escort.is_(True),
        )
        .group_by(
            PublishedSession.id, PublishedSession.on_date, PublishedSession.start_minute, PublishedSession.end_minute
        )
    )
    at: dict[tuple[date, int], list[tuple[str, int]]] = defaultdict(list)
    for session_id, day, start, end, count in db.execute(walked):
        for minute in (start, end):
            if any(begin <= minute < until for begin, until in away_of([short], [day])[0]):
                at[day, minute].append((session_id, count))
    crowded = [those for those in at.values() if sum(count for _, count in those) > helpers]
    return frozenset(session_id for those in crowded for session_id, _ in those)
