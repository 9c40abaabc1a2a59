"""What each sheet is taken for: which table, which row names the columns, and which column is which."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from milieu.imports.tables.description import Table
from milieu.imports.tables.people import RESIDENTS
from milieu.imports.tables.registry import BY_FILE

FULL_NAME = "full_name"  # "Ruth Webb", or "Webb, Ruth"
ORDERS = ("", "dmy", "mdy")  # in which dates are written beside 2026-11-30


@dataclass(frozen=True)
class SheetPlan:
    """`file`: the table, "" where the sheet is left out; `header_row`: the row that names the columns, from 1.

    `columns`: the table's column for each of the sheet's, "" for one that is left out. `is_whole`: what is missing in
    the sheet ends. `order`: of day, month and year in dates.
    """

    file: str
    header_row: int
    columns: tuple[str, ...]
    is_whole: bool = True
    order: str = ""

    def as_json(self) -> dict[str, Any]:
        return {
            "file": self.file,
            "header_row": self.header_row,
            "columns": list(self.columns),
            "is_whole": self.is_whole,
            "order": self.order,
        }


def plan_of(said: Mapping[str, Any]) -> SheetPlan:
    """A plan as `as_json` wrote it."""
    return SheetPlan(said["file"], said["header_row"], tuple(said["columns"]), said["is_whole"], said["order"])


def choices_of(table: Table) -> tuple[str, ...]:
    """What a column of a sheet may be taken for."""
    return (*table.names, FULL_NAME) if table is RESIDENTS else table.names


def chosen(plan: SheetPlan, file: str, columns: Sequence[str], *, is_whole: bool, order: str) -> SheetPlan:
    """A plan as somebody chose it: what is not among the choices is left out."""
    if file not in BY_FILE:
        return replace(plan, file="")
    allowed = choices_of(BY_FILE[file])
    taken = [name if name in allowed else "" for name in columns[: len(plan.columns)]]
    taken += [""] * (len(plan.columns) - len(taken))
    return SheetPlan(file, plan.header_row, tuple(taken), is_whole, order if order in ORDERS else "")
