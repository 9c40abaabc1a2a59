"""The programme of any days for paper and calendars: as published, and where no week is planned yet, as is usual.

Nobody's name is in it. A closed group stands in it only under the name that its community has chosen for it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

from milieu.calendar.spans import is_valid
from milieu.calendar.weeks import monday_of
from milieu.clock import local_day
from milieu.database import DbSession
from milieu.errors import NotFound
from milieu.models import Activity, BaseSession, Community, Publication, PublishedDay, PublishedSession, Space
from milieu.queries.facts.special_days import SpecialDay, special_days
from milieu.queries.programme.base_week import Habit, habit_of, kept_base_weeks, last_week
from milieu.queries.published.marks import called_off

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Listed:
    """A group session as everybody may read of it; minutes are local. `ref` is "" where it is only usual so far."""

    ref: str
    on_date: date
    start_minute: int
    end_minute: int
    title: str
    domains: tuple[str, ...]
    space_id: str | None
    space: str
    is_closed: bool
    is_off: bool


@dataclass(frozen=True)
class ListedDay:
    """A day of the programme: `is_published` tells what is promised from what is only usual."""

    on_date: date
    is_published: bool
    sessions: tuple[Listed, ...]


@dataclass(frozen=True)
class ListedDays:
    """Some days of a community's programme. `as_of`: when what is published of them was published last, None where
    nothing is.
    """

    community: str
    timezone: str
    today: date
    days: tuple[ListedDay, ...]
    as_of: datetime | None

    @property
    def usual_spans(self) -> tuple[tuple[date, date], ...]:
        """The first and the last day of each row of days ahead that show only what is usual, nothing published."""
        spans: list[tuple[date, date]] = []
        is_going_on = False
        for day in self.days:
            if day.is_published or day.on_date < self.today:
                is_going_on = False
            elif day.sessions:
                spans.append((spans.pop()[0] if is_going_on else day.on_date, day.on_date))
                is_going_on = True
        return tuple(spans)

    @property
    def is_usual_to_the_end(self) -> bool:
        """Whether all that is published comes before what is only usual."""
        spans = self.usual_spans
        return len(spans) == 1 and not any(day.is_published and day.on_date > spans[0][1] for day in self.days)


def listed_days(db: DbSession, community_id: str, days: Sequence[date], *, now: datetime) -> ListedDays:
    """The programme of these days. Past days without a publication are empty. Raises NotFound."""
    community = db.get(Community, community_id)
    if community is None:
        raise NotFound("There is no such programme.")
    today = local_day(now, community.timezone)
    published, as_of = _pointers(db, community_id, days)
    activities = {row.id: row for row in db.scalars(select(Activity).where(Activity.community_id == community_id))}
    held = _published(db, community_id, sorted(published), activities)
    ahead = [day for day in days if day not in published and day >= today]
    usual = _usual(db, community_id, ahead, activities) if ahead else {}
    return ListedDays(
        community.name,
        community.timezone,
        today,
        tuple(
            ListedDay(day, day in published, _sorted((held if day in published else usual).get(day, ())))
            for day in days
        ),
        as_of,
    )


def _pointers(db: DbSession, community_id: str, days: Sequence[date]) -> tuple[set[date], datetime | None]:
    rows = db.execute(
        select(PublishedDay.on_date, Publication.published_at)
        .join(
            Publication,
            (Publication.community_id == PublishedDay.community_id) & (Publication.id == PublishedDay.publication_id),
        )
        .where(PublishedDay.community_id == community_id, PublishedDay.on_date.in_(days))
    ).all()
    return {row.on_date for row in rows}, max((row.published_at for row in rows), default=None)


def _published(
    db: DbSession, community_id: str, days: Sequence[date], activities: dict[str, Activity]
) -> dict[date, list[Listed]]:
    rows = db.scalars(
        select(PublishedSession)
        .join(
            PublishedDay,
            (PublishedDay.community_id == PublishedSession.community_id)
            & (PublishedDay.publication_id == PublishedSession.publication_id)
            & (PublishedDay.on_date == PublishedSession.on_date),
        )
        .where(
            PublishedSession.community_id == community_id,
            PublishedSession.on_date.in_(days),
            PublishedSession.is_visit.is_(False),
        )
    ).all()
    off = called_off(db, community_id, [row.ref for row in rows])
    found: dict[date, list[Listed]] = defaultdict(list)
    for row in rows:
        activity = activities[row.activity_id]
        if title := _public(activity, row.title):
            found[row.on_date].append(
                Listed(
                    ref=row.ref,
                    on_date=row.on_date,
                    start_minute=row.start_minute,
                    end_minute=row.end_minute,
                    title=title,
                    domains=tuple(row.domains),
                    space_id=row.space_id,
                    space=row.space_name,
                    is_closed=activity.is_closed,
                    is_off=row.ref in off,
                )
            )
    return found


def _usual(
    db: DbSession, community_id: str, days: Sequence[date], activities: dict[str, Activity]
) -> dict[date, list[Listed]]:
    """What is on by the base week on days of which nothing is published: drawn up, else as published last.

    What was told for one date is laid over it.
    """
    kept = db.scalars(select(BaseSession).where(BaseSession.community_id == community_id)).all()
    spaces = {row.id: row.name for row in db.scalars(select(Space).where(Space.community_id == community_id))}
    last = last_week(db, community_id, monday_of(min(days)))
    named = kept_base_weeks(db, community_id)
    special: dict[date, list[SpecialDay]] = defaultdict(list)
    for each in special_days(db, community_id, min(days), max(days)):
        special[each.on_date].append(each)
    found: dict[date, list[Listed]] = defaultdict(list)
    for day in days:
        chosen = named.on(day)
        holding = [habit_of(row) for row in kept if row.base_week_id == chosen and _holds(row, day)]
        habits: Iterable[Habit] = holding or (last.habits if last and chosen is None else ())
        for habit in habits:
            activity = activities[habit.activity_id]
            end = habit.start_minute + activity.duration_minutes
            if habit.weekday != day.weekday() or activity.max_group == 1 or not _is_offered(activity, day):
                continue
            if any(each.meets(habit.space_id, habit.start_minute, end) for each in special[day]):
                continue
            found[day] += _expected(activity, day, habit.start_minute, habit.space_id, spaces)
        for each in special[day]:
            if activities[each.activity_id].max_group > 1:
                found[day] += _expected(activities[each.activity_id], day, each.start_minute, each.space_id, spaces)
    return found


def _expected(
    activity: Activity, day: date, start_minute: int, space_id: str | None, spaces: Mapping[str, str]
) -> Iterable[Listed]:
    """A session that is on unless something speaks against it, where everybody may read of it."""
    if title := _public(activity, activity.name):
        yield Listed(
            ref="",
            on_date=day,
            start_minute=start_minute,
            end_minute=start_minute + activity.duration_minutes,
            title=title,
            domains=tuple(activity.domains),
            space_id=space_id,
            space=spaces.get(space_id or "", ""),
            is_closed=activity.is_closed,
            is_off=False,
        )


def _public(activity: Activity, title: str) -> str:
    """What everybody may read of a session, "" where that is nothing."""
    return activity.public_name if activity.is_closed else title


def _holds(row: BaseSession, day: date) -> bool:
    return is_valid(row.valid_from, row.valid_until, day, day)


def _is_offered(activity: Activity, day: date) -> bool:
    """Whether an activity is offered on a day: in its season, begun and not given up."""
    in_season = not activity.months or day.month in activity.months
    has_begun = activity.starts_on is None or activity.starts_on <= day
    return in_season and has_begun and (activity.ended_on is None or day < activity.ended_on)


def _sorted(sessions: Iterable[Listed]) -> tuple[Listed, ...]:
    return tuple(sorted(sessions, key=lambda each: (each.start_minute, each.end_minute, each.title, each.ref)))


def days_of_month(day: date) -> tuple[date, ...]:
    """The days of a day's month."""
    first = day.replace(day=1)
    following = (first + timedelta(days=31)).replace(day=1)
    return tuple(first + _DAY * each for each in range((following - first).days))


def days_of_week(day: date) -> tuple[date, ...]:
    """The seven days of a day's week, from its Monday."""
    return tuple(monday_of(day) + _DAY * each for each in range(7))
