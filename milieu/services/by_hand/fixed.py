"""What is fixed of a draft's session, and how it follows the session where a hand moves it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from milieu.database import DbSession
from milieu.models import Pin
from milieu.solving.contents import SessionContent
from solver.documents.exchange import clock

SESSION, ATTEND = "session", "attend"


@dataclass(frozen=True)
class Fixed:
    """Whether a session is fixed, and which of those invited are fixed in it."""

    is_fixed: bool
    people: frozenset[str]


def fixed_in(db: DbSession, community_id: str, week_start: date, ref: str) -> Fixed:
    """What is fixed of a session."""
    rows = _pins(db, community_id, week_start, ref)
    return Fixed(
        any(row.kind == SESSION for row in rows),
        frozenset(row.resident_id for row in rows if row.kind == ATTEND and row.resident_id),
    )


def where(session: SessionContent) -> dict[str, Any]:
    """What a pin keeps of a session: when and where it is held, and who leads it."""
    return {
        "activity": session.activity_id,
        "day": session.on_date.weekday(),
        "start": clock(session.start_minute),
        "space": session.space_id,
        "facilitators": list(session.facilitators),
    }


def follow(db: DbSession, community_id: str, week_start: date, ref: str, becomes: SessionContent | None) -> bool:
    """Let what is fixed of a session go where the session goes, by hand; what is taken out is fixed no more.

    Whether anything was fixed.
    """
    rows = _pins(db, community_id, week_start, ref)
    for row in rows:
        if becomes is None or (row.kind == ATTEND and row.resident_id not in becomes.residents):
            db.delete(row)
        elif row.kind == SESSION:
            row.fixed = where(becomes)
    db.flush()
    return bool(rows)


def _pins(db: DbSession, community_id: str, week_start: date, ref: str) -> list[Pin]:
    return list(
        db.scalars(
            select(Pin).where(Pin.community_id == community_id, Pin.week_start == week_start, Pin.session_ref == ref)
        )
    )
