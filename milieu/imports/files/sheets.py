"""Files of a folder as sheets of text cells: sizes and kinds first, then letters, then rows. Nothing is understood yet.

Whatever lies in the folder is somebody else's file: it is opened without following links, measured before it is read,
and read by pandas as text alone ("NA", "1e5" and "=A1" stay what they are).
"""

import csv
import io
import os
import re
import stat
import warnings
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import reduce
from operator import or_
from pathlib import Path

import pandas as pd

from milieu.errors import Invalid
from milieu.imports.files.letters import UnknownLetters, decode
from milieu.imports.files.problems import Problem
from milieu.imports.tables.cells import BadCell, Fault, clean, fold, quoted, suggestion
from milieu.imports.tables.description import column_of
from milieu.imports.tables.registry import BY_FILE, TABLES

MOST_BYTES = 8_000_000
MOST_ROWS = max(table.most_rows for table in TABLES)
MOST_COLUMNS = 100
MOST_ENTRIES = 200
HEADER_WITHIN = 10  # rows: a title may stand above the header
SEPARATORS = (",", ";", "\t")
SPARE_COLUMNS = 16  # cells to the right of the header that are still found and told row by row
SPREADSHEETS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
PACKED = (b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"7z\xbc\xaf")
NOTES = (".md", ".txt", ".pdf")
LITTER = ("desktop.ini", "thumbs.db")  # what a system leaves in folders
OPEN_ELSEWHERE = "~$"  # begins the file by which a spreadsheet shows that it has another open

_SAYS_SEPARATOR = re.compile(r'"?sep=(.)"?[,;\t]*', re.IGNORECASE)
_BACKSLASHED = re.compile(r'\\"(?=[^,;\t\r\n])')  # as databases write it; a cell may end in a backslash
_SAW = re.compile(r"in line (\d+), saw (\d+)")
_OPEN_QUOTE = re.compile(r"EOF inside string starting at row (\d+)")


@dataclass(frozen=True)
class Sheet:
    """`header`: the columns' names, "" for one without; what stands above it is a title. `rows`: number and cells of
    each row below that is not empty."""

    file: str
    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    header_row: int = 1


@dataclass
class Sheets:
    """The sheets of all known files in a folder by name, what is wrong with the others, and what wants a look."""

    by_file: dict[str, Sheet] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    remarks: list[Problem] = field(default_factory=list)


class _Unreadable(Exception):
    def __init__(self, row: int, text: str, cell: str = "") -> None:
        self.row = row
        self.fault = Fault(text, cell)
        super().__init__(str(self.fault))


def read_sheets(folder: Path) -> Sheets:
    """Everything in a folder, as far as it can be read.

    Raises Invalid where there is no such folder.
    """
    sheets = Sheets()
    entries = _entries(folder)
    names = {entry.name for entry in entries}
    for entry in entries:
        try:
            if entry.is_symlink():
                raise _Unreadable(0, "is a link to somewhere else; put the file itself into the folder")
            if entry.name in BY_FILE:
                sheets.by_file[entry.name] = _sheet(entry, sheets)
            else:
                _look_at_stranger(entry.name, names, sheets)
        except _Unreadable as error:
            sheets.problems.append(Problem(quoted_name(entry.name), error.row, "", error.fault))
    for table in TABLES:
        if table.is_needed and table.file not in names:
            sheets.problems.append(Problem(table.file, 0, "", Fault(f"is missing; it holds {table.about}")))
    return sheets


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


def _look_at_stranger(name: str, names: Collection[str], sheets: Sheets) -> None:
    """A file that is no table is told: as a note where it may lie there, else as what has to be mended."""
    plain, shown = fold(name), quoted_name(name)
    if name.startswith(OPEN_ELSEWHERE):
        sheets.remarks.append(
            Problem(shown, 0, "", Fault("a spreadsheet has this file open; what is not saved yet was not read"))
        )
    elif plain.endswith(NOTES):
        table = f"{plain.rpartition('.')[0]}.csv"
        if table in BY_FILE and table not in names:
            raise _Unreadable(0, f"was not read, but has the name of a table; save it as {table}, or take it away")
        sheets.remarks.append(Problem(shown, 0, "", Fault("was not read; it is no table")))
    elif not plain.endswith(".csv") and plain not in LITTER:
        raise _Unreadable(0, "is not a table; save each sheet of a spreadsheet as 'CSV UTF-8'")
    elif plain not in LITTER:
        raise _Unreadable(0, f"is none of the tables of a community{suggestion(name.lower(), BY_FILE)}")


