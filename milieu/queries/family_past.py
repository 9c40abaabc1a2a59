"""How it was, for a relative with whom a resident shares it: what they came to, and where they chose to rest.

Only coming and resting are told. That somebody was unwell, in care or not found is for the team.
"""

from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, timedelta

from milieu.database import DbSession
from milieu.queries.marks import Mark, held_of, marks_of, not_held
from milieu.queries.published import Slot, slots_by_ref
from solver.exchange import part_of_day

LATELY_WEEKS = 3
_RESTED = ("declined", "asleep")


@dataclass(frozen=True)
class Attended:
    """Something that somebody came to."""

    on_date: date
    title: str
    is_visit: bool


@dataclass(frozen=True)
class QuietDay:
    """A day on which somebody chose to rest; `part` is "morning", "afternoon", "evening" or "day"."""

    on_date: date
    part: str


@dataclass(frozen=True)
class LastWeek:
    """The week before this one, Monday to Sunday."""

    attended: tuple[Attended, ...]
    quiet: tuple[QuietDay, ...]


@dataclass(frozen=True)
class Past:
    """`lately`: how often they came to an activity in the last three weeks; `came_to`: refs of sessions of those."""

    last_week: LastWeek
    lately: dict[str, int]
    came_to: frozenset[str]


def past_of(db: DbSession, community_id: str, resident_id: str, today: date, is_shared: Callable[[date], bool]) -> Past:
    """How the last weeks were, on the days that are shared."""
    days = [today - timedelta(days=back) for back in range(7 * LATELY_WEEKS + 1)]
    shared = [day for day in days if is_shared(day)]
    found = marks_of(db, community_id, days=shared, resident_id=resident_id).values()
    off = not_held(held_of(db, community_id, refs=[mark.session_ref for mark in found]).values())
    marks = [
        mark
        for mark in found
        if mark.outcome not in (None, "not held") and mark.session_ref not in off and mark.on_date in shared
    ]
    slots = slots_by_ref(db, community_id, [mark.session_ref for mark in marks])
    came = [mark for mark in marks if mark.outcome == "attended" and mark.session_ref in slots]
    lately: dict[str, int] = defaultdict(int)
    for mark in came:
        lately[slots[mark.session_ref].activity_id] += 1
    return Past(_last_week(marks, slots, today), dict(lately), frozenset(mark.session_ref for mark in came))


def _last_week(marks: Collection[Mark], slots: dict[str, Slot], today: date) -> LastWeek:
    monday = today - timedelta(days=today.weekday() + 7)
    by_day: dict[date, list[Mark]] = defaultdict(list)
    for mark in marks:
        if monday <= mark.on_date < monday + timedelta(days=7) and mark.session_ref in slots:
            by_day[mark.on_date].append(mark)
    attended, quiet = [], []
    for day, of_day in sorted(by_day.items()):
        went = [slots[mark.session_ref] for mark in of_day if mark.outcome == "attended"]
        attended += [
            Attended(day, slot.title, slot.is_visit) for slot in sorted(went, key=lambda slot: slot.start_minute)
        ]
        if all(mark.outcome in _RESTED for mark in of_day):
            quiet.append(QuietDay(day, _part([slots[mark.session_ref].start_minute for mark in of_day])))
    return LastWeek(tuple(attended), tuple(quiet))


def _part(starts: Collection[int]) -> str:
    """The part of day that all of these minutes lie in, else the day."""
    parts = {part_of_day(start) for start in starts}
    return parts.pop() if len(parts) == 1 else "day"
