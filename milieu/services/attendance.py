"""What became of invitations: one tap is one row. Nothing is changed or deleted; what a person was last tapped holds.

A mark is bound to the session's ref and so stays with a session that is moved, republished or taken out. People chart
today's sessions and yesterday's. Taps count by when they were made, not by when they arrive: a tablet may have been
without reception. A second arrival of the same tap (`key`) is the same row. Two taps that arrive at the same moment
would have the same number: the database refuses one of them, and `database.retrying` does it again.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from milieu.causes import as_json
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
from milieu.queries.published.marks import standing
from milieu.queries.residents.stays import Stays
from milieu.queries.week.causes import causes_of

CAME_EARLY = timedelta(minutes=60)
"""How long before its start somebody can be said to have come: doors open early, but nobody comes at breakfast."""

DAYS_BACK = 1
DAYS_LATE = 1
"""A tap may arrive so many days after the last on which it could be made."""

KEY_LENGTH = 64
REASON_LENGTH = 200


@dataclass(frozen=True)
class Marked:
    """A mark as stored. `number` counts the marks of the resident in the session from 1; `at` is when it was tapped."""

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
    at: datetime
    sent_by: str | None


@dataclass(frozen=True)
class _Session:
    """`at`: the moment of the tap as far as it can be believed, not after it arrived, not before the session's day.

    `id` is the published row that was marked, of the newest publication that has the session on a day of the tap's.
    """

    id: str
    ref: str
    title: str
    on_date: date
    starts_at: datetime
    publication_id: str
    at: datetime


def mark(
    db: DbSession,
    community_id: str,
    session_ref: str,
    resident_id: str,
    outcome: str,
    level: str | None = None,
    *,
    key: str,
    by: str | None,
    now: datetime,
    tapped_at: datetime | None = None,
    sent_by: str | None = None,
) -> Marked:
    """Add a mark for somebody who was invited, or who came uninvited before. Saying the same again adds nothing.

    `by` is the id of the account that tapped, `sent_by` of the one that sent it where that is another; `key` the tap's
    own id, at most 64 characters; `tapped_at` when it was tapped, where that was before `now`.
    Raises NotFound; Invalid where a word or the day is wrong; Conflict where the person was never invited, or the key
    was used for somebody else.
    """
    _check_words(outcome, level)
    tap = _Tap(community_id, session_ref, resident_id, key, by, now, tapped_at or now, sent_by)
    if (earlier := _earlier(db, tap)) is not None:
        return earlier
    session = _session(db, tap)
    _resident(db, tap)
    if outcome == "attended":
        _check_begun(session)
    was_invited, before = _is_invited(db, tap), _before(db, tap)
    if not was_invited and not before:
        raise Conflict(f"This person is not invited to {session.title}. If they came, use “Someone else came”.")
    if (same := _said_already(before, session.at, by, outcome, level)) is not None:
        return _marked(same)
    return _add(db, tap, session, was_invited, len(before) + 1, outcome, level)


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
    tap = _Tap(community_id, session_ref, resident_id, key, by, now, now, None)
    if (earlier := _earlier(db, tap)) is not None:
        return earlier
    session = _session(db, tap)
    resident = _resident(db, tap)
    if not Stays.of(resident.stays).was_here(session.on_date):
        raise Invalid("This person did not live here on that day.")
    _check_begun(session)
    before = _before(db, tap)
    if (same := _said_already(before, session.at, by, "attended", level)) is not None:
        return _marked(same)
    return _add(db, tap, session, _is_invited(db, tap), len(before) + 1, "attended", level)


def take_back(
    db: DbSession,
    community_id: str,
    session_ref: str,
    resident_id: str,
    taken: str,
    *,
    key: str,
    by: str | None,
    now: datetime,
    tapped_at: datetime | None = None,
    sent_by: str | None = None,
) -> Marked:
    """Take back one's own last mark, whose key is `taken`: what stood before it holds again.

    What somebody else has marked since is not touched. Raises NotFound; Invalid where the day is wrong; Conflict where
    that mark is not there, is not the last of whoever takes it back, or was taken back already.
    """
    tap = _Tap(community_id, session_ref, resident_id, key, by, now, tapped_at or now, sent_by)
    if (earlier := _earlier(db, tap)) is not None:
        return earlier
    session = _session(db, tap)
    _resident(db, tap)
    before = _before(db, tap)
    own = [row for row in standing(before) if row.marked_by == by]
    if not own or own[-1].key != taken:
        raise Conflict("Only one’s own last mark can be taken back, and this is not it. Nothing was changed.")
    return _add(db, tap, session, own[-1].was_invited, len(before) + 1, None, None, takes_back=own[-1].number)


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

    Which facts stand against it is kept with it, so that everybody is told the same of it, whatever changes later.
    Raises NotFound; Invalid where the day is wrong, the reason too long, or what has not begun is said to be held.
    """
    if len(reason) > REASON_LENGTH:
        raise Invalid(f"Please say why in at most {REASON_LENGTH} characters.")
    session = _session(db, _Tap(community_id, session_ref, "", "", by, now, now, None))
    if was_held:
        _check_begun(session)
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
            because=as_json(causes_of(db, community_id, [session.id]).get(session.id, ()))
            if was_held is False
            else None,
            number=count + 1,
            marked_at=now,
            marked_by=by,
        )
    )
    db.flush()


