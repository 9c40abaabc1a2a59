"""Files of a folder as sheets of text cells: sizes and kinds first, then letters, then rows. Nothing is understood yet.

Whatever lies in the folder is somebody else's file: it is opened without following links, measured before it is read,
and read by pandas as text alone ("NA", "1e5" and "=A1" stay what they are).
"""

import io
import os
import re
import stat
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from operator import or_
from pathlib import Path

import pandas as pd

from milieu.errors import Invalid
from milieu.imports.cells import BadCell, clean, quoted, suggestion
from milieu.imports.registry import BY_FILE, TABLES

MOST_BYTES = 8_000_000
MOST_ROWS = max(table.most_rows for table in TABLES)
MOST_COLUMNS = 100
MOST_ENTRIES = 200
SPARE_COLUMNS = 16  # cells to the right of the header that are still found and told row by row
IGNORED = (".md", ".txt", ".pdf")

_SAW = re.compile(r"in line (\d+), saw (\d+)")
_OPEN_QUOTE = re.compile(r"EOF inside string starting at row (\d+)")


@dataclass(frozen=True)
class Problem:
    """What is wrong, and where: `row` as a spreadsheet counts, 0 for the file as a whole; `column` "" for the row."""

    file: str
    row: int
    column: str
    text: str

    def __str__(self) -> str:
        row = f" row {self.row}" if self.row else ""
        return f"{self.file}{row}{', ' if self.column else ''}{self.column}: {self.text}"


@dataclass(frozen=True)
class Sheet:
    """`header`: the columns' names, "" for one without. `rows`: number and cells of each row that is not empty."""

    file: str
    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


class _Unreadable(Exception):
    def __init__(self, row: int, text: str) -> None:
        super().__init__(text)
        self.row = row


def read_sheets(folder: Path) -> tuple[dict[str, Sheet], list[Problem]]:
    """The sheets of all known files in a folder, and what is wrong with the others.

    Raises Invalid where there is no such folder.
    """
    sheets: dict[str, Sheet] = {}
    problems: list[Problem] = []
    entries = _entries(folder)
    for entry in entries:
        try:
            if sheet := _sheet(entry, problems):
                sheets[sheet.file] = sheet
        except _Unreadable as error:
            problems.append(Problem(quoted_name(entry.name), error.row, "", str(error)))
    found = {entry.name for entry in entries}
    for table in TABLES:
        if table.is_needed and table.file not in found:
            problems.append(Problem(table.file, 0, "", f"is missing; it holds {table.about}"))
    return sheets, problems


def quoted_name(name: str) -> str:
    """The name of a file as it is shown: without signs that cannot be seen, cut where it is long."""
    return name if name in BY_FILE else quoted(name).strip("'")


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as found:
            entries = [entry for entry, _ in zip(found, range(MOST_ENTRIES + 1), strict=False)]
    except NotADirectoryError:
        raise Invalid(f"{folder} is a file. Name the folder that holds the community's files.") from None
    except (FileNotFoundError, ValueError):
        raise Invalid(f"There is no folder {folder}.") from None
    except OSError as error:
        raise Invalid(f"The folder {folder} cannot be opened ({error.strerror}).") from None
    if len(entries) > MOST_ENTRIES:
        raise Invalid(f"{folder} holds more than {MOST_ENTRIES} files. Name the folder of one community's files.")
    return sorted((entry for entry in entries if not entry.name.startswith(".")), key=lambda entry: entry.name)


def _sheet(entry: os.DirEntry[str], problems: list[Problem]) -> Sheet | None:
    name = entry.name
    if entry.is_symlink():
        raise _Unreadable(0, "is a link to somewhere else; put the file itself into the folder")
    if name not in BY_FILE:
        if not name.lower().endswith(IGNORED):
            raise _Unreadable(0, _unknown(name))
        return None
    text = _decoded(_bytes(entry.path))
    cells: list[list[str]] = _frame(text).to_numpy().tolist()
    width = _width(cells[0])
    problems.extend(_overhang(name, cells, width))
    return _cut(name, cells, width)


def _unknown(name: str) -> str:
    if not name.lower().endswith(".csv"):
        return "is not a table; save each sheet of a spreadsheet as 'CSV UTF-8'"
    return f"is none of the tables of a community{suggestion(name.lower(), BY_FILE)}"


