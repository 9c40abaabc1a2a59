"""What a relative sees: of her own relatives only, and of those only what they share with her on this day.

Consent is read with every request and decides each day that is shown: what lies before it began or after it ends is not
there. Nothing here names another resident, or says what takes up the time that is not free.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from milieu.calendar.spans import Span
from milieu.calendar.weeks import monday_of
from milieu.causes import Cause, for_family
from milieu.database import DbSession
from milieu.errors import NotFound
from milieu.models import Community, Publication, PublishedDay
from milieu.queries.family.changes import FamilyChange, Since, changes_since, last_look, week_began
from milieu.queries.family.gone import gone_of
from milieu.queries.family.kin import ATTENDED, CALENDAR, Kin, kin_of
from milieu.queries.family.past import Past, PastDay, past_of
from milieu.queries.family.times import Stretch, busy_of, busy_rows, free_stretches
from milieu.queries.published.absent import Absences, absences
from milieu.queries.published.days import Slot, invitations_of, published_days
from milieu.queries.published.freshness import Freshness, freshness
from milieu.queries.published.marks import Held, held_of, marks_of, not_held
from milieu.queries.published.weeks import weeks_withdrawn
from milieu.reasons import Reason

DAYS_SHOWN = 7
_QUARTER = 15


@dataclass(frozen=True)
class Invited:
    """Something that somebody is invited to.

    `is_off`: it will not be or was not held; `cause`: what of the reason a family may be told. `is_kept`: they are away
    or in bed then, as was told since it was published, and were not marked as having come all the same.
    `times_lately`: how often they came to this activity in the last three weeks; `was_there`: they came today; 0 and
    False where that is not shared.
    """

    slot: Slot
    reasons: tuple[Reason, ...]
    is_off: bool
    times_lately: int
    was_there: bool
    cause: Cause | None = None
    is_kept: bool = False

    @property
    def is_on(self) -> bool:
        """Whether they can go if they like."""
        return not self.is_off and not self.is_kept


@dataclass(frozen=True)
class FamilyDay:
    """A day that is shared; `visits` are the stretches that are free, for today what is left of them."""

    on_date: date
    is_published: bool
    invited: tuple[Invited, ...]
    visits: tuple[Stretch, ...]


@dataclass(frozen=True)
class KinWeek:
    """Today and the days after it, as far as they are shared.

    `news`: what changed since the account last looked, None where it never did; `since_week`: what else changed since
    the week began. `past` is None where how it was is not shared; `gone`: what was off on days that are over.
    """

    kin: Kin
    days: tuple[FamilyDay, ...]
    news: Since | None
    since_week: tuple[FamilyChange, ...]
    past: tuple[PastDay, ...] | None
    gone: tuple[FamilyChange, ...] = ()


@dataclass(frozen=True)
class Issued:
    """When what is shown of a week was published."""

    monday: date
    published_at: datetime


@dataclass(frozen=True)
class FamilyView:
    """A relative's page. `weeks` is empty where nobody shares anything with her today.

    `withdrawn` are the Mondays of the weeks shown that were withdrawn, so that nothing to come is published of them.
    """

    relative: str
    today: date
    as_of: datetime
    freshness: Freshness | None
    issued: tuple[Issued, ...]
    weeks: tuple[KinWeek, ...]
    withdrawn: tuple[date, ...] = ()


@dataclass(frozen=True)
class _Loaded:
    """What all of a relative's residents' weeks are made from."""

    community_id: str
    timezone: str
    account_id: str | None
    days: tuple[date, ...]
    published: frozenset[date]
    invited: dict[str, tuple[tuple[Slot, tuple[Reason, ...]], ...]]
    busy: dict[str, dict[date, tuple[Span, ...]]]
    absences: Absences
    off: dict[str, Held]


def family_view(
    db: DbSession,
    relative_id: str,
    community_id: str,
    today: date,
    now: datetime,
    resident_id: str | None = None,
    *,
    account_id: str | None = None,
) -> FamilyView:
    """The weeks of a relative's residents, or of one of them; `account_id` is who looks, for what is news to her.

    Raises NotFound where there is no such relative, or where the resident named shares nothing with her today.
    """
    relative, kin = kin_of(db, relative_id, community_id, today)
    if resident_id is not None:
        kin = tuple(each for each in kin if each.resident_id == resident_id)
        if not kin:
            raise NotFound("There is nobody of that name to show.")
    if not kin:
        return FamilyView(relative, today, now, None, (), ())
    fresh = freshness(db, community_id, today, today, now)
    loaded = _load(db, community_id, [each.resident_id for each in kin], today, account_id)
    minute = next_quarter(now.astimezone(ZoneInfo(loaded.timezone)))
    weeks = tuple(_week(db, each, loaded, today, minute) for each in kin)
    mondays = sorted({monday_of(day) for day in loaded.days})
    withdrawn = tuple(weeks_withdrawn(db, community_id, mondays))
    return FamilyView(relative, today, now, fresh, _issued(db, community_id, loaded.days), weeks, withdrawn)


def _issued(db: DbSession, community_id: str, days: Sequence[date]) -> tuple[Issued, ...]:
    """From when what is shown is: the newest publication of each week."""
    rows = db.execute(
        select(Publication.week_start, func.max(Publication.published_at))
        .join(
            PublishedDay,
            (PublishedDay.community_id == Publication.community_id) & (PublishedDay.publication_id == Publication.id),
        )
        .where(PublishedDay.community_id == community_id, PublishedDay.on_date.in_(days))
        .group_by(Publication.week_start)
        .order_by(Publication.week_start)
    )
    return tuple(Issued(monday, published_at) for monday, published_at in rows)


def _load(
    db: DbSession, community_id: str, resident_ids: Collection[str], today: date, account_id: str | None
) -> _Loaded:
    days = tuple(today + timedelta(days=ahead) for ahead in range(DAYS_SHOWN))
    invited = invitations_of(db, community_id, resident_ids, days)
    refs = {slot.ref for each in invited.values() for slot, _ in each}
    held = held_of(db, community_id, refs=refs)
    busy = busy_rows(db, community_id, resident_ids)
    return _Loaded(
        community_id=community_id,
        timezone=db.scalars(select(Community.timezone).where(Community.id == community_id)).one(),
        account_id=account_id,
        days=days,
        published=published_days(db, community_id, days),
        invited=invited,
        busy=busy_of(busy, resident_ids, days),
        absences=absences(busy, marks_of(db, community_id, refs=refs).values()),
        off={ref: held[ref] for ref in not_held(held.values())},
    )


def _week(db: DbSession, kin: Kin, loaded: _Loaded, today: date, minute: int) -> KinWeek:
    past = None
    if kin.is_shared(ATTENDED, today):
        past = past_of(db, loaded.community_id, kin.resident_id, today, lambda day: kin.is_shared(ATTENDED, day))
    shown = [day for day in loaded.days if kin.is_shared(CALENDAR, day)]
    news = _news(db, kin, loaded, shown)
    since_week = _since_week(db, kin, loaded, shown)
    return KinWeek(
        kin=kin,
        days=tuple(_day(kin.resident_id, day, loaded, minute if day == today else 0, past) for day in shown),
        news=news,
        since_week=tuple(each for each in since_week if news is None or each not in news.changes),
        past=past.days if past is not None else None,
        gone=gone_of(
            db, loaded.community_id, kin.resident_id, today, loaded.timezone, lambda day: kin.is_shared(CALENDAR, day)
        ),
    )


def _news(db: DbSession, kin: Kin, loaded: _Loaded, days: Sequence[date]) -> Since | None:
    """What changed since the account last looked."""
    if loaded.account_id is None:
        return None
    looked = last_look(db, loaded.community_id, loaded.account_id, kin.resident_id, loaded.days[0], loaded.timezone)
    if looked is None:
        return None
    return _changes(db, kin, loaded, looked, days)


def _since_week(db: DbSession, kin: Kin, loaded: _Loaded, days: Sequence[date]) -> tuple[FamilyChange, ...]:
    """What changed since the present week began, on its own days."""
    monday = loaded.days[0] - timedelta(days=loaded.days[0].weekday())
    began = week_began(db, loaded.community_id, monday, loaded.timezone)
    if began is None:
        return ()
    return _changes(db, kin, loaded, began, [day for day in days if day < monday + timedelta(days=7)]).changes


def _changes(db: DbSession, kin: Kin, loaded: _Loaded, at: datetime, days: Sequence[date]) -> Since:
    return changes_since(db, loaded.community_id, kin.resident_id, at, days, lambda day: kin.is_shared(CALENDAR, day))


def _day(resident_id: str, day: date, loaded: _Loaded, from_minute: int, past: Past | None) -> FamilyDay:
    invited = tuple(
        Invited(
            slot=slot,
            reasons=reasons,
            is_off=slot.ref in loaded.off,
            times_lately=past.lately.get(slot.activity_id, 0) if past is not None else 0,
            was_there=past is not None and slot.ref in past.came_to,
            cause=for_family(loaded.off[slot.ref].because, slot.space) if slot.ref in loaded.off else None,
            is_kept=slot.ref not in loaded.off and bool(loaded.absences.kind(resident_id, slot)),
        )
        for slot, reasons in loaded.invited.get(resident_id, ())
        if slot.on_date == day
    )
    taken = [(each.slot.start_minute, each.slot.end_minute) for each in invited if each.is_on]
    is_published = day in loaded.published
    visits = free_stretches((*taken, *loaded.busy[resident_id][day]), from_minute) if is_published else ()
    return FamilyDay(day, is_published, invited, visits)


def next_quarter(moment: datetime) -> int:
    """The next full quarter of an hour on the wall, in minutes from midnight."""
    minute = moment.hour * 60 + moment.minute
    return -(-minute // _QUARTER) * _QUARTER
