"""What a television shows, a slide at a time: what is left of today, then tomorrow."""

from dataclasses import dataclass
from datetime import timedelta

from flask_babel import gettext as _

from milieu.queries.week.programme import OnProgramme, Programme
from web.words.times import long_day

ROWS = 6
"""Sessions that fit on a slide in 60 pt, one of them with a title of two lines."""


@dataclass(frozen=True)
class Slide:
    """A part of a day: its heading, its sessions, the sentence where there are none, `number` of `count`."""

    heading: str
    is_today: bool
    sessions: tuple[OnProgramme, ...]
    empty: str
    number: int
    count: int


def slides_of(shown: Programme) -> tuple[Slide, ...]:
    """Today without what is over, then tomorrow where it is published."""
    today = shown.day(shown.today)
    left = tuple(each for each in today.sessions if each.end_minute > shown.minute) if today else ()
    if today is None or not today.is_published:
        empty = _("Today’s programme is not out yet.")
    else:
        empty = _("Nothing more today.") if today.sessions else _("A quiet day.")
    slides = _cut(_("Today, %(day)s", day=long_day(shown.today)), left, empty, is_today=True)
    tomorrow = shown.day(shown.today + timedelta(days=1))
    if tomorrow is not None and tomorrow.is_published:
        heading = _("Tomorrow, %(day)s", day=long_day(tomorrow.on_date))
        slides += _cut(heading, tomorrow.sessions, _("A quiet day."), is_today=False)
    return slides


def _cut(heading: str, sessions: tuple[OnProgramme, ...], empty: str, *, is_today: bool) -> tuple[Slide, ...]:
    count = max(1, -(-len(sessions) // ROWS))
    each = -(-len(sessions) // count)  # evenly: four and three rather than six and one
    return tuple(
        Slide(heading, is_today, sessions[part * each : (part + 1) * each], empty, part + 1, count)
        for part in range(count)
    )
