"""A week's sessions as rows, of a draft as of a publication: each session first, then who leads it and who comes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlalchemy import insert

from milieu.database import DbSession
from milieu.ids import new_id
from milieu.models.base import Base
from milieu.solving.contents import Place, SessionContent

Values: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True)
class Tables:
    """The tables that they are kept in."""

    sessions: type[Base]
    leaders: type[Base]
    places: type[Base]


def add_sessions(
    db: DbSession,
    contents: Sequence[SessionContent],
    tables: Tables,
    *,
    session: Callable[[SessionContent, str], Values],
    leader: Callable[[str, str], Values],
    place: Callable[[str, Place], Values],
) -> None:
    """Add rows with the columns that `session`, `leader` and `place` give; the latter two are given the new id of their
    session's row.

    A week has a thousand rows. Nobody else can write meanwhile: they go to the database table by table, not as objects.
    """
    ids = {each.ref: new_id() for each in contents}
    rows: tuple[tuple[type[Base], list[Values]], ...] = (
        (tables.sessions, [session(each, ids[each.ref]) for each in contents]),
        (tables.leaders, [leader(ids[each.ref], one) for each in contents for one in each.facilitators]),
        (tables.places, [place(ids[each.ref], one) for each in contents for one in each.places]),
    )
    db.flush()
    for table, values in rows:
        if values:
            db.connection().execute(insert(table), values)
