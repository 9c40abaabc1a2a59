"""An import of lists taken back: every row as it was before, unless it has changed since.

What was made is taken away again, with the record of who looked at it, for a person who should never have been there is
nobody whose record could be kept; a row that something else has come to need (an invitation, a mark) stays.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Table, delete, insert, select, update

from milieu.database import DbSession
from milieu.errors import Conflict, NotFound
from milieu.imports.merging.naming import what
from milieu.imports.tables.registry import TABLES
from milieu.models import Base, ListChange, ListUpload, ResidentRead
from milieu.services.journal import record
from milieu.services.lists.expiry import DONE, UNDONE
from milieu.services.lists.snapshots import (
    Row,
    RowChange,
    Snapshot,
    of_community,
    stored,
    tables,
    take_snapshot,
)
from milieu.services.weeks.editions import lock_facts

TAKEN_BACK = "import taken back"
_BY_NOUN = {table.model.__tablename__: table for table in reversed(TABLES)}
_GOES_ALONG = (ResidentRead.__tablename__,)


@dataclass(frozen=True)
class Undone:
    """How many rows are as before, and the names of those that stay as they are."""

    rows: int
    kept: tuple[str, ...]


def undo(
    db: DbSession, community_id: str, upload_id: str, *, by: str, now: datetime, whatever_changed: bool = False
) -> Undone:
    """Take back what an import did, in the caller's unit of work.

    Raises NotFound; Conflict, naming the rows that have changed since, unless the rest is to be taken back all the same
    (`whatever_changed`), which leaves those as they are.
    """
    lock_facts(db, community_id)
    upload = db.get(ListUpload, (community_id, upload_id), with_for_update=True)
    if upload is None or upload.state not in (DONE, UNDONE) or upload.expires_at <= now:
        raise NotFound("There is no such import, or it is too long ago to be taken back.")
    if upload.state == UNDONE:
        raise Conflict("This import was taken back already.")
    changes = _changes(db, upload)
    present = take_snapshot(db, community_id)
    moved = {(each.noun, each.row_id) for each in changes if present.get((each.noun, each.row_id)) != each.after}
    needed = _needed(db, community_id, changes, moved)
    if (moved | needed) and not whatever_changed:
        names = sorted({_name(each, present) for each in changes if (each.noun, each.row_id) in moved | needed})
        raise Conflict("Not everything can be taken back: some of it has changed, or is needed, since.", names)
    undone = [each for each in changes if (each.noun, each.row_id) not in moved | needed]
    _restore(db, community_id, undone)
    for change in undone:
        record(
            db,
            community_id,
            verb=TAKEN_BACK,
            noun=change.noun,
            row_id=change.row_id,
            by=by,
            now=now,
            before=change.after,
            after=change.before,
        )
    upload.state, upload.undone_at = UNDONE, now
    db.flush()
    kept = sorted({_name(each, present) for each in changes if (each.noun, each.row_id) in moved | needed})
    return Undone(len(undone), tuple(kept))


def _changes(db: DbSession, upload: ListUpload) -> list[RowChange]:
    rows = db.scalars(
        select(ListChange).where(ListChange.community_id == upload.community_id, ListChange.upload_id == upload.id)
    )
    return [RowChange(row.noun, row.row_id, row.before, row.after) for row in rows]


def _needed(
    db: DbSession, community_id: str, changes: Sequence[RowChange], moved: set[tuple[str, str]]
) -> set[tuple[str, str]]:
    """The rows that cannot be taken away, for others that stay refer to them; and what hangs on those in turn."""
    going = {(each.noun, each.row_id) for each in changes if each.before is None} - moved
    needed: set[tuple[str, str]] = set()
    while found := {key for key in going - needed if _is_referred_to(db, community_id, key, going - needed)}:
        needed |= found
    return needed


def _is_referred_to(db: DbSession, community_id: str, key: tuple[str, str], going: set[tuple[str, str]]) -> bool:
    noun, row_id = key
    for table, column in _referring(noun):
        where = (table.c.community_id == community_id) & (table.c[column] == row_id)
        if "id" not in table.c:
            if db.execute(select(table.c.community_id).where(where).limit(1)).first():
                return True
            continue
        if any((table.name, other) not in going for other in db.scalars(select(table.c.id).where(where))):
            return True
    return False


def _referring(noun: str) -> Iterable[tuple[Table, str]]:
    """The tables and columns that may refer to a row of this table, but for those that go along with it."""
    for table in Base.metadata.tables.values():
        if table.name in _GOES_ALONG:
            continue
        for constraint in table.foreign_key_constraints:
            if constraint.referred_table.name == noun and "community_id" in table.c:
                for element in constraint.elements:
                    if element.column.name == "id" and element.parent.name != "community_id":
                        yield table, element.parent.name


def _restore(db: DbSession, community_id: str, undone: Sequence[RowChange]) -> None:
    """Rows that were made go first, those that hang on others before these; then come those that were there."""
    by_table: Mapping[str, list[RowChange]] = defaultdict(list)
    for change in undone:
        by_table[change.noun].append(change)
    for table in reversed(tables()):
        ids = [each.row_id for each in by_table[table.name] if each.before is None]
        if ids and table.name == "resident":
            db.execute(
                delete(ResidentRead).where(ResidentRead.community_id == community_id, ResidentRead.resident_id.in_(ids))
            )
        if ids:
            db.execute(delete(table).where(of_community(table) == community_id, table.c.id.in_(ids)))
    for table in tables():
        for change in by_table[table.name]:
            if change.before is not None:
                _put_back(db, table, community_id, change, change.before)
    db.expire_all()


def _put_back(db: DbSession, table: Table, community_id: str, change: RowChange, before: Row) -> None:
    values = stored(table, before)
    if change.after is None:
        home = {"community_id": community_id} if "community_id" in table.c else {}
        versioned = {"version": 1} if "version" in table.c else {}
        db.execute(insert(table).values(**values, **home, **versioned))
        return
    where = of_community(table) == community_id
    if "id" in table.c:
        where &= table.c.id == change.row_id
    changed: dict[str, Any] = {name: value for name, value in values.items() if before[name] != change.after.get(name)}
    if "version" in table.c:
        changed["version"] = table.c.version + 1
    db.execute(update(table).where(where).values(**changed))


def _name(change: RowChange, present: Snapshot) -> str:
    """A row by the words of the files."""
    row = present.get((change.noun, change.row_id)) or change.after or change.before or {}
    if (table := _BY_NOUN.get(change.noun)) is None:
        table = _BY_NOUN["resident"]
        row = present.get(("resident", str(row.get("resident_id"))), row)
    keys = {row_id: str(each["key"]) for (_, row_id), each in present.items() if "key" in each}
    if "key" not in row and table.has_key:
        return table.noun
    return f"{table.noun} {what(keys, table, SimpleNamespace(**row))}"
