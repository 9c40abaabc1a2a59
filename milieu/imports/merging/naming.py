"""Rows by the words of the files: their keys and names, for reports to the person who imports. Never for a log."""

from collections.abc import Mapping
from typing import Any

from milieu.imports.merging.losses import Gone
from milieu.imports.tables.cells import WEEKDAYS
from milieu.imports.tables.description import Table, shown

_PLAIN = ("arrived_on", "kind", "domain", "is_apart", "weekday", "on_date", "first_date", "start_minute", "end_minute")


def gone(keys: Mapping[str, str], table: Table, row: Any) -> Gone:
    """A row that ends because it is gone from its file. `keys`: those of the rows it refers to, by id."""
    is_protection = table.protects is not None and table.protects(row)
    about = frozenset(value for value in _references(table, row) if value)
    return Gone(table.file, table.noun, what(keys, table, row), is_protection, about)


def subjects(table: Table, row: Any) -> frozenset[str]:
    """The ids of the rows that a row is about, its own among them."""
    return frozenset(value for value in (row.id, *_references(table, row)) if value)


def what(keys: Mapping[str, str], table: Table, row: Any) -> str:
    """A row's key and name, or the keys of what it is about: "r014 Ruth Webb", "r014 – choir"."""
    if table.has_key:
        names = (getattr(row, name, "") for name in ("given_name", "family_name", "name"))
        return " ".join(part for part in (row.key, *names) if part)
    referred = " – ".join(keys.get(value, value) for value in _references(table, row) if value)
    plain = [_said(name, value) for name in _PLAIN if (value := getattr(row, name, None)) is not None]
    return " ".join((referred, *filter(None, plain)))


def _references(table: Table, row: Any) -> list[str | None]:
    return [getattr(row, column.attribute, None) for column in table.columns if column.refers_to]


def _said(name: str, value: Any) -> str:
    if name == "is_apart":
        return "(must not meet)" if value else ""
    if name == "weekday":
        return WEEKDAYS[value]
    return shown(name, value)
