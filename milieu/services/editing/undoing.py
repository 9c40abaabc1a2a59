"""A wrong entry undone: a row holds what it held before one line of the journal, where nobody changed it since."""

from datetime import date
from typing import Any

from sqlalchemy import Date

from milieu.database import DbSession
from milieu.errors import Conflict, NotFound
from milieu.models import Change
from milieu.queries.facts.history import plain
from milieu.services.editing.parts import Part
from milieu.services.editing.saving import ADDED, CHANGED, ENDED, TAKEN_OUT
from milieu.services.journal import write_down
from milieu.services.teller import Teller

UNDONE = "undone"


def undo(db: DbSession, teller: Teller, part: Part, change_id: str) -> str:
    """Undo what one line of the journal tells of a row of `part`; the row's id.

    Raises NotFound; Conflict where what it made holds no longer.
    """
    line = db.get(Change, (teller.community_id, change_id))
    if line is None or line.noun != part.noun or line.verb not in (ADDED, CHANGED, ENDED, TAKEN_OUT):
        raise NotFound("There is no such change.")
    model: Any = part.table.model
    row: Any = db.get(model, (teller.community_id, line.row_id), with_for_update=True, populate_existing=True)
    if (row is None) != (line.verb == TAKEN_OUT) or any(
        plain(getattr(row, name)) != value for name, value in (line.after or {}).items()
    ):
        raise Conflict("This was changed again since. Please change it by hand.")
    if line.verb == ADDED:
        db.delete(row)
    elif line.verb == TAKEN_OUT:
        db.add(model(community_id=teller.community_id, id=line.row_id, **_values(model, line.before or {})))
    else:
        for name, value in _values(model, line.before or {}).items():
            setattr(row, name, value)
    db.flush()
    write_down(
        db,
        teller,
        UNDONE,
        line.noun,
        line.row_id,
        before=line.after,
        after=line.before,
    )
    return line.row_id


def _values(model: Any, kept: dict[str, Any]) -> dict[str, Any]:
    """What the journal kept, as the columns hold it."""
    columns = model.__table__.columns
    return {
        name: date.fromisoformat(value) if value and name in columns and _is_day(columns[name]) else value
        for name, value in kept.items()
    }


def _is_day(column: Any) -> bool:
    return isinstance(column.type, Date)
