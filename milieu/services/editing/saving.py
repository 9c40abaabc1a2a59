"""Rows made, changed and ended by people, each with its line in the journal; a form made from an old version is told.

Everything happens in the caller's unit of work. Nothing that somebody else saved meanwhile is overwritten.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from milieu.database import DbSession
from milieu.errors import Conflict, NotFound
from milieu.imports.tables.description import Values
from milieu.imports.tables.writing import value_of, written
from milieu.models import Account, Change
from milieu.queries.facts.history import plain
from milieu.services.editing.parts import Part
from milieu.services.editing.reading import Refused, Typed, read_part
from milieu.services.journal import write_down
from milieu.services.teller import Teller

ADDED, CHANGED, ENDED, TAKEN_OUT = "added", "changed", "ended", "taken out"
"""What the journal says: `ENDED` holds no longer from today on, `TAKEN_OUT` is gone, as if it had never been."""


class Stale(Conflict):
    """Somebody saved the row after the form was made: `theirs` is what it holds now, by the column's name.

    `by` is the name of who saved it last, "" where it was nobody's account.
    """

    def __init__(self, theirs: Mapping[str, str], by: str, at: datetime | None, version: int) -> None:
        super().__init__("Somebody changed this while you were writing. Both are shown; nothing was overwritten.")
        self.theirs = dict(theirs)
        self.by, self.saved_at, self.version = by, at, version


@dataclass(frozen=True)
class Saved:
    """What a form did: `changed` are the names of the columns that hold something else now."""

    row_id: str
    changed: tuple[str, ...]


def add_row(db: DbSession, teller: Teller, part: Part, owner_id: str, typed: Typed, **beside: Any) -> list[Saved]:
    """Make the rows that a form asks for; `beside` are attributes that it does not show. Raises Refused.

    The owner is looked up by the caller.
    """
    made = []
    for read in read_part(db, teller, part, typed, owner_id=owner_id):
        values = _from_then_on(db, teller, part, {**read, **beside})
        row: Any = part.table.model(community_id=teller.community_id, **values)
        db.add(row)
        db.flush()
        _note(db, teller, part, row.id, ADDED, None, values)
        made.append(Saved(row.id, part.names))
    return made


def _from_then_on(db: DbSession, teller: Teller, part: Part, values: Values) -> Values:
    """The values of a new row; from today on where the same held before and has ended: of one time lists tell it once.

    Raises Refused where the same holds still.
    """
    if "valid_from" not in part.names or "valid_from" not in part.table.same or values.get("valid_from"):
        return values
    today = teller.today(db)
    what = {name: values.get(name) for name in part.table.same if name != "valid_from"}
    held: list[Any] = list(db.scalars(select(part.table.model).filter_by(community_id=teller.community_id, **what)))
    ends = [row.valid_until for row in held]
    if any(end is None or end >= today for end in ends):
        field = next(column.name for column in part.columns if column.attribute in what)
        raise Refused({field: "This is here already. Please change it there, or say from when the new one holds."})
    return {**values, "valid_from": today} if ends else values


def change_row(
    db: DbSession, teller: Teller, part: Part, row_id: str, version: int, typed: Typed, *, owner_id: str = ""
) -> Saved:
    """Let a row hold what a form says. What the form names several days for becomes a row for each of them.

    `version` is that of the row the form was made from, where its table counts them. Raises NotFound, Stale, Refused.
    """
    row = find_row(db, teller, part, row_id, owner_id=owner_id)
    first, *others = read_part(db, teller, part, typed, row=row)
    changed = {name: value for name, value in first.items() if not _alike(getattr(row, name), value)}
    if changed and getattr(row, "version", version) != version:
        raise _stale(db, teller, part, row)
    if changed:
        changed |= _cleared(part, row)
        before = {name: getattr(row, name) for name in changed}
        for name, value in changed.items():
            setattr(row, name, value)
        db.flush()
        _note(db, teller, part, row.id, CHANGED, before, changed)
    for values in others:
        beside = {part.owner: getattr(row, part.owner)} if part.owner else {}
        another: Any = part.table.model(community_id=teller.community_id, **values, **beside)
        db.add(another)
        db.flush()
        _note(db, teller, part, another.id, ADDED, None, {**values, **beside})
    return Saved(row.id, tuple(column.name for column in part.columns if column.attribute in changed))


def end_row(db: DbSession, teller: Teller, part: Part, row_id: str, version: int, *, owner_id: str = "") -> Saved:
    """Let a row hold no longer: until yesterday where it has held, else it is taken out. Raises NotFound, Stale."""
    row = find_row(db, teller, part, row_id, owner_id=owner_id)
    if getattr(row, "version", version) != version:
        raise _stale(db, teller, part, row)
    ending, today = part.table.ending, teller.today(db)
    begun = getattr(row, "valid_from", None) or getattr(row, "first_date", None)
    if ending is None or (begun is not None and begun > ending.on(today)):
        before = {name: getattr(row, name) for name in _attributes(part)}
        db.delete(row)
        db.flush()
        _note(db, teller, part, row_id, TAKEN_OUT, before, None)
    else:
        held = getattr(row, ending.field)
        end = ending.close(row, today)
        db.flush()
        _note(db, teller, part, row_id, ENDED, {ending.field: held}, {ending.field: end})
    return Saved(row_id, part.names)


def find_row(db: DbSession, teller: Teller, part: Part, row_id: str, *, owner_id: str = "") -> Any:
    """A row, held against everybody else until the unit of work ends. Raises NotFound, also where another owns it."""
    row: Any = db.get(part.table.model, (teller.community_id, row_id), with_for_update=True, populate_existing=True)
    if row is None or (owner_id and getattr(row, part.owner) != owner_id):
        raise NotFound("This is not there any more.")
    return row


def texts(part: Part, row: Any) -> dict[str, str]:
    """What a row holds, as the fields of its form show it, by the column's name."""
    return {column.name: written(column, value_of(part.table, row, column)) for column in part.columns}


def _stale(db: DbSession, teller: Teller, part: Part, row: Any) -> Stale:
    last = db.execute(
        select(Change.at, Account.name)
        .outerjoin(Account, (Account.community_id == Change.community_id) & (Account.id == Change.account_id))
        .where(Change.community_id == teller.community_id, Change.noun == part.noun, Change.row_id == row.id)
        .order_by(Change.at.desc(), Change.id.desc())
        .limit(1)
    ).first()
    return Stale(texts(part, row), (last.name if last else "") or "", last.at if last else None, row.version)


def _cleared(part: Part, row: Any) -> dict[str, Any]:
    """What goes back to its default with any change."""
    defaults = {column.attribute: column.default for column in part.table.columns if column.attribute in part.clears}
    return {name: default for name, default in defaults.items() if getattr(row, name) != default}


def _attributes(part: Part) -> list[str]:
    """The columns of the database that hold what a row says."""
    keys = ("id", "community_id", "version")
    return [column.key for column in part.table.model.__table__.columns if column.key not in keys]


def _alike(held: Any, value: Any) -> bool:
    return bool(held == value) or (isinstance(held, list | tuple) and list(held) == list(value or ()))


def _note(
    db: DbSession, teller: Teller, part: Part, row_id: str, verb: str, before: Values | None, after: Values | None
) -> None:
    write_down(
        db,
        teller,
        verb,
        part.noun,
        row_id,
        before=before and {name: plain(value) for name, value in before.items()},
        after=after and {name: plain(value) for name, value in after.items()},
    )
