"""A week's sessions as rows, of a draft as of a publication: each session first, then who leads it and who comes."""

from collections.abc import Callable, Sequence

from milieu.database import DbSession
from milieu.ids import new_id
from milieu.models.base import Base
from milieu.solving.contents import Place, SessionContent


def add_sessions(
    db: DbSession,
    contents: Sequence[SessionContent],
    *,
    session: Callable[[SessionContent, str], Base],
    leader: Callable[[str, str], Base],
    place: Callable[[str, Place], Base],
) -> None:
    """Add what `session`, `leader` and `place` make; the latter two are given the new id of their session's row."""
    ids = {each.ref: new_id() for each in contents}
    db.add_all(session(each, ids[each.ref]) for each in contents)
    db.flush()
    db.add_all(leader(ids[each.ref], one) for each in contents for one in each.facilitators)
    db.add_all(place(ids[each.ref], one) for each in contents for one in each.places)
    db.flush()
