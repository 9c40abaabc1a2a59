"""What a television shows, a slide at a time: what is left of today, then tomorrow.

A day that is not out yet is shown as is usual, and says so, as on the wall.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import ceil

from flask_babel import gettext as _

from milieu.queries.paper.walls import OnProgramme, Programme
from web.words.times import long_day

ROWS, LINES = 6, 7
"""What fits on a slide in 60 pt: so many sessions, and so many lines of theirs."""
LETTER, TITLE_AND_SPACE, SPACE = 0.55, 15.5, 6.5
"""In em: how wide letters are on the whole, and how wide on a slide titles and spaces may be together, and spaces."""


@dataclass(frozen=True)
class Slide:
    """A part of a day: its heading, its sessions, the sentence where there are none, `number` of `count`.

    `note` says above the sessions that they are only usual; they are not on now.
    """

    heading: str
    on_date: date
    is_today: bool
    sessions: tuple[OnProgramme, ...]
    empty: str
    number: int
    count: int
    note: str = ""


def slides_of(shown: Programme) -> tuple[Slide, ...]:
    """Today without what is over, then tomorrow where it is published."""
    today = shown.day(shown.today)
    held = today.sessions or today.base if today else ()
    left = tuple(each for each in held if each.end_minute > shown.minute)
    note = ""
    if today is None or not today.is_published:
        empty = _("Today’s programme is not out yet. Please ask the activity team.")
        note = _("Not out yet. What is usual on this day:") if left else ""
    else:
        empty = _("Nothing more today.") if today.sessions else _("A quiet day.")
    heading = _("Today, %(day)s", day=long_day(shown.today))
    slides = _cut(Slide(heading, shown.today, True, left, empty, 1, 1, note))
    tomorrow = shown.day(shown.today + timedelta(days=1))
    if tomorrow is not None and tomorrow.is_published:
        heading = _("Tomorrow, %(day)s", day=long_day(tomorrow.on_date))
        slides += _cut(Slide(heading, tomorrow.on_date, False, tomorrow.sessions, _("A quiet day."), 1, 1))
    return slides


def _cut(whole: Slide) -> tuple[Slide, ...]:
    """A day on as few slides as it fits on, and evenly: four sessions and three rather than six and one."""
    most, lines = (ROWS - 1, LINES - 1) if whole.note else (ROWS, LINES)
    parts = _parts(whole.sessions, most, lines)
    for rows in range(1, most):
        if len(even := _parts(whole.sessions, rows, lines)) == len(parts):
            parts = even
            break
    count = len(parts)
    return tuple(replace(whole, sessions=part, number=place, count=count) for place, part in enumerate(parts, 1))


def _parts(sessions: tuple[OnProgramme, ...], rows: int, lines: int) -> list[tuple[OnProgramme, ...]]:
    """Sessions in their order, each part with at most so many of them and of their lines."""
    parts: list[tuple[OnProgramme, ...]] = [()]
    for session in sessions:
        is_full = len(parts[-1]) == rows or sum(map(_lines, (*parts[-1], session))) > lines
        if is_full and parts[-1]:
            parts.append(())
        parts[-1] += (session,)
    return parts


def _lines(session: OnProgramme) -> int:
    """How many lines a session takes: what a title leaves of its line is the space's, as far as it needs it."""
    title, space = LETTER * len(session.title), LETTER * len(session.space)
    beside = TITLE_AND_SPACE - min(space, SPACE)
    return max(ceil(title / beside), ceil(space / SPACE), 1)
