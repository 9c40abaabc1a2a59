"""What the house's pages show: things with what belongs to them, as the texts of their forms, and their history."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

from sqlalchemy import or_, select

from milieu.database import DbSession
from milieu.errors import NotFound
from milieu.imports.tables.cells import WEEKDAYS
from milieu.models import Change
from milieu.models.validity import is_there
from milieu.queries.facts.history import HistoryLine, history_of, plain
from milieu.queries.names import names_of
from milieu.services.editing.parts import Part
from milieu.services.editing.saving import ADDED, CHANGED, ENDED, TAKEN_OUT, texts
from milieu.services.house.things.kinds import Kind, Piece

Texts = Mapping[str, str]
"""What a row holds, as the fields of its form write it, by the column's name."""


@dataclass(frozen=True)
class PieceShown:
    """A row that belongs to a thing, of a pair the other one told; `texts` with the names of what it names."""

    id: str
    texts: Texts


@dataclass(frozen=True)
class Thing:
    """A living group, space, colleague or activity; `ended_on` is the first day without it. `pieces` by their names."""

    id: str
    key: str
    name: str
    version: int
    ended_on: date | None
    texts: Texts
    pieces: Mapping[str, tuple[PieceShown, ...]]


@dataclass(frozen=True)
class Past:
    """A line of a thing's history. `before` and `after` are texts of what changed; `of` is the part that it is of.

    `whole` is all that the row held then, where it was made or taken out. `may_undo`: nothing came after.
    """

    id: str
    at: datetime
    by: str
    verb: str
    of: str
    before: Texts
    after: Texts
    may_undo: bool
    row_id: str


def things_of(db: DbSession, community_id: str, kind: Kind, today: date) -> tuple[Thing, ...]:
    """Those that have not ended, by name."""
    model: Any = kind.part.table.model
    rows = db.scalars(select(model).where(model.community_id == community_id, is_there(model, today)))
    found = (_thing(db, kind.part, row, {}) for row in rows)
    return tuple(sorted(found, key=lambda each: (each.name.casefold(), each.id)))


def thing_of(db: DbSession, community_id: str, kind: Kind, row_id: str, today: date) -> Thing:
    """One of them with what belongs to it and holds today or later, also where it has ended. Raises NotFound."""
    row: Any = db.get(kind.part.table.model, (community_id, row_id))
    if row is None:
        raise NotFound("There is no such thing here.")
    names = names_of(db, community_id) if kind.pieces else {}
    pieces = {each.name: _pieces(db, community_id, each, row_id, today, names) for each in kind.pieces}
    return _thing(db, kind.part, row, pieces)


def rows_of(db: DbSession, community_id: str, part: Part, today: date) -> tuple[PieceShown, ...]:
    """All rows of a part that hold today or later, whoever they belong to."""
    model: Any = part.table.model
    rows = db.scalars(select(model).where(model.community_id == community_id).order_by(model.id))
    return _in_order(PieceShown(row.id, texts(part, row)) for row in rows if _holds(part, row, today))


def history_of_thing(db: DbSession, community_id: str, kind: Kind, row_id: str) -> tuple[Past, ...]:
    """What became of a thing and of what belongs to it, the newest first."""
    parts = (kind.part, *(each.part for each in kind.pieces))
    ids = {row_id}
    for piece in kind.pieces:
        ids |= _ids_of_rows(db, community_id, piece.part, piece.owners, row_id)
    return _told(db, parts, history_of(db, community_id, ids, most=60), community_id)


def history_of_owned(db: DbSession, community_id: str, parts: Sequence[Part], owner_id: str) -> tuple[Past, ...]:
    """What became of all rows of some parts that belong to one owner, the newest first."""
    ids = {each for part in parts for each in _ids_of_rows(db, community_id, part, (part.owner,), owner_id)}
    return _told(db, parts, history_of(db, community_id, ids, most=60), community_id)


def history_of_part(db: DbSession, community_id: str, part: Part) -> tuple[Past, ...]:
    """What became of all rows of a part, the newest first."""
    changes = select(Change.row_id).where(Change.community_id == community_id, Change.noun == part.noun).distinct()
    return _told(db, (part,), history_of(db, community_id, db.scalars(changes), most=60), community_id)


def _thing(db: DbSession, part: Part, row: Any, pieces: Mapping[str, tuple[PieceShown, ...]]) -> Thing:
    return Thing(row.id, row.key, row.name, row.version, row.ended_on, texts(part, row), pieces)


