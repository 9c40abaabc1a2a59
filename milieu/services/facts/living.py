"""Who lives here, and where: somebody moves to another room, now or from a day to come, or out; somebody has died.

Who leaves is invited to nothing from that day on, at once and on every page; nobody is moved up into the places.
"""

from datetime import date

from sqlalchemy import select, update

from milieu.database import DbSession
from milieu.errors import Conflict, Invalid
from milieu.models import LivingGroup, Move, Resident, Stay
from milieu.queries.facts.kinds import DEATH, DEPARTURE, MOVE
from milieu.queries.residents.stays import DIED, present_stay, stays_of_one
from milieu.services.facts.noting import find, find_resident, note, short
from milieu.services.facts.stretch import EARLIEST, LATEST
from milieu.services.facts.withdrawing import Right
from milieu.services.teller import Teller
from milieu.solving.contents import SessionContent

REASONS = ("moved", "stay ended")
"""Why somebody moves out, as a stay keeps it."""


def tell_move(
    db: DbSession, teller: Teller, resident_id: str, living_group_id: str, room: str, day: date | None = None
) -> str:
    """Somebody lives in another room from a day on, None today; the id of what was noted.

    Raises Invalid at the field that is wrong; Conflict where they live there already, or another move is to come.
    """
    today = teller.today(db)
    day = day or today
    resident = find_resident(db, teller, resident_id, day)
    group = find(db, teller, LivingGroup, living_group_id, "Please choose the living group.", at="group")
    room = short(room, at="room")
    if not room:
        raise Invalid("Please say which room.", at="room")
    if day < today:
        raise Invalid("That day is over: please choose today, or a day to come.", at="first")
    if day > today + LATEST:
        raise Invalid("That is more than a year away.", at="first")
    before = {"living_group_id": resident.living_group_id, "room": resident.room}
    if before == {"living_group_id": group.id, "room": room}:
        raise Conflict("They live there already.", at="room")
    to_come = select(Move.id).where(Move.community_id == teller.community_id, Move.resident_id == resident_id)
    if db.scalar(to_come) is not None:
        raise Conflict("Another move is told of them already. Please take that back first.", at="who")
    about = {"resident_id": resident_id, "living_group_id": group.id, "room": room, "first": day.isoformat()}
    if day == today:
        resident.living_group_id, resident.room = group.id, room
        db.flush()
        return note(db, teller, MOVE, resident_id, about, before=before)
    row = Move(
        community_id=teller.community_id, resident_id=resident_id, living_group_id=group.id, room=room, on_date=day
    )
    db.add(row)
    db.flush()
    return note(db, teller, MOVE, row.id, about, before=before)


def move_in_due(db: DbSession, community_id: str, today: date) -> int:
    """Let those whose day has come live where they are to; how many did. Who lives here no more stays where they were.

    Nothing is noted anew: who told it, when, and from which day on stands in the journal.
    """
    due = db.scalars(
        select(Move).where(Move.community_id == community_id, Move.on_date <= today).order_by(Move.id).with_for_update()
    ).all()
    moved = 0
    for row in due:
        if stays_of_one(db, community_id, row.resident_id).is_here(today):
            resident = db.get_one(Resident, (community_id, row.resident_id), with_for_update=True)
            resident.living_group_id, resident.room = row.living_group_id, row.room
            moved += 1
        db.delete(row)
    db.flush()
    return moved


def tell_departure(db: DbSession, teller: Teller, resident_id: str, day: date, reason: str) -> str:
    """Somebody moves out on a day, which is their last; `reason` is of REASONS. The stay's id. Raises Invalid."""
    if reason not in REASONS:
        raise Invalid("Please say what it is.", at="detail")
    return _leave(db, teller, DEPARTURE, resident_id, day, reason)


def tell_death(db: DbSession, teller: Teller, resident_id: str, day: date) -> str:
    """Somebody has died; their invitations are gone everywhere at once. The stay's id. Raises Invalid."""
    if day > teller.today(db):
        raise Invalid("That day has not come yet.", at="first")
    return _leave(db, teller, DEATH, resident_id, day, DIED)


def _leave(db: DbSession, teller: Teller, noun: str, resident_id: str, day: date, reason: str) -> str:
    today = teller.today(db)
    find_resident(db, teller, resident_id, today)
    check_near(day, today)
    stay = present_stay(db, teller.community_id, resident_id, day)
    if stay is None:
        raise Invalid("They did not live here on that day.", at="first")
    mine = Stay.community_id == teller.community_id, Stay.id == stay.id
    db.execute(update(Stay).where(*mine).values(left_on=day, left_reason=reason))
    db.flush()

    def is_gone(resident: str, session: SessionContent) -> bool:
        return resident == resident_id and session.on_date >= day

    about = {"resident_id": resident_id, "first": day.isoformat(), "kind": reason}
    before = {"left_on": stay.until and stay.until.isoformat(), "left_reason": stay.why}
    right = Right(is_gone, None, "Somebody does not live here any more.")
    return note(db, teller, noun, stay.id, about, before=before, right=right)


def check_near(day: date, today: date) -> None:
    """Raises Invalid for a day on which nobody's coming or leaving is told, but written into the list."""
    if not today - EARLIEST <= day <= today + LATEST:
        raise Invalid("That is too far from today; please write it into the list of residents.", at="first")
