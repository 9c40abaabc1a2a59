"""Tables of text as files: a workbook with a sheet for each, or a package with a CSV file for each.

A cell that a spreadsheet would take for a formula is harmless in both, and read back as it was.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from milieu.database import DbSession
from milieu.imports.tables.cells import harmless
from milieu.imports.tables.registry import TABLES
from milieu.imports.writing.rows import held_tables
from milieu.models import Community

WORKBOOK, PACKAGE = "xlsx", "zip"
KINDS = {
    WORKBOOK: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    PACKAGE: "application/zip",
}
_UNKEPT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # no file of XML can hold them
_WIDEST = 44
_EARLIEST = (1980, 1, 1, 0, 0, 0)  # of a file in a package: the same tables make the same package


@dataclass(frozen=True)
class Sheet:
    """A table of text under a name of letters and underscores."""

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def community_sheets(db: DbSession, community_id: str, *, today: date, blank: bool = False) -> list[Sheet]:
    """All tables of a community as an import reads them; `blank`: those without a row too, to be filled in."""
    held = held_tables(db, community_id, today)
    return [
        Sheet(table.file.removesuffix(".csv"), table.names, held[table.file].cells)
        for table in TABLES
        if blank or held[table.file].cells or table.is_needed
    ]


def file_name(db: DbSession, community_id: str, today: date) -> str:
    """What a file of a community is called: by its key, in letters that every machine takes, and the day."""
    key = db.get_one(Community, community_id).key
    stem = re.sub(r"[^a-z0-9]+", "-", key.lower()).strip("-") or "community"
    return f"{stem}-{today.isoformat()}"


def workbook(sheets: Iterable[Sheet], *, made: datetime) -> bytes:
    """The sheets as a workbook in which every cell is text: a spreadsheet changes no key and no day."""
    import openpyxl  # takes its time, and only downloads need it
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = openpyxl.Workbook(write_only=True)
    book.properties.created = book.properties.modified = made.replace(tzinfo=None)
    book.properties.creator = "Milieu"

    def written(sheet: Any, text: str, *, is_heading: bool = False) -> Any:
        plain = _UNKEPT.sub("", text)
        cell = WriteOnlyCell(sheet, value=harmless(plain) if plain.startswith("'") else plain)
        cell.data_type, cell.number_format = "s", "@"
        if harmless(plain) != plain:
            cell.quotePrefix = True
        if is_heading:
            cell.font = Font(bold=True)
        return cell

    for each in sheets:
        sheet = book.create_sheet(each.name[:31])
        sheet.freeze_panes = "A2"
        for place, width in enumerate(_widths(each), start=1):
            sheet.column_dimensions[get_column_letter(place)].width = width
        sheet.append([written(sheet, name, is_heading=True) for name in each.header])
        for row in each.rows:
            sheet.append([written(sheet, text) if text else None for text in row])
    into = io.BytesIO()
    book.save(into)
    return into.getvalue()


def package(sheets: Iterable[Sheet]) -> bytes:
    """The sheets as CSV files in one package."""
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as packed:
        for sheet in sheets:
            packed.writestr(zipfile.ZipInfo(f"{sheet.name}.csv", _EARLIEST), csv_file(sheet), zipfile.ZIP_DEFLATED)
    return into.getvalue()


def csv_file(sheet: Sheet) -> bytes:
    """A sheet as a CSV file in UTF-8 that says so, as spreadsheets want it."""
    into = io.StringIO(newline="")
    writer = csv.writer(into, lineterminator="\r\n")
    writer.writerow(sheet.header)
    writer.writerows([harmless(text) if _is_text(text) else text for text in row] for row in sheet.rows)
    return into.getvalue().encode("utf-8-sig")


def _is_text(text: str) -> bool:
    """Whether a cell is more than a number, which wakes nothing: -2 stays -2."""
    return re.fullmatch(r"-?[0-9]+", text) is None


def _widths(sheet: Sheet) -> Sequence[int]:
    columns = [[name, *(row[place] for row in sheet.rows[:300])] for place, name in enumerate(sheet.header)]
    return [min(_WIDEST, 3 + max(map(len, column))) for column in columns]
