"""The blueprint that the records' views hang on, and the time that an address asks for."""

from datetime import date, timedelta

from flask import Blueprint, request

from milieu.errors import Invalid
from milieu.queries.records.entries import Period
from web.binding import now
from web.guards.principal import principal
from web.words.times import today_in

blueprint = Blueprint("records", __name__)
_QUARTER = 3  # months


def asked_period() -> Period:
    """From `first` to `last` of the address; where it says nothing, the three months up to today. Raises Invalid."""
    today = today_in(principal().timezone, now())
    last = _day("last") or today
    return Period(_day("first") or _months_before(last, _QUARTER), last)


def _months_before(day: date, months: int) -> date:
    """The day after the one that has the same number so many months before, or after the last that month has."""
    index = day.year * 12 + day.month - 1 - months
    first = date(index // 12, index % 12 + 1, 1)
    length = ((first + timedelta(days=31)).replace(day=1) - first).days
    return first.replace(day=min(day.day, length)) + timedelta(days=1)


def _day(name: str) -> date | None:
    given = request.args.get(name, "")
    if not given:
        return None
    try:
        found = date.fromisoformat(given)
    except ValueError:
        found = date.min
    if not 2000 <= found.year < 2200:
        raise Invalid("Choose a first day and a last day, at most a year apart.")
    return found
