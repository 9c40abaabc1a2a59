"""Where somebody is to live from a day to come, and when it was told that they live here no more."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from milieu.clock import local_day
from milieu.database import DbSession
from milieu.models import Change, LivingGroup, Move, Stay
from milieu.queries.facts.kinds import DEATH, DEPARTURE, TOLD
from milieu.queries.residents.stays import present_stay


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


def leaves_on(db: DbSession, community_id: str, resident_id: str, today: date) -> date | None:
    """The day to come on which somebody who lives here leaves; None where none is told. One query."""
    stay = present_stay(db, community_id, resident_id, today)
    return stay.until if stay is not None and stay.until is not None and stay.until > today else None


def leaving_told_on(db: DbSession, community_id: str, resident_id: str, timezone: str) -> date | None:
    """The local day on which it was told last that somebody left or died; None where a list says so. One query."""
    at = db.scalar(
        select(Change.at)
        .join(Stay, (Stay.community_id == Change.community_id) & (Stay.id == Change.row_id))
        .where(
            Change.community_id == community_id,
            Change.verb == TOLD,
            Change.noun.in_((DEATH, DEPARTURE)),
            Stay.resident_id == resident_id,
        )
        .order_by(Change.at.desc())
        .limit(1)
    )
    return None if at is None else local_day(at, timezone)
