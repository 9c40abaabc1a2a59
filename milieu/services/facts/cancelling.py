"""A guest who was to come does not: what was fixed for them goes, and what is published stands against it."""

from datetime import date, datetime
from typing import Any

from milieu.database import DbSession
from milieu.errors import Invalid
from milieu.models import Absence, Change, Pin
from milieu.queries.facts.guests import guests_to_come
from milieu.queries.facts.kinds import CANCELLED
from milieu.services.facts.noting import add_fact, short
from milieu.services.teller import Teller


def tell_cancelled(db: DbSession, teller: Teller, guest_id: str, reason: str = "") -> str:
    """A guest cancels, by the row that fixed their session; the id of the fact. Raises Invalid."""
    coming = {each.id: each for each in guests_to_come(db, teller.community_id, teller.today(db))}
    guest = coming.get(guest_id)
    if guest is None:
        raise Invalid("Please choose a guest who is to come.", at="who")
    pin = db.get(Pin, (teller.community_id, guest_id), with_for_update=True)
    fixed = _as_said(pin) if pin is not None else None
    if pin is not None:
        db.delete(pin)
    row = Absence(
        community_id=teller.community_id,
        facilitator_id=guest.facilitator_id,
        first_date=guest.day,
        last_date=guest.day,
        reason=short(reason),
    )
    about = {
        "guest_id": guest_id,
        "facilitator_id": guest.facilitator_id,
        "activity_id": guest.activity_id,
        "fixed": fixed,
        "first": guest.day.isoformat(),
        "last": guest.day.isoformat(),
        "start_minute": guest.start_minute,
        "end_minute": guest.end_minute,
    }
    return add_fact(db, teller, CANCELLED, row, about)


def fix_again(db: DbSession, line: Change) -> None:
    """What was fixed for a guest is so again, by the line of the journal that called it off: they come after all."""
    about = line.after or {}
    kept = about.get("fixed")
    if kept is not None and db.get(Pin, (line.community_id, about["guest_id"])) is None:
        moments = {
            "week_start": date.fromisoformat(kept["week_start"]),
            "made_at": datetime.fromisoformat(kept["made_at"]),
        }
        db.add(Pin(community_id=line.community_id, id=about["guest_id"], **{**kept, **moments}))


def _as_said(pin: Pin) -> dict[str, Any]:
    """A pin as the journal keeps it."""
    said = {name: getattr(pin, name) for name in ("kind", "session_ref", "fixed", "made_by")}
    return {**said, "week_start": pin.week_start.isoformat(), "made_at": pin.made_at.isoformat()}
