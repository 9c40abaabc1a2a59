"""What is due when: pure functions of a moment, a time of day and a zone.

Each run is keyed by the local day it is meant for, never by the day it happens on. A time that a clock change skips
comes as much later as the clocks were moved; a time that comes twice is its first. (A daily cron trigger in a local
zone loses or doubles such days.)
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

REMEMBERED_DAYS = 31  # how far back a day is still marked as missed


@dataclass(frozen=True)
class Duty:
    """What one community is owed for one local day, under the fence of the lease that found it.

    `kind` as in the ledger. `most_seconds`: its search gets no more, None as much as its community wants.
    """

    community_id: str
    local_day: date
    due_at: datetime
    fence: int
    kind: str = "repair"
    most_seconds: int | None = None


@dataclass(frozen=True)
class Days:
    """`current` are due and not over (one day; two where yesterday's time slid past midnight), `past` are over."""

    current: tuple[date, ...]
    past: tuple[date, ...]


def due_at(local_day: date, publish_minute: int, zone: ZoneInfo) -> datetime:
    """The moment (UTC) at which the duty of a local day is due; `publish_minute` counts from midnight, 0..1439."""
    at = time(publish_minute // 60, publish_minute % 60)
    return datetime.combine(local_day, at, tzinfo=zone).astimezone(UTC)


def days_due(now: datetime, publish_minute: int, zone: ZoneInfo, *, since: date | None) -> Days:
    """The local days whose duty is due at that moment.

    Only what is current is caught up on. `past` begins after `since` (the last day on record; None: nothing is past)
    and goes back 31 days at most.
    """
    today = now.astimezone(zone).date()
    yesterday = today - timedelta(days=1)
    has_slid = due_at(yesterday, publish_minute, zone).astimezone(zone).date() == today
    current = tuple(
        day for day in ((yesterday, today) if has_slid else (today,)) if due_at(day, publish_minute, zone) <= now
    )
    last_past = yesterday - timedelta(days=1) if has_slid else yesterday
    if since is None:
        return Days(current, ())
    first = max(since + timedelta(days=1), last_past - timedelta(days=REMEMBERED_DAYS - 1))
    count = max(0, (last_past - first).days + 1)
    return Days(current, tuple(first + timedelta(days=number) for number in range(count)))
