"""What planning again leaves as it is: a session of a draft that is fixed where it is, and people fixed in it."""

from datetime import date
from typing import Any

from sqlalchemy import delete

from milieu.database import DbSession
from milieu.errors import Conflict
from milieu.models import Pin
from milieu.services.by_hand.fixed import ATTEND, SESSION, fixed_in, where
from milieu.services.by_hand.keeping import find_draft
from milieu.services.by_hand.trying import find_session, source_of
from milieu.services.journal import record
from milieu.services.teller import Teller


def fix(
    db: DbSession, teller: Teller, week_start: date, version: int, ref: str, *, is_fixed: bool, resident_id: str = ""
) -> str:
    """Fix a session of a draft where it is, or somebody in it, or let go of that; the session's title.

    Who is fixed fixes the session with them; a session that is let go of lets go of everybody in it. Raises NotFound;
    Conflict where the draft is not the version that was seen, or where the person is not invited.
    """
    plan = find_draft(db, teller, week_start, version)
    session = find_session(db, plan, ref)
    before = source_of(db, teller.community_id, week_start, teller)
    if resident_id and is_fixed and resident_id not in session.residents:
        raise Conflict("They are not invited to it any more.")
    mine = Pin.community_id == teller.community_id, Pin.week_start == week_start, Pin.session_ref == ref
    fixed = fixed_in(db, teller.community_id, week_start, ref)
    if not is_fixed:
        only = (Pin.kind == ATTEND, Pin.resident_id == resident_id) if resident_id else ()
        db.execute(delete(Pin).where(*mine, *only))
    else:
        if not fixed.is_fixed:
            _add(db, teller, week_start, ref, SESSION, fixed=where(session))
        if resident_id and resident_id not in fixed.people:
            _add(db, teller, week_start, ref, ATTEND, resident_id=resident_id)
    db.flush()
    record(
        db,
        teller.community_id,
        verb="fixed" if is_fixed else "let go",
        noun="pin",
        row_id=ref,
        by=teller.by,
        now=teller.now,
        after={"resident_id": resident_id} if resident_id else None,
    )
    if plan.facts_digest == before.facts_digest:  # what a person fixes is no news to the draft that they fix it in
        plan.facts_digest = source_of(db, teller.community_id, week_start, teller).facts_digest
        db.flush()
    return session.title


def _add(db: DbSession, teller: Teller, week_start: date, ref: str, kind: str, **fields: Any) -> None:
    db.add(
        Pin(
            community_id=teller.community_id,
            week_start=week_start,
            kind=kind,
            session_ref=ref,
            made_by=teller.by,
            made_at=teller.now,
            **fields,
        )
    )
