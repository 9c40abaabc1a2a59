"""A fact that was told not quite right, corrected as it stands: one row, one more line in the journal.

What was published for it meanwhile stays until somebody chooses what becomes of it, as after every fact.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import select

from milieu.calendar.weeks import DAY_MINUTES
from milieu.database import DbSession
from milieu.errors import Conflict, NotFound
from milieu.models import Absence, Change, Outbreak, ResidentBusy, ShortHanded, SpaceClosure
from milieu.queries.facts.kinds import (
    ABSENCE,
    BED,
    BUSY,
    CLOSURE,
    CORRECTABLE,
    CORRECTED,
    HANDS,
    HOSPITAL,
    OUTBREAK,
    TOLD,
)
from milieu.services.facts.taking_back import GONE
from milieu.services.teller import Correction, Teller

CHANGED = "Somebody changed this while you were writing. Nothing was saved: please look at it as it is now."


@dataclass(frozen=True)
class Standing:
    """A fact as its row holds it: who or what it is about, from when until when, of what kind, in whose words.

    `helpers` and `leaders` are of a team that is short of hands: how many bring residents, and who leads nothing.
    `version` is the row's; `start_minute` and `end_minute` count from midnight.
    """

    kind: str
    row_id: str
    version: int
    who_id: str
    first: date | None
    last: date | None
    start_minute: int
    end_minute: int
    detail: str
    reason: str
    helpers: int | None = None
    leaders: tuple[str, ...] = ()


def find_standing(db: DbSession, community_id: str, change_id: str) -> Standing:
    """A fact by the line of the journal that told it. Raises NotFound; Conflict where it was taken back."""
    line = db.get(Change, (community_id, change_id))
    if line is None or line.verb != TOLD or line.noun not in CORRECTABLE:
        raise NotFound("There is no such change.")
    row: Any = db.get(_ROWS[line.noun], (community_id, line.row_id))
    if row is None:
        raise Conflict(GONE)
    is_dated = isinstance(row, ResidentBusy | Outbreak)
    return Standing(
        kind=line.noun,
        row_id=row.id,
        version=row.version,
        who_id=getattr(row, _WHO[line.noun], ""),
        first=row.valid_from if is_dated else row.first_date,
        last=row.valid_until if is_dated else row.last_date,
        start_minute=getattr(row, "start_minute", 0),
        end_minute=getattr(row, "end_minute", DAY_MINUTES),
        detail=getattr(row, "kind", ""),
        reason=getattr(row, "note" if line.noun == OUTBREAK else "reason", ""),
        helpers=getattr(row, "helpers", None),
        leaders=tuple(_newest(db, community_id, line.noun, row.id).get("facilitator_ids", ())),
    )


def as_correction(db: DbSession, teller: Teller, change_id: str, version: int) -> Teller:
    """A teller whose next words take the place of what a fact says; `version` is that of the row that they saw.

    Raises NotFound; Conflict where it was taken back, or changed since.
    """
    standing = find_standing(db, teller.community_id, change_id)
    row: Any = db.get(
        _ROWS[standing.kind], (teller.community_id, standing.row_id), with_for_update=True, populate_existing=True
    )
    if row is None:
        raise Conflict(GONE)
    if row.version != version:
        raise Conflict(CHANGED)
    said = _newest(db, teller.community_id, standing.kind, standing.row_id)
    return replace(teller, correction=Correction(standing.row_id, said))


def _newest(db: DbSession, community_id: str, kind: str, row_id: str) -> dict[str, Any]:
    """What the journal said of it last."""
    said = db.scalar(
        select(Change.after)
        .where(
            Change.community_id == community_id,
            Change.noun == kind,
            Change.row_id == row_id,
            Change.verb.in_((TOLD, CORRECTED)),
        )
        .order_by(Change.at.desc(), (Change.verb == TOLD), Change.id.desc())
        .limit(1)
    )
    return dict(said or {})


_ROWS: Mapping[str, type[Any]] = {
    ABSENCE: Absence,
    CLOSURE: SpaceClosure,
    BUSY: ResidentBusy,
    HOSPITAL: ResidentBusy,
    BED: ResidentBusy,
    HANDS: ShortHanded,
    OUTBREAK: Outbreak,
}
_WHO: Mapping[str, str] = {
    ABSENCE: "facilitator_id",
    CLOSURE: "space_id",
    BUSY: "resident_id",
    HOSPITAL: "resident_id",
    BED: "resident_id",
    HANDS: "",  # several, or nobody
    OUTBREAK: "living_group_id",
}
