"""When a visit does not collide with a day: free stretches, without a word on what takes up the rest."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from milieu.calendar.spans import Span, hours_of, minus
from milieu.database import DbSession
from milieu.models import ResidentBusy
from milieu.models.people import IN_BED

FIRST_MINUTE, LAST_MINUTE = 9 * 60 + 30, 19 * 60 + 30
LEAST_MINUTES = 60
BREAKFAST_BEGINS_BEFORE = 10 * 60


@dataclass(frozen=True)
class Stretch:
    """A free stretch of a day, minutes from midnight, local time."""

    start_minute: int
    end_minute: int


def busy_rows(db: DbSession, community_id: str, resident_ids: Collection[str]) -> Sequence[ResidentBusy]:
    """All that takes these residents up, whenever."""
    query = select(ResidentBusy).where(
        ResidentBusy.community_id == community_id, ResidentBusy.resident_id.in_(resident_ids)
    )
    return db.scalars(query).all()


def busy_of(
    rows: Sequence[ResidentBusy], resident_ids: Collection[str], days: Sequence[date]
) -> dict[str, dict[date, tuple[Span, ...]]]:
    """What stands against a visit to these residents on these days, as stretches alone.

    A family may sit down to dinner with them, and is itself the visit in their calendar; but not at breakfast.
    """
    against = [row for row in rows if not _is_welcome(row)]
    return {
        resident_id: dict(
            zip(days, hours_of([row for row in against if row.resident_id == resident_id], days), strict=True)
        )
        for resident_id in resident_ids
    }


def free_stretches(taken: Iterable[Span], from_minute: int = 0) -> tuple[Stretch, ...]:
    """What is left of the visiting day (9:30 to 19:30) from a minute on: every stretch of an hour or more, by time."""
    start = max(FIRST_MINUTE, from_minute)
    if start >= LAST_MINUTE:
        return ()
    return tuple(
        Stretch(first, last)
        for first, last in minus(((start, LAST_MINUTE),), (span for span in taken if span[0] < span[1]))
        if last - first >= LEAST_MINUTES
    )


def shared_stretches(each: Sequence[Sequence[Stretch]]) -> tuple[Stretch, ...]:
    """When all of several people are free, in stretches that are worth the way."""
    if not each:
        return ()
    gaps = [
        gap for free in each for gap in minus(((0, LAST_MINUTE),), ((one.start_minute, one.end_minute) for one in free))
    ]
    return free_stretches(gaps)


def _is_welcome(row: ResidentBusy) -> bool:
    if row.kind == "meal":
        return row.start_minute >= BREAKFAST_BEGINS_BEFORE
    return row.kind in ("visit", IN_BED)
