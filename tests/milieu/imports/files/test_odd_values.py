"""Odd values in a folder (reliability.md F21): every one is taken as it is or told; nothing else ever happens."""

import csv
import io
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from milieu.database import Engines, make_engines, reading, unit_of_work
from milieu.errors import Invalid
from milieu.imports.folder import import_folder, read_folder
from milieu.imports.merging.reports import ImportReport
from milieu.imports.tables import cells
from milieu.imports.tables.cells import BadCell
from milieu.imports.tables.description import Column
from milieu.imports.tables.registry import BY_FILE, TABLES
from milieu.models import Activity, Resident, Wish

WHOLE = Path(__file__).parents[4] / "fixtures" / "broken" / "whole"
NOW = datetime(2026, 12, 2, 9, 0, tzinfo=UTC)

ODD = (
    "",
    " ",
    "\u00a0",
    "NaN",
    "1e999",
    str(2**63),
    "9" * 5000,
    "-0",
    "+0",
    "١٢",
    "12٣",
    "\u0000",
    "\ufeffr1",
    "r\u200b1",
    "e\u0301",
    "\u202eabc",
    "\ud7ff",
    "\U0010ffff",
    "=1+1",
    '"',
    '""',
    "'",
    ",",
    ";",
    "a;b",
    ";;",
    "\t",
    "\r\n",
    "24:00",
    "25:00",
    "-1:00",
    "0:0",
    "2026-02-29",
    "9999-12-31",
    "0000-00-00",
    "yes",
    "NO",
    "Mon-Sun",
    "Sun-Mon",
    "r1",
    "north",
    "x" * 2001,
    "a" * 121,
    "../../etc/passwd",
    "{{7*7}}",
    "%s",
    "\x1b[31m",
    "İ",
    "ß",
    "ﬁ",
)
TEXT = st.text(st.characters(codec="utf-8"), max_size=30)
CELL = st.one_of(st.sampled_from(ODD), TEXT)
COLUMNS = [(table.file, column) for table in TABLES for column in table.columns]


@contextmanager
def nutshell() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "nutshell"
        shutil.copytree(WHOLE, folder)
        yield folder


def told(folder: Path) -> tuple[str, ...]:
    """What is told of a folder: nothing where it is in order. Whatever else is raised fails the test."""
    try:
        read_folder(folder)
    except Invalid as refusal:
        return refusal.problems
    return ()


def rows_of(file: str) -> list[list[str]]:
    path = WHOLE / file
    text = path.read_text(encoding="utf-8") if path.exists() else ",".join(BY_FILE[file].names) + "\n" * 2
    return list(csv.reader(io.StringIO(text, newline="")))


def write(folder: Path, file: str, rows: list[list[str]]) -> None:
    with (folder / file).open("w", encoding="utf-8", newline="") as opened:
        csv.writer(opened, quoting=csv.QUOTE_ALL).writerows(rows)


@given(place=st.sampled_from(COLUMNS), cell=CELL)
@pytest.mark.slow(6)
@settings(max_examples=200)
def test_a_cell_is_taken_or_told(place: tuple[str, Column], cell: str) -> None:
    """In any column of any table. What is told begins with the place."""
    file, column = place
    header, *rows = rows_of(file)
    if column.name not in header:
        header.append(column.name)
    row = (rows[0] if rows else []) + [""] * len(header)
    row = row[: len(header)]
    row[header.index(column.name)] = cell
    with nutshell() as folder:
        write(folder, file, [header, row, *[each + [""] * (len(header) - len(each)) for each in rows[1:]]])
        problems = told(folder)
    assert all(re.split(r" rows? ", problem.split(":")[0])[0] in BY_FILE for problem in problems)
    assert all(len(problem) < 600 and problem.isprintable() for problem in problems)


@given(st.sampled_from([table.file for table in TABLES]), st.binary(max_size=400))
@example("residents.csv", b"\xef\xbb\xbf\xef\xbb\xbfkey")
@example("residents.csv", b"\n\n\n")
@example("residents.csv", b'"')
@example("residents.csv", b"key\x0bname,x\n1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20\n")
@example("residents.csv", b"\xed\xa0\x80")
@example("residents.csv", b"key\n" + b'"' * 399)
@pytest.mark.slow(2)
@settings(max_examples=80)
def test_bytes_are_told(file: str, content: bytes) -> None:
    """A file of any bytes never passes for a table that has needed columns, and is never more than told."""
    with nutshell() as folder:
        (folder / file).write_bytes(content)
        problems = told(folder)
    assert problems


