"""From what somebody typed into a form to the values of a row; every field that is wrong says so at once."""

from collections.abc import Mapping
from typing import Any

from milieu.database import DbSession
from milieu.errors import Invalid
from milieu.imports.tables import cells
from milieu.imports.tables.description import Column, Table, Values
from milieu.imports.tables.registry import BY_FILE
from milieu.imports.tables.writing import value_of
from milieu.queries.settings import settings_of
from milieu.services.editing.parts import Part
from milieu.services.teller import Teller

Typed = Mapping[str, str]
"""What a form holds, by the name of the column. A box that is not ticked is not there: it means no."""


class Refused(Invalid):
    """Fields that cannot be taken; `faults` says of each, by its column's name, what is wrong with it."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__("This was not saved yet: please look at what is marked.", faults.values())
        self.faults = dict(faults)


def read_part(
    db: DbSession, teller: Teller, part: Part, typed: Typed, *, row: Any = None, owner_id: str = ""
) -> list[Values]:
    """The values that a form asks for, by attribute: of one row, or of several where it names several days.

    `row` is what is changed, None for a new one, which belongs to `owner_id`. Raises Refused.
    """
    faults: dict[str, str] = {}
    values: Values = {part.owner: owner_id} if part.owner and row is None else {}
    for column in part.columns:
        try:
            values[column.attribute] = _read(db, teller, column, typed.get(column.name, ""))
        except cells.BadCell as bad:
            faults[column.name] = _sentence(str(bad.fault))
    whole = {**_held(part.table, row), **values}
    if not faults:
        for check in part.table.checks:
            for name, fault in check(whole):
                faults.setdefault(name if name in part.names else part.names[0], _sentence(str(fault)))
    if faults:
        raise Refused(faults)
    silent = {column.attribute for column in part.table.columns} - values.keys()
    return [{name: value for name, value in each.items() if name not in silent} for each in part.table.spread(whole)]


def _read(db: DbSession, teller: Teller, column: Column, raw: str) -> Any:
    text = cells.clean(raw)
    if column.read is cells.yes_no and not text:
        return False
    if not text:
        if column.is_needed:
            raise cells.BadCell("Please fill this in")
        return column.default
    if column.refers_to:
        return _reference(db, teller, column, text)
    value = column.read(text)
    if column.is_gridded:
        _on_grid(db, teller, value)
    return value


def _reference(db: DbSession, teller: Teller, column: Column, row_id: str) -> str:
    """The id of another row of the community, which has not ended."""
    row: Any = db.get(BY_FILE[column.refers_to].model, (teller.community_id, row_id))
    ended = getattr(row, "ended_on", None)
    if row is None or (ended is not None and ended <= teller.today(db)):
        raise cells.BadCell("Please choose one of the list")
    return str(row.id)


def _on_grid(db: DbSession, teller: Teller, minutes: int) -> None:
    slot = settings_of(db, teller.community_id).slot_minutes
    if minutes % slot:
        raise cells.BadCell(f"Please choose a multiple of {slot} minutes: all times here are")


def _held(table: Table, row: Any) -> Values:
    """What a row holds under each column; the defaults where there is no row yet."""
    if row is None:
        return {column.attribute: column.default for column in table.columns}
    return {column.attribute: value_of(table, row, column) for column in table.columns}


def _sentence(text: str) -> str:
    """A fault as a sentence of its own."""
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith(('.', '?', '!')) else '.'}"
