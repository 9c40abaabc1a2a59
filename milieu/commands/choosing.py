"""Which community a command speaks of."""

from sqlalchemy import select

from milieu.database import DbSession
from milieu.errors import Invalid, NotFound
from milieu.models import Community


def choose_community(db: DbSession, key: str | None) -> Community:
    """The community with that key, the only one where none is given. Raises NotFound, Invalid where it is not clear."""
    rows = {row.key: row for row in db.scalars(select(Community).order_by(Community.key))}
    if key is not None and key in rows:
        return rows[key]
    known = ", ".join(rows)
    if key is not None:
        raise NotFound(f"There is no community {key!r}." + (f" There are: {known}." if rows else ""))
    if not rows:
        raise NotFound("There is no community yet: `milieu import FOLDER` makes one.")
    if len(rows) > 1:
        raise Invalid(f"Which community? Add --community with one of: {known}.")
    return next(iter(rows.values()))
