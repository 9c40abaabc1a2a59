"""What spreadsheets write when people save a table: read where it means one thing, else told in one sentence."""

from datetime import date
from pathlib import Path

import pytest

from milieu.database import Engines, reading
from milieu.imports.folder import read_folder
from milieu.imports.tables import cells
from milieu.imports.tables.cells import BadCell
from milieu.models import Resident
from tests.milieu.imports.nutshell import WHOLE, copied, problems_of, rewrite, swap, take

PLAIN = (WHOLE / "residents.csv").read_text(encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copied(tmp_path)


def quotes_of_a_german_spreadsheet(text: str) -> bytes:
    return text.replace(",", ";").encode("utf-8-sig")


@pytest.mark.parametrize(
    "content",
    [
        quotes_of_a_german_spreadsheet(PLAIN),
        PLAIN.replace(",", "\t").encode("utf-16"),
        PLAIN.encode("utf-16"),
        ("sep=,\n" + PLAIN).encode(),
        ("sep=;\r\n" + PLAIN.replace(",", ";")).encode("utf-8-sig"),
        ('"sep=|"\n' + PLAIN.replace(",", "|")).encode(),
        ("Residents of Nutshell; as of 29.11.2026,,,\n,,,\n" + PLAIN).encode(),
        "".join(line + "," * 300 + "\n" for line in PLAIN.splitlines()).encode(),
        (PLAIN + ",,,,\n" * 200).encode(),
    ],
    ids=[
        "semicolons",
        "unicode text",
        "utf-16",
        "sep",
        "sep semicolons",
        "sep bar",
        "title",
        "blank columns",
        "blank rows",
    ],
)
def test_a_table_is_read_however_it_was_saved(folder: Path, content: bytes) -> None:
    wanted = [record.values for record in read_folder(folder).records["residents.csv"]]
    (folder / "residents.csv").write_bytes(content)

    assert [record.values for record in read_folder(folder).records["residents.csv"]] == wanted


def test_below_a_title_rows_count_as_the_spreadsheet_counts_them(folder: Path) -> None:
    text = "Our residents\n\n" + PLAIN.replace("2023-11-20", "20.11.2023")
    (folder / "residents.csv").write_text(text, encoding="utf-8")

    assert problems_of(folder) == [
        "residents.csv row 5, arrived_on: '20.11.2023' is not a date; write dates as 2026-11-30"
    ]


@pytest.mark.parametrize(
    ("reader", "cell", "value"),
    [
        (cells.whole(0, 99), "12.0", 12),
        (cells.whole(0, 99), "12,00", 12),
        (cells.whole(-5, 5), "\u22122", -2),
        (cells.yes_no, "TRUE", True),
        (cells.yes_no, "False", False),
        (cells.minute, "09:30:00", 570),
        (cells.minute, "9:30 AM", 570),
        (cells.minute, "9:30\u202fp.m.", 1290),
        (cells.minute, "12:00 am", 0),
        (cells.minute, "12:15PM", 735),
        (cells.minute, "9.30", 570),
        (cells.minute, "09:30 Uhr", 570),
        (cells.minute, "9 Uhr", 540),
        (cells.minute, "9h30", 570),
        (cells.minute, "1899-12-30 09:30:00", 570),
        (cells.day, "2026-11-30 00:00:00", date(2026, 11, 30)),
        (cells.weekdays, "Monday;thursday", (0, 3)),
        (cells.weekdays, "Mon\u2013Wednesday", (0, 1, 2)),
    ],
)
def test_what_means_one_thing_is_read(reader: cells.Reader, cell: str, value: object) -> None:
    assert reader(cells.clean(cell)) == value


@pytest.mark.parametrize(
    ("reader", "cell", "sentence"),
    [
        (cells.whole(0, 9999), "1,000", "is not a whole number"),
        (cells.whole(0, 9999), "1.000", "is not a whole number"),
        (cells.whole(0, 9999), "12.5", "is not a whole number"),
        (cells.day, "11/12/2026", "is not a date; write dates as 2026-11-30"),
        (cells.day, "46356", "is a spreadsheet's number for a day; format the column as a date"),
        (cells.day, "2026-11-30 14:00:00", "is not a date"),
        (cells.minute, "09:30:20", "is not a time"),
        (cells.minute, "9.5", "is not a time"),
        (cells.minute, "9", "is not a time"),
        (cells.minute, "0930", "is not a time"),
        (cells.minute, "13:30 PM", "is not a time of day"),
        (cells.minute, "0:30 PM", "is not a time of day"),
        (cells.minute, "0.395833333", "is a spreadsheet's number for a time"),
    ],
)
def test_what_may_mean_two_things_is_told(reader: cells.Reader, cell: str, sentence: str) -> None:
    with pytest.raises(BadCell, match=sentence):
        reader(cell)


def test_equal_faults_are_one_line_with_their_rows(folder: Path) -> None:
    rewrite(folder, "wishes.csv", lambda rows: [rows[0], *([["r1", "quire", "3", ""]] * 27), rows[1]])

    told = [line for line in problems_of(folder) if "quire" in line]

    assert told == [
        "wishes.csv rows 2-28, activity: there is no activity 'quire'; activities.csv has choir, walk, visit"
    ]


def test_different_faults_of_one_kind_are_one_line_with_examples(folder: Path) -> None:
    rewrite(
        folder,
        "residents.csv",
        lambda rows: [
            rows[0],
            *([f"n{day}", "Ann", "Lee", "north", "1", f"{day}.11.2023", "", "", "", "", ""] for day in range(1, 28)),
            *rows[1:],
        ],
    )

    assert problems_of(folder) == [
        "residents.csv rows 2-28, arrived_on: '1.11.2023' is not a date; write dates as 2026-11-30 (so too "
        "'2.11.2023', '3.11.2023' and 24 more)"
    ]


def test_two_kinds_of_fault_are_two_lines(folder: Path) -> None:
    swap(folder, "residents.csv", "2023-11-20", "20.11.2023")
    swap(folder, "residents.csv", "2025-02-11", "2025-02-30")

    assert len(problems_of(folder)) == 2


def test_columns_named_again_below_are_left_out_and_told(folder: Path) -> None:
    rewrite(folder, "wishes.csv", lambda rows: [*rows[:2], rows[0], *rows[2:], [name.upper() for name in rows[0]]])

    read = read_folder(folder)

    assert len(read.records["wishes.csv"]) == 3
    assert read.remarks == ("wishes.csv rows 3 and 6: names the columns again; it was left out",)


def test_keys_in_capitals_find_the_same_row(engines: Engines, folder: Path) -> None:
    take(engines, folder)
    swap(folder, "residents.csv", "r1,", "R1,")
    swap(folder, "wishes.csv", "choir", "Choir")
    swap(folder, "community.csv", "nutshell,", "NUTSHELL,")

    assert not take(engines, folder).has_changed


def test_keys_that_differ_in_capitals_alone_are_one(folder: Path) -> None:
    swap(folder, "residents.csv", "r3,Zo", "R1,Zo")

    assert "residents.csv row 4, key: 'R1' is already the key of row 2" in problems_of(folder)


@pytest.mark.parametrize("written", ["", "-"])
def test_who_has_one_name_needs_no_dash(engines: Engines, folder: Path, written: str) -> None:
    swap(folder, "residents.csv", "Ada,Quist", f"Ada,{written}")

    take(engines, folder)

    with reading(engines) as db:
        assert {row.family_name for row in db.query(Resident) if row.key == "r1"} == {""}
