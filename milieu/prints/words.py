"""How sheets write days, times and domains: as the pages do, in English, in 24 hours."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August"),
    *("September", "October", "November", "December"),
)
DOMAINS = {
    "physical": "Body",
    "social": "Company",
    "creative": "Making",
    "cognitive": "Mind",
    "emotional": "Heart",
    "sensory": "Senses",
    "spiritual": "Spirit",
    "outdoor": "Outside",
    "civic": "Our say",
}
WEEKDAYS = _DAYS


def clock_time(minute: int) -> str:
    """Minutes from midnight as "14:30"."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def day_said(day: date) -> str:
    """ "Monday 23 November"."""
    return f"{_DAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]}"


def date_said(day: date) -> str:
    """ "23 November 2026"."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def month_said(day: date) -> str:
    """ "November 2026"."""
    return f"{_MONTHS[day.month - 1]} {day.year}"


def moment_said(moment: datetime, timezone: str) -> str:
    """ "23 November 2026, 05:30", on the wall of a zone."""
    local = moment.astimezone(ZoneInfo(timezone))
    return f"{date_said(local.date())}, {local:%H:%M}"


def week_said(monday: date) -> str:
    """ "Week of 23 November 2026"."""
    return f"Week of {date_said(monday)}"


def domain_said(domains: tuple[str, ...]) -> str:
    """The word of the first domain, "Other" where there is none."""
    first = domains[0] if domains else ""
    return DOMAINS.get(first) or first.capitalize() or "Other"
