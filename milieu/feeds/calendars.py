"""Events as an iCalendar file: lines folded, text escaped, the zone described, the same events the same bytes."""

import unicodedata
import uuid
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar
from icalendar import Event as Entry
from icalendar.enums import STATUS

from milieu.queries.paper.events import Event

ICALENDAR = "text/calendar; charset=utf-8"
AGAIN = timedelta(hours=1)
"""How long a program may keep what it has read before it asks again."""
_OURS = uuid.UUID("6b8a0e52-6f5b-5f0e-9a53-5f3a1b7c2d10")  # of Milieu's events
_UNSEEN = {"Cc", "Cf", "Cs", "Cn", "Zl", "Zp"}


def calendar_file(events: Iterable[Event], *, name: str, timezone: str, whose: str, has_places: bool) -> bytes:
    """The calendar `name`. `whose` tells calendars apart: the same session is another event in each.

    Without `has_places` it says what and when, and not where.
    """
    zone = ZoneInfo(timezone)
    calendar = Calendar.new(
        prodid="-//Milieu//Calendar//EN", name=_plain(name), refresh_interval=AGAIN, uid=uuid.uuid5(_OURS, whose)
    )
    calendar.add("X-WR-TIMEZONE", timezone)
    days = []
    for event in events:
        calendar.add_component(_entry(event, zone, whose, has_places=has_places))
        days.append(event.on_date)
    if days:
        calendar.add_missing_timezones(first_date=_year(min(days)), last_date=_year(max(days), ahead=1))
    return bytes(calendar.to_ical())


def _entry(event: Event, zone: ZoneInfo, whose: str, *, has_places: bool) -> Entry:
    entry = Entry.new(
        uid=uuid.uuid5(_OURS, f"{whose} {event.ref}"),
        summary=_plain(event.title),
        start=_on_the_wall(event.starts_at, zone),
        end=_on_the_wall(event.ends_at, zone),
        stamp=_whole(event.changed_at),
        last_modified=_whole(event.changed_at),
        sequence=event.sequence,
        status=STATUS.CANCELLED if event.is_cancelled else STATUS.CONFIRMED,
    )
    if has_places and event.space:
        entry.add("location", _plain(event.space))
    return entry


def _on_the_wall(moment: datetime, zone: ZoneInfo) -> datetime:
    """The moment in a zone; in UTC where the wall shows it the second time, which a local time cannot say (3.3.5)."""
    local = moment.astimezone(zone)
    return moment if local.fold else local


def _whole(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)


def _year(day: date, ahead: int = 0) -> date:
    """The first day of a year: a zone's description then does not change with every week."""
    return date(day.year + ahead, 1, 1)


def _plain(text: str) -> str:
    """The text in one line, without what cannot be seen or turns a line around."""
    line = " ".join(text.split())
    return "".join(sign for sign in line if unicodedata.category(sign) not in _UNSEEN)
