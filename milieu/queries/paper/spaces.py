"""The spaces that have a door to hang something on."""

from dataclasses import dataclass

from sqlalchemy import select

from milieu.database import DbSession
from milieu.models import Space


@dataclass(frozen=True)
class Door:
    """A space by its name."""

    id: str
    name: str


def spaces_of(db: DbSession, community_id: str) -> tuple[Door, ...]:
    """The spaces for more than one that are used now, by name: a bedside has no programme."""
    rows = db.execute(
        select(Space.id, Space.name)
        .where(Space.community_id == community_id, Space.ended_on.is_(None), Space.capacity > 1)
        .order_by(Space.name, Space.id)
    )
    return tuple(Door(row.id, row.name) for row in rows)
