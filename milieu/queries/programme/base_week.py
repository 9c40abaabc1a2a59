"""Where the programme is used to stand: the base week that is chosen for a day, else as it was published last."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from milieu.database import DbSession
from milieu.models import BaseSession, BaseWeek, BaseWeekChoice, Publication, PublishedLeader, PublishedSession

LOOKED_BACK = timedelta(weeks=8)
"""A week that was published longer ago is nobody's habit any more."""


@dataclass(frozen=True)
class Habit:
    """A session of the base week; `space_id` None and no `facilitators` where they do not matter."""

    activity_id: str
    weekday: int
    start_minute: int
    space_id: str | None
    facilitators: tuple[str, ...]


@dataclass(frozen=True)
class Chosen:
    """A base week with a name, and from when to when planning starts from it; None: until further notice."""

    id: str
    base_week_id: str
    first: date
    last: date | None

    def is_on(self, day: date) -> bool:
        """Whether it speaks of a day."""
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True)
class Kept:
    """Every choice of a base week, the one that was made last first."""

    choices: tuple[Chosen, ...] = ()

    def on(self, day: date) -> str | None:
        """The base week with a name from which planning starts on a day; None where none is chosen for it."""
        return next((each.base_week_id for each in self.choices if each.is_on(day)), None)


def kept_base_weeks(db: DbSession, community_id: str) -> Kept:
    """Which base weeks are chosen for which days, without those that were ended. One query."""
    rows = db.execute(
        select(BaseWeekChoice.id, BaseWeekChoice.base_week_id, BaseWeekChoice.valid_from, BaseWeekChoice.valid_until)
        .join(
            BaseWeek,
            (BaseWeek.community_id == BaseWeekChoice.community_id) & (BaseWeek.id == BaseWeekChoice.base_week_id),
        )
        .where(BaseWeekChoice.community_id == community_id, BaseWeek.ended_on.is_(None))
        .order_by(BaseWeekChoice.chosen_at.desc(), BaseWeekChoice.id.desc())
    )
    return Kept(tuple(Chosen(row.id, row.base_week_id, row.valid_from or date.min, row.valid_until) for row in rows))


def habit_of(row: BaseSession) -> Habit:
    """A session of a base week that somebody drew up."""
    led = (row.facilitator_id,) if row.facilitator_id else ()
    return Habit(row.activity_id, row.weekday, row.start_minute, row.space_id, led)


@dataclass(frozen=True)
class LastWeek:
    """A week as its director published it, before anything was repaired."""

    week_start: date
    habits: tuple[Habit, ...]


def last_week(db: DbSession, community_id: str, before: date) -> LastWeek | None:
    """The last week before a Monday that was published, None where the eight weeks before have none. Three queries.

    As it was published by a person: what a repair did to it was for a fact of that week.
    """
    found = db.execute(
        select(Publication.id, Publication.week_start)
        .where(
            Publication.community_id == community_id,
            Publication.kind == "week",
            Publication.week_start < before,
            Publication.week_start >= before - LOOKED_BACK,
        )
        .order_by(Publication.week_start.desc(), Publication.number.desc())
        .limit(1)
    ).one_or_none()
    if found is None:
        return None
    here = PublishedSession.community_id == community_id, PublishedSession.publication_id == found.id
    leaders: dict[str, list[str]] = defaultdict(list)
    for session_id, facilitator_id in db.execute(
        select(PublishedLeader.published_session_id, PublishedLeader.facilitator_id)
        .join(
            PublishedSession,
            (PublishedSession.community_id == PublishedLeader.community_id)
            & (PublishedSession.id == PublishedLeader.published_session_id),
        )
        .where(*here)
        .order_by(PublishedLeader.facilitator_id)
    ):
        leaders[session_id].append(facilitator_id)
    rows = db.execute(
        select(
            PublishedSession.id,
            PublishedSession.activity_id,
            PublishedSession.space_id,
            PublishedSession.on_date,
            PublishedSession.start_minute,
        )
        .where(*here)
        .order_by(PublishedSession.starts_at, PublishedSession.ref)
    )
    habits = tuple(
        Habit(row.activity_id, row.on_date.weekday(), row.start_minute, row.space_id, tuple(leaders[row.id]))
        for row in rows
    )
    return LastWeek(found.week_start, habits)
