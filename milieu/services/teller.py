"""Who tells a fact, where and when."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from milieu.clock import local_day
from milieu.database import DbSession
from milieu.errors import NotFound
from milieu.models import Community


@dataclass(frozen=True)
class Correction:
    """The row of a fact that was told before, and what the journal says of it by now."""

    row_id: str
    said: dict[str, Any]

    @property
    def first(self) -> date | None:
        """The first day of the fact as it stands."""
        return date.fromisoformat(self.said["first"]) if self.said.get("first") else None


@dataclass(frozen=True)
class Teller:
    """In which community, by which account (None: the clock), and when something is told.

    With a `correction` what is told takes the place of what that row holds (`facts.correcting`).
    """

    community_id: str
    by: str | None
    now: datetime
    correction: Correction | None = None

    def today(self, db: DbSession) -> date:
        """The community's own day. Raises NotFound."""
        return self.day_of(db, self.now)

    def day_of(self, db: DbSession, moment: datetime) -> date:
        """The community's own day at a moment. Raises NotFound."""
        timezone = db.scalar(select(Community.timezone).where(Community.id == self.community_id))
        if timezone is None:
            raise NotFound("There is no such community.")
        return local_day(moment, timezone)
