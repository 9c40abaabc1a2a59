"""Who was asked to what on which day, as it was published and held: what fair turns and days apart are counted from."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from milieu.database import DbSession
from milieu.models import Attendance, Invitation, PublishedDay, PublishedSession
from milieu.queries.published.marks import not_held_between, standing

UNASKED = ("not invited", "not held")
"""What was marked of somebody who was invited on paper, and never asked."""


@dataclass(frozen=True)
class Asked:
    """One published session that was not called off: on which day it is, and who was asked to it."""

    ref: str
    activity_id: str
    on_date: date
    residents: frozenset[str]


def asked_between(db: DbSession, community_id: str, first: date, last: date) -> tuple[Asked, ...]:
    """The sessions that hold on the days from `first` to `last`, in the order of time. Four queries."""
    holding = (
        (PublishedDay.community_id == PublishedSession.community_id)
        & (PublishedDay.publication_id == PublishedSession.publication_id)
        & (PublishedDay.on_date == PublishedSession.on_date)
    )
    here = PublishedSession.community_id == community_id, PublishedSession.on_date.between(first, last)
    sessions = db.execute(
        select(PublishedSession.id, PublishedSession.ref, PublishedSession.activity_id, PublishedSession.on_date)
        .join(PublishedDay, holding)
        .where(*here)
        .order_by(PublishedSession.starts_at, PublishedSession.ref)
    ).all()
    asked: dict[str, set[str]] = {row.id: set() for row in sessions}
    for session_id, resident_id in db.execute(
        select(Invitation.published_session_id, Invitation.resident_id)
        .join(
            PublishedSession,
            (PublishedSession.community_id == Invitation.community_id)
            & (PublishedSession.id == Invitation.published_session_id),
        )
        .join(PublishedDay, holding)
        .where(*here)
    ):
        asked[session_id].add(resident_id)
    off, unasked = not_held_between(db, community_id, first, last), _unasked(db, community_id, first, last)
    return tuple(
        Asked(row.ref, row.activity_id, row.on_date, frozenset(asked[row.id] - unasked.get(row.ref, set())))
        for row in sessions
        if row.ref not in off
    )


def _unasked(db: DbSession, community_id: str, first: date, last: date) -> dict[str, set[str]]:
    """By session those who were marked as not asked after all; where no such mark was made nothing is read."""
    here = Attendance.community_id == community_id, Attendance.on_date.between(first, last)
    suspects = select(Attendance.session_ref).where(*here, Attendance.outcome.in_(UNASKED))
    who = select(Attendance.resident_id).where(*here, Attendance.outcome.in_(UNASKED))
    taps: dict[tuple[str, str], list[Attendance]] = {}
    for row in db.execute(
        select(
            Attendance.session_ref,
            Attendance.resident_id,
            Attendance.outcome,
            Attendance.number,
            Attendance.takes_back,
            Attendance.tapped_at,
        ).where(*here, Attendance.session_ref.in_(suspects), Attendance.resident_id.in_(who))
    ):
        taps.setdefault((row.session_ref, row.resident_id), []).append(row)  # type: ignore[arg-type]
    found: dict[str, set[str]] = {}
    for (ref, resident), rows in taps.items():
        left = standing(rows)
        if left and left[-1].outcome in UNASKED:
            found.setdefault(ref, set()).add(resident)
    return found
