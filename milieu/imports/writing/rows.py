"""A community's rows as the tables of its files: what is written here and read again changes nothing.

The rows of an import are values by the files' attributes, with keys in place of ids; here they are made from the
database, ended ones included. Where a file tells several things as one (a resident's parts of the day, the days of the
week, a community and its settings), this is the other way round of `Table.spread`.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from milieu.database import DbSession
from milieu.imports.tables.cells import MONTHS, WEEKDAYS, minute
from milieu.imports.tables.description import Column, Record, Table, Values, shown
from milieu.imports.tables.people import RESIDENTS, STAYS
from milieu.imports.tables.places import COMMUNITY, ESCORTS, TRAVEL
from milieu.imports.tables.registry import TABLES
from milieu.models import Base, Community, CommunitySettings, Resident
from solver.documents.exchange import PARTS


@dataclass(frozen=True)
class Held:
    """The rows of a table as the database has them: `records` in the order of `cells`, the first of which would stand
    in row 2; `live` are the numbers of those that hold today or later."""

    table: Table
    records: tuple[Record, ...]
    cells: tuple[tuple[str, ...], ...]
    live: frozenset[int]


def held_tables(db: DbSession, community_id: str, today: date) -> dict[str, Held]:
    """Every table of a community by its file, those without a row too."""
    found: dict[str, list[tuple[Values, bool]]] = {table.file: [] for table in TABLES}
    keys: dict[str, str] = {}
    _add_community(found, db, community_id)
    for table in TABLES:
        if table in (COMMUNITY, ESCORTS, TRAVEL):
            continue
        rows = _rows(db, table, community_id)
        if table.has_key:
            keys |= {row.id: row.key for row in rows}
        found[table.file] = [(_values(table, row, keys), _is_live(table, row, today)) for row in rows]
    return {table.file: _held(table, found[table.file]) for table in TABLES}


def cell(column: Column, value: Any) -> str:
    """A value as its column's cells are written."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if column.attribute == "weekdays":
        return ";".join(WEEKDAYS[day] for day in value)
    if column.attribute == "months":
        return ";".join(MONTHS[month - 1] for month in value)
    if isinstance(value, list | tuple):
        return "; ".join(value)
    return shown(column.attribute, value)


def _held(table: Table, found: Iterable[tuple[Values, bool]]) -> Held:
    written = [
        (tuple(cell(column, values[column.attribute]) for column in table.columns), values, is_live)
        for values, is_live in found
    ]
    if table is not ESCORTS:  # of several stretches at once the first that holds counts
        written.sort(key=lambda each: each[0])
    records = tuple(Record(table.file, number, values) for number, (_, values, _) in enumerate(written, start=2))
    live = frozenset(number for number, (_, _, is_live) in enumerate(written, start=2) if is_live)
    return Held(table, records, tuple(cells for cells, _, _ in written), live)


def _rows(db: DbSession, table: Table, community_id: str) -> list[Any]:
    model: Any = table.model
    rows = db.scalars(select(model).where(model.community_id == community_id)).all()
    if table is RESIDENTS:
        return [row for row in rows if row.stays]
    return list(_earlier(db, community_id)) if table is STAYS else list(rows)


def _earlier(db: DbSession, community_id: str) -> Iterator[Base]:
    """All stays but each resident's last, which stands with the resident."""
    for resident in db.scalars(select(Resident).where(Resident.community_id == community_id)):
        if resident.stays:
            yield from (stay for stay in resident.stays if stay is not resident.last_stay)


def _values(table: Table, row: Any, keys: Mapping[str, str]) -> Values:
    values = {column.attribute: _value(column, row, keys) for column in table.columns}
    if table.unordered:  # the database has them in the order of its own ids, which say nothing
        one, other = table.unordered
        values[one], values[other] = sorted((values[one], values[other]))
    return values


def _value(column: Column, row: Any, keys: Mapping[str, str]) -> Any:
    if column.attribute == "weekdays":
        return None if row.weekday is None else (row.weekday,)
    if column.name in PARTS:
        return (row.times or {}).get(column.name)
    value = getattr(row, column.attribute, None)  # busy.csv may name a living group, the rows never do
    return keys.get(value) if column.refers_to and value is not None else value


def _is_live(table: Table, row: Any, today: date) -> bool:
    return table.ending is None or table.ending.is_live(getattr(row, table.ending.field), today)


def _add_community(found: dict[str, list[tuple[Values, bool]]], db: DbSession, community_id: str) -> None:
    row, settings = db.get_one(Community, community_id), db.get_one(CommunitySettings, community_id)
    escorts, travel = settings.escorts or {}, settings.travel or {}
    values = {
        column.attribute: getattr(row if hasattr(row, column.attribute) else settings, column.attribute, None)
        for column in COMMUNITY.columns
    }
    found[COMMUNITY.file] = [({**values, "escorts_default": escorts.get("default")}, True)]
    found[ESCORTS.file] = [(_window(window), True) for window in escorts.get("windows", ())]
    found[TRAVEL.file] = [
        ({"zone": one, "other": other, "minutes": minutes}, True)
        for one, ways in travel.items()
        for other, minutes in ways.items()
    ]


def _window(window: Mapping[str, Any]) -> Values:
    day = window.get("day")
    return {
        "weekdays": None if day is None else (day,),
        "start_minute": minute(window["from"]),
        "end_minute": minute(window["to"]),
        "escorts": window["capacity"],
    }
