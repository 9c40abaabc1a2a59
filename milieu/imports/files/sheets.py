"""Files of a folder as sheets of text cells: sizes and kinds first, then letters, then rows. Nothing is understood yet.

Whatever lies in the folder is somebody else's file: it is opened without following links, measured before it is read,
and read by pandas as text alone ("NA", "1e5" and "=A1" stay what they are).
"""

import io
import os
import re
import stat
import warnings
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import reduce
from operator import or_
from pathlib import Path

import pandas as pd

from milieu.errors import Invalid
from milieu.imports.tables.cells import BadCell, clean, quoted, suggestion
from milieu.imports.tables.registry import BY_FILE, TABLES

MOST_BYTES = 8_000_000
MOST_ROWS = max(table.most_rows for table in TABLES)
MOST_COLUMNS = 100
MOST_ENTRIES = 200
HEADER_WITHIN = 10  # rows: a title may stand above the header
SEPARATORS = (",", ";", "\t")
SPARE_COLUMNS = 16  # cells to the right of the header that are still found and told row by row
IGNORED = (".md", ".txt", ".pdf")

_SAYS_SEPARATOR = re.compile(r'"?sep=(.)"?[,;\t]*', re.IGNORECASE)
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


def gathered(problems: Iterable[Problem]) -> Iterator[str]:
    """Equal faults in one line, with all their rows, where the first of them stands."""
    rows: dict[tuple[str, str, str], list[int]] = {}
    for problem in problems:
        rows.setdefault((problem.file, problem.column, problem.text), []).append(problem.row)
    for (file, column, text), places in rows.items():
        where = f" row{'s' if len(places) > 1 else ''} {_stretches(places)}" if places[0] else ""
        yield f"{file}{where}{', ' if column else ''}{column}: {text}"


def _stretches(rows: list[int]) -> str:
    """Row numbers in order, neighbours together: 2-4, 9 and 12."""
    ends: list[list[int]] = []
    for row in rows:
        if ends and row == ends[-1][1] + 1:
            ends[-1][1] = row
        else:
            ends.append([row, row])
    shown = [str(first) if first == last else f"{first}-{last}" for first, last in ends]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


@dataclass(frozen=True)
class Sheet:
    """`header`: the columns' names, "" for one without; what stands above it is a title. `rows`: number and cells of
    each row below that is not empty."""

    file: str
    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    header_row: int = 1


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
    cells: list[list[str]] = _frame(text, BY_FILE[name].names).to_numpy().tolist()
    top = _header_place(cells, BY_FILE[name].names)
    width = _width(cells[top], top + 1)
    problems.extend(_overhang(name, cells, width, top))
    return _cut(name, cells, width, top)


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
    try:
        if content.startswith((b"\xff\xfe", b"\xfe\xff")):  # a spreadsheet's "Unicode text"
            text = content.decode("utf-16")
        else:
            text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        raise _Unreadable(row, "here stands a letter that is not UTF-8; save the file as 'CSV UTF-8'") from None
    if not text.strip():
        raise _Unreadable(0, "is empty; its first row names the columns")
    text = text.rstrip("\r\n")
    if max(text.count("\n"), text.count("\r")) > MOST_ROWS + HEADER_WITHIN:
        raise _Unreadable(0, f"has too many rows; a table has at most {MOST_ROWS:,}")
    return text


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


def _frame(text: str, names: Collection[str]) -> pd.DataFrame:
    """All cells as text, the header as row 0; a row of the frame is a row of the spreadsheet, empty ones included."""
    sign = _separator(text.splitlines()[:HEADER_WITHIN], names)
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
            yield Problem(
                file,
                number,
                "",
                f'{quoted(cell)} stands to the right of the last column; a cell with a comma needs quotation marks (")',
            )


def _width(header: list[str], number: int) -> int:
    named = [number for number, name in enumerate(header, start=1) if name.strip()]
    if not named:
        raise _Unreadable(number, "is empty; the first row names the columns")
    return named[-1]


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
