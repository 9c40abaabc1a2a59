"""On what an answer about a week rests: read in a few statements, so that what was worked out before can be told again.

It is complete where it is read in the transaction that would read the facts: two equal bases are one answer.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Select, func, select

from milieu.calendar.weeks import Moment, Week
from milieu.clock import local_day
from milieu.database import DbSession
from milieu.errors import NotFound
from milieu.models import (
    Attendance,
    Community,
    CommunitySettings,
    FactRevision,
    Publication,
    SessionHeld,
)
from milieu.queries.programme.resting import REST
from milieu.queries.settings import USUAL_SLOT

LOOKED_BACK = 2 * REST
"""How far before a week its facts go back: to the noes of which an activity rests, and to who was asked to what."""

AFTER = timedelta(weeks=1)
"""How far after its last day they go: visits of the week after keep their distance."""


@dataclass(frozen=True)
class Basis:
    """`today` is the community's day, up to which is counted who was asked how often; `until` the moment of the grid up
    to which the week is past, None before it begins.

    `facts` is the revision of the community's facts, `publication_id` what is published of the week, `beside` the
    newest publication of the weeks that its facts go back or on to, `marks` how far the floor has marked: rows of marks
    and of publications are only ever added.
    """

    community_id: str
    timezone: str
    week_start: date
    today: date
    until: Moment | None
    facts: str
    publication_id: str | None
    beside: int
    marks: str


def basis_of(db: DbSession, community_id: str, week_start: date, now: datetime) -> Basis:
    """One statement. Raises NotFound; Invalid where the week starts on no Monday."""
    published = (
        select(Publication.id)
        .where(Publication.community_id == community_id, Publication.week_start == week_start)
        .order_by(Publication.number.desc())
        .limit(1)
    )
    since = week_start - LOOKED_BACK
    beside = select(func.max(Publication.number)).where(
        Publication.community_id == community_id,
        Publication.week_start.between(since, week_start + AFTER),
    )
    counted = [_count(table, community_id, since) for table in (Attendance, SessionHeld)]
    row = db.execute(
        select(
            Community.timezone,
            CommunitySettings.slot_minutes,
            FactRevision.token,
            published.scalar_subquery().label("publication_id"),
            beside.scalar_subquery().label("beside"),
            *(each.scalar_subquery() for each in counted),
        )
        .outerjoin(CommunitySettings, CommunitySettings.community_id == Community.id)
        .outerjoin(FactRevision, FactRevision.community_id == Community.id)
        .where(Community.id == community_id)
    ).one_or_none()
    if row is None:
        raise NotFound("There is no such community.")
    timezone, slot, token, publication_id, newest, *counts = row
    until = Week(week_start, timezone).moment(now, slot or USUAL_SLOT)
    marks = "-".join(map(str, counts))
    today = local_day(now, timezone)
    return Basis(community_id, timezone, week_start, today, until, token or "", publication_id, newest or 0, marks)


def marked_before(db: DbSession, community_id: str, week_start: date, day: date) -> int:
    """How many marks there are for the days before a day that a week is read from."""
    counted = _count(Attendance, community_id, week_start - LOOKED_BACK).where(Attendance.on_date < day)
    return db.execute(counted).scalar_one()


def _count(table: type[Attendance | SessionHeld], community_id: str, since: date) -> Select[int]:
    return select(func.count(table.id)).where(table.community_id == community_id, table.on_date >= since)
