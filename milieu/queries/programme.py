"""The public programme of a week: what is on, where and when, and nobody's name."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import and_, select

from milieu.clock import local_day
from milieu.database import DbSession
from milieu.errors import NotFound
from milieu.models import Activity, Community, PublishedDay, PublishedSession
from milieu.queries.freshness import freshness
from milieu.queries.published import BASE_WEEKS


@dataclass(frozen=True)
class OnProgramme:
    """A group session that everybody may know of. Minutes are local, from midnight."""

    title: str
    domains: tuple[str, ...]
    space: str
    start_minute: int
    end_minute: int


@dataclass(frozen=True)
class ProgrammeDay:
    """A day of the week; `is_published` tells an empty programme from none yet.

    `base`: the same weekday of the newest week before that had anything, where nothing is published for this one.
    """

    on_date: date
    is_published: bool
    sessions: tuple[OnProgramme, ...]
    base: tuple[OnProgramme, ...] = ()


@dataclass(frozen=True)
class Programme:
    """A community's week from Monday on; `as_of` is when it was published, or found still to be right."""

    community: str
    timezone: str
    is_made_up: bool
    today: date
    days: tuple[ProgrammeDay, ...]
    as_of: datetime | None
    is_stale: bool

    @property
    def is_published(self) -> bool:
        """Whether anything is published for the week."""
        return any(day.is_published for day in self.days)

    @property
    def has_base(self) -> bool:
        """Whether there is an earlier week to go by for a day that is not published."""
        return any(day.base for day in self.days)


def programme_of(db: DbSession, community_key: str, *, now: datetime) -> Programme:
    """The week's programme of a community, of its own today. Visits and closed groups are nobody else's business.

    Raises NotFound where there is no community of that key.
    """
    community = db.scalar(select(Community).where(Community.key == community_key))
    if community is None:
        raise NotFound("There is no such programme.")
    today = local_day(now, community.timezone)
    week = [today - timedelta(days=today.weekday() - day) for day in range(7)]
    published = set(
        db.scalars(
            select(PublishedDay.on_date).where(
                PublishedDay.community_id == community.id, PublishedDay.on_date.between(week[0], week[-1])
            )
        )
    )
    by_day = _sessions(db, community.id, week[0], week[-1])
    earlier: dict[date, list[OnProgramme]] = {}
    if len(published) < len(week):
        earlier = _sessions(db, community.id, week[0] - timedelta(weeks=BASE_WEEKS), week[0] - timedelta(days=1))
    days = tuple(
        ProgrammeDay(day, day in published, tuple(by_day[day]), () if day in published else _base(earlier, day))
        for day in week
    )
    fresh = freshness(db, community.id, today, today, now)
    is_stale = fresh is not None and fresh.is_stale
    as_of = None if fresh is None else fresh.published_at if is_stale else fresh.checked_at or fresh.published_at
    return Programme(community.name, community.timezone, community.is_made_up, today, days, as_of, is_stale)


def _base(earlier: dict[date, list[OnProgramme]], day: date) -> tuple[OnProgramme, ...]:
    before = (day - timedelta(weeks=back) for back in range(1, BASE_WEEKS + 1))
    return next((tuple(earlier[each]) for each in before if earlier.get(each)), ())


def _sessions(db: DbSession, community_id: str, first: date, last: date) -> defaultdict[date, list[OnProgramme]]:
    """The open group sessions that hold on each day, by start."""
    rows = db.execute(
        select(PublishedSession)
        .join(
            PublishedDay,
            and_(
                PublishedDay.community_id == PublishedSession.community_id,
                PublishedDay.publication_id == PublishedSession.publication_id,
                PublishedDay.on_date == PublishedSession.on_date,
            ),
        )
        .join(
            Activity,
            and_(Activity.community_id == PublishedSession.community_id, Activity.id == PublishedSession.activity_id),
        )
        .where(
            PublishedSession.community_id == community_id,
            PublishedSession.on_date.between(first, last),
            PublishedSession.is_visit.is_(False),
            Activity.is_closed.is_(False),
        )
        .order_by(PublishedSession.start_minute, PublishedSession.title)
    ).scalars()
    found: defaultdict[date, list[OnProgramme]] = defaultdict(list)
    for row in rows:
        shown = OnProgramme(row.title, tuple(row.domains), row.space_name, row.start_minute, row.end_minute)
        found[row.on_date].append(shown)
    return found
