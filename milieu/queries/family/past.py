"""How it was, for a relative with whom a resident shares it: what they came to, said no to, or slept through.

Told is what was seen, each thing by itself. That somebody was unwell, in care or not found is for the team; of what
nobody marked nothing is told.
"""

from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, timedelta

from milieu.database import DbSession
from milieu.queries.published.days import Slot, slots_by_ref
from milieu.queries.published.marks import Mark, called_off, marks_of

PAST_DAYS = 7
LATELY_WEEKS = 3
TOLD = ("attended", "declined", "asleep")


@dataclass(frozen=True)
class Was:
    """What became of one thing: `outcome` is one of `TOLD`; `is_visit`: the team came to them."""

    session_ref: str
    title: str
    is_visit: bool
    outcome: str


@dataclass(frozen=True)
class PastDay:
    """A day that is over, with what was seen on it, by time; never without anything."""

    on_date: date
    things: tuple[Was, ...]


@dataclass(frozen=True)
class Past:
    """`days`: those of the last seven of which there is something to tell, newest first.

    `lately`: how often they came to an activity in the last three weeks, by its id; `came_to`: refs of sessions.
    """

    days: tuple[PastDay, ...]
    lately: dict[str, int]
    came_to: frozenset[str]


def past_of(db: DbSession, community_id: str, resident_id: str, today: date, is_shared: Callable[[date], bool]) -> Past:
    """How the last weeks were, on the days that are shared."""
    days = [today - timedelta(days=back) for back in range(7 * LATELY_WEEKS + 1)]
    shared = {day for day in days if is_shared(day)}
    found = marks_of(db, community_id, days=shared, resident_id=resident_id).values()
    off = called_off(db, community_id, [mark.session_ref for mark in found])
    told = [mark for mark in found if mark.outcome in TOLD and mark.session_ref not in off and mark.on_date in shared]
    slots = slots_by_ref(db, community_id, [mark.session_ref for mark in told])
    marks = [mark for mark in told if mark.session_ref in slots]
    came = [mark for mark in marks if mark.outcome == "attended"]
    lately: dict[str, int] = defaultdict(int)
    for mark in came:
        lately[slots[mark.session_ref].activity_id] += 1
    return Past(_days(marks, slots, today), dict(lately), frozenset(mark.session_ref for mark in came))


def _days(marks: Collection[Mark], slots: dict[str, Slot], today: date) -> tuple[PastDay, ...]:
    by_day: dict[date, list[Mark]] = defaultdict(list)
    for mark in marks:
        if today - timedelta(days=PAST_DAYS) <= mark.on_date < today:
            by_day[mark.on_date].append(mark)
    return tuple(
        PastDay(day, tuple(_was(mark, slots[mark.session_ref]) for mark in _by_time(by_day[day], slots)))
        for day in sorted(by_day, reverse=True)
    )


def _by_time(marks: Collection[Mark], slots: dict[str, Slot]) -> list[Mark]:
    return sorted(marks, key=lambda mark: (slots[mark.session_ref].start_minute, mark.session_ref))


def _was(mark: Mark, slot: Slot) -> Was:
    return Was(mark.session_ref, slot.title, slot.is_visit, mark.outcome or "")
