"""Ties of which it is time to ask whether they still hold: none ends in silence."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from milieu.database import DbSession
from milieu.models import LivingGroup, Resident, Tie
from milieu.queries.residents.stays import stays_of


@dataclass(frozen=True)
class Question:
    """A tie that is to be looked at again, and the living group on whose page it is asked of."""

    tie_id: str
    living_group_id: str
    living_group: str


def questions(db: DbSession, community_id: str, *, today: date) -> tuple[Question, ...]:
    """Whose day to be asked has come, the one that has waited longest first. Two queries at most.

    It is asked on the page of the living group of the first of the two, and stands on that of the other as well.
    """
    rows = db.execute(
        select(Tie.id, Tie.resident_id, Tie.other_id, LivingGroup.id.label("group_id"), LivingGroup.name)
        .join(Resident, (Resident.community_id == Tie.community_id) & (Resident.id == Tie.resident_id))
        .join(
            LivingGroup,
            (LivingGroup.community_id == Resident.community_id) & (LivingGroup.id == Resident.living_group_id),
        )
        .where(
            Tie.community_id == community_id,
            Tie.asks_on.is_not(None),
            Tie.asks_on <= today,
            Tie.noted_on <= today,
            Tie.expires_on.is_(None) | (Tie.expires_on >= today),
            LivingGroup.ended_on.is_(None),
        )
        .order_by(Tie.asks_on, Tie.id)
    ).all()
    stays = stays_of(db, community_id) if rows else {}
    return tuple(
        Question(row.id, row.group_id, row.name)
        for row in rows
        if all(who in stays and stays[who].is_here(today) for who in (row.resident_id, row.other_id))
    )
