"""Whether a day's page would look different now: what only ever grows is counted, and nothing else is read."""

from datetime import date

from sqlalchemy import func, select

from milieu.database import DbSession
from milieu.models import Attendance, PublishedDay, SessionHeld


def day_state(db: DbSession, community_id: str, day: date) -> str:
    """A word that changes with every mark, every session said not to be held, and every publication of the day."""
    publication = (
        select(PublishedDay.publication_id)
        .where(PublishedDay.community_id == community_id, PublishedDay.on_date == day)
        .scalar_subquery()
    )
    counts = [
        select(func.count())
        .select_from(table)
        .where(table.community_id == community_id, table.on_date == day)
        .scalar_subquery()
        for table in (Attendance, SessionHeld)
    ]
    return "-".join(str(each) for each in db.execute(select(publication, *counts)).one())
