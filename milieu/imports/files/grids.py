"""The bytes of a CSV file as a grid of text cells, and a grid as a sheet of named columns. Nothing is understood yet.

pandas reads cells as text alone: "NA", "1e5" and "=A1" stay what they are.
"""

import csv
import io
import re
import warnings
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from milieu.imports.files.letters import WIDEST, UnknownLetters, decode
from milieu.imports.files.problems import Problem
from milieu.imports.tables.cells import BadCell, Fault, clean, quoted
from milieu.imports.tables.description import column_of
from milieu.imports.tables.registry import BY_FILE, TABLES

if TYPE_CHECKING:
    import pandas as pd

MOST_ROWS = max(table.most_rows for table in TABLES)
MOST_COLUMNS = 100
HEADER_WITHIN = 10  # rows: a title may stand above the header
SEPARATORS = (",", ";", "\t", "|")
SPARE_COLUMNS = 16  # cells to the right of the header that are still found and told row by row
SPREADSHEETS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
PACKED = (b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"7z\xbc\xaf")

_SAYS_SEPARATOR = re.compile(r'"?sep=(.)"?[,;\t|]*', re.IGNORECASE)
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


@dataclass(frozen=True)
class Grid:
    """The cells of a sheet as text, row 1 first, all rows of one length. `faults`: row and what is wrong there, found
    while it was read; `remarks`: what wants a look. `ends_open`: its last line has no end."""

    rows: tuple[tuple[str, ...], ...]
    faults: tuple[tuple[int, Fault], ...] = ()
    remarks: tuple[str, ...] = ()
    ends_open: bool = False


@dataclass
class Found:
    """What is told of a sheet beside itself."""

    problems: list[Problem] = field(default_factory=list)
    remarks: list[Problem] = field(default_factory=list)


class Unreadable(Exception):
    """A file that cannot be read; `row` where, 0 for the file as a whole."""

    def __init__(self, row: int, text: str, cell: str = "") -> None:
        self.row = row
        self.fault = Fault(text, cell)
        super().__init__(str(self.fault))


def read_grid(content: bytes, names: Collection[str]) -> Grid:
    """The cells of a CSV file. `names`: of columns that may stand in its header, by which separators are told apart.

    Raises Unreadable.
    """
    text, remark = _decoded(content)
    is_ended, text = text.endswith(("\n", "\r")), text.rstrip("\r\n")
    sign = _separator(text.splitlines()[:HEADER_WITHIN], names)
    faults = tuple(_cut_short(text, sign, is_ended))
    rows: list[list[str]] = _frame(text, names, sign).to_numpy().tolist()
    return Grid(tuple(map(tuple, rows)), faults, (remark,) if remark else (), not is_ended)


def sheet_of(file: str, grid: Grid) -> tuple[Sheet, Found]:
    """A grid as the sheet of a table whose columns it names itself, and what is wrong with it or wants a look.

    Raises Unreadable.
    """
    found = Found([Problem(file, row, "", fault) for row, fault in grid.faults])
    found.remarks += [Problem(file, 0, "", Fault(remark)) for remark in grid.remarks]
    top = header_place(grid.rows, BY_FILE[file].names)
    width = width_of(grid.rows[top], top + 1)
    found.problems.extend(overhang(file, grid.rows, width, top))
    sheet = _cut(file, grid.rows, width, top)
    if grid.ends_open:
        found.remarks.extend(_open_end(sheet))
    own = {number for number, row in sheet.rows if tuple(map(plain_name, row)) == sheet.header}
    for number in sorted(own):
        found.remarks.append(Problem(file, number, "", Fault("names the columns again; it was left out")))
    rows = tuple(each for each in sheet.rows if each[0] not in own)
    return (replace(sheet, rows=rows) if own else sheet), found


def _decoded(content: bytes) -> tuple[str, str]:
    """The text of a file, and a sentence on its letters where it did not say in which they are."""
    if content.startswith(SPREADSHEETS):
        raise Unreadable(0, "is a spreadsheet under the name of a table; save it as 'CSV UTF-8'")
    if content.startswith(PACKED):
        raise Unreadable(0, "is packed; unpack it first")
    content = content.removesuffix(b"\x1a")  # where older systems end a file
    if content.endswith(b"\0\0\0") and not content.startswith(WIDEST):
        raise Unreadable(0, "ends in nothing: saving or copying it was interrupted; copy it anew")
    try:
        text, remark = decode(content)
    except UnknownLetters as error:
        raise Unreadable(error.row, str(error)) from None
    if not text.strip():
        raise Unreadable(0, "is empty; its first row names the columns")
    if max(map(text.rstrip("\r\n").count, "\r\n")) > MOST_ROWS + HEADER_WITHIN:
        raise Unreadable(0, f"has too many rows; a table has at most {MOST_ROWS:,}")
    return text, remark


