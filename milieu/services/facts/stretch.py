"""From when until when something holds, as somebody says it."""

from dataclasses import dataclass
from datetime import date, timedelta

from milieu.calendar.weeks import DAY_MINUTES
from milieu.errors import Invalid

PARTS = {"": (0, DAY_MINUTES), "morning": (0, 720), "afternoon": (720, 1020), "evening": (1020, DAY_MINUTES)}
"""Minutes from midnight of each part of a day; "" is all of it."""

EARLIEST, LATEST = timedelta(days=7), timedelta(days=365)
"""How far from today a fact may begin or end that somebody tells."""


@dataclass(frozen=True)
class Stretch:
    """Days, both included; of one day also a part: `start_minute` and `end_minute` count from midnight."""

    first: date
    last: date
    start_minute: int = 0
    end_minute: int = DAY_MINUTES


def stretch_of(
    first: date | None,
    last: date | None,
    part: str,
    *,
    today: date,
    since: date | None = None,
    hours: tuple[int, int] | None = None,
) -> Stretch:
    """From what a form says: `last` None is the first day, `part` a key of PARTS. Raises Invalid at the field meant.

    It may begin so far back as `since`, the first day of a fact that is corrected, where that is longer ago than told.
    `hours` in place of a part are minutes from midnight, from when to when.
    """
    if first is None:
        raise Invalid("Please say the day.", at="first")
    last = first if last is None else last
    if last < first:
        raise Invalid("The last day is before the first.", at="last")
    if first < min(today - EARLIEST, since or today):
        raise Invalid("That is more than a week ago; nothing of it can be changed any more.", at="first")
    if last > today + LATEST:
        raise Invalid("That is more than a year away.", at="last")
    if part not in PARTS:
        raise Invalid("Please choose a part of the day.", at="part")
    if part and hours:
        raise Invalid("Please choose a part of the day or write the hours, not both.", at="part")
    if (part or hours) and first != last:
        raise Invalid("A part of the day goes with one day only. For several days choose all day.", at="part")
    if hours and hours[0] >= hours[1]:
        raise Invalid("It ends before it begins.", at="end")
    return Stretch(first, last, *(hours or PARTS[part]))
