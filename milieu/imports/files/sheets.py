"""Files of a folder as sheets of text cells: sizes and kinds first, then letters, then rows. Nothing is understood yet.

Whatever lies in the folder is somebody else's file: it is opened without following links, measured before it is read,
and read as a grid of text (`milieu.imports.files.grids`).
"""

import os
import stat
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from pathlib import Path

from milieu.errors import Invalid
from milieu.imports.files.grids import Sheet, Unreadable, read_grid, sheet_of
from milieu.imports.files.problems import Problem
from milieu.imports.tables.cells import Fault, fold, quoted, suggestion
from milieu.imports.tables.registry import BY_FILE, TABLES

MOST_BYTES = 8_000_000
MOST_ENTRIES = 200
NOTES = (".md", ".txt", ".pdf")
LITTER = ("desktop.ini", "thumbs.db")  # what a system leaves in folders
OPEN_ELSEWHERE = "~$"  # begins the file by which a spreadsheet shows that it has another open


@dataclass
class Sheets:
    """The sheets of all known files in a folder by name, what is wrong with the others, and what wants a look."""

    by_file: dict[str, Sheet] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    remarks: list[Problem] = field(default_factory=list)


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
                raise Unreadable(0, "is a link to somewhere else; put the file itself into the folder")
            if entry.name in BY_FILE:
                sheets.by_file[entry.name] = _sheet(entry, sheets)
            else:
                _look_at_stranger(entry.name, names, sheets)
        except Unreadable as error:
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
            raise Unreadable(0, f"was not read, but has the name of a table; save it as {table}, or take it away")
        sheets.remarks.append(Problem(shown, 0, "", Fault("was not read; it is no table")))
    elif not plain.endswith(".csv") and plain not in LITTER:
        raise Unreadable(0, "is not a table; save each sheet of a spreadsheet as 'CSV UTF-8'")
    elif plain not in LITTER:
        raise Unreadable(0, f"is none of the tables of a community{suggestion(name.lower(), BY_FILE)}")


def _sheet(entry: os.DirEntry[str], sheets: Sheets) -> Sheet:
    sheet, found = sheet_of(entry.name, read_grid(_bytes(entry.path), BY_FILE[entry.name].names))
    sheets.problems += found.problems
    sheets.remarks += found.remarks
    return sheet


def _bytes(path: str) -> bytes:
    """A regular file's bytes. A pipe or a device is never waited for, a link never followed."""
    flags = (getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY"))
    try:
        handle = os.open(path, reduce(or_, flags, os.O_RDONLY))
    except OSError as error:
        raise Unreadable(0, f"cannot be opened ({error.strerror})") from None
    try:
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode):
            raise Unreadable(0, "is not a file")
        content = b"".join(_pieces(handle)) if found.st_size <= MOST_BYTES else b""
    finally:
        os.close(handle)
    if max(found.st_size, len(content)) > MOST_BYTES:
        raise Unreadable(0, f"is too large; a table has at most {MOST_BYTES // 1_000_000} MB")
    return content


def _pieces(handle: int) -> Iterator[bytes]:
    """A file's content up to one byte more than may be taken, however it grows meanwhile."""
    left = MOST_BYTES + 1
    while left > 0 and (piece := os.read(handle, min(left, 1 << 20))):
        left -= len(piece)
        yield piece