def _sheet(entry: os.DirEntry[str], sheets: Sheets) -> Sheet:
    name = entry.name
    text, remark = _decoded(_bytes(entry.path))
    if remark:
        sheets.remarks.append(Problem(name, 0, "", Fault(remark)))
    is_ended, text = text.endswith(("\n", "\r")), text.rstrip("\r\n")
    sign = _separator(text.splitlines()[:HEADER_WITHIN], BY_FILE[name].names)
    sheets.problems.extend(_cut_short(name, text, sign, is_ended))
    cells: list[list[str]] = _frame(text, BY_FILE[name].names, sign).to_numpy().tolist()
    top = _header_place(cells, BY_FILE[name].names)
    width = _width(cells[top], top + 1)
    sheets.problems.extend(_overhang(name, cells, width, top))
    sheet = _cut(name, cells, width, top)
    if not is_ended:
        sheets.remarks.extend(_open_end(sheet))
    own = {number for number, row in sheet.rows if tuple(map(_name, row)) == sheet.header}
    for number in sorted(own):
        sheets.remarks.append(Problem(name, number, "", Fault("names the columns again; it was left out")))
    return replace(sheet, rows=tuple(each for each in sheet.rows if each[0] not in own)) if own else sheet


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


def _decoded(content: bytes) -> tuple[str, str]:
    """The text of a file, and a sentence on its letters where it did not say in which they are."""
    if content.startswith(SPREADSHEETS):
        raise _Unreadable(0, "is a spreadsheet under the name of a table; save it as 'CSV UTF-8'")
    if content.startswith(PACKED):
        raise _Unreadable(0, "is packed; unpack it first")
    content = content.removesuffix(b"\x1a")  # where older systems end a file
    if content.endswith(b"\0\0\0"):
        raise _Unreadable(0, "ends in nothing: saving or copying it was interrupted; copy it anew")
    try:
        text, remark = decode(content)
    except UnknownLetters as error:
        raise _Unreadable(error.row, str(error)) from None
    if not text.strip():
        raise _Unreadable(0, "is empty; its first row names the columns")
    if max(map(text.rstrip("\r\n").count, "\r\n")) > MOST_ROWS + HEADER_WITHIN:
        raise _Unreadable(0, f"has too many rows; a table has at most {MOST_ROWS:,}")
    return text, remark


def _separator(lines: list[str], names: Collection[str]) -> str:
    """What separates the columns: as the first line says, or as most columns' names come out."""
    if said := _SAYS_SEPARATOR.fullmatch(lines[0].strip(" \ufeff")):
        return said[1]
    return max(SEPARATORS, key=lambda sign: max(_known(line.split(sign), names) for line in lines))


def _known(cells: Iterable[str], names: Collection[str]) -> int:
    """How many cells are names of columns."""
    return sum(_name(cell.strip().strip('"')) in names for cell in cells)


def _header_place(cells: list[list[str]], names: Collection[str]) -> int:
    """The row that names the columns: the first, unless that names none and one below names several."""
    first = next((place for place, row in enumerate(cells) if any(cell.strip() for cell in row)), 0)
    if first or _known(cells[0], names) == 0:
        ranked = max(range(min(len(cells), HEADER_WITHIN)), key=lambda place: _known(cells[place], names))
        if _known(cells[ranked], names) > 1:
            return ranked
    return 0


