"""Every row that an import of lists may touch, as plain values: what it did is the difference of two of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Table, select

from milieu.database import DbSession
from milieu.imports.tables.registry import TABLES
from milieu.models import Base, Community, CommunitySettings, Stay

Row = dict[str, Any]
Snapshot = dict[tuple[str, str], Row]  # by table and id
_PARTS: dict[str, tuple[type[Base], ...]] = {"residents.csv": (Stay,)}
_UNSEEN = ("version", "community_id")  # a row that was changed and changed back is the same


@dataclass(frozen=True)
class RowChange:
    """A row as it was and as it became; None where it was not there."""

    noun: str
    row_id: str
    before: Row | None
    after: Row | None


def tables() -> list[Table]:
    """The tables that an import may touch, what is referred to first."""
    models: list[type[Base]] = [Community, CommunitySettings]
    for table in TABLES:
        models += [model for model in (table.model, *_PARTS.get(table.file, ())) if model not in models]
    return [Base.metadata.tables[model.__tablename__] for model in models]


def take_snapshot(db: DbSession, community_id: str) -> Snapshot:
    """All those rows of a community."""
    found: Snapshot = {}
    for table in tables():
        for row in db.execute(select(table).where(of_community(table) == community_id)).mappings():
            plain = {name: _plain(value) for name, value in row.items() if name not in _UNSEEN}
            found[table.name, id_of(table, row)] = plain
    return found


def of_community(table: Table) -> Any:
    """The column that says of which community a row is."""
    return table.c.community_id if "community_id" in table.c else table.c.id


def id_of(table: Table, row: Any) -> str:
    """What a row is known by."""
    return str(row["id"] if "id" in table.c else row["community_id"])


def differences(before: Snapshot, after: Snapshot) -> Iterator[RowChange]:
    """What became of each row between two moments."""
    for key in before | after:
        if before.get(key) != after.get(key):
            yield RowChange(*key, before.get(key), after.get(key))


def stored(table: Table, row: Row) -> Row:
    """A row's plain values as its columns take them."""
    return {name: _stored(table, name, value) for name, value in row.items() if name in table.c}


def _stored(table: Table, name: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    kind = table.c[name].type.python_type
    if kind is datetime:
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if kind is date else value


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
