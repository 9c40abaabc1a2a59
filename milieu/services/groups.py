"""What a living group wants to be together: its aims, and its council's wishes with the answers given."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from milieu.database import DbSession
from milieu.errors import NotFound
from milieu.imports.tables import people, preferences
from milieu.models import LivingGroup
from milieu.services.editing.parts import Part
from milieu.services.editing.reading import Typed
from milieu.services.editing.saving import Saved, add_row, change_row, end_row, texts
from milieu.services.residents.forms import Held
from milieu.services.teller import Teller

OWNER = "living_group_id"
AIMS = Part(
    "aims",
    people.GROUP_AIMS,
    ("domain", "members", "sessions_a_week", "weight", "valid_from", "valid_until"),
    OWNER,
)
COUNCIL = Part("council", preferences.COUNCIL_WISHES, ("wish", "said_on", "answer", "answered_on"), OWNER)
PARTS = {part.name: part for part in (AIMS, COUNCIL)}


@dataclass(frozen=True)
class Wanted:
    """What is held of a living group: its aims that are not over, and all its council's wishes, the newest first."""

    aims: tuple[Held, ...]
    council: tuple[Held, ...]


def wanted_by(db: DbSession, community_id: str, living_group_id: str, today: date) -> Wanted:
    """Two queries."""
    council = _held(db, community_id, COUNCIL, living_group_id, today)
    newest = sorted(council, key=lambda held: (held.texts["said_on"], held.row_id), reverse=True)
    return Wanted(_held(db, community_id, AIMS, living_group_id, today), tuple(newest))


def add_wanted(db: DbSession, teller: Teller, part: Part, living_group_id: str, typed: Typed) -> list[Saved]:
    """Add an aim, or a wish of the council. Raises NotFound, Refused."""
    group = db.get(LivingGroup, (teller.community_id, living_group_id))
    if group is None or group.ended_on is not None:
        raise NotFound("There is no such living group.")
    return add_row(db, teller, part, living_group_id, typed)


def change_wanted(
    db: DbSession, teller: Teller, part: Part, living_group_id: str, row_id: str, version: int, typed: Typed
) -> Saved:
    """Change one, or answer it. Raises NotFound, Stale, Refused."""
    return change_row(db, teller, part, row_id, version, typed, owner_id=living_group_id)


def end_wanted(db: DbSession, teller: Teller, part: Part, living_group_id: str, row_id: str, version: int) -> Saved:
    """Let an aim hold no longer; what a council never wished is taken out. Raises NotFound, Stale."""
    return end_row(db, teller, part, row_id, version, owner_id=living_group_id)


def _held(db: DbSession, community_id: str, part: Part, living_group_id: str, today: date) -> tuple[Held, ...]:
    model: Any = part.table.model
    ending = part.table.ending
    rows = db.scalars(
        select(model)
        .where(model.community_id == community_id, model.living_group_id == living_group_id)
        .order_by(model.id)
    )
    return tuple(
        Held(row.id, row.version, texts(part, row))
        for row in rows
        if ending is None or ending.is_live(getattr(row, ending.field), today)
    )
