"""Cells that were merged in a spreadsheet: what one shows is said of every row beside it, and nothing is lost."""

import io
from collections.abc import Sequence

import openpyxl
import pytest

from milieu.imports.files.grids import Unreadable
from milieu.imports.uploads import workbooks
from milieu.imports.uploads.workbooks import read_workbook

ROWS = [
    ("Who lives here", None, None, None),
    ("key", "given_name", "living_group", "wheelchair"),
    ("r1", "Ada", "north", "yes"),
    ("r2", "Ben", None, None),
    (None, None, None, None),
    ("r3", "Cleo", "south", None),
]


def rows_of(*merged: str, rows: Sequence[Sequence[object]] = ROWS) -> list[tuple[str, ...]]:
    """The rows of a workbook in which these cells were merged."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    for each in merged:
        book.active.merge_cells(each)
    into = io.BytesIO()
    book.save(into)
    [sheet], _remarks = read_workbook(into.getvalue())
    return list(sheet.grid.rows)


def test_what_is_merged_over_rows_is_said_of_each() -> None:
    assert rows_of("A1:D1", "C3:C4", "D3:D6") == [
        ("Who lives here", "", "", ""),
        ("key", "given_name", "living_group", "wheelchair"),
        ("r1", "Ada", "north", "yes"),
        ("r2", "Ben", "north", "yes"),
        ("", "", "", ""),  # a row with nothing else is no row
        ("r3", "Cleo", "south", "yes"),
    ]


def test_nothing_is_put_beyond_the_last_row() -> None:
    rows = rows_of("C6:C40")

    assert rows[-1] == ("r3", "Cleo", "south", "")
    assert len(rows) == len(ROWS)


def test_cells_merged_without_end_are_refused() -> None:
    rows = [["k", "n"] for _ in range(10)]
    with pytest.raises(Unreadable, match="more cells than can be read"):
        workbooks._fill_merged(rows, [("A", 1, 10)] * 100, workbooks._Budget(cells=500))