def _pieces(
    db: DbSession, community_id: str, piece: Piece, row_id: str, today: date, names: Mapping[str, str]
) -> tuple[PieceShown, ...]:
    model: Any = piece.part.table.model
    owners = [getattr(model, owner) == row_id for owner in piece.owners]
    rows = db.scalars(select(model).where(model.community_id == community_id, or_(*owners)).order_by(model.id))
    return _in_order(
        PieceShown(row.id, _named(piece.part, _from_here(piece, row, row_id), names))
        for row in rows
        if _holds(piece.part, row, today)
    )


def _in_order(pieces: Iterable[PieceShown]) -> tuple[PieceShown, ...]:
    """Weekly hours by day and time before those of one date; names by the alphabet."""

    def key(piece: PieceShown) -> tuple[str, int, str, str]:
        held = piece.texts
        day = held.get("days", "")
        name = held.get("resident") or held.get("other") or held.get("living_group") or ""
        return held.get("date", ""), WEEKDAYS.index(day) if day in WEEKDAYS else -1, held.get("from", ""), name

    return tuple(sorted(pieces, key=key))


def _from_here(piece: Piece, row: Any, row_id: str) -> Texts:
    """Of a pair, the other end is told, whichever way round it is stored."""
    held = texts(piece.part, row)
    if len(piece.owners) == 2 and held.get("other") == row_id:
        held["other"] = getattr(row, piece.owners[0])
    return held


def _holds(part: Part, row: Any, today: date) -> bool:
    """Whether a row holds today or later; a single date that is over does not."""
    on = getattr(row, "on_date", None)
    ending = part.table.ending
    return (on is None or on >= today) and (ending is None or ending.is_live(getattr(row, ending.field), today))


def _ids_of_rows(db: DbSession, community_id: str, part: Part, owners: Sequence[str], row_id: str) -> set[str]:
    """The ids of all rows that belong or belonged to a thing, also of those that are gone."""
    model: Any = part.table.model
    mine = [getattr(model, owner) == row_id for owner in owners]
    present = db.scalars(select(model.id).where(model.community_id == community_id, or_(*mine)))
    lines = db.execute(
        select(Change.row_id, Change.before, Change.after).where(
            Change.community_id == community_id,
            Change.noun == part.noun,
            Change.verb.in_((ADDED, TAKEN_OUT)),
        )
    )
    gone = {
        line.row_id
        for line in lines
        if any((each or {}).get(owner) == row_id for owner in owners for each in (line.before, line.after))
    }
    return gone | set(present)


def _told(db: DbSession, parts: Sequence[Part], lines: Iterable[HistoryLine], community_id: str) -> tuple[Past, ...]:
    by_noun = {part.noun: part for part in parts}
    names = names_of(db, community_id)
    return tuple(
        Past(
            line.id,
            line.at,
            line.by,
            line.verb,
            part.name,
            _named(part, _texts(part, line.before), names),
            _named(part, _texts(part, line.after), names),
            _may_undo(db, part, line, community_id),
            line.row_id,
        )
        for line in lines
        if (part := by_noun.get(line.noun)) is not None
    )


def _texts(part: Part, kept: Mapping[str, Any]) -> Texts:
    """What the journal kept, as texts; columns that it does not speak of are left out."""
    row = SimpleNamespace(**{"weekday": None, **kept})
    attributes = {"weekdays" if name == "weekday" else name for name in kept}
    held = {column.attribute: column.name for column in part.table.columns if column.attribute in attributes}
    whole = Part(part.name, part.table, tuple(held.values()))
    return {name: text for name, text in texts(whole, row).items() if text or name in held.values()}


def _named(part: Part, held: Texts, names: Mapping[str, str]) -> Texts:
    """References by the names of what they name."""
    refers = {column.name for column in part.table.columns if column.refers_to}
    return {name: names.get(text, text) if name in refers else text for name, text in held.items()}


def _may_undo(db: DbSession, part: Part, line: HistoryLine, community_id: str) -> bool:
    """Whether a row is still as a line left it, so that `undo` takes it back."""
    if line.verb not in (ADDED, CHANGED, ENDED, TAKEN_OUT) or (line.verb == ADDED and part.table.has_key):
        return False
    row: Any = db.get(part.table.model, (community_id, line.row_id))
    if row is None or line.verb == TAKEN_OUT:
        return row is None and line.verb == TAKEN_OUT
    return all(plain(getattr(row, name)) == value for name, value in line.after.items())
