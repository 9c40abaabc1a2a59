"""What the forms of a resident's parts begin with: the present values as text, and the version they were read at."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from milieu.database import DbSession
from milieu.errors import NotFound
from milieu.models import Resident
from milieu.services.editing.parts import Part
from milieu.services.editing.reading import Typed
from milieu.services.editing.saving import Saved, add_row, change_row, end_row, texts
from milieu.services.residents.parts import OF_THE_RESIDENT
from milieu.services.teller import Teller


@dataclass(frozen=True)
class Held:
    """A row as its form shows it: its id, the version that the form was made from, its values by column."""

    row_id: str
    version: int
    texts: Mapping[str, str]


def own_form(db: DbSession, community_id: str, part: Part, resident_id: str) -> Held:
    """What a part of the resident's own row holds. Raises NotFound."""
    row = find_resident(db, community_id, resident_id)
    return Held(row.id, row.version, texts(part, row))


def row_forms(db: DbSession, community_id: str, part: Part, resident_id: str, today: date) -> tuple[Held, ...]:
    """The rows of a part that belong to a resident and are not over."""
    model: Any = part.table.model
    ending = part.table.ending
    rows = db.scalars(
        select(model).where(model.community_id == community_id, model.resident_id == resident_id).order_by(model.id)
    )
    return tuple(
        Held(row.id, getattr(row, "version", 1), texts(part, row))
        for row in rows
        if ending is None or ending.is_live(getattr(row, ending.field), today)
    )


def save_part(
    db: DbSession, teller: Teller, part: Part, resident_id: str, version: int, typed: Typed, *, row_id: str = ""
) -> Saved:
    """Change a part of a resident's own row, or one of the rows that belong to them.

    Raises NotFound, Stale, Refused.
    """
    if part in OF_THE_RESIDENT:
        return change_row(db, teller, part, resident_id, version, typed)
    return change_row(db, teller, part, row_id, version, typed, owner_id=resident_id)


def add_fact(db: DbSession, teller: Teller, part: Part, resident_id: str, typed: Typed) -> list[Saved]:
    """Add a row to a resident. Raises NotFound, Refused."""
    find_resident(db, teller.community_id, resident_id)
    return add_row(db, teller, part, resident_id, typed)


def end_fact(db: DbSession, teller: Teller, part: Part, resident_id: str, row_id: str, version: int) -> Saved:
    """Let a resident's row hold no longer. Raises NotFound, Stale."""
    return end_row(db, teller, part, row_id, version, owner_id=resident_id)


def find_resident(db: DbSession, community_id: str, resident_id: str) -> Resident:
    """A resident of the community. Raises NotFound."""
    row = db.get(Resident, (community_id, resident_id))
    if row is None:
        raise NotFound("There is no such resident.")
    return row
