"""What is taken out is read back as it was, and wakes no spreadsheet."""

import io
import zipfile
from datetime import UTC, datetime
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from milieu.exports.tables import Sheet, csv_file, package, workbook
from milieu.imports.files.grids import read_grid
from milieu.imports.tables.cells import BadCell, clean
from milieu.imports.uploads.workbooks import read_workbook

MADE = datetime(2026, 12, 2, 9, 0, tzinfo=UTC)
AWAKE = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
STARTS = ("", *AWAKE, "'", "''", "'=", "''-", '"', ";", "=cmd|' /C calc'!A0", "-2+3", "@SUM(1)", "+44 20 7946")


def _kept(text: str) -> bool:
    """Whether a text is one that a row may hold: an import would have stored it so."""
    try:
        return text == "" or clean(f"x{text}")[1:] == text.strip()
    except BadCell:
        return False


words = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cf", "Co", "Cn", "Zl", "Zp")), max_size=30)
texts = st.builds(lambda start, rest: " ".join(f"{start}{rest}".split()), st.sampled_from(STARTS), words).filter(_kept)
tables = st.lists(st.tuples(texts, texts, st.integers(-5, 100).map(str)), min_size=1, max_size=6)


def _read(rows: Any) -> list[tuple[str, ...]]:
    return [tuple(clean(cell) for cell in row) for row in rows]


@settings(max_examples=120)
@given(tables)
def test_every_text_comes_back_as_it_was_from_a_csv_file(rows: list[tuple[str, str, str]]) -> None:
    sheet = Sheet("wishes", ("resident", "activity", "strength"), tuple(rows))

    grid = read_grid(csv_file(sheet), sheet.header)

    padded = [tuple(row[:3]) for row in grid.rows[1:]]
    assert _read(padded) == [tuple(row) for row in rows]


@settings(max_examples=40)
@given(tables)
def test_every_text_comes_back_as_it_was_from_a_workbook(rows: list[tuple[str, str, str]]) -> None:
    sheet = Sheet("wishes", ("resident", "activity", "strength"), tuple(rows))

    sheets, remarks = read_workbook(workbook([sheet], made=MADE))

    assert (remarks, [each.name for each in sheets]) == ([], ["wishes"])
    assert _read(sheets[0].grid.rows[1:]) == [tuple(row) for row in rows]


@pytest.mark.parametrize("start", AWAKE)
def test_no_cell_wakes_a_spreadsheet(start: str) -> None:
    sheet = Sheet("wishes", ("name",), ((f"{start}HYPERLINK(1)",), ("-2",)))

    cell = csv_file(sheet).decode("utf-8-sig").splitlines()[1] if start != "\r" else csv_file(sheet).decode("utf-8-sig")
    assert cell.removeprefix("name\r\n").lstrip('"').startswith("'")
    made = workbook([sheet], made=MADE)
    held = openpyxl.load_workbook(io.BytesIO(made))["wishes"]["A2"]
    assert (held.data_type, held.quotePrefix) == ("s", True)
    assert b"<f>" not in zipfile.ZipFile(io.BytesIO(made)).read("xl/worksheets/sheet1.xml")


def test_the_same_tables_make_the_same_package() -> None:
    sheets = [Sheet("wishes", ("name",), (("Ada",),))]

    assert package(sheets) == package(sheets)
    assert zipfile.ZipFile(io.BytesIO(package(sheets))).namelist() == ["wishes.csv"]
