"""How somebody's last weeks were, counted by week: what they came to, what they let go by. Rest is as good."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from milieu.calendar.weeks import DAYS
from milieu.database import DbSession
from milieu.models import Attendance, Invitation, PublishedDay, PublishedSession
from milieu.queries.published.marks import not_held_between, standing

WEEKS = 4
_COUNTED = {
    "attended": "came",
    "declined": "no",
    "asleep": "rested",
    "unwell": "elsewhere",
    "in care": "elsewhere",
    "away": "elsewhere",
    "not found": "elsewhere",
}


@dataclass(frozen=True)
class WeekPast:
    """One week's days so far. Of what somebody was `asked` to: `came`, `said_no`, slept, was `elsewhere`, not marked.

    `unasked` is what they came to without an invitation; `best` is the activity that they came to most, "" for none.
    """

    monday: date
    asked: int
    came: int
    said_no: int
    rested: int
    elsewhere: int
    unasked: int
    best: str

    @property
    def unmarked(self) -> int:
        """Invitations of which nobody said what became of them."""
        return max(0, self.asked - self.came - self.said_no - self.rested - self.elsewhere)


def lately(db: DbSession, community_id: str, resident_id: str, today: date) -> tuple[WeekPast, ...]:
    """The last weeks up to yesterday, the newest first; without those in which nothing was. Three queries."""
    monday = today - timedelta(days=today.weekday())
    first = monday - timedelta(weeks=WEEKS - 1)
    off = not_held_between(db, community_id, first, today - timedelta(days=1))
    invited = [each for each in _invited(db, community_id, resident_id, first, today) if each[0] not in off]
    marks = [each for each in _marks(db, community_id, resident_id, first, today) if each[0] not in off]
    titles = {ref: title for ref, _day, title in invited}
    weeks = [monday - timedelta(weeks=back) for back in range(WEEKS)]
    found = [_week(each, invited, marks, titles) for each in weeks]
    return tuple(week for week in found if week.asked or week.unasked)


def _week(
    monday: date,
    invited: Iterable[tuple[str, date, str]],
    marks: Iterable[tuple[str, date, bool, str]],
    titles: dict[str, str],
) -> WeekPast:
    def is_in(day: date) -> bool:
        return monday <= day < monday + timedelta(days=DAYS)

    of_the_week = [mark for mark in marks if is_in(mark[1])]
    count = Counter(_COUNTED.get(outcome, "") for _ref, _day, was_invited, outcome in of_the_week if was_invited)
    unasked = sum(not was_invited and outcome == "attended" for _ref, _day, was_invited, outcome in of_the_week)
    came_to = Counter(
        titles[ref] for ref, _day, _was, outcome in of_the_week if outcome == "attended" and ref in titles
    )
    best = min(came_to, key=lambda title: (-came_to[title], title)) if came_to else ""
    asked = max(sum(is_in(day) for _ref, day, _title in invited), sum(count.values()))
    return WeekPast(monday, asked, count["came"], count["no"], count["rested"], count["elsewhere"], unasked, best)


def _invited(
    db: DbSession, community_id: str, resident_id: str, first: date, today: date
) -> list[tuple[str, date, str]]:
    """Ref, day and title of what somebody was invited to, as it is published."""
    rows = db.execute(
        select(PublishedSession.ref, PublishedSession.on_date, PublishedSession.title)
        .join(
            PublishedDay,
            (PublishedDay.community_id == PublishedSession.community_id)
            & (PublishedDay.publication_id == PublishedSession.publication_id)
            & (PublishedDay.on_date == PublishedSession.on_date),
        )
        .join(
            Invitation,
            (Invitation.community_id == PublishedSession.community_id)
            & (Invitation.published_session_id == PublishedSession.id),
        )
        .where(
            PublishedSession.community_id == community_id,
            Invitation.resident_id == resident_id,
            PublishedDay.on_date >= first,
            PublishedDay.on_date < today,
        )
    )
    return [(row.ref, row.on_date, row.title) for row in rows]


def _marks(
    db: DbSession, community_id: str, resident_id: str, first: date, today: date
) -> list[tuple[str, date, bool, str]]:
    """Ref, day, whether they were invited and the outcome of what is marked for somebody and holds."""
    rows = db.execute(
        select(
            Attendance.session_ref,
            Attendance.on_date,
            Attendance.was_invited,
            Attendance.outcome,
            Attendance.number,
            Attendance.takes_back,
            Attendance.tapped_at,
        ).where(
            Attendance.community_id == community_id,
            Attendance.resident_id == resident_id,
            Attendance.on_date >= first,
            Attendance.on_date < today,
        )
    )
    taps = defaultdict(list)
    for row in rows:
        taps[row.session_ref].append(row)
    holding = [left[-1] for each in taps.values() if (left := standing(each))]
    return [(row.session_ref, row.on_date, row.was_invited, row.outcome) for row in holding if row.outcome is not None]
