"""The published weeks in which something can still change: the one that runs, until its last moment on the grid has
come, and those after it.
"""

from datetime import date, datetime

from sqlalchemy import select

from milieu.calendar.weeks import Week
from milieu.clock import local_day
from milieu.database import DbSession
from milieu.models import CommunitySettings
from milieu.queries.published.weeks import published_mondays
from milieu.queries.settings import USUAL_SLOT


def open_weeks(db: DbSession, community_id: str, timezone: str, now: datetime) -> tuple[date, ...]:
    """Their Mondays, the first first. In the last minutes of a Sunday its own week is none of them."""
    slot = db.scalar(select(CommunitySettings.slot_minutes).where(CommunitySettings.community_id == community_id))
    mondays = published_mondays(db, community_id, local_day(now, timezone))
    return tuple(each for each in mondays if not Week(each, timezone).is_over(now, slot or USUAL_SLOT))