def _bytes(path: str) -> bytes:
    """A regular file's bytes. A pipe or a device is never waited for, a link never followed."""
    flags = (getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY"))
    try:
        handle = os.open(path, reduce(or_, flags, os.O_RDONLY))
    except OSError as error:
        raise _Unreadable(0, f"cannot be opened ({error.strerror})") from None
    try:
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode):
            raise _Unreadable(0, "is not a file")
        content = b"".join(_pieces(handle)) if found.st_size <= MOST_BYTES else b""
    finally:
        os.close(handle)
    if max(found.st_size, len(content)) > MOST_BYTES:
        raise _Unreadable(0, f"is too large; a table has at most {MOST_BYTES // 1_000_000} MB")
    return content


def _pieces(handle: int) -> Iterator[bytes]:
    """A file's content up to one byte more than may be taken, however it grows meanwhile."""
    left = MOST_BYTES + 1
    while left > 0 and (piece := os.read(handle, min(left, 1 << 20))):
        left -= len(piece)
        yield piece


def _decoded(content: bytes) -> str:
    if content.startswith(b"PK\x03\x04"):
        raise _Unreadable(0, "is a spreadsheet under the name of a table; save it as 'CSV UTF-8'")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _Unreadable(0, "is saved as UTF-16; save it as 'CSV UTF-8'")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        raise _Unreadable(row, "here stands a letter that is not UTF-8; save the file as 'CSV UTF-8'") from None
    if not text.strip():
        raise _Unreadable(0, "is empty; its first row names the columns")
    if max(text.count("\n"), text.count("\r")) > MOST_ROWS + 1:
        raise _Unreadable(0, f"has too many rows; a table has at most {MOST_ROWS:,}")
    return text


def _frame(text: str) -> pd.DataFrame:
    """All cells as text, the header as row 0; a row of the frame is a row of the spreadsheet, empty ones included."""
    first = text.lstrip("\r\n").splitlines()[0]
    if "," not in first and (";" in first or "\t" in first):
        sign = "semicolons" if ";" in first else "tabs"
        raise _Unreadable(1, f"the columns are separated by {sign}; save the file with commas, as 'CSV UTF-8'")
    width = first.count(",") + 1 + SPARE_COLUMNS
    if width > MOST_COLUMNS:
        raise _Unreadable(1, f"has too many columns; at most {MOST_COLUMNS - SPARE_COLUMNS} can be read")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.ParserWarning)
            return pd.read_csv(
                io.StringIO(text), header=None, names=list(range(width)), index_col=False, dtype=str,
                keep_default_na=False, na_filter=False, skip_blank_lines=False,
            )  # fmt: skip
    except pd.errors.ParserError as error:
        raise _torn(str(error)) from None
    except pd.errors.ParserWarning:
        raise _Unreadable(1, "has far more cells than columns; is a quotation mark missing?") from None


def _torn(message: str) -> _Unreadable:
    if found := _OPEN_QUOTE.search(message):
        return _Unreadable(int(found[1]) + 1, 'a quotation mark (") is opened here and never closed')
    if found := _SAW.search(message):
        return _Unreadable(int(found[1]), f"has {found[2]} cells, far more than the header names")
    return _Unreadable(0, "cannot be read as a table")


def _overhang(file: str, cells: list[list[str]], width: int) -> Iterator[Problem]:
    """Cells to the right of the last named column."""
    for number, row in enumerate(cells[1:], start=2):
        if cell := next((cell for cell in row[width:] if cell.strip()), ""):
            yield Problem(file, number, "", f"{quoted(cell)} stands to the right of the last column; "
                          'a cell with a comma needs quotation marks (")')  # fmt: skip


def _width(header: list[str]) -> int:
    named = [number for number, name in enumerate(header, start=1) if name.strip()]
    if not named:
        raise _Unreadable(1, "is empty; the first row names the columns")
    return named[-1]


def _cut(file: str, cells: list[list[str]], width: int) -> Sheet:
    rows = ((number, tuple(row[:width])) for number, row in enumerate(cells[1:], start=2))
    filled = tuple((number, row) for number, row in rows if any(cell.strip() for cell in row))
    return Sheet(file, tuple(_name(cell) for cell in cells[0][:width]), filled)


def _name(cell: str) -> str:
    """A column's name as it is compared: "Living group" is living_group."""
    try:
        return clean(cell).lower().replace(" ", "_")
    except BadCell:
        return cell
