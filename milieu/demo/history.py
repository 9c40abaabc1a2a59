"""What became of the invitations of days that are over: made up, in the proportions that are seen in practice.

After a personal invitation 55 of 100 come, 18 say no, 8 are asleep, 7 in care, 6 away, 4 unwell, 2 were not asked after
all; of those who come 60 are active, 30 look on, 10 sleep. Two who have found each other (`company`) come to every
small group that both are asked to, and to one that only one of them is asked to less often than others.
"""

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from random import Random

from sqlalchemy import select

from milieu.database import DbSession
from milieu.demo.company import found_each_other
from milieu.ids import new_id
from milieu.models import Activity, Attendance, Invitation, PublishedDay, PublishedSession, Resident, SessionHeld
from milieu.queries.ties.together import SMALL

OUTCOMES = {
    "attended": 55,
    "declined": 18,
    "asleep": 8,
    "in care": 7,
    "away": 6,
    "unwell": 4,
    "not invited": 2,
}
LEVELS = {"active": 60, "quiet": 30, "slept": 10}
_WITH_THE_OTHER, _WITHOUT = {"attended": 1}, OUTCOMES | {"attended": 20}
_NOT_HELD_PERCENT = 4
_WHY_NOT = ("The pianist was ill.", "The leader was called away.", "The room was needed for the nurse's visit.")


def make_up_history(db: DbSession, community_id: str, *, since: date, until: date, by: str | None) -> int:
    """Mark what nobody has marked in the published sessions from `since` to the day before `until`; how many marks.

    The same session and resident always come to the same, whatever was made up before.
    """
    marked = {
        (ref, resident_id)
        for ref, resident_id in db.execute(
            select(Attendance.session_ref, Attendance.resident_id).where(
                Attendance.community_id == community_id, Attendance.on_date >= since
            )
        )
    }
    said = db.execute(
        select(SessionHeld.session_ref, SessionHeld.was_held)
        .where(SessionHeld.community_id == community_id)
        .order_by(SessionHeld.number)
    )
    was_held = {ref: held for ref, held in said}  # noqa: C416 - a row is no pair to dict()
    made = 0
    company: dict[date, Mapping[str, str]] = {}
    for session, activity_key in _sessions(db, community_id, since, until):
        said_at = session.ends_at + timedelta(minutes=10)
        dice = Random(f"{session.on_date} {activity_key} {session.start_minute}")
        if session.ref not in was_held and dice.randrange(100) < _NOT_HELD_PERCENT:
            db.add(_not_held(session, dice.choice(_WHY_NOT), by, said_at))
            was_held[session.ref] = False
        if was_held.get(session.ref) is False:
            continue
        monday = session.on_date - timedelta(days=session.on_date.weekday())
        if monday not in company:
            company[monday] = found_each_other(db, community_id, monday)
        invited = _invited(db, session)
        for resident_id, resident_key in invited:
            if (session.ref, resident_id) not in marked:
                throw = Random(f"{session.on_date} {activity_key} {session.start_minute} {resident_key}")
                odds = _odds(resident_id, invited, company[monday])
                db.add(_mark(session, resident_id, throw, odds, by, said_at))
                made += 1
    db.flush()
    return made


def _sessions(db: DbSession, community_id: str, since: date, until: date) -> list[tuple[PublishedSession, str]]:
    """The sessions that hold on those days, with their activity's key."""
    rows = db.execute(
        select(PublishedSession, Activity.key)
        .join(
            PublishedDay,
            (PublishedDay.community_id == PublishedSession.community_id)
            & (PublishedDay.publication_id == PublishedSession.publication_id)
            & (PublishedDay.on_date == PublishedSession.on_date),
        )
        .join(
            Activity,
            (Activity.community_id == PublishedSession.community_id) & (Activity.id == PublishedSession.activity_id),
        )
        .where(
            PublishedSession.community_id == community_id,
            PublishedSession.on_date >= since,
            PublishedSession.on_date < until,
        )
        .order_by(PublishedSession.starts_at, Activity.key, PublishedSession.ref)
    )
    return [(session, key) for session, key in rows]


def _invited(db: DbSession, session: PublishedSession) -> list[tuple[str, str]]:
    """The ids and keys of the residents invited to a session."""
    rows = db.execute(
        select(Resident.id, Resident.key)
        .join(
            Invitation,
            (Invitation.community_id == Resident.community_id) & (Invitation.resident_id == Resident.id),
        )
        .where(Invitation.community_id == session.community_id, Invitation.published_session_id == session.id)
        .order_by(Resident.key)
    )
    return [(resident_id, key) for resident_id, key in rows]


def _odds(resident_id: str, invited: Collection[tuple[str, str]], company: Mapping[str, str]) -> Mapping[str, int]:
    """How likely each outcome is for one of those who are invited."""
    other = company.get(resident_id)
    if other is None or len(invited) > SMALL:
        return OUTCOMES
    return _WITH_THE_OTHER if any(other == each for each, _key in invited) else _WITHOUT


def _mark(
    session: PublishedSession, resident_id: str, dice: Random, odds: Mapping[str, int], by: str | None, at: datetime
) -> Attendance:
    outcome = dice.choices(list(odds), list(odds.values()))[0]
    level = dice.choices(list(LEVELS), list(LEVELS.values()))[0] if outcome == "attended" else None
    return Attendance(
        community_id=session.community_id,
        session_ref=session.ref,
        on_date=session.on_date,
        publication_id=session.publication_id,
        resident_id=resident_id,
        outcome=outcome,
        level=level,
        key=f"made-up-{new_id()}",
        number=1,
        tapped_at=at,
        marked_at=at,
        marked_by=by,
    )


def _not_held(session: PublishedSession, reason: str, by: str | None, at: datetime) -> SessionHeld:
    return SessionHeld(
        community_id=session.community_id,
        session_ref=session.ref,
        on_date=session.on_date,
        was_held=False,
        reason=reason,
        number=1,
        marked_at=at,
        marked_by=by,
    )
