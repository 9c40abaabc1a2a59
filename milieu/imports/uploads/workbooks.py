"""Workbooks (.xlsx) as grids of text cells: what the cells show, formulas as the result that was saved with them.

The package is weighed first (`packages`), and its XML is read by a parser that takes no definitions. What openpyxl
makes of a cell becomes the text that the reader of a CSV file would find there.
"""

import io
import math
import re
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import reduce
from typing import Any

from milieu.imports.files.grids import MOST_COLUMNS, MOST_ROWS, Grid, Unreadable
from milieu.imports.tables.cells import CELL_LENGTH, Fault, quoted
from milieu.imports.uploads.hiding import Hidden, hidden_said
from milieu.imports.uploads.packages import Package, check_package
from milieu.imports.watching import Stopped, more

MOST_SHEETS = 60
MOST_CELLS = 500_000  # of all sheets, those looked at and empty included
MOST_SIGNS = 12_000_000  # of all cells
_ZEROS = re.compile(r"0+")
_START = datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet's day 0, in no zone
_MOST_BLANK = 200  # rows without a cell, after which the sheet has ended


@dataclass(frozen=True)
class NamedGrid:
    """A sheet of a workbook."""

    name: str
    grid: Grid


def read_workbook(content: bytes) -> tuple[list[NamedGrid], list[str]]:
    """The sheets of a workbook that hold anything, and sentences on those that were left out or hide a part.

    Raises Unreadable.
    """
    import openpyxl  # takes its time, and only uploads need it
    from openpyxl.xml import DEFUSEDXML

    if not DEFUSEDXML:
        raise RuntimeError("workbooks are read with defusedxml alone")
    package = check_package(content)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # on styles and extensions, which are not read
            return _read(openpyxl.load_workbook, content, package)
    except (Unreadable, Stopped):
        raise
    except Exception as error:  # a library that trusts its input ends in as many ways as it can be lied to
        raise Unreadable(0, "cannot be read as a workbook; open it in a spreadsheet and save it anew") from error