def _check_words(outcome: str, level: str | None) -> None:
    if outcome not in OUTCOMES:
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


def _session(db: DbSession, tap: _Tap) -> _Session:
    """The session as last published for a day that could be charted then, even where it was moved or is gone."""
    timezone = db.scalars(select(Community.timezone).where(Community.id == tap.community_id)).first()
    found = db.execute(
        select(
            PublishedSession.id,
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
        .where(PublishedSession.community_id == tap.community_id, PublishedSession.ref == tap.session_ref)
        .order_by(Publication.number.desc())
    ).all()
    if timezone is None or not found:
        raise NotFound("There is no such session.")
    today = local_day(tap.now, timezone)
    for row_id, title, on_date, starts_at, publication_id in found:
        midnight = datetime.combine(on_date, time(), ZoneInfo(timezone))
        at = max(min(tap.at, tap.now), midnight)
        last = local_day(at, timezone) - timedelta(days=DAYS_BACK)
        if last <= on_date <= today <= on_date + timedelta(days=DAYS_BACK + DAYS_LATE):
            return _Session(row_id, tap.session_ref, title, on_date, starts_at, publication_id, at)
    if found[0].on_date > today:
        raise Invalid(f"{found[0].title} is on another day. It can be marked on the day itself and the day after.")
    raise Invalid(f"{found[0].title} was more than a day ago. Marks can be made until the day after.")


def _resident(db: DbSession, tap: _Tap) -> Resident:
    resident = db.get(Resident, {"community_id": tap.community_id, "id": tap.resident_id})
    if resident is None:
        raise NotFound("There is no such resident.")
    return resident


def _check_begun(session: _Session) -> None:
    if session.at < session.starts_at - CAME_EARLY:
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


def _before(db: DbSession, tap: _Tap) -> list[Attendance]:
    """All marks of the resident in the session, as they arrived."""
    return list(
        db.scalars(
            select(Attendance)
            .where(
                Attendance.community_id == tap.community_id,
                Attendance.session_ref == tap.session_ref,
                Attendance.resident_id == tap.resident_id,
            )
            .order_by(Attendance.number)
        )
    )


def _said_already(
    before: list[Attendance], at: datetime, by: str | None, outcome: str, level: str | None
) -> Attendance | None:
    """The mark that holds, where the same person said just this with it."""
    newest = next(reversed(standing(before)), None)
    if newest is None or (newest.marked_by, newest.outcome, newest.level) != (by, outcome, level):
        return None
    return newest if newest.tapped_at <= at else None


def _add(
    db: DbSession,
    tap: _Tap,
    session: _Session,
    was_invited: bool,
    number: int,
    outcome: str | None,
    level: str | None,
    takes_back: int | None = None,
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
        takes_back=takes_back,
        tapped_at=session.at,
        marked_at=tap.now,
        marked_by=tap.by,
        sent_by=tap.sent_by,
    )
    db.add(row)
    db.flush()
    return _marked(row)


def _marked(row: Attendance) -> Marked:
    return Marked(row.session_ref, row.resident_id, row.number, row.was_invited, row.outcome, row.level, row.tapped_at)
