"""The other way round: what a row holds as the text of a cell, which reads back to the same value."""

from typing import Any

from milieu.imports.tables import cells
from milieu.imports.tables.description import Column, Table


def value_of(table: Table, row: Any, column: Column) -> Any:
    """What a row of the database holds under a column; for a reference the other row's id.

    None where the column only says of whom a row is made, such as the living group of a meal.
    """
    for whole, parts in table.derived.items():
        if column.attribute in parts:
            return (getattr(row, whole) or {}).get(column.attribute)
    if column.read is cells.weekdays and column.attribute == "weekdays":
        return None if row.weekday is None else (row.weekday,)
    return getattr(row, column.attribute, None)


def written(column: Column, value: Any) -> str:
    """A value as its column's reader reads it; "" for none."""
    if value is None or (isinstance(value, list | tuple) and not value):
        return ""
    if column.read is cells.weekdays:
        return ";".join(cells.WEEKDAYS[day] for day in value)
    if column.read is cells.months:
        return ";".join(cells.MONTHS[month - 1] for month in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ";".join(value)
    if column.attribute.endswith("_minute"):
        return f"{value // 60:02}:{value % 60:02}"
    return str(value)