def _read(load: Any, content: bytes, package: Package) -> tuple[list[NamedGrid], list[str]]:
    book = load(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    formulas = load(io.BytesIO(content), read_only=True, keep_links=False) if package.has_formula else None
    if len(book.worksheets) > MOST_SHEETS:
        raise Unreadable(0, f"has {len(book.worksheets)} sheets; at most {MOST_SHEETS} can be read")
    budget, found, remarks = _Budget(), [], []
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            remarks.append(f"the sheet {quoted(sheet.title)} is hidden and was not read")
            continue
        typed = formulas[sheet.title] if formulas else None
        part = getattr(sheet, "_worksheet_path", "")  # the library tells the rest nowhere else
        if (grid := _grid(sheet, typed, package.merged.get(part, []), budget)) is not None:
            if said := hidden_said(package.hidden.get(part, Hidden()), grid.rows):
                remarks.append(f"the sheet {quoted(sheet.title)} {said}; what is hidden is read like the rest")
            found.append(NamedGrid(quoted(sheet.title).strip("'"), grid))
    if not found:
        raise Unreadable(0, "has no sheet with anything on it")
    return found, remarks


@dataclass
class _Budget:
    """What may still be read of a workbook."""

    cells: int = MOST_CELLS
    signs: int = MOST_SIGNS

    def take(self, width: int, cells: Iterable[str]) -> None:
        self.cells -= width
        self.signs -= sum(map(len, cells))
        if self.cells < 0 or self.signs < 0:
            raise Unreadable(0, "holds more cells than can be read; take out what is not needed, empty cells too")


def _grid(sheet: Any, typed: Any, merged: Iterable[tuple[str, int, int]], budget: _Budget) -> Grid | None:
    """The cells of a sheet, None where it is empty."""
    rows: list[list[str]] = []
    faults: list[tuple[int, Fault]] = []
    sheet.reset_dimensions()  # what the sheet says of its own size is not trusted
    if typed is not None:
        typed.reset_dimensions()
    blank = 0
    for number, cells, written in _rows(sheet, typed):
        more()
        texts = [_text(cell) for cell in cells]
        budget.take(len(texts), texts)
        faults.extend(_without_result(number, texts, written))
        while texts and not texts[-1].strip():
            texts.pop()
        if len(texts) > MOST_COLUMNS:
            raise Unreadable(0, f"has a cell far to the right in row {number}; at most {MOST_COLUMNS} columns are read")
        blank = 0 if texts else blank + 1
        if texts and number > MOST_ROWS + _MOST_BLANK:
            raise Unreadable(0, f"has too many rows; a table has at most {MOST_ROWS:,}")
        if blank > MOST_ROWS:
            raise Unreadable(0, f"has thousands of empty rows above row {number}; take them out")
        rows.append(texts)
    while rows and not rows[-1]:
        rows.pop()
    if not rows:
        return None
    _fill_merged(rows, merged, budget)
    width = max(map(len, rows))
    return Grid(tuple(tuple(row + [""] * (width - len(row))) for row in rows), tuple(faults))


def _fill_merged(rows: list[list[str]], merged: Iterable[tuple[str, int, int]], budget: _Budget) -> None:
    """What one cell shows beside several rows is said of each of them; a row with nothing else stays empty."""
    for letters, first, last in merged:
        place = reduce(lambda sum_, letter: sum_ * 26 + ord(letter) - ord("A") + 1, letters, 0) - 1
        if place >= MOST_COLUMNS or first > len(rows) or not (shown := "".join(rows[first - 1][place : place + 1])):
            continue
        for row in rows[first : min(last, len(rows))]:
            budget.take(1, (shown,))
            if row:
                row.extend([""] * (place + 1 - len(row)))
                row[place] = row[place] or shown


def _rows(sheet: Any, typed: Any) -> Iterator[tuple[int, tuple[Any, ...], tuple[Any, ...]]]:
    others = typed.iter_rows() if typed is not None else None
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        yield number, cells, next(others, ()) if others is not None else ()


def _without_result(number: int, texts: list[str], written: tuple[Any, ...]) -> Iterator[tuple[int, Fault]]:
    """Formulas that nobody has calculated yet: what they would say is not known here."""
    for place, cell in enumerate(written[: len(texts)]):
        if getattr(cell, "data_type", "") == "f" and not texts[place]:
            after = " holds a formula without a result; calculate it in a spreadsheet and save, or type what is meant"
            yield number, Fault(after, f"cell {cell.coordinate}")


def _text(cell: Any) -> str:
    """What a cell shows, as a CSV file would hold it."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, str):
        return value[: CELL_LENGTH + 1]
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime):
        return _moment(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return _clock(timedelta(hours=value.hour, minutes=value.minute, seconds=value.second))
    if isinstance(value, timedelta):
        return _clock(value)
    return _number(value, str(cell.number_format))


def _moment(value: datetime) -> str:
    if value.year < 1901:  # a time of day, of which midnight at the end is the day after
        return _clock(value - _START)
    value += timedelta(microseconds=500_000 if value.microsecond >= 500_000 else 0)
    value = value.replace(microsecond=0)
    return value.isoformat(" ") if value.time() != time() else value.date().isoformat()


def _clock(length: timedelta) -> str:
    seconds = round(length.total_seconds())
    minutes, rest = divmod(seconds, 60)
    shown = f"{minutes // 60:02}:{minutes % 60:02}"
    return f"{shown}:{rest:02}" if rest else shown


def _number(value: float, shape: str) -> str:
    """A whole number without its point, and with the noughts that its cell shows before it: 7 under 000 is 007."""
    if isinstance(value, float) and math.isfinite(value) and value == int(value) and abs(value) < 1e15:
        value = int(value)
    if isinstance(value, int) and value >= 0 and _ZEROS.fullmatch(shape):
        return str(value).zfill(len(shape))
    return str(value) if isinstance(value, int) else repr(value)
