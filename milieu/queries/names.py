"""The names of a community's people and things, for sentences that a director reads."""

from sqlalchemy import select

from milieu.database import DbSession
from milieu.models import Activity, Facilitator, LivingGroup, Resident, Space
from milieu.queries.residents.people import full_name


def names_of(db: DbSession, community_id: str) -> dict[str, str]:
    """Id -> name of every resident, facilitator, activity, space and living group, also of those who have left."""
    names: dict[str, str] = {}
    for table in (Facilitator, Activity, Space, LivingGroup):
        names.update(
            (row.id, row.name)
            for row in db.execute(select(table.id, table.name).where(table.community_id == community_id))
        )
    names.update(resident_names(db, community_id))
    return names


def resident_names(db: DbSession, community_id: str) -> dict[str, str]:
    """Id -> how each resident is called, with the family name."""
    rows = db.execute(
        select(Resident.id, Resident.given_name, Resident.family_name, Resident.called).where(
            Resident.community_id == community_id
        )
    )
    return {row.id: full_name(row.given_name, row.family_name, row.called) for row in rows}
