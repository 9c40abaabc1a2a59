"""The programme of a week, for everybody or for a living group's own wall: what is on, where, when, nobody's name."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, case, or_, select

from milieu.clock import local_day
from milieu.database import DbSession
from milieu.errors import NotFound
from milieu.models import (
    Activity,
    ActivityMember,
    Community,
    LivingGroup,
    PublishedDay,
    PublishedSession,
    Resident,
    Wall,
)
from milieu.queries.paper.programme import listed_days
from milieu.queries.published.days import BASE_WEEKS
from milieu.queries.published.freshness import freshness
from milieu.queries.published.marks import called_off
from milieu.queries.residents.stays import lives_here

SUNDAY = 6


@dataclass(frozen=True)
class OnProgramme:
    """A group session that everybody may know of. Minutes are local, from midnight; `is_off`: it cannot be held."""

    title: str
    domains: tuple[str, ...]
    space: str
    start_minute: int
    end_minute: int
    is_off: bool = False

    def is_on_at(self, minute: int) -> bool:
        """Whether it is under way at a local minute of its day."""
        return self.start_minute <= minute < self.end_minute and not self.is_off


@dataclass(frozen=True)
class ProgrammeDay:
    """A day of the week; `is_published` tells an empty programme from none yet.

    `base`: what is usual then, where nothing is published for it yet.
    """

    on_date: date
    is_published: bool
    sessions: tuple[OnProgramme, ...]
    base: tuple[OnProgramme, ...] = ()


@dataclass(frozen=True)
class Programme:
    """A community's week from Monday on; `as_of` is when it was published, or found still to be right.

    On a Sunday the days of the next week that are published follow. `minute` is the local time, from midnight.
    `living_group` is whose own programme it is, "" where it is everybody's.
    """

    community: str
    timezone: str
    is_made_up: bool
    today: date
    minute: int
    days: tuple[ProgrammeDay, ...]
    as_of: datetime | None
    is_stale: bool
    living_group: str = ""

    def day(self, on_date: date) -> ProgrammeDay | None:
        """One of its days, None for any other."""
        return next((day for day in self.days if day.on_date == on_date), None)

    @property
    def is_published(self) -> bool:
        """Whether anything is published for the week."""
        return any(day.is_published for day in self.days[:7])

    @property
    def has_base(self) -> bool:
        """Whether anything is usual on a day that is not published."""
        return any(day.base for day in self.days)


def programme_of(db: DbSession, community_key: str, *, now: datetime) -> Programme:
    """The week's programme of a community, of its own today. Visits and closed groups are nobody else's business.

    Raises NotFound where there is no community of that key.
    """
    community = db.scalar(select(Community).where(Community.key == community_key))
    if community is None:
        raise NotFound("There is no such programme.")
    return _programme(db, community, None, now)


def programme_of_wall(db: DbSession, wall_id: str, *, now: datetime) -> Programme:
    """The week's programme of a living group: what everybody may come to, and the closed groups its members are in.

    Raises NotFound where there is no such wall, where it was ended, and where there is no such living group any more.
    """
    found = db.execute(
        select(LivingGroup, Community)
        .join(Wall, and_(Wall.community_id == LivingGroup.community_id, Wall.living_group_id == LivingGroup.id))
        .join(Community, Community.id == Wall.community_id)
        .where(Wall.id == wall_id, Wall.ended_at.is_(None), LivingGroup.ended_on.is_(None))
    ).one_or_none()
    if found is None:
        raise NotFound("There is no such programme.")
    group, community = found
    return _programme(db, community, group, now)


def _programme(db: DbSession, community: Community, group: LivingGroup | None, now: datetime) -> Programme:
    today = local_day(now, community.timezone)
    week = [today - timedelta(days=today.weekday() - day) for day in range(14 if today.weekday() == SUNDAY else 7)]
    published = set(
        db.scalars(
            select(PublishedDay.on_date).where(
                PublishedDay.community_id == community.id, PublishedDay.on_date.between(week[0], week[-1])
            )
        )
    )
    shown = Activity.is_closed.is_(False) if group is None else _is_for(group, today, week[-1])
    by_day = _sessions(db, community.id, week[0], week[-1], shown)
    week = week[:7] + [day for day in week[7:] if day in published]
    open_days = [day for day in week if day not in published and day >= today]
    usual = _usual(db, community.id, open_days, group, shown, now) if open_days else {}
    days = tuple(ProgrammeDay(day, day in published, tuple(by_day[day]), usual.get(day, ())) for day in week)
    fresh = freshness(db, community.id, today, today, now)
    at = now.astimezone(ZoneInfo(community.timezone))
    is_stale = fresh is not None and fresh.is_stale
    as_of = None if fresh is None else fresh.published_at if is_stale else fresh.checked_at or fresh.published_at
    return Programme(
        community.name,
        community.timezone,
        community.is_made_up,
        today,
        60 * at.hour + at.minute,
        days,
        as_of,
        is_stale,
        group.name if group else "",
    )


def _is_for(group: LivingGroup, first: date, last: date) -> ColumnElement[bool]:
    """Whether an activity is open to everybody, or closed with a member who lives in a living group in these days."""
    members = (
        select(ActivityMember.activity_id)
        .join(
            Resident,
            and_(Resident.community_id == ActivityMember.community_id, Resident.id == ActivityMember.resident_id),
        )
        .where(
            ActivityMember.community_id == group.community_id,
            Resident.living_group_id == group.id,
            lives_here(first, last),
        )
    )
    return or_(Activity.is_closed.is_(False), Activity.id.in_(members))


def _usual(
    db: DbSession,
    community_id: str,
    days: Sequence[date],
    group: LivingGroup | None,
    shown: ColumnElement[bool],
    now: datetime,
) -> dict[date, tuple[OnProgramme, ...]]:
    """What is usual on days ahead of which nothing is published: as on the month, and a living group's own besides."""
    found = {
        day.on_date: tuple(
            OnProgramme(each.title, each.domains, each.space, each.start_minute, each.end_minute)
            for each in day.sessions
            if not each.is_closed
        )
        for day in listed_days(db, community_id, days, now=now).days
    }
    if group is not None:
        before = days[0] - timedelta(days=days[0].weekday() + 1)
        closed = and_(Activity.is_closed, shown)
        earlier = _sessions(db, community_id, before - timedelta(weeks=BASE_WEEKS), before, closed)
        for day in days:
            own = (*found[day], *_last_time(earlier, day))
            found[day] = tuple(sorted(own, key=lambda each: (each.start_minute, each.title)))
    return found


def _last_time(earlier: dict[date, list[OnProgramme]], day: date) -> tuple[OnProgramme, ...]:
    before = (day - timedelta(weeks=back) for back in range(1, BASE_WEEKS + 1))
    return next((tuple(replace(each, is_off=False) for each in earlier[day]) for day in before if earlier.get(day)), ())


def _sessions(
    db: DbSession, community_id: str, first: date, last: date, shown: ColumnElement[bool]
) -> defaultdict[date, list[OnProgramme]]:
    """The group sessions of the activities that are `shown` that hold on each day, by start."""
    rows = db.execute(
        select(PublishedSession, case((Activity.is_closed, Activity.public_name), else_=""))
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
            shown,
        )
        .order_by(PublishedSession.start_minute, PublishedSession.title)
    ).all()
    off = called_off(db, community_id, [row.ref for row, _ in rows if row.on_date >= first])
    found: defaultdict[date, list[OnProgramme]] = defaultdict(list)
    for row, public_name in rows:
        title = public_name or row.title  # what a closed group is called where others read along
        session = OnProgramme(
            title, tuple(row.domains), row.space_name, row.start_minute, row.end_minute, row.ref in off
        )
        found[row.on_date].append(session)
    return found
