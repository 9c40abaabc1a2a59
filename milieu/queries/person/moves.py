"""Where somebody is to live from a day to come."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from milieu.database import DbSession
from milieu.models import LivingGroup, Move


@dataclass(frozen=True)
class MoveToCome:
    """To which living group and room, from which day on."""

    living_group: str
    room: str
    on_date: date


def move_to_come(db: DbSession, community_id: str, resident_id: str) -> MoveToCome | None:
    """None where nothing of the kind is told. One query."""
    row = db.execute(
        select(LivingGroup.name, Move.room, Move.on_date)
        .join(LivingGroup, (LivingGroup.community_id == Move.community_id) & (LivingGroup.id == Move.living_group_id))
        .where(Move.community_id == community_id, Move.resident_id == resident_id)
    ).one_or_none()
    return None if row is None else MoveToCome(row.name, row.room, row.on_date)
