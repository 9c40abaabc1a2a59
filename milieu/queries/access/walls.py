"""The living groups' own walls, as a director keeps them."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, select

from milieu.database import DbSession
from milieu.models import Account, Activity, ActivityMember, Resident, Wall
from milieu.queries.residents.people import units_of
from milieu.queries.residents.stays import lives_here


@dataclass(frozen=True)
class WallLine:
    """A living group: its open address, where it has one, and the closed groups that members of it are in."""

    living_group_id: str
    name: str
    closed: tuple[str, ...]
    wall_id: str | None = None
    made_at: datetime | None = None
    made_by: str = ""


def walls_of(db: DbSession, community_id: str, *, today: date) -> tuple[WallLine, ...]:
    """Every living group that there is now, in the order in which they are walked."""
    rows = db.execute(
        select(Wall.living_group_id, Wall.id, Wall.made_at, Account.name)
        .outerjoin(Account, and_(Account.community_id == Wall.community_id, Account.id == Wall.made_by))
        .where(Wall.community_id == community_id, Wall.ended_at.is_(None))
    )
    walls = {group_id: (wall_id, made_at, made_by or "") for group_id, wall_id, made_at, made_by in rows}
    closed = _closed_groups(db, community_id, today)
    return tuple(
        WallLine(unit.id, unit.name, tuple(closed.get(unit.id, ())), *walls.get(unit.id, ()))
        for unit in units_of(db, community_id)
    )


def open_walls(db: DbSession) -> tuple[str, ...]:
    """The ids of all addresses that have not ended, of every community."""
    return tuple(db.scalars(select(Wall.id).where(Wall.ended_at.is_(None)).order_by(Wall.id)))


def _closed_groups(db: DbSession, community_id: str, today: date) -> dict[str, list[str]]:
    rows = db.execute(
        select(Resident.living_group_id, Activity.name)
        .join(
            ActivityMember,
            and_(ActivityMember.community_id == Resident.community_id, ActivityMember.resident_id == Resident.id),
        )
        .join(
            Activity,
            and_(Activity.community_id == ActivityMember.community_id, Activity.id == ActivityMember.activity_id),
        )
        .where(
            Resident.community_id == community_id,
            lives_here(today, today),
            Activity.is_closed.is_(True),
            Activity.max_group > 1,
            Activity.ended_on.is_(None) | (Activity.ended_on >= today),
        )
        .distinct()
        .order_by(Activity.name)
    )
    found: dict[str, list[str]] = {}
    for group_id, name in rows:
        found.setdefault(group_id, []).append(name)
    return found
