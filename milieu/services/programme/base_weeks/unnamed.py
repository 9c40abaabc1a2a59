"""The base week without a name: shown, kept from what was published last, and let go of again."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar

from sqlalchemy import select

from milieu.calendar.weeks import monday_of
from milieu.clock import local_day
from milieu.database import DbSession
from milieu.errors import Conflict
from milieu.models import Activity, BaseSession, Community
from milieu.models.validity import is_not_over
from milieu.queries.names import names_of
from milieu.queries.programme.base_week import Habit, habit_of, last_week
from milieu.services.journal import record
from milieu.services.weeks.editions import lock_community

Kept = TypeVar("Kept")

_WEEK = timedelta(weeks=1)


@dataclass(frozen=True)
class HabitShown:
    """A session of the base week in words; `space` "" and no `leaders` where they do not matter."""

    weekday: int
    start_minute: int
    title: str
    space: str
    leaders: tuple[str, ...]


@dataclass(frozen=True)
class BaseWeekShown:
    """The base week as it holds for next week, its groups in the order of time: visits are kept too, and not shown.

    `is_by_hand`: it is kept, else it is the week of `published`, None where none was published of late.
    """

    is_by_hand: bool
    published: date | None
    habits: tuple[HabitShown, ...]


def show_base_week(db: DbSession, community_id: str, now: datetime) -> BaseWeekShown:
    """Where the programme is used to stand from next week on."""
    following = _this_monday(db, community_id, now) + _WEEK
    kept = _kept(db, community_id, following)
    found = last_week(db, community_id, following)
    habits = [habit_of(row) for row in kept] or list(found.habits if found else ())
    groups = set(db.scalars(select(Activity.id).where(Activity.community_id == community_id, Activity.max_group > 1)))
    in_time = sorted(habits, key=lambda each: (each.weekday, each.start_minute, each.activity_id))
    shown = in_words(names_of(db, community_id), [each for each in in_time if each.activity_id in groups])
    return BaseWeekShown(bool(kept), found.week_start if found else None, shown)


def in_words(names: Mapping[str, str], habits: Iterable[Habit]) -> tuple[HabitShown, ...]:
    """Sessions of a base week with the names of what they speak of, in the order in which they are given."""
    return tuple(
        HabitShown(
            each.weekday,
            each.start_minute,
            names.get(each.activity_id, ""),
            names.get(each.space_id or "", ""),
            tuple(sorted(names.get(leader, "") for leader in each.facilitators)),
        )
        for each in habits
    )


def keep_by_hand(db: DbSession, community_id: str, *, by: str | None, now: datetime) -> int:
    """Keep the week that was published last as the base week, from now on; how many sessions it has.

    Raises Conflict where none was published of late.
    """
    lock_community(db, community_id)
    today = _today(db, community_id, now)
    published = last_week(db, community_id, monday_of(today) + _WEEK)
    if published is None or not published.habits:
        raise Conflict("No week was published in the last eight weeks, so that there is nothing to keep.")
    _end(db, community_id, today)
    kept = first_at_each_time(published.habits, lambda each: (each.activity_id, each.weekday, each.start_minute))
    db.add_all(_row(community_id, each, today) for each in kept)
    db.flush()
    after = {"sessions": len(kept), "week": published.week_start.isoformat()}
    record(db, community_id, verb="kept", noun="base week", row_id=community_id, by=by, now=now, after=after)
    return len(kept)


def first_at_each_time(sessions: Iterable[Kept], time: Callable[[Kept], tuple[str, int, int]]) -> list[Kept]:
    """Of sessions of one activity, weekday and minute (`time`) the first: a base week says each once."""
    found: dict[tuple[str, int, int], Kept] = {}
    for each in sessions:
        found.setdefault(time(each), each)
    return list(found.values())


def let_go(db: DbSession, community_id: str, *, by: str | None, now: datetime) -> None:
    """Keep no base week by hand any more: each week stands as the one before did."""
    lock_community(db, community_id)
    ended = _end(db, community_id, _today(db, community_id, now))
    if ended:
        before = {"sessions": ended}
        record(db, community_id, verb="let go", noun="base week", row_id=community_id, by=by, now=now, before=before)


def _row(community_id: str, habit: Habit, today: date) -> BaseSession:
    """A session by hand. Who leads it is kept where that is one person: of two, either may be away."""
    leader = habit.facilitators[0] if len(habit.facilitators) == 1 else None
    return BaseSession(
        community_id=community_id,
        activity_id=habit.activity_id,
        weekday=habit.weekday,
        start_minute=habit.start_minute,
        space_id=habit.space_id,
        facilitator_id=leader,
        valid_from=today,
    )


def _end(db: DbSession, community_id: str, today: date) -> int:
    """Let what is kept hold no longer from today on; how many sessions that ends."""
    rows = _kept(db, community_id, today)
    for row in rows:
        if row.valid_from is not None and row.valid_from >= today:
            db.delete(row)
        else:
            row.valid_until = today - timedelta(days=1)
    db.flush()
    return len(rows)


def _kept(db: DbSession, community_id: str, since: date) -> list[BaseSession]:
    """What is kept by hand and holds on a day or later."""
    rows = db.scalars(
        select(BaseSession)
        .where(
            BaseSession.community_id == community_id,
            BaseSession.base_week_id.is_(None),
            is_not_over(BaseSession, since),
        )
        .order_by(BaseSession.id)
    )
    return list(rows)


def _this_monday(db: DbSession, community_id: str, now: datetime) -> date:
    return monday_of(_today(db, community_id, now))


def _today(db: DbSession, community_id: str, now: datetime) -> date:
    return local_day(now, db.get_one(Community, community_id).timezone)
