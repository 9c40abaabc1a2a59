"""Who lives here: somebody moves out; somebody has died.

Who leaves is invited to nothing from that day on, at once and on every page; nobody is moved up into the places.
"""

from datetime import date

from sqlalchemy import update

from milieu.database import DbSession
from milieu.errors import Invalid
from milieu.models import Stay
from milieu.queries.facts.kinds import DEATH, DEPARTURE
from milieu.queries.residents.stays import DIED, present_stay
from milieu.services.facts.noting import find_resident, note
from milieu.services.facts.stretch import EARLIEST, LATEST
from milieu.services.facts.withdrawing import Right
from milieu.services.teller import Teller
from milieu.solving.contents import SessionContent

REASONS = ("moved", "stay ended")
"""Why somebody moves out, as a stay keeps it."""


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
