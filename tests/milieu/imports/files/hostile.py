"""Files that somebody may hand in as a list and that are none, made by code: bombs, lies, other formats, slips."""

import io
import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable, Mapping
from typing import Any

import openpyxl
from openpyxl.chart import BarChart
from openpyxl.styles import Font

HEADER = ("resident", "activity", "strength")
ROW = ("ada", "choir", 3)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SHEET = "xl/worksheets/sheet1.xml"
TYPES = "[Content_Types].xml"


def book(*rows: tuple[Any, ...], name: str = "wishes") -> bytes:
    """A good workbook with one sheet."""
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.title = name
    for row in rows or (HEADER, ROW):
        sheet.append(row)
    return saved(made)


def saved(made: Any) -> bytes:
    into = io.BytesIO()
    made.save(into)
    return into.getvalue()


def package(parts: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", method) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return into.getvalue()


def parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def with_parts(**more: bytes) -> bytes:
    """A good workbook with other parts; names with / and . are written as __ and _DOT_."""
    named = {name.replace("__", "/").replace("_DOT_", "."): content for name, content in more.items()}
    return package({**parts_of(book()), **named})


def with_sheet(change: Callable[[bytes], bytes]) -> bytes:
    """A good workbook whose sheet says something else."""
    parts = parts_of(book())
    return package({**parts, SHEET: change(parts[SHEET])})


def with_cells(cells: str) -> bytes:
    """A workbook whose sheet has these rows, as XML."""
    start = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    return with_sheet(lambda _sheet: start + cells.encode() + b"</sheetData></worksheet>")


def text_cell(place: str, text: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


_NAMED = "".join(text_cell(f"{letter}1", name) for letter, name in zip("ABC", HEADER, strict=True))
HEADER_CELLS = f'<row r="1">{_NAMED}</row>'


def encrypted_flag() -> bytes:
    """A package whose parts say that they want a password."""
    content = bytearray(book())
    for sign, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = -1
        while (at := content.find(sign, at + 1)) >= 0:
            content[at + place] |= 1
    return bytes(content)


def lying_size() -> bytes:
    """A part that says it is 100 bytes and unpacks to far more."""
    parts = parts_of(book())
    parts[SHEET] = parts[SHEET] + b" " * 40_000_000
    content = bytearray(package(parts))
    at = content.find(b"PK\x01\x02")
    while at >= 0:
        if content[at + 46 : at + 46 + len(SHEET)] == SHEET.encode():
            content[at + 24 : at + 28] = struct.pack("<I", 100)
        at = content.find(b"PK\x01\x02", at + 1)
    return bytes(content)


def bad_checksum() -> bytes:
    content = bytearray(book())
    at = content.find(b"PK\x03\x04")
    content[at + 14 : at + 18] = b"\0\1\2\3"
    central = content.find(b"PK\x01\x02")
    content[central + 16 : central + 20] = b"\0\1\2\3"
    return bytes(content)


def formulas(*, calculated: bool) -> bytes:
    """A sheet with a formula, with or without the result that a spreadsheet saves beside it."""
    result = "<v>3</v>" if calculated else ""
    row = f'<row r="2">{text_cell("A2", "ada")}{text_cell("B2", "choir")}<c r="C2"><f>1+2</f>{result}</c></row>'
    return with_cells(HEADER_CELLS + row)


def hidden_sheet() -> bytes:
    made = openpyxl.load_workbook(io.BytesIO(book()))
    secret = made.create_sheet("secret")
    secret.append(HEADER)
    secret.sheet_state = "hidden"
    return saved(made)


def hidden_parts() -> bytes:
    """Ten rows of three columns; eight rows are hidden by a filter, one column and all behind the last by hand."""
    made = openpyxl.Workbook()
    made.active.append(("key", "shown", "hidden"))
    for number in range(2, 12):
        made.active.append((f"r{number}", "seen", "unseen"))
        made.active.row_dimensions[number].hidden = number < 10
    for letter in ("C", "D", "XFD"):
        made.active.column_dimensions[letter].hidden = True
    made.active.row_dimensions[40].hidden = True
    return saved(made)


def only_charts() -> bytes:
    made = openpyxl.Workbook()
    made.create_chartsheet("chart").add_chart(BarChart())
    made.remove(made.active)
    made.create_sheet("empty")
    return saved(made)


def many_sheets() -> bytes:
    made = openpyxl.Workbook()
    for number in range(70):
        made.create_sheet(f"s{number}").append(HEADER)
    return saved(made)


def styled_far_and_wide() -> bytes:
    """What a slip of the mouse does: thousands of formatted cells with nothing in them."""
    made = openpyxl.load_workbook(io.BytesIO(book()))
    for row in range(1, 60):
        for column in range(4, 200):
            made["wishes"].cell(row, column).font = Font(bold=True)
    return saved(made)


def gzipped() -> bytes:
    packer = zlib.compressobj(wbits=31)
    return packer.compress(book()) + packer.flush()


def with_chart() -> bytes:
    """A list with a sheet that is a chart behind it."""
    made = openpyxl.load_workbook(io.BytesIO(book()))
    made.create_chartsheet("chart").add_chart(BarChart())
    return saved(made)


def two_of_one_name() -> bytes:
    """Two sheets under one name: which of them is read depends on the reader."""
    parts, into = parts_of(book()), io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as packed:
        warnings.simplefilter("ignore", UserWarning)  # which it gives about just that
        for name, content in (*parts.items(), (SHEET, parts[SHEET].replace(b"choir", b"bingo"))):
            packed.writestr(name, content)
    return into.getvalue()


def with_link() -> bytes:
    """A part that is a link to a file of the machine, as archives of Unix hold them."""
    into = io.BytesIO(book())
    with zipfile.ZipFile(into, "a") as packed:
        link = zipfile.ZipInfo("xl/link")
        link.external_attr = 0o120777 << 16
        packed.writestr(link, "/etc/passwd")
    return into.getvalue()


def sheet_elsewhere() -> bytes:
    """A workbook whose sheet is said to be a file of the machine."""
    parts, name = parts_of(book()), "xl/_rels/workbook.xml.rels"
    return package({**parts, name: parts[name].replace(b"/xl/worksheets/sheet1.xml", b"file:///etc/passwd")})


def only_hidden() -> bytes:
    made = openpyxl.load_workbook(io.BytesIO(book()))
    made.create_sheet("empty")
    made["wishes"].sheet_state = "veryHidden"
    return saved(made)


def with_program_called() -> bytes:
    """A formula that would start a program where a spreadsheet opens it, with a harmless result beside it."""
    called = '<c r="A2" t="str"><f>cmd|\'/c calc\'!A0</f><v>ada</v></c>'
    return with_cells(f'{HEADER_CELLS}<row r="2">{called}{text_cell("B2", "choir")}<c r="C2"><v>3</v></c></row>')
