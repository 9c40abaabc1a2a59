"""A row of a resident's facts in a line, as the list of its part shows it."""

from collections.abc import Mapping
from datetime import date

from flask_babel import gettext as _

from web.fields import Words
from web.words.people import weekday_word
from web.words.times import date_said

_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def summary(part: str, words: Mapping[str, Words], held: Mapping[str, str]) -> str:
    """What a row says, of its values as text: "Choir, loves it, Ada"."""
    if not held:
        return ""
    said = [_value(name, words, held) for name in _SAID.get(part, ()) if held.get(name)]
    if held.get("valid_from"):
        said.append(_("from %(day)s", day=_day(held["valid_from"])))
    if held.get("valid_until"):
        said.append(_("until %(day)s", day=_day(held["valid_until"])))
    return ", ".join(each for each in said if each)


def _value(name: str, words: Mapping[str, Words], held: Mapping[str, str]) -> str:
    text = held[name]
    if name == "days":
        return ", ".join(weekday_word(_WEEKDAYS.index(day)) for day in text.split(";"))
    if name in ("said_on", "date"):
        return _day(text)
    if name == "from":
        return _("%(start)s to %(end)s", start=text, end=held.get("to", ""))
    if name in ("sessions_a_week", "times_a_week"):
        return _("%(count)s a week", count=text)
    return dict(words[name].options).get(text, text)


def _day(text: str) -> str:
    return date_said(date.fromisoformat(text))


_SAID = {
    "busy": ("kind", "days", "date", "from"),
    "calm": ("noise_max", "days", "date", "from"),
    "wishes": ("activity", "strength", "said_by", "said_on"),
    "limits": ("activity", "space", "facilitator", "reason", "charted_by"),
    "aims": ("domain", "sessions_a_week"),
    "demands": ("activity", "times_a_week"),
    "groups": ("activity",),
}
