"""How a page writes days and times: in the community's zone, in 24 hours, with the day's name."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _


def clock_time(minute: int) -> str:
    """Minutes from midnight as "14:30"; the end of a day is "24:00"."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def local(moment: datetime, timezone: str) -> datetime:
    """A moment as the wall clock of a zone shows it."""
    return moment.astimezone(ZoneInfo(timezone))


def time_of(moment: datetime, timezone: str) -> str:
    """The time of day of a moment: "05:30"."""
    return local(moment, timezone).strftime("%H:%M")


def weekday(day: date) -> str:
    """ "Monday"."""
    return format_date(day, "EEEE", locale=get_locale())


def short_day(day: date) -> str:
    """ "Mon 23"."""
    return format_date(day, "EEE d", locale=get_locale())


def day_and_month(day: date) -> str:
    """ "23 November"."""
    return format_date(day, "d MMMM", locale=get_locale())


def long_day(day: date) -> str:
    """ "Monday 23 November"."""
    return format_date(day, "EEEE d MMMM", locale=get_locale())


def date_said(day: date) -> str:
    """ "23 November 2026"."""
    return format_date(day, "d MMMM y", locale=get_locale())


def full_date(day: date) -> str:
    """ "Monday 23 November 2026"."""
    return format_date(day, "EEEE d MMMM y", locale=get_locale())


def month_and_year(day: date) -> str:
    """ "November 2026"."""
    return format_date(day, "LLLL y", locale=get_locale())


def months_said(months: Sequence[int]) -> str:
    """Months from 1 to 12 in words: "April to October", "November to February", "May, July"."""
    there = set(months)
    begins = [month for month in sorted(there) if (month - 2) % 12 + 1 not in there]
    runs = []
    for first in begins:
        last = first
        while last % 12 + 1 in there:
            last = last % 12 + 1
        names = [format_date(date(2000, month, 1), "LLLL", locale=get_locale()) for month in (first, last)]
        runs.append(names[0] if first == last else _("%(first)s to %(last)s", first=names[0], last=names[1]))
    return ", ".join(runs)


def when(moment: datetime, now: datetime, timezone: str) -> str:
    """A moment near `now` in words: "today 05:30", "yesterday 17:10", "Fri 20 November 08:12"."""
    at, today = local(moment, timezone), local(now, timezone).date()
    time = at.strftime("%H:%M")
    if at.date() == today:
        return _("today %(time)s", time=time)
    if at.date() == today - timedelta(days=1):
        return _("yesterday %(time)s", time=time)
    if at.date() == today + timedelta(days=1):
        return _("tomorrow %(time)s", time=time)
    pattern = "EEE d MMMM" if at.year == today.year else "EEE d MMMM y"
    return f"{format_date(at.date(), pattern, locale=get_locale())} {time}"


def duration(seconds: float) -> str:
    """A stretch of time in words: "8 seconds", "3 minutes"."""
    whole = max(0, round(seconds))
    if whole < 90:
        return ngettext("%(num)d second", "%(num)d seconds", whole)
    return ngettext("%(num)d minute", "%(num)d minutes", round(whole / 60))


def monday_of(day: date) -> date:
    """The Monday of a day's week (ISO 8601)."""
    return day - timedelta(days=day.weekday())


def sunday_of(day: date) -> date:
    """The Sunday of a day's week."""
    return monday_of(day) + timedelta(days=6)


def week_named(week_start: date, today: date) -> str:
    """A week by its Monday: "last week", "this week", "next week", "the week of 9 November"."""
    away = (week_start - monday_of(today)).days // 7
    near = {-1: _("last week"), 0: _("this week"), 1: _("next week")}
    return near.get(away) or _("the week of %(day)s", day=day_and_month(week_start))


def today_in(timezone: str, now: datetime) -> date:
    """The date on the wall there at a moment."""
    return local(now.astimezone(UTC), timezone).date()
