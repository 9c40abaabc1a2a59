"""What a living group wants to be together: its aims, and its council's wishes with the answers given."""

from collections.abc import Mapping
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
from milieu.services.house.things.keeping import undo_change
from milieu.services.house.things.showing import Past, history_of_owned
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
    council = _held(db, community_id, COUNCIL, living_group_id)
    newest = sorted(council, key=lambda held: (held.texts["said_on"], held.row_id), reverse=True)
    return Wanted(_held(db, community_id, AIMS, living_group_id, live_on=today), tuple(newest))


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


@dataclass(frozen=True)
class Became:
    """A line of what became of an aim or a wish; `texts` is what that holds now, or held when it went."""

    line: Past
    texts: Mapping[str, str]


def history_of_wanted(db: DbSession, community_id: str, living_group_id: str) -> tuple[Became, ...]:
    """What became of a living group's aims and of its council's wishes, the newest first."""
    lines = history_of_owned(db, community_id, tuple(PARTS.values()), living_group_id)
    held = {
        each.row_id: each.texts for part in PARTS.values() for each in _held(db, community_id, part, living_group_id)
    }
    gone = {line.row_id: line.before for line in reversed(lines) if set(PARTS[line.of].names) <= line.before.keys()}
    return tuple(Became(line, held.get(line.row_id) or gone.get(line.row_id, {})) for line in lines)


def undo_wanted(db: DbSession, teller: Teller, living_group_id: str, change_id: str) -> None:
    """Undo one line of that history. Raises NotFound; Conflict where it stands no longer."""
    if all(each.line.id != change_id for each in history_of_wanted(db, teller.community_id, living_group_id)):
        raise NotFound("There is no such change.")
    undo_change(db, teller, tuple(PARTS.values()), change_id)


def _held(
    db: DbSession, community_id: str, part: Part, living_group_id: str, *, live_on: date | None = None
) -> tuple[Held, ...]:
    """A living group's rows: all of them, or those that are not over on a day."""
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
        if ending is None or live_on is None or ending.is_live(getattr(row, ending.field), live_on)
    )
