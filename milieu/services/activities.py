"""What a director says of the activities: whether more are asked than they are meant for."""

from datetime import datetime

from milieu.database import DbSession
from milieu.errors import NotFound
from milieu.models import Activity, CommunitySettings
from milieu.services.journal import record


def set_booked(
    db: DbSession, community_id: str, activity_id: str, *, is_booked: bool, by: str | None, now: datetime
) -> str:
    """Say whether no more are asked to an activity than it is meant for; its name. Raises NotFound."""
    activity = db.get(Activity, (community_id, activity_id))
    if activity is None:
        raise NotFound("There is no such activity.")
    if activity.is_booked != is_booked:
        activity.is_booked = is_booked
        _record(db, community_id, "activity", activity.id, "is_booked", is_booked, by, now)
    return activity.name


def set_asks_more(db: DbSession, community_id: str, *, asks_more: bool, by: str | None, now: datetime) -> None:
    """Say whether groups are asked by how many come, or exactly as many as they are meant for. Raises NotFound."""
    settings = db.get(CommunitySettings, community_id)
    if settings is None:
        raise NotFound("There is no such community.")
    if settings.asks_more != asks_more:
        settings.asks_more = asks_more
        _record(db, community_id, "community_settings", community_id, "asks_more", asks_more, by, now)


def _record(
    db: DbSession, community_id: str, noun: str, row_id: str, column: str, value: bool, by: str | None, now: datetime
) -> None:
    db.flush()
    record(
        db,
        community_id,
        verb="changed",
        noun=noun,
        row_id=row_id,
        by=by,
        now=now,
        before={column: not value},
        after={column: value},
    )
