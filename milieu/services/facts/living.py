"""Who lives here, and where: somebody moves in, to another room, out; somebody has died.

Who leaves is invited to nothing from that day on, at once and on every page; nobody is moved up into the places.
"""

from datetime import date

from sqlalchemy import update

from milieu.database import DbSession
from milieu.errors import Conflict, Invalid
from milieu.models import LivingGroup, Stay
from milieu.queries.facts.kinds import DEATH, DEPARTURE, MOVE
from milieu.queries.residents.stays import DIED, present_stay
from milieu.services.facts.noting import find, find_resident, note, short
from milieu.services.facts.stretch import EARLIEST, LATEST
from milieu.services.facts.withdrawing import Right
from milieu.services.teller import Teller
from milieu.solving.contents import SessionContent

REASONS = ("moved", "stay ended")
"""Why somebody moves out, as a stay keeps it."""


def tell_move(db: DbSession, teller: Teller, resident_id: str, living_group_id: str, room: str) -> str:
    """Somebody lives in another room from today on, perhaps in another living group; the id. Raises Invalid."""
    resident = find_resident(db, teller, resident_id, teller.today(db))
    group = find(db, teller, LivingGroup, living_group_id, "Please choose the living group.", at="group")
    room = short(room, at="room")
    if not room:
        raise Invalid("Please say which room.", at="room")
    before = {"living_group_id": resident.living_group_id, "room": resident.room}
    if before == {"living_group_id": group.id, "room": room}:
        raise Conflict("They live there already.", at="room")
    resident.living_group_id, resident.room = group.id, room
    db.flush()
    about = {"resident_id": resident_id, "living_group_id": group.id, "room": room}
    return note(db, teller, MOVE, resident_id, {**about, "first": teller.today(db).isoformat()}, before=before)


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
