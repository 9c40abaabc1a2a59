"""A fact that was told by mistake, taken back: as if it had never been told. What it changed meanwhile is not undone.

A resident's own no is taken back by nobody else, but for a slip: by who wrote it down, on the same day.
"""

from typing import Any

from milieu.database import DbSession
from milieu.errors import Conflict, NotAllowed, NotFound
from milieu.models import Absence, Change, Outbreak, Refusal, ResidentBusy, SpaceClosure, Tie
from milieu.queries.facts import ABSENCE, APART, BUSY, CLOSURE, OUTBREAK, REFUSAL, TAKEN_BACK, TOLD
from milieu.services.facts.teller import Teller
from milieu.services.journal import record

TABLES: dict[str, type[Any]] = {
    ABSENCE: Absence,
    CLOSURE: SpaceClosure,
    BUSY: ResidentBusy,
    OUTBREAK: Outbreak,
    REFUSAL: Refusal,
    APART: Tie,
}


def may_take_back(kind: str, *, told_by: str | None, by: str | None, is_same_day: bool) -> bool:
    """Whether an account may take back what another, or itself, told."""
    return kind != REFUSAL or (told_by == by and is_same_day)


def take_back(db: DbSession, teller: Teller, change_id: str) -> None:
    """Take back what a line of the journal told. Raises NotFound, NotAllowed; Conflict where it is gone already."""
    line = db.get(Change, (teller.community_id, change_id))
    if line is None or line.verb != TOLD or line.noun not in TABLES:
        raise NotFound("There is no such change.")
    is_same_day = teller.day_of(db, line.at) == teller.today(db)
    if not may_take_back(line.noun, told_by=line.account_id, by=teller.by, is_same_day=is_same_day):
        raise NotAllowed("This no is the resident’s own: only they, or who may speak for them, take it back.")
    row = db.get(TABLES[line.noun], (teller.community_id, line.row_id), with_for_update=True)
    if row is None:
        raise Conflict("This was taken back already.")
    db.delete(row)
    db.flush()
    record(
        db,
        teller.community_id,
        verb=TAKEN_BACK,
        noun=line.noun,
        row_id=line.row_id,
        by=teller.by,
        now=teller.now,
        before=line.after,
    )
