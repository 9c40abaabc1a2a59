"""Days and times as forms and addresses hold them: read in one place, and refused in one sentence each."""

from datetime import date

from flask import request
from flask_babel import gettext as _

from milieu.errors import Invalid

FIRST, LAST = date(2000, 1, 1), date(2199, 12, 31)
"""The days that addresses know: beyond them there is no week before or after."""


def day_asked(argument: str) -> date | None:
    """The day that the address names (`?day=2026-11-30`); None where it names none that it could."""
    return _day_in(request.args.get(argument, ""))


def typed_day(field: str) -> date | None:
    """The day in a field of the form; None where it is left empty. Raises Invalid, at the field."""
    text = request.form.get(field, "")
    day = _day_in(text)
    if day is None and text.strip():
        raise Invalid(_("Please write the day as 2026-12-31."), at=field)
    return day


def needed_day(field: str, missing: str) -> date:
    """The day in a field that may not be left empty, which is refused in the words of `missing`. Raises Invalid."""
    day = typed_day(field)
    if day is None:
        raise Invalid(missing, at=field)
    return day


def typed_count(field: str) -> int | None:
    """The whole number in a field of the form; None where it is left empty. Raises Invalid, at the field."""
    text = request.form.get(field, "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 6):
        raise Invalid(_("Please write a whole number, or nothing."), at=field)
    return int(text)


def typed_minute(field: str) -> int:
    """The time in a field of the form, in minutes after midnight. Raises Invalid, at the field."""
    text = request.form.get(field, "").strip()
    hours, colon, minutes = text.partition(":")
    if not (text.isascii() and hours.isdecimal() and colon and minutes.isdecimal() and len(text) <= 5):
        raise Invalid(_("Please write the time as 14:30."), at=field)
    if int(hours) > 23 or int(minutes) > 59:
        raise Invalid(_("Please write the time as 14:30."), at=field)
    return int(hours) * 60 + int(minutes)


def _day_in(text: str) -> date | None:
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        return None
    return day if FIRST <= day <= LAST else None