def _separator(lines: list[str], names: Collection[str]) -> str:
    """What separates the columns: as the first line says, or as most columns' names come out."""
    if said := _SAYS_SEPARATOR.fullmatch(lines[0].strip(" \ufeff")):
        return said[1]
    return max(SEPARATORS, key=lambda sign: max(known_names(line.split(sign), names) for line in lines))


def known_names(cells: Iterable[str], names: Collection[str]) -> int:
    """How many cells are names of columns."""
    return sum(plain_name(cell.strip().strip('"')) in names for cell in cells)


def header_place(cells: Sequence[Sequence[str]], names: Collection[str]) -> int:
    """The row that names the columns: the first, unless that names none and one below names several."""
    first = next((place for place, row in enumerate(cells) if any(cell.strip() for cell in row)), 0)
    if first or known_names(cells[0], names) == 0:
        ranked = max(range(min(len(cells), HEADER_WITHIN)), key=lambda place: known_names(cells[place], names))
        if known_names(cells[ranked], names) > 1:
            return ranked
    return 0


def _without_blank_ends(text: str, sign: str) -> str:
    """The text without the empty cells at the end of its rows: a spreadsheet writes thousands. What is quoted stays."""
    is_quoted, lines = False, []
    for line in io.StringIO(text, newline=None):
        is_quoted ^= line.count('"') % 2 == 1
        lines.append(line if is_quoted else line.rstrip(sign + " \t\n\u00a0") + "\n")
    return "".join(lines)


def _frame(text: str, names: Collection[str], sign: str) -> "pd.DataFrame":
    """All cells as text, the header as row 0; a row of the frame is a row of the spreadsheet, empty ones included."""
    if found := _BACKSLASHED.search(text):
        row = text.count("\n", 0, found.start()) + 1
        raise Unreadable(row, 'a quotation mark within a cell is written here as \\"; write it twice, as ""')
    import pandas as pd  # takes its time, and a server that is handed no list need not wait for it

    text = _without_blank_ends(text, sign)
    header = max(text.splitlines()[:HEADER_WITHIN], key=lambda line: known_names(line.split(sign), names))
    width = header.count(sign) + 1 + SPARE_COLUMNS
    if width > MOST_COLUMNS:
        raise Unreadable(1, f"has too many columns; at most {MOST_COLUMNS - SPARE_COLUMNS} can be read")
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
        raise Unreadable(1, "has far more cells than columns; is a quotation mark missing?") from None


def _torn(message: str) -> Unreadable:
    if found := _OPEN_QUOTE.search(message):
        return Unreadable(int(found[1]) + 1, 'a quotation mark (") is opened here and never closed')
    if found := _SAW.search(message):
        return Unreadable(int(found[1]), f"has {found[2]} cells, far more than the header names")
    return Unreadable(0, "cannot be read as a table")


def overhang(file: str, cells: Sequence[Sequence[str]], width: int, top: int) -> Iterator[Problem]:
    """Cells to the right of the last named column."""
    for number, row in enumerate(cells[top + 1 :], start=top + 2):
        if cell := next((cell for cell in row[width:] if cell.strip()), ""):
            after = ' stands to the right of the last column; a cell with a comma needs quotation marks (")'
            yield Problem(file, number, "", Fault(after, quoted(cell)))


def width_of(header: Sequence[str], number: int) -> int:
    named = [number for number, name in enumerate(header, start=1) if name.strip()]
    if not named:
        raise Unreadable(number, "is empty; the first row names the columns")
    return named[-1]


def _cut_short(text: str, sign: str, is_ended: bool) -> Iterator[tuple[int, Fault]]:
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
        yield rows[-1][0], Fault(fault)


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


def _cut(file: str, cells: Sequence[Sequence[str]], width: int, top: int) -> Sheet:
    rows = ((number, tuple(row[:width])) for number, row in enumerate(cells[top + 1 :], start=top + 2))
    filled = tuple((number, row) for number, row in rows if any(cell.strip() for cell in row))
    return Sheet(file, tuple(plain_name(cell) for cell in cells[top][:width]), filled, top + 1)


def plain_name(cell: str) -> str:
    """A column's name as it is compared: "Living group" is living_group."""
    try:
        return clean(cell).lower().replace(" ", "_")
    except BadCell:
        return cell
