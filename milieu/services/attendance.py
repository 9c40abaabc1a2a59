"""What became of invitations: one tap is one row. Nothing is changed or deleted; the newest mark of a person holds.

A mark is bound to the session's ref and so stays with a session that is moved, republished or taken out. People chart
today's sessions and yesterday's. A second arrival of the same tap (`key`) is the same row. Two taps at the same moment
would have the same number: the database refuses one of them, and `database.retrying` does it again.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select

from milieu.clock import local_day
from milieu.database import DbSession
from milieu.errors import Conflict, Invalid, NotFound
from milieu.models import (
    LEVELS,
    OUTCOMES,
    Attendance,
    Community,
    Invitation,
    Publication,
    PublishedSession,
    Resident,
    SessionHeld,
)
from milieu.queries.stays import Stays

CAME_EARLY = timedelta(minutes=60)
"""How long before its start somebody can be said to have come: doors open early, but nobody comes at breakfast."""

DAYS_BACK = 1
KEY_LENGTH = 64
REASON_LENGTH = 200


@dataclass(frozen=True)
class Marked:
    """A mark as stored. `number` counts the marks of the resident in the session from 1."""

    session_ref: str
    resident_id: str
    number: int
    was_invited: bool
    outcome: str | None
    level: str | None
    at: datetime


@dataclass(frozen=True)
class _Tap:
    community_id: str
    session_ref: str
    resident_id: str
    key: str
    by: str | None
    now: datetime


@dataclass(frozen=True)
class _Session:
    ref: str
    title: str
    on_date: date
    starts_at: datetime
    publication_id: str


def mark(
    db: DbSession,
    community_id: str,
    session_ref: str,
    resident_id: str,
    outcome: str | None,
    level: str | None = None,
    *,
    key: str,
    by: str | None,
    now: datetime,
) -> Marked:
    """Add a mark for somebody who was invited, or who came uninvited before; `outcome` None takes the marks back.

    `by` is the id of the account, `key` the tap's own id, at most 64 characters.
    Raises NotFound; Invalid where a word or the day is wrong; Conflict where the person was never invited, or the key
    was used for somebody else.
    """
    _check_words(outcome, level)
    tap = _Tap(community_id, session_ref, resident_id, key, by, now)
    if (earlier := _earlier(db, tap)) is not None:
        return earlier
    session = _session(db, community_id, session_ref, now)
    _resident(db, tap)
    if outcome == "attended":
        _check_begun(session, now)
    was_invited, count = _is_invited(db, tap), _count(db, tap)
    if not was_invited and count == 0:
        raise Conflict(f"This person is not invited to {session.title}. If they came, use “Someone else came”.")
    return _add(db, tap, session, was_invited, count + 1, outcome, level)


def mark_uninvited(
    db: DbSession,
    community_id: str,
    session_ref: str,
    resident_id: str,
    level: str | None = None,
    *,
    key: str,
    by: str | None,
    now: datetime,
) -> Marked:
    """Add that somebody came who was not asked to (who was invited after all is simply marked as having come).

    Says nothing of refusals, limits or who is kept apart: who came, came. Raises as `mark` does; Invalid also where the
    person did not live here on that day.
    """
    _check_words("attended", level)
    tap = _Tap(community_id, session_ref, resident_id, key, by, now)
    if (earlier := _earlier(db, tap)) is not None:
        return earlier
    session = _session(db, community_id, session_ref, now)
    resident = _resident(db, tap)
    if not Stays.of(resident.stays).was_here(session.on_date):
        raise Invalid("This person did not live here on that day.")
    _check_begun(session, now)
    return _add(db, tap, session, _is_invited(db, tap), _count(db, tap) + 1, "attended", level)


def mark_held(
    db: DbSession,
    community_id: str,
    session_ref: str,
    was_held: bool | None,
    reason: str = "",
    *,
    by: str | None,
    now: datetime,
) -> None:
    """Say that a session took place or did not; None takes back what was said. Saying the same again adds nothing.

    Raises NotFound; Invalid where the day is wrong, the reason too long, or what has not begun is said to be held.
    """
    if len(reason) > REASON_LENGTH:
        raise Invalid(f"Please say why in at most {REASON_LENGTH} characters.")
    session = _session(db, community_id, session_ref, now)
    if was_held:
        _check_begun(session, now)
    newest = db.scalars(
        select(SessionHeld)
        .where(SessionHeld.community_id == community_id, SessionHeld.session_ref == session_ref)
        .order_by(SessionHeld.number.desc())
        .limit(1)
    ).first()
    said, count = (newest.was_held, newest.number) if newest is not None else (None, 0)
    if said == was_held and (was_held is None or (newest is not None and newest.reason == reason)):
        return
    db.add(
        SessionHeld(
            community_id=community_id,
            session_ref=session_ref,
            on_date=session.on_date,
            was_held=was_held,
            reason=reason,
            number=count + 1,
            marked_at=now,
            marked_by=by,
        )
    )
    db.flush()


def _check_words(outcome: str | None, level: str | None) -> None:
    if outcome is not None and outcome not in OUTCOMES:
        raise Invalid("This is not one of the things that can be marked.")
    if level is not None and (outcome != "attended" or level not in LEVELS):
        raise Invalid("How somebody took part can only be said of who came, in one of the words given.")


def _earlier(db: DbSession, tap: _Tap) -> Marked | None:
    """What a tap that arrived before has left."""
    if not 0 < len(tap.key) <= KEY_LENGTH:
        raise Invalid("This mark came without its number. Please open the page again and tap once more.")
    row = db.scalars(
        select(Attendance).where(Attendance.community_id == tap.community_id, Attendance.key == tap.key)
    ).first()
    if row is not None and (row.session_ref, row.resident_id) != (tap.session_ref, tap.resident_id):
        raise Conflict("This mark was already used for somebody else. Please open the page again and tap once more.")
    return None if row is None else _marked(row)


def _session(db: DbSession, community_id: str, ref: str, now: datetime) -> _Session:
    """The session as last published for a day that can be charted now, even where it was moved or taken out since."""
    timezone = db.scalars(select(Community.timezone).where(Community.id == community_id)).first()
    found = db.execute(
        select(
            PublishedSession.title,
            PublishedSession.on_date,
            PublishedSession.starts_at,
            PublishedSession.publication_id,
        )
        .join(
            Publication,
            (Publication.community_id == PublishedSession.community_id)
            & (Publication.id == PublishedSession.publication_id),
        )
        .where(PublishedSession.community_id == community_id, PublishedSession.ref == ref)
        .order_by(Publication.number.desc())
    ).all()
    if timezone is None or not found:
        raise NotFound("There is no such session.")
    today = local_day(now, timezone)
    for title, on_date, starts_at, publication_id in found:
        if today - timedelta(days=DAYS_BACK) <= on_date <= today:
            return _Session(ref, title, on_date, starts_at, publication_id)
    if found[0].on_date > today:
        raise Invalid(f"{found[0].title} is on another day. It can be marked on the day itself and the day after.")
    raise Invalid(f"{found[0].title} was more than a day ago. Marks can be made until the day after.")


def _resident(db: DbSession, tap: _Tap) -> Resident:
    resident = db.get(Resident, {"community_id": tap.community_id, "id": tap.resident_id})
    if resident is None:
        raise NotFound("There is no such resident.")
    return resident


def _check_begun(session: _Session, now: datetime) -> None:
    if now < session.starts_at - CAME_EARLY:
        raise Invalid(f"{session.title} has not begun, so nobody can have come yet. What people say now can be marked.")


def _is_invited(db: DbSession, tap: _Tap) -> bool:
    """Whether any publication invited the resident: a tablet may still show the one before."""
    invitation = db.scalars(
        select(Invitation.id)
        .join(
            PublishedSession,
            (PublishedSession.community_id == Invitation.community_id)
            & (PublishedSession.id == Invitation.published_session_id),
        )
        .where(
            Invitation.community_id == tap.community_id,
            Invitation.resident_id == tap.resident_id,
            PublishedSession.ref == tap.session_ref,
        )
        .limit(1)
    ).first()
    return invitation is not None


def _count(db: DbSession, tap: _Tap) -> int:
    """How many marks the resident has in the session."""
    newest = db.scalar(
        select(func.max(Attendance.number)).where(
            Attendance.community_id == tap.community_id,
            Attendance.session_ref == tap.session_ref,
            Attendance.resident_id == tap.resident_id,
        )
    )
    return newest or 0


def _add(
    db: DbSession, tap: _Tap, session: _Session, was_invited: bool, number: int, outcome: str | None, level: str | None
) -> Marked:
    row = Attendance(
        community_id=tap.community_id,
        session_ref=tap.session_ref,
        on_date=session.on_date,
        publication_id=session.publication_id,
        resident_id=tap.resident_id,
        was_invited=was_invited,
        outcome=outcome,
        level=level,
        key=tap.key,
        number=number,
        marked_at=tap.now,
        marked_by=tap.by,
    )
    db.add(row)
    db.flush()
    return _marked(row)


def _marked(row: Attendance) -> Marked:
    return Marked(row.session_ref, row.resident_id, row.number, row.was_invited, row.outcome, row.level, row.marked_at)