@given(st.lists(st.lists(CELL, max_size=8), max_size=6))
@pytest.mark.slow(2)
@settings(max_examples=60)
def test_tables_of_odd_cells_are_told(rows: list[list[str]]) -> None:
    with nutshell() as folder:
        write(folder, "wishes.csv", [["resident", "activity", "strength"], *rows])
        problems = told(folder)
    assert all(problem.startswith("wishes.csv") for problem in problems)


@given(CELL)
def test_a_cleaned_cell_stays_as_it_is(cell: str) -> None:
    try:
        text = cells.clean(cell)
    except BadCell:
        return
    assert cells.clean(text) == text
    assert text == text.strip()
    assert text.isprintable() or set("\u200c\u200d") & set(text)


@given(st.integers(-(10**12), 10**12))
def test_whole_numbers_are_read_as_python_writes_them(number: int) -> None:
    read = cells.whole(-5, 100)

    if -5 <= number <= 100:
        assert read(str(number)) == number
    else:
        with pytest.raises(BadCell):
            read(str(number))


@given(st.integers(0, 1440))
def test_minutes_are_read_as_they_are_written(minute: int) -> None:
    assert cells.minute(f"{minute // 60:02}:{minute % 60:02}") == minute


@given(st.dates())
def test_dates_are_read_as_python_writes_them(day: object) -> None:
    text = str(day)
    if "1880" <= text[:4] <= "2200":
        assert cells.day(text) == day
    else:
        with pytest.raises(BadCell):
            cells.day(text)


@given(st.frozensets(st.integers(0, 6), min_size=1))
def test_days_of_the_week_are_read_as_they_are_written(days: frozenset[int]) -> None:
    assert cells.weekdays(";".join(cells.WEEKDAYS[day] for day in days)) == tuple(sorted(days))


@pytest.mark.slow(6)
class TestReadAgain:
    """Whatever a folder says from one week to the next, the database then says the same."""

    wishes = st.dictionaries(
        st.tuples(st.sampled_from(["r1", "r2", "r3"]), st.sampled_from(["choir", "walk"])), st.integers(-2, 5)
    )

    @given(versions=st.lists(wishes, min_size=1, max_size=4))
    @settings(max_examples=25)
    def test_the_last_version_holds(self, sqlite_template: Path, versions: list[dict[tuple[str, str], int]]) -> None:
        with nutshell() as folder:
            database = folder.parent / "milieu.sqlite"
            shutil.copy(sqlite_template, database)
            engines = make_engines(f"sqlite:///{database}")
            header = ["resident", "activity", "strength"]
            for week, version in enumerate(versions):
                rows = [[*pair, str(strength)] for pair, strength in version.items()]
                write(folder, "wishes.csv", [header, *rows])
                now = NOW + timedelta(weeks=week)
                _take(engines, folder, now)
                assert _live(engines, now) == version
                assert not _take(engines, folder, now + timedelta(days=1)).has_changed
            engines.dispose()


def _take(engines: Engines, folder: Path, now: datetime) -> ImportReport:
    """Import, and where much of the table would end, say that it is meant."""
    with unit_of_work(engines) as db:
        ends = sum(halt.ending for halt in import_folder(db, folder, now=now, is_trial=True).halts)
        db.rollback()
    with unit_of_work(engines) as db:
        return import_folder(db, folder, now=now, ends=ends or None)


def _live(engines: Engines, now: datetime) -> dict[tuple[str, str], int]:
    with reading(engines) as db:
        keys = {row.id: row.key for row in db.scalars(select(Resident))}
        names = {row.id: row.key for row in db.scalars(select(Activity))}
        rows = [row for row in db.scalars(select(Wish)) if row.valid_until is None or row.valid_until >= now.date()]
    return {(keys[row.resident_id], names[row.activity_id]): row.strength for row in rows}
