"""What is fixed of a draft's session, and how it follows the session where a hand moves it.

A session is fixed where it is, people in it, others out of it. What goes with a change comes back where that is undone.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import delete, select

from milieu.database import DbSession
from milieu.models import Pin
from milieu.models.weeks.plans import MEANT_FOR
from milieu.services.teller import Teller
from milieu.solving.contents import SessionContent
from solver.documents.exchange import clock

SESSION, ATTEND, ABSENT = "session", "attend", "absent"


@dataclass(frozen=True)
class Fixed:
    """Whether a session is fixed, which of those invited are fixed in it, and who is fixed out of it."""

    is_fixed: bool
    people: frozenset[str]
    absent: frozenset[str]


@dataclass(frozen=True)
class Fixing:
    """One thing that is fixed of a session: `kind` is of SESSION, ATTEND and ABSENT, the first without a resident."""

    kind: str
    resident_id: str = ""


def fixed_in(db: DbSession, community_id: str, week_start: date, ref: str) -> Fixed:
    """What is fixed of a session."""
    return _fixed(_pins(db, community_id, week_start, ref))


def fixed_by_session(db: DbSession, community_id: str, week_start: date) -> dict[str, Fixed]:
    """What is fixed in a week, by the refs of the sessions that anything is fixed of."""
    rows: dict[str, list[Pin]] = defaultdict(list)
    for row in db.scalars(select(Pin).where(Pin.community_id == community_id, Pin.week_start == week_start)):
        rows[row.session_ref].append(row)
    return {ref: _fixed(those) for ref, those in rows.items()}


def _fixed(rows: Iterable[Pin]) -> Fixed:
    rows = list(rows)
    people = {
        kind: frozenset(row.resident_id for row in rows if row.kind == kind and row.resident_id)
        for kind in (ATTEND, ABSENT)
    }
    return Fixed(any(row.kind == SESSION for row in rows), people[ATTEND], people[ABSENT])


def where(session: SessionContent) -> dict[str, Any]:
    """What a pin keeps of a session: when and where it is held, and who leads it."""
    return {
        "activity": session.activity_id,
        "day": session.on_date.weekday(),
        "start": clock(session.start_minute),
        "space": session.space_id,
        "facilitators": list(session.facilitators),
    }


def follow(
    db: DbSession, community_id: str, week_start: date, ref: str, becomes: SessionContent | None
) -> tuple[bool, tuple[Fixing, ...]]:
    """Let what is fixed of a session go where the session goes, by hand; what is taken out is fixed no more.

    Whether anything was fixed, and what no longer is.
    """
    rows, gone = _pins(db, community_id, week_start, ref), []
    for row in rows:
        if becomes is None or (row.kind == ATTEND and row.resident_id not in becomes.residents):
            gone.append(Fixing(row.kind, row.resident_id or ""))
            db.delete(row)
        elif row.kind == SESSION:
            meant_for = {key: value for key, value in (row.fixed or {}).items() if key == MEANT_FOR}
            row.fixed = {**where(becomes), **meant_for}
    db.flush()
    return bool(rows), tuple(gone)


def fix_all(
    db: DbSession, teller: Teller, week_start: date, ref: str, session: SessionContent | None, those: Iterable[Fixing]
) -> None:
    """Fix what is not fixed yet of a session as it is; of one that is not there nothing."""
    there = {(row.kind, row.resident_id or "") for row in _pins(db, teller.community_id, week_start, ref)}
    for each in those:
        if session is None or (each.kind, each.resident_id) in there:
            continue
        if each.kind == ATTEND and each.resident_id not in session.residents:
            continue
        db.add(
            Pin(
                community_id=teller.community_id,
                week_start=week_start,
                kind=each.kind,
                session_ref=ref,
                resident_id=each.resident_id or None,
                fixed=where(session) if each.kind == SESSION else None,
                made_by=teller.by,
                made_at=teller.now,
            )
        )
    db.flush()


def let_go(db: DbSession, community_id: str, week_start: date, ref: str, those: Iterable[Fixing]) -> None:
    """Fix it no more."""
    mine = Pin.community_id == community_id, Pin.week_start == week_start, Pin.session_ref == ref
    for each in those:
        whose = Pin.resident_id == each.resident_id if each.resident_id else Pin.resident_id.is_(None)
        db.execute(delete(Pin).where(*mine, Pin.kind == each.kind, whose))
    db.flush()


def _pins(db: DbSession, community_id: str, week_start: date, ref: str) -> list[Pin]:
    return list(
        db.scalars(
            select(Pin).where(Pin.community_id == community_id, Pin.week_start == week_start, Pin.session_ref == ref)
        )
    )
