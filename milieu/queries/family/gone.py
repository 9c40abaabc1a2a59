"""What was off on days that are over: told with them, for a family that looked last before it was known."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

from sqlalchemy import select

from milieu.calendar.weeks import monday_of
from milieu.causes import for_family
from milieu.database import DbSession
from milieu.models import Publication
from milieu.queries.family.changes import CANCELLED, OFF, FamilyChange, When, changes_since, order, week_began
from milieu.queries.family.past import PAST_DAYS
from milieu.queries.published.days import invitations_of
from milieu.queries.published.marks import held_of, not_held


def gone_of(
    db: DbSession, community_id: str, resident_id: str, today: date, timezone: str, is_shared: Callable[[date], bool]
) -> tuple[FamilyChange, ...]:
    """What they were invited to in the last seven days and what did not take place, by time; of shared days alone."""
    days = [day for back in range(PAST_DAYS, 0, -1) if is_shared(day := today - timedelta(days=back))]
    found = [
        *_called_off(db, community_id, resident_id, days),
        *_cancelled(db, community_id, resident_id, days, timezone, is_shared),
    ]
    return tuple(sorted(found, key=order))


def _called_off(db: DbSession, community_id: str, resident_id: str, days: list[date]) -> Iterator[FamilyChange]:
    """What the floor said could not be held."""
    slots = [slot for slot, _ in invitations_of(db, community_id, [resident_id], days).get(resident_id, ())]
    held = held_of(db, community_id, refs={slot.ref for slot in slots})
    for slot in slots:
        if slot.ref in not_held(held.values()):
            was = When(slot.on_date, slot.start_minute, slot.space)
            cause = for_family(held[slot.ref].because, slot.space)
            yield FamilyChange(OFF, slot.title, slot.is_visit, was, None, cause)


def _cancelled(
    db: DbSession,
    community_id: str,
    resident_id: str,
    days: list[date],
    timezone: str,
    is_shared: Callable[[date], bool],
) -> Iterator[FamilyChange]:
    """What publications took out of weeks that had begun."""
    for monday in sorted({monday_of(day) for day in days}):
        began = week_began(db, community_id, monday, timezone)
        if began is None or not _is_published_since(db, community_id, monday, began):
            continue
        week = [monday + timedelta(days=ahead) for ahead in range(7)]
        for change in changes_since(db, community_id, resident_id, began, week, is_shared).changes:
            if change.kind == CANCELLED and change.was is not None and change.was.on_date in days:
                yield change


def _is_published_since(db: DbSession, community_id: str, monday: date, at: datetime) -> bool:
    """Whether a week was published anew after a moment: else nothing was taken out of it."""
    newer = select(Publication.id).where(
        Publication.community_id == community_id, Publication.week_start == monday, Publication.published_at > at
    )
    return db.scalar(newer.limit(1)) is not None
