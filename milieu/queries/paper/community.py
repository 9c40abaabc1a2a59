"""A community by the key that stands in its public addresses."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from milieu.clock import local_day
from milieu.database import DbSession
from milieu.errors import NotFound
from milieu.models import Community


@dataclass(frozen=True)
class Named:
    """A community and the date on its wall."""

    id: str
    name: str
    timezone: str
    today: date


def community_named(db: DbSession, key: str, *, now: datetime) -> Named:
    """Raises NotFound where there is none of that key."""
    row = db.scalar(select(Community).where(Community.key == key))
    if row is None:
        raise NotFound("There is no such programme.")
    return Named(row.id, row.name, row.timezone, local_day(now, row.timezone))
