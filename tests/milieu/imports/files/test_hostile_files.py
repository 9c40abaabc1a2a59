"""Fifty and more files that are no lists, or odd ones: each is told in one sentence, or read for what it is."""

import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from milieu.imports.uploads.kinds import MOST_BYTES
from milieu.imports.uploads.proposing import header_names
from milieu.imports.uploads.reading import read_uploads
from tests.milieu.imports.files import hostile
from tests.milieu.imports.files.hostile import (
    HEADER,
    HEADER_CELLS,
    OLE,
    ROW,
    SHEET,
    TYPES,
    book,
    package,
    parts_of,
    text_cell,
    with_cells,
    with_parts,
    with_sheet,
)

DOCTYPE = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
OUTSIDE = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
XLSX = "lists.xlsx"


@dataclass(frozen=True)
class Odd:
    """A file and what is said of it."""

    make: Callable[[], bytes]
    told: str
    name: str = XLSX


def after_header(text: bytes, change: bytes) -> bytes:
    return text.replace(b"<worksheet", change + b"<worksheet", 1)


def macro_types(content: bytes) -> bytes:
    return content.replace(b"spreadsheetml.sheet.main+xml", b"ms-excel.sheet.macroEnabled.main+xml")


REFUSED: dict[str, Odd] = {
    # other formats under any name
    "nothing": Odd(lambda: b"", "is empty"),
    "an old workbook": Odd(lambda: OLE + bytes(600), "in the format of before 2007 (.xls)", "lists.xls"),
    "an old workbook named as a new one": Odd(lambda: OLE + bytes(600), "before 2007 (.xls), whatever its name"),
    "an old workbook named as a table": Odd(lambda: OLE + bytes(600), "before 2007", "wishes.csv"),
    "an older workbook still": Odd(lambda: b"\x09\x08\x10\x00" + bytes(99), "an old workbook"),
    "one with a password": Odd(
        lambda: OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "is protected by a password"
    ),
    "an OpenDocument": Odd(
        lambda: package({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"<x/>"}),
        "is an OpenDocument file (.ods)",
        "lists.ods",
    ),
    "a binary workbook": Odd(lambda: with_parts(xl__workbook_DOT_bin=b"x"), "is a binary workbook (.xlsb)"),
    "a text document": Odd(lambda: package({TYPES: b"<x/>", "word/document.xml": b"<x/>"}), "is a text document"),
    "a presentation": Odd(lambda: package({TYPES: b"<x/>", "ppt/presentation.xml": b"<x/>"}), "is a presentation"),
    "a file of Numbers": Odd(lambda: package({"Index/Document.iwa": b"x"}), "is in the format of Numbers"),
    "a program in a package": Odd(lambda: package({"a.class": b"x"}), "is a package, but no workbook"),
    "a PDF": Odd(lambda: b"%PDF-1.7\n", "is a PDF"),
    "rich text": Odd(lambda: b"{\\rtf1 x}", "is a text document"),
    "a picture": Odd(lambda: b"\x89PNG\r\n\x1a\n" + bytes(40), "is a picture"),
    "a photograph": Odd(lambda: b"\xff\xd8\xff\xe0" + bytes(40), "is a picture", "wishes.csv"),
    "a program": Odd(lambda: b"MZ" + bytes(80), "is a program"),
    "another program": Odd(lambda: b"\x7fELF" + bytes(80), "is a program"),
    "a packed workbook": Odd(hostile.gzipped, "is packed"),
    "a page named as a workbook": Odd(lambda: b"<html><table><tr><td>ada</table>", "in markup", "lists.xls"),
    "a workbook in XML of 2003": Odd(
        lambda: b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>', "in markup"
    ),
    "an empty package": Odd(lambda: b"PK\x05\x06" + bytes(18), "is an empty package"),
    "a database": Odd(lambda: b"SQLite format 3\0" + bytes(80), "is a database"),
    # macros
    "macros by name": Odd(book, "may hold macros", "lists.xlsm"),
    "macros by name in capitals": Odd(book, "may hold macros", "LISTS.XLSM"),
    "macros within": Odd(lambda: with_parts(xl__vbaProject_DOT_bin=b"x"), "holds macros"),
    "macros within, in capitals": Odd(lambda: with_parts(xl__VBAPROJECT_DOT_BIN=b"x"), "holds macros"),
    "old macro sheets": Odd(lambda: with_parts(xl__macrosheets__sheet1_DOT_xml=b"<x/>"), "holds macros"),
    "macros by type": Odd(
        lambda: package({**parts_of(book()), TYPES: macro_types(parts_of(book())[TYPES])}), "holds macros"
    ),
    # bombs
    "a part that is nothing but blanks": Odd(
        lambda: with_sheet(lambda sheet: sheet + b" " * 20_000_000), "far larger unpacked"
    ),
    "many large parts": Odd(
        lambda: with_parts(**{f"xl__media{n}_DOT_bin": bytes([n]) * 490_000 for n in range(70)}), "far larger unpacked"
    ),
    "a part that lies about its size": Odd(hostile.lying_size, ""),
    "thousands of parts": Odd(lambda: with_parts(**{f"xl__p{n}_DOT_xml": b"" for n in range(2000)}), "parts"),
    "a package within": Odd(lambda: with_parts(xl__embeddings__a_DOT_xlsx=book()), "another package inside"),
    "an old workbook within": Odd(lambda: with_parts(xl__embeddings__o_DOT_bin=OLE), "another package inside"),
    "a packed part within": Odd(lambda: with_parts(xl__x_DOT_bin=hostile.gzipped()), "another package inside"),
    "entities that grow": Odd(lambda: with_sheet(lambda sheet: DOCTYPE + sheet), "defines things in its XML"),
    "entities in another alphabet": Odd(
        lambda: with_sheet(lambda sheet: DOCTYPE.decode().encode("utf-16") + sheet), "defines things in its XML"
    ),
    "a file from elsewhere": Odd(lambda: with_parts(xl__sharedStrings_DOT_xml=OUTSIDE), "defines things in its XML"),
    "a definition in a relation": Odd(lambda: with_parts(_rels__x_DOT_rels=OUTSIDE), "defines things in its XML"),
    "a cell at the far right": Odd(
        lambda: with_cells(f'{HEADER_CELLS}<row r="2">{text_cell("XFD2", "x")}</row>'), "a cell far to the right"
    ),
    "a cell at the far bottom": Odd(
        lambda: with_cells(f'{HEADER_CELLS}<row r="1048576">{text_cell("A1048576", "x")}</row>'), "rows"
    ),
    "more cells than can be read": Odd(
        lambda: with_cells("".join(f'<row r="{n}"><c r="CV{n}"/></row>' for n in range(1, 9000))), "more cells than"
    ),
    "too many sheets": Odd(hostile.many_sheets, "sheets; at most"),
    "too much at once": Odd(lambda: b"a" * (MOST_BYTES + 1), "too much at once", "wishes.csv"),
    "parts within parts without end": Odd(
        lambda: with_sheet(lambda sheet: sheet.replace(b"<sheetData>", b"<x>" * 200_000 + b"<sheetData>", 1)),
        "far larger unpacked",
    ),
    "a definition from the network": Odd(
        lambda: with_sheet(lambda sheet: b'<!DOCTYPE x SYSTEM "http://elsewhere.example/x.dtd">' + sheet),
        "defines things in its XML",
    ),
    "a row without end": Odd(
        lambda: with_cells(f'<row r="{10**20}">{text_cell(f"A{10**20}", "x")}</row>'), "empty rows above row"
    ),
    "a number without end": Odd(
        lambda: with_cells(f'{HEADER_CELLS}<row r="2"><c r="C2"><v>{"9" * 5000}</v></c></row>'), "cannot be read"
    ),
    # lies and damage
    "two parts of one name": Odd(hostile.two_of_one_name, "two parts of one name"),
    "a page in front of a workbook": Odd(lambda: b"<html>hello</html>" + book(), "in markup"),
    "a PDF in front of a workbook": Odd(lambda: b"%PDF-1.7\n" + book(), "is a PDF"),
    "a program in front of a workbook": Odd(lambda: b"MZ" + bytes(100) + book(), "is a program"),
    "something behind a workbook": Odd(lambda: book() + b"x" * 100_000, "is damaged"),
    "a sheet that lies elsewhere": Odd(hostile.sheet_elsewhere, ""),
    "a part that would lie elsewhere on Windows": Odd(
        lambda: package({**parts_of(book()), "xl\\..\\..\\x": b"x"}), "would lie elsewhere"
    ),
    "a row before the first": Odd(lambda: with_cells(f'<row r="-1">{text_cell("A-1", "x")}</row>'), "cannot be read"),
    "a string before the first": Odd(
        lambda: with_cells('<row r="1"><c r="A1" t="s"><v>-1</v></c></row>'), "cannot be read as a workbook"
    ),
    "a day that is none": Odd(
        lambda: with_cells(f'{HEADER_CELLS}<row r="2"><c r="C2" t="d"><v>9999-99-99</v></c></row>'), "cannot be read"
    ),
    "one hidden sheet alone": Odd(hostile.only_hidden, "has no sheet with anything on it"),
    "a part with a password": Odd(hostile.encrypted_flag, "is protected by a password"),
    "a wrong checksum": Odd(hostile.bad_checksum, "is damaged"),
    "half of a workbook": Odd(lambda: book()[: len(book()) // 2], "is damaged"),
    "only the first bytes": Odd(lambda: book()[:40], "is damaged"),
    "a packing that workbooks do not use": Odd(
        lambda: package(parts_of(book()), zipfile.ZIP_LZMA), "is packed in a way that workbooks are not"
    ),
    "a part that would lie elsewhere": Odd(
        lambda: package({**parts_of(book()), "../../etc/x": b"x"}), "would lie elsewhere"
    ),
    "a part at the root": Odd(lambda: package({**parts_of(book()), "/etc/x": b"x"}), "would lie elsewhere"),
    "no sheet": Odd(lambda: package({name: c for name, c in parts_of(book()).items() if name != SHEET}), "no sheet"),
    "no workbook": Odd(
        lambda: package({n: c for n, c in parts_of(book()).items() if n != "xl/workbook.xml"}), "cannot be read"
    ),
    "a sheet that is no XML": Odd(lambda: with_sheet(lambda _: b"\0\1\2 no XML"), "cannot be read as a workbook"),
    "a sheet that is cut off": Odd(lambda: with_sheet(lambda sheet: sheet[:-30]), "cannot be read as a workbook"),
    "a cell of no place": Odd(
        lambda: with_cells('<row r="x"><c r="?!" t="n"><v>ada</v></c></row>'), "cannot be read as a workbook"
    ),
    "a string that is not there": Odd(
        lambda: with_cells('<row r="1"><c r="A1" t="s"><v>99999</v></c></row>'), "cannot be read as a workbook"
    ),
    "nothing on any sheet": Odd(lambda: book(()), "has no sheet with anything on it"),
    "charts alone": Odd(hostile.only_charts, "has no sheet with anything on it"),
    # tables
    "only blanks": Odd(lambda: b"  \r\n\r\n", "is empty", "wishes.csv"),
    "saved half": Odd(lambda: b"resident,activity,strength\r\nada,choir,3" + bytes(400), "interrupted", "wishes.csv"),
    "an open quotation": Odd(lambda: b'resident,activity,strength\r\nada,"choir,3\r\n', "never closed", "wishes.csv"),
    "two alphabets": Odd(lambda: b"resident,activity,strength\r\n\x81\x8d,choir,3\r\n", "", "wishes.csv"),
}


def test_fifty_kinds_and_more_are_tried() -> None:
    assert len(REFUSED) >= 50


@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_no_list_is_told_in_one_sentence_soon_and_nothing_is_read(kind: str) -> None:
    odd = REFUSED[kind]
    content = odd.make()
    begun = time.process_time()

    uploads = read_uploads([(odd.name, content)], header_names())

    assert uploads.sheets == []
    [sentence] = uploads.problems
    assert odd.told in sentence
    assert sentence.isprintable()
    assert len(sentence) < 260
    assert time.process_time() - begun < 20  # of the processor: what is refused costs little


def rows_of(content: bytes, name: str = XLSX) -> tuple[list[tuple[str, ...]], list[str]]:
    """The rows that are read from a file, and what is remarked."""
    uploads = read_uploads([(name, content)], header_names())
    assert uploads.problems == []
    return [row for sheet in uploads.sheets for row in sheet.grid.rows], uploads.remarks


READ: dict[str, Callable[[], bytes]] = {
    "as a spreadsheet saves it": book,
    "under an old name": book,
    "with formulas that were calculated": lambda: hostile.formulas(calculated=True),
    "with formatted cells far and wide": hostile.styled_far_and_wide,
    "with a chart behind it": hostile.with_chart,
    "with a size that is a lie": lambda: with_sheet(
        lambda sheet: after_header(sheet, b"").replace(b'ref="A1:C2"', b'ref="A1:XFD1048576"')
    ),
    "with a part that nobody knows": lambda: with_parts(customXml__item1_DOT_xml=b"<x/>"),
    "with links to elsewhere": lambda: with_parts(xl__externalLinks__externalLink1_DOT_xml=b"<x/>"),
    "with a connection to a database": lambda: with_parts(xl__connections_DOT_xml=b"<connections/>"),
    "with a control that nobody starts": lambda: with_parts(xl__activeX__activeX1_DOT_bin=b"x"),
    "with a link to a file of the machine": hostile.with_link,
    "with a file that it would include": lambda: with_sheet(
        lambda sheet: sheet.replace(
            b"<sheetData>",
            b'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd"/><sheetData>',
            1,
        )
    ),
    "with a formula that calls a program": hostile.with_program_called,
}


@pytest.mark.parametrize("kind", READ)
def test_what_is_merely_odd_is_read(kind: str) -> None:
    rows, remarks = rows_of(READ[kind](), "lists.xls" if kind == "under an old name" else XLSX)

    assert rows == [HEADER, tuple(map(str, ROW))]
    assert remarks == []


def test_a_hidden_sheet_is_not_read_and_that_is_said() -> None:
    rows, remarks = rows_of(hostile.hidden_sheet())

    assert rows == [HEADER, tuple(map(str, ROW))]
    assert remarks == ["lists.xlsx: the sheet 'secret' is hidden and was not read"]


def test_hidden_rows_and_columns_are_read_and_that_is_said() -> None:
    rows, remarks = rows_of(hostile.hidden_parts())

    assert rows[1:] == [(f"r{number}", "seen", "unseen") for number in range(2, 12)]
    assert remarks == [
        "lists.xlsx: the sheet 'Sheet' has 8 hidden rows (2, 3, 4, 5, 6, 7 …) and 1 hidden column (C); "
        "what is hidden is read like the rest"
    ]


def test_a_formula_without_a_result_is_told_with_its_cell() -> None:
    [upload] = read_uploads([(XLSX, hostile.formulas(calculated=False))], header_names()).sheets

    [(row, fault)] = upload.grid.faults
    assert (row, str(fault)[:35]) == (2, "cell C2 holds a formula without a r")


def test_a_formula_that_failed_is_told_as_in_any_table() -> None:
    rows, _ = rows_of(with_cells(f'{HEADER_CELLS}<row r="2"><c r="A2" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>'))

    assert rows[1][0] == "#DIV/0!"  # which the reader of cells refuses by name
