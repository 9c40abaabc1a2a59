"""What a director keeps: made, changed, ended, brought back; each in the caller's unit of work, with its line kept."""

from typing import Any

from sqlalchemy import select

from milieu.database import DbSession
from milieu.errors import Conflict, NotFound
from milieu.imports.tables.cells import BadCell, clean
from milieu.models import Activity, Change
from milieu.services.editing.parts import Part
from milieu.services.editing.reading import Refused, Typed
from milieu.services.editing.saving import ADDED, Saved, add_row, change_row, end_row, find_row, texts
from milieu.services.editing.undoing import undo
from milieu.services.house.things.kinds import AIMS, LIVING_GROUPS, SPACES, Kind, Piece, seal_of
from milieu.services.house.things.naming import free_key
from milieu.services.house.things.uses import why_not
from milieu.services.teller import Teller


def make_thing(db: DbSession, teller: Teller, kind: Kind, typed: Typed) -> Saved:
    """A new living group, space, colleague or activity, with a key of its own. Raises Refused."""
    name = _plain(typed.get("name", ""))
    _check_name(db, teller, kind, name, "")
    key = free_key(db, teller.community_id, kind.part.table.model, name)
    (made,) = add_row(db, teller, kind.part, "", _filled(kind, typed), key=key)
    return made


def change_thing(db: DbSession, teller: Teller, kind: Kind, row_id: str, version: int, typed: Typed) -> Saved:
    """Raises NotFound, Stale, Refused."""
    _check_name(db, teller, kind, _plain(typed.get("name", "")), row_id)
    return change_row(db, teller, kind.part, row_id, version, _filled(kind, typed))


def end_thing(db: DbSession, teller: Teller, kind: Kind, row_id: str, version: int) -> Saved:
    """Let a thing be there no more from today on. Raises NotFound, Stale; Conflict where somebody lives by it."""
    row = find_row(db, teller, kind.part, row_id)
    if row.ended_on is not None and row.ended_on <= teller.today(db):
        raise Conflict("This has ended already.")
    if because := why_not(db, teller.community_id, kind, row_id, teller.today(db)):
        raise Conflict("This cannot end yet.", because)
    return end_row(db, teller, kind.part, row_id, version)


def add_piece(db: DbSession, teller: Teller, kind: Kind, row_id: str, piece: Piece, typed: Typed) -> None:
    """What belongs to a thing: hours, a neighbour, somebody who is familiar. Raises NotFound, Refused."""
    find_row(db, teller, kind.part, row_id)
    owner = row_id
    if len(piece.owners) == 2 and (other := _plain(typed.get("other", ""))):  # a pair, stored one way round
        if other == row_id:
            raise Refused({"other": "Please choose another one."})
        owner, second = sorted((row_id, other))
        typed = {**typed, "other": second}
        if db.get(kind.part.table.model, (teller.community_id, other)) is None:
            raise Refused({"other": "Please choose one of the list."})
    if _is_there(db, teller, piece.part, owner, typed):
        raise Refused({piece.part.names[0]: "This is there already."})
    add_row(db, teller, piece.part, owner, typed)


def change_piece(
    db: DbSession, teller: Teller, kind: Kind, row_id: str, piece: Piece, piece_id: str, seen: str, typed: Typed
) -> Saved:
    """Let hours that belong to a thing be others, in their own row; `seen` is the seal of what the form began with.

    Raises NotFound, also where they belong to another; Conflict where they are others by now; Refused.
    """
    row = find_row(db, teller, piece.part, piece_id, owner_id=row_id)
    if not piece.is_hours:
        raise NotFound("This is ended or added, not changed.")
    if seal_of(texts(piece.part, row)) != seen:
        raise Conflict("Somebody changed these hours while you were writing. Nothing was saved: please look again.")
    return change_row(db, teller, piece.part, piece_id, 0, typed, owner_id=row_id)


def end_piece(db: DbSession, teller: Teller, kind: Kind, row_id: str, piece: Piece, piece_id: str) -> None:
    """Let what belongs to a thing hold no more. Raises NotFound, also where it belongs to another."""
    row = find_row(db, teller, piece.part, piece_id)
    if row_id not in (getattr(row, owner) for owner in piece.owners):
        raise NotFound("This is not there any more.")
    end_row(db, teller, piece.part, piece_id, getattr(row, "version", 0))


def add_aim(db: DbSession, teller: Teller, typed: Typed) -> None:
    """What should be on, for all or for a living group. Raises Refused."""
    add_row(db, teller, AIMS, "", typed)


def end_aim(db: DbSession, teller: Teller, row_id: str) -> None:
    """Raises NotFound."""
    end_row(db, teller, AIMS, row_id, 0)


def undo_change(db: DbSession, teller: Teller, parts: tuple[Part, ...], change_id: str) -> None:
    """Undo one line of the journal of a row of these parts. Raises NotFound; Conflict where it stands no longer."""
    line = db.get(Change, (teller.community_id, change_id))
    part = next((each for each in parts if line is not None and each.noun == line.noun), None)
    if line is None or part is None:
        raise NotFound("There is no such change.")
    if line.verb == ADDED and part.table.has_key:
        raise Conflict("What was made is ended, not undone: something may name it by now.")
    undo(db, teller, part, change_id)


def _plain(text: str) -> str:
    """A field as it will be kept, so that two ways of writing one thing are one; what cannot be kept is told later."""
    try:
        return clean(text)
    except BadCell:
        return text


def _filled(kind: Kind, typed: Typed) -> Typed:
    """A living group without a zone is a zone of its own, named like itself."""
    if kind is LIVING_GROUPS and not _plain(typed.get("zone", "")):
        return {**typed, "zone": typed.get("name", "")}
    return typed


def _check_name(db: DbSession, teller: Teller, kind: Kind, name: str, row_id: str) -> None:
    """Two things of one name could not be told apart on any page; people can share one."""
    if kind not in (LIVING_GROUPS, SPACES) and kind.part.table.model is not Activity:
        return
    model: Any = kind.part.table.model
    rows = db.execute(
        select(model.id, model.name, model.ended_on).where(model.community_id == teller.community_id)
    ).all()
    today = teller.today(db)
    if any(
        row.id != row_id and row.name.casefold() == name.casefold() and (row.ended_on is None or row.ended_on > today)
        for row in rows
    ):
        raise Refused({"name": "Another one has this name already."})


def _is_there(db: DbSession, teller: Teller, part: Part, owner: str, typed: Typed) -> bool:
    """Whether a mere link between two rows is there already."""
    if part.table.ending is not None:
        return False
    model: Any = part.table.model
    given = {part.owner: owner}
    given |= {column.attribute: _plain(typed.get(column.name, "")) for column in part.columns}
    return db.scalar(select(model.id).filter_by(community_id=teller.community_id, **given).limit(1)) is not None