def _without_blank_ends(text: str, sign: str) -> str:
    """The text without the empty cells at the end of its rows: a spreadsheet writes thousands. What is quoted stays."""
    is_quoted, lines = False, []
    for line in io.StringIO(text, newline=None):
        is_quoted ^= line.count('"') % 2 == 1
        lines.append(line if is_quoted else line.rstrip(sign + " \t\n\u00a0") + "\n")
    return "".join(lines)


def _frame(text: str, names: Collection[str], sign: str) -> pd.DataFrame:
    """All cells as text, the header as row 0; a row of the frame is a row of the spreadsheet, empty ones included."""
    if found := _BACKSLASHED.search(text):
        row = text.count("\n", 0, found.start()) + 1
        raise _Unreadable(row, 'a quotation mark within a cell is written here as \\"; write it twice, as ""')
    text = _without_blank_ends(text, sign)
    header = max(text.splitlines()[:HEADER_WITHIN], key=lambda line: _known(line.split(sign), names))
    width = header.count(sign) + 1 + SPARE_COLUMNS
    if width > MOST_COLUMNS:
        raise _Unreadable(1, f"has too many columns; at most {MOST_COLUMNS - SPARE_COLUMNS} can be read")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.ParserWarning)
            return pd.read_csv(
                io.StringIO(text),
                sep=sign,
                header=None,
                names=list(range(width)),
                index_col=False,
                dtype=str,
                keep_default_na=False,
                na_filter=False,
                skip_blank_lines=False,
            )
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


def _overhang(file: str, cells: list[list[str]], width: int, top: int) -> Iterator[Problem]:
    """Cells to the right of the last named column."""
    for number, row in enumerate(cells[top + 1 :], start=top + 2):
        if cell := next((cell for cell in row[width:] if cell.strip()), ""):
            after = ' stands to the right of the last column; a cell with a comma needs quotation marks (")'
            yield Problem(file, number, "", Fault(after, quoted(cell)))


def _width(header: list[str], number: int) -> int:
    named = [number for number, name in enumerate(header, start=1) if name.strip()]
    if not named:
        raise _Unreadable(number, "is empty; the first row names the columns")
    return named[-1]


def _cut_short(file: str, text: str, sign: str, is_ended: bool) -> Iterator[Problem]:
    """A last row with fewer cells than every other: the rest of the file is missing, or was never typed.

    Of one or two rows that says little, unless the line has no end either.
    """
    try:
        rows = [
            (number, len(row)) for number, row in enumerate(csv.reader(io.StringIO(text), delimiter=sign), 1) if row
        ]
    except csv.Error:  # it is told of in the whole file's reading
        return
    lengths = {length for _number, length in rows[:-1]}
    if len(lengths) == 1 and rows[-1][1] < min(lengths) and (len(rows) > 3 or not is_ended):
        fault = "has fewer cells than every other row: was the file cut off? Save it anew, or type what is missing"
        yield Problem(file, rows[-1][0], "", Fault(fault))


def _open_end(sheet: Sheet) -> Iterator[Problem]:
    """A last cell without a line end behind it that could be longer: some programs end a file so, and so does a cut."""
    if not sheet.rows or not sheet.rows[-1][1][-1].strip() or sheet.header[-1] not in BY_FILE[sheet.file].names:
        return
    (number, row), column = sheet.rows[-1], column_of(BY_FILE[sheet.file], sheet.header[-1])
    try:
        column.read(clean(row[-1])[:-1])
    except BadCell:
        return  # a part of it would not have been read
    after = " is where the file ends, without a line end; look whether it is whole"
    yield Problem(sheet.file, number, column.name, Fault(after, quoted(row[-1])))


def _cut(file: str, cells: list[list[str]], width: int, top: int) -> Sheet:
    rows = ((number, tuple(row[:width])) for number, row in enumerate(cells[top + 1 :], start=top + 2))
    filled = tuple((number, row) for number, row in rows if any(cell.strip() for cell in row))
    return Sheet(file, tuple(_name(cell) for cell in cells[top][:width]), filled, top + 1)


def _name(cell: str) -> str:
    """A column's name as it is compared: "Living group" is living_group."""
    try:
        return clean(cell).lower().replace(" ", "_")
    except BadCell:
        return cell
