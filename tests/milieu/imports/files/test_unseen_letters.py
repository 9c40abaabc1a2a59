"""Signs that turn a line around or cannot be seen come in by no column of any table; files of the field are read."""

from pathlib import Path

import pytest

from milieu.errors import Invalid
from milieu.imports.files.grids import Sheet
from milieu.imports.files.records import read_records
from milieu.imports.folder import read_folder
from milieu.imports.tables.registry import TABLES
from milieu.imports.uploads.proposing import header_names
from milieu.imports.uploads.reading import read_uploads

FIELD = Path(__file__).resolve().parents[5] / "shared" / "field"
needs_field = pytest.mark.skipif(not FIELD.exists(), reason=f"NOT RUN: there are no files of the field at {FIELD}")
UNSEEN = (
    *"\u202a\u202b\u202c\u202d\u202e",  # embeddings and overrides
    *"\u2066\u2067\u2068\u2069\u200e\u200f\u061c",  # isolates and marks
    *"\u200b\u2060\ufeff\u00ad\u180e\u2061\u2064",  # what has no width
    *"\u0000\u0007\u001b\u007f\u0085\u009b",  # what steers a terminal
    *"\ufffe\ue000\U000e0041\ud800",  # tags, private signs, halves
)
COLUMNS = [(table.file, column.name) for table in TABLES for column in table.columns]


@pytest.mark.parametrize(("file", "column"), COLUMNS)
def test_no_column_takes_a_sign_that_cannot_be_seen(file: str, column: str) -> None:
    table = next(table for table in TABLES if table.file == file)
    for sign in UNSEEN:
        for cell in (f"a{sign}b", f"{sign}ab", f"ab{sign}"):
            row = tuple(cell if name == column else "" for name in table.names)
            records, problems = read_records(Sheet(file, table.names, ((2, row),)))
            told = [str(problem) for problem in problems if problem.column == column]
            kept = [value for record in records for value in record.values.values() if isinstance(value, str)]
            assert told or not any(sign in value for value in kept), (sign, cell)
            assert not any(sign in sentence for sentence in told), (sign, told)


@needs_field
@pytest.mark.parametrize("name", sorted(path.name for path in FIELD.iterdir()) if FIELD.exists() else ["none"])
def test_the_files_of_the_field_are_read_or_told_alike_from_a_folder_and_by_a_page(name: str) -> None:
    """The same cells come out of both doors; what one of them cannot read, the other cannot either."""
    try:
        told, problems = read_folder(FIELD / name).records, ()
    except Invalid as refused:
        told, problems = {}, refused.problems
    files = [(path.name, path.read_bytes()) for path in sorted((FIELD / name).glob("*.csv"))]

    uploads = read_uploads(files, header_names())

    assert not any("Traceback" in sentence for sentence in problems)
    if not problems:
        assert uploads.problems == []
        rows = {each.source: each.grid.rows for each in uploads.sheets}
        for file, records in told.items():
            assert {record.row for record in records} <= set(range(1, len(rows[file]) + 1)), file
