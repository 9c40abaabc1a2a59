"""Walls: a living group's own programme gets an address, and the address is ended.

An address is open to whoever knows it, so that it can be ended at any time; a new one is another.
"""

from datetime import datetime

from sqlalchemy import select

from milieu.database import DbSession
from milieu.errors import NotFound
from milieu.models import LivingGroup, Wall
from milieu.services.journal import record
from milieu.services.weeks.editions import lock_community


def open_wall(db: DbSession, community_id: str, living_group_id: str, *, by: str | None, now: datetime) -> str:
    """The id of a living group's open wall, made where there is none. Raises NotFound."""
    lock_community(db, community_id)
    group = db.get(LivingGroup, (community_id, living_group_id))
    if group is None or group.ended_on is not None:
        raise NotFound("There is no such living group.")
    there = db.scalar(
        select(Wall.id).where(
            Wall.community_id == community_id, Wall.living_group_id == living_group_id, Wall.ended_at.is_(None)
        )
    )
    if there is not None:
        return there
    wall = Wall(community_id=community_id, living_group_id=living_group_id, made_at=now, made_by=by)
    db.add(wall)
    db.flush()
    after = {"living_group_id": living_group_id}
    record(db, community_id, verb="made", noun="wall", row_id=wall.id, by=by, now=now, after=after)
    return wall.id


def end_wall(db: DbSession, community_id: str, wall_id: str, *, by: str | None, now: datetime) -> None:
    """End an address from its next reading on; ended twice it is ended once, as of the first time. Raises NotFound."""
    lock_community(db, community_id)
    wall = db.get(Wall, (community_id, wall_id))
    if wall is None:
        raise NotFound("There is no such address.")
    if wall.ended_at is not None:
        return
    wall.ended_at = now
    db.flush()
    record(db, community_id, verb="ended", noun="wall", row_id=wall_id, by=by, now=now)
