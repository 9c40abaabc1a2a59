"""Who was together: whom the marks of the floor saw in one group, as it was held."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations

from sqlalchemy import select

from milieu.database import DbSession
from milieu.models import Attendance, PublishedSession
from milieu.queries.published.marks import not_held_between, standing
from milieu.queries.ties.bonds import Pair

LATELY = timedelta(weeks=4)
SMALL = 10
"""In a group of at most so many who came two people can have met."""
LEFT_SOON = ("left early", "distressed")


@dataclass(frozen=True)
class Meeting:
    """A group as it was held: who came, and of those who stayed to its end, as far as was marked."""

    activity_id: str
    on_date: date
    came: frozenset[str]
    stayed: frozenset[str]

    @property
    def is_small(self) -> bool:
        return 1 < len(self.came) <= SMALL


def meetings(db: DbSession, community_id: str, first: date, last: date) -> tuple[Meeting, ...]:
    """The groups held on the days from `first` to `last` of which anybody was marked as there. Three queries."""
    here = Attendance.community_id == community_id, Attendance.on_date.between(first, last)
    taps: dict[tuple[str, str], list[Attendance]] = defaultdict(list)
    for row in db.execute(
        select(
            Attendance.session_ref,
            Attendance.resident_id,
            Attendance.on_date,
            Attendance.outcome,
            Attendance.level,
            Attendance.number,
            Attendance.takes_back,
            Attendance.tapped_at,
        ).where(*here)
    ):
        taps[row.session_ref, row.resident_id].append(row)  # type: ignore[arg-type]
    activities = _activities(db, community_id, first, last)
    off = not_held_between(db, community_id, first, last)
    came: dict[tuple[str, date], dict[str, str | None]] = defaultdict(dict)
    for (ref, resident_id), rows in taps.items():
        left = standing(rows)
        if left and left[-1].outcome == "attended" and ref not in off and ref in activities:
            came[ref, left[-1].on_date][resident_id] = left[-1].level
    return tuple(
        Meeting(
            activities[ref],
            day,
            frozenset(levels),
            frozenset(who for who, level in levels.items() if level not in LEFT_SOON),
        )
        for (ref, day), levels in sorted(came.items(), key=lambda each: (each[0][1], each[0][0]))
    )


def times_together(held: Iterable[Meeting]) -> Mapping[Pair, int]:
    """How often each two were in one small group."""
    counts: Counter[Pair] = Counter()
    for meeting in held:
        if meeting.is_small:
            counts.update(frozenset(pair) for pair in combinations(sorted(meeting.came), 2))
    return counts


def _activities(db: DbSession, community_id: str, first: date, last: date) -> Mapping[str, str]:
    """The activity of each group that was published for these days; a visit to one person is no group."""
    rows = db.execute(
        select(PublishedSession.ref, PublishedSession.activity_id)
        .where(
            PublishedSession.community_id == community_id,
            PublishedSession.on_date.between(first, last),
            PublishedSession.is_visit.is_(False),
        )
        .distinct()
    )
    return {row.ref: row.activity_id for row in rows}
