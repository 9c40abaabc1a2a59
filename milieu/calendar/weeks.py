"""Weeks as the solver counts them: seven local days from a Monday (ISO 8601), minutes of wall-clock time."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from milieu.clock import local_day
from milieu.errors import Invalid

DAYS = 7
DAY_MINUTES = 24 * 60


@dataclass(frozen=True, order=True)
class Moment:
    """A wall-clock moment of a week: day 0 is Monday, `minute` counts from midnight."""

    day: int
    minute: int


@dataclass(frozen=True)
class Week:
    """Seven local days of one community."""

    start: date
    timezone: str

    def __post_init__(self) -> None:
        if self.start.weekday() != 0:
            raise Invalid("A week starts on a Monday.", [f"{self.start.isoformat()} is not a Monday"])

    @property
    def days(self) -> tuple[date, ...]:
        return tuple(self.start + timedelta(days=n) for n in range(DAYS))

    @property
    def last(self) -> date:
        return self.start + timedelta(days=DAYS - 1)

    @property
    def name(self) -> str:
        """The week as ISO 8601 writes it, "2026-W49"."""
        year, number, _ = self.start.isocalendar()
        return f"{year}-W{number:02d}"

    @property
    def seed(self) -> int:
        """The solver's seed: another one each week, so that equal plans do not favour the same people for ever."""
        year, number, _ = self.start.isocalendar()
        return year * 100 + number

    def moment(self, now: datetime, slot_minutes: int) -> Moment | None:
        """Up to where the week is past, rounded up to the grid; None before it begins, Moment(7, 0) once it is over."""
        local = now.astimezone(ZoneInfo(self.timezone))
        seconds = local.hour * 3600 + local.minute * 60 + local.second + (local.microsecond > 0)
        slots = -(-seconds // (slot_minutes * 60))
        day, minute = (local.date() - self.start).days, slots * slot_minutes
        if minute >= DAY_MINUTES:
            day, minute = day + 1, 0
        if (day, minute) <= (0, 0):
            return None
        return min(Moment(day, minute), Moment(DAYS, 0))

    def is_over(self, now: datetime, slot_minutes: int) -> bool:
        return self.moment(now, slot_minutes) == Moment(DAYS, 0)

    def rest_from(self, now: datetime) -> date:
        """The first day that is not past: today, or Monday where the week has yet to begin."""
        return max(self.start, local_day(now, self.timezone))


def monday_of(day: date) -> date:
    """The Monday of the week that a day lies in."""
    return day - timedelta(days=day.weekday())


def to_utc(day: date, minute: int, timezone: str) -> datetime:
    """The moment of a local wall-clock time; `minute` 1440 is the next midnight.

    A time that a clock change skips moves later, one that comes twice is the first of the two.
    """
    day, minute = (day + timedelta(days=1), 0) if minute == DAY_MINUTES else (day, minute)
    local = datetime.combine(day, time(minute // 60, minute % 60), tzinfo=ZoneInfo(timezone))
    return local.astimezone(UTC)
