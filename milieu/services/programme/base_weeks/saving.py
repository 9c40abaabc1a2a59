"""Base weeks with names: saved from any week, changed session by session, renamed, ended."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import delete, select
from sqlalchemy.orm.attributes import flag_modified

from milieu.calendar.weeks import DAYS
from milieu.database import DbSession
from milieu.errors import Conflict, Invalid, NotFound
from milieu.ids import new_id
from milieu.models import Activity, BaseSession, BaseWeek, Facilitator, Plan, Space
from milieu.queries.week.weeks import find_draft
from milieu.services.editing.grid import check_time
from milieu.services.journal import write_down
from milieu.services.programme.base_weeks.unnamed import first_at_each_time
from milieu.services.teller import Teller
from milieu.services.weeks.editions import lock_community
from milieu.solving.contents import SessionContent, read_plan, read_published

NOUN = "base week"
LONGEST = 80
CHANGED = "Somebody else has changed this base week since you looked at it. Please look at it as it is now."


@dataclass(frozen=True)
class Session:
    """A session as a form says it; `space_id` and `facilitator_id` "" where they do not matter."""

    weekday: int
    start_minute: int
    activity_id: str
    space_id: str = ""
    facilitator_id: str = ""


def save_week(db: DbSession, teller: Teller, week_start: date, name: str, *, is_draft: bool) -> str:
    """Save a week, its draft or what is published of it, as a base week; its id.

    One of that name is filled anew. Raises Invalid at the name; NotFound where there is no such week.
    """
    lock_community(db, teller.community_id)
    name = _name(name)
    contents = _contents(db, teller.community_id, week_start, is_draft=is_draft)
    row = _of_name(db, teller.community_id, name)
    if row is None:
        row = BaseWeek(community_id=teller.community_id, id=new_id(), key=f"w-{new_id()}", name=name)
        db.add(row)
        db.flush()
    else:
        db.execute(delete(BaseSession).where(*_mine(teller, row.id)))
        _touch(db, row)
    kept = first_at_each_time(contents, lambda each: (each.activity_id, each.on_date.weekday(), each.start_minute))
    db.add_all(_row(teller, row.id, each) for each in kept)
    db.flush()
    write_down(
        db, teller, "saved", NOUN, row.id, after={"name": name, "week": week_start.isoformat(), "sessions": len(kept)}
    )
    return row.id


def rename(db: DbSession, teller: Teller, base_week_id: str, version: int, name: str) -> None:
    """Raises NotFound; Conflict where somebody else came first; Invalid where another one is called so."""
    row, name = _held(db, teller, base_week_id, version), _name(name)
    there = _of_name(db, teller.community_id, name)
    if there is not None and there.id != row.id:
        raise Invalid("Another base week is called so.", at="name")
    if row.name != name:
        write_down(db, teller, "renamed", NOUN, row.id, before={"name": row.name}, after={"name": name})
        row.name = name
        db.flush()


def end(db: DbSession, teller: Teller, base_week_id: str, version: int) -> None:
    """It can be chosen no more, and planning starts from it no more. Raises NotFound, Conflict."""
    row = _held(db, teller, base_week_id, version)
    row.ended_on = teller.today(db)
    db.flush()
    write_down(db, teller, "ended", NOUN, row.id, before={"name": row.name})


def add_session(db: DbSession, teller: Teller, base_week_id: str, version: int, session: Session) -> None:
    """One session more. Raises NotFound, Conflict; Invalid at the field that is wrong."""
    row = _held(db, teller, base_week_id, version)
    _check(db, teller, row.id, session)
    db.add(_fill(BaseSession(community_id=teller.community_id, id=new_id(), base_week_id=row.id), session))
    _touch(db, row)
    write_down(db, teller, "changed", NOUN, row.id, after=_face(session))


def change_session(
    db: DbSession, teller: Teller, base_week_id: str, version: int, session_id: str, session: Session
) -> None:
    """Let a session be another. Raises NotFound, Conflict; Invalid at the field that is wrong."""
    row = _held(db, teller, base_week_id, version)
    held = _session(db, teller, row.id, session_id)
    _check(db, teller, row.id, session, besides=session_id)
    before = _face(_read(held))
    _fill(held, session)
    _touch(db, row)
    write_down(db, teller, "changed", NOUN, row.id, before=before, after=_face(session))


def remove_session(db: DbSession, teller: Teller, base_week_id: str, version: int, session_id: str) -> None:
    """Take a session out of it. Raises NotFound, Conflict."""
    row = _held(db, teller, base_week_id, version)
    held = _session(db, teller, row.id, session_id)
    before = _face(_read(held))
    db.delete(held)
    _touch(db, row)
    write_down(db, teller, "changed", NOUN, row.id, before=before)


def find_base_week(db: DbSession, community_id: str, base_week_id: str) -> BaseWeek:
    """One that was not ended. Raises NotFound."""
    row = db.get(BaseWeek, (community_id, base_week_id), populate_existing=True)
    if row is None or row.ended_on is not None:
        raise NotFound("There is no such base week.")
    return row


def _contents(db: DbSession, community_id: str, week_start: date, *, is_draft: bool) -> Iterable[SessionContent]:
    if is_draft:
        draft = find_draft(db, community_id, week_start)
        found = read_plan(db, db.get_one(Plan, (community_id, draft.id))) if draft else ()
    else:
        published = read_published(db, community_id, week_start)
        found = published.sessions if published else ()
    if not found:
        raise NotFound("There is nothing in this week that could be saved.")
    return found


def _row(teller: Teller, base_week_id: str, each: SessionContent) -> BaseSession:
    """Who leads it is kept where that is one person: of two, either may be away."""
    leader = each.facilitators[0] if len(each.facilitators) == 1 else ""
    session = Session(each.on_date.weekday(), each.start_minute, each.activity_id, each.space_id, leader)
    return _fill(BaseSession(community_id=teller.community_id, id=new_id(), base_week_id=base_week_id), session)


def _fill(row: BaseSession, session: Session) -> BaseSession:
    row.weekday, row.start_minute, row.activity_id = session.weekday, session.start_minute, session.activity_id
    row.space_id, row.facilitator_id = session.space_id or None, session.facilitator_id or None
    return row


def _read(row: BaseSession) -> Session:
    return Session(row.weekday, row.start_minute, row.activity_id, row.space_id or "", row.facilitator_id or "")


def _face(session: Session) -> dict[str, Any]:
    return {
        "weekday": session.weekday,
        "start_minute": session.start_minute,
        "activity_id": session.activity_id,
        "space_id": session.space_id or None,
        "facilitator_id": session.facilitator_id or None,
    }


def _held(db: DbSession, teller: Teller, base_week_id: str, version: int) -> BaseWeek:
    lock_community(db, teller.community_id)
    row = find_base_week(db, teller.community_id, base_week_id)
    if row.version != version:
        raise Conflict(CHANGED)
    return row


def _session(db: DbSession, teller: Teller, base_week_id: str, session_id: str) -> BaseSession:
    row = db.get(BaseSession, (teller.community_id, session_id))
    if row is None or row.base_week_id != base_week_id:
        raise NotFound("This session is not in the base week any more.")
    return row


def _check(db: DbSession, teller: Teller, base_week_id: str, session: Session, besides: str = "") -> None:
    """Raises Invalid at the field that is wrong."""
    activity = _offered(db, teller, Activity, session.activity_id)
    if activity is None:
        raise Invalid("Please choose an activity.", at="activity")
    if not 0 <= session.weekday < DAYS:
        raise Invalid("Please choose a day.", at="weekday")
    check_time(db, teller.community_id, session.start_minute, activity.duration_minutes)
    if session.space_id and _offered(db, teller, Space, session.space_id) is None:
        raise Invalid("Please choose a space.", at="space")
    if session.facilitator_id and _offered(db, teller, Facilitator, session.facilitator_id) is None:
        raise Invalid("Please choose who leads it.", at="leader")
    same = (
        BaseSession.weekday == session.weekday,
        BaseSession.start_minute == session.start_minute,
        BaseSession.activity_id == session.activity_id,
        BaseSession.id != besides,
    )
    if db.scalar(select(BaseSession.id).where(*_mine(teller, base_week_id), *same)) is not None:
        raise Invalid("It is in this base week at that time already.", at="start")


Thing = TypeVar("Thing", Activity, Space, Facilitator)


def _offered(db: DbSession, teller: Teller, table: type[Thing], row_id: str) -> Thing | None:
    row = db.get(table, (teller.community_id, row_id))
    return row if row is not None and (row.ended_on is None or row.ended_on > teller.today(db)) else None


def _mine(teller: Teller, base_week_id: str) -> tuple[Any, ...]:
    return BaseSession.community_id == teller.community_id, BaseSession.base_week_id == base_week_id


def _of_name(db: DbSession, community_id: str, name: str) -> BaseWeek | None:
    rows = db.scalars(select(BaseWeek).where(BaseWeek.community_id == community_id, BaseWeek.ended_on.is_(None)))
    return next((row for row in rows if row.name.casefold() == name.casefold()), None)


def _name(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise Invalid("Please give it a name, such as Summer.", at="name")
    if len(name) > LONGEST:
        raise Invalid(f"Please choose a name of at most {LONGEST} letters.", at="name")
    return name


def _touch(db: DbSession, row: BaseWeek) -> None:
    """Another version, for what belongs to it has changed."""
    flag_modified(row, "name")
    db.flush()
