"""When a visit does not collide with a day: free stretches, without a word on what takes up the rest."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from milieu.database import DbSession
from milieu.models import ResidentBusy
from milieu.solving.spans import Span, hours_of, minus

FIRST_MINUTE, LAST_MINUTE = 9 * 60 + 30, 19 * 60 + 30
LEAST_MINUTES = 45


@dataclass(frozen=True)
class Stretch:
    """A free stretch of a day, minutes from midnight, local time.

    `is_from_morning`: nothing stands before it on that day; `is_to_evening`: nothing after it.
    """

    start_minute: int
    end_minute: int
    is_from_morning: bool
    is_to_evening: bool


def busy_of(
    db: DbSession, community_id: str, resident_ids: Collection[str], days: Sequence[date]
) -> dict[str, dict[date, tuple[Span, ...]]]:
    """What takes up these residents on these days, as stretches alone."""
    rows = db.scalars(
        select(ResidentBusy).where(
            ResidentBusy.community_id == community_id, ResidentBusy.resident_id.in_(resident_ids)
        )
    ).all()
    return {
        resident_id: dict(
            zip(days, hours_of([row for row in rows if row.resident_id == resident_id], days), strict=True)
        )
        for resident_id in resident_ids
    }


def free_stretches(taken: Iterable[Span], from_minute: int = 0) -> tuple[Stretch, ...]:
    """What is left of the visiting day (9:30 to 19:30) from a minute on, in stretches that are worth the way."""
    start = max(FIRST_MINUTE, from_minute)
    if start >= LAST_MINUTE:
        return ()
    return tuple(
        Stretch(first, last, first == FIRST_MINUTE, last == LAST_MINUTE)
        for first, last in minus(((start, LAST_MINUTE),), (span for span in taken if span[0] < span[1]))
        if last - first >= LEAST_MINUTES
    )
