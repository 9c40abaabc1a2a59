"""`milieu account …`."""

from sqlalchemy import select

from milieu.clock import SystemClock
from milieu.commands.choosing import choose_community
from milieu.database import DbSession, unit_of_work
from milieu.errors import NotFound
from milieu.models import Facilitator, Relative
from milieu.services.accounts import create_account
from milieu.serving import open_engines
from milieu.settings import Settings


def create_for(
    settings: Settings, *, community: str | None, email: str, name: str, password: str, roles: tuple[str, ...],
    relative: str | None, facilitator: str | None,
) -> str:  # fmt: skip
    """Make an account; its id. Raises NotFound, Invalid, Conflict."""
    engines = open_engines(settings)
    with unit_of_work(engines) as db:
        community_id = choose_community(db, community).id
        made = create_account(
            db, community_id, email=email, name=name, password=password, roles=roles, now=SystemClock().now(),
            relative_id=_id_of(db, Relative, community_id, relative),
            facilitator_id=_id_of(db, Facilitator, community_id, facilitator),
        )  # fmt: skip
    engines.dispose()
    return made


def _id_of(db: DbSession, table: type[Relative] | type[Facilitator], community_id: str, key: str | None) -> str | None:
    if key is None:
        return None
    found = db.scalar(select(table.id).where(table.community_id == community_id, table.key == key))
    if found is None:
        raise NotFound(f"There is no {table.__tablename__} with the key {key!r} in this community.")
    return found
