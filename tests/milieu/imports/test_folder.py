"""The import of a folder: what is read, and every fault told with file, row and column in words."""

import shutil
from pathlib import Path

import pytest

from milieu.errors import Invalid
from milieu.imports.folder import read_folder
from milieu.imports.tables.registry import TABLES
from tests.milieu.imports.nutshell import FIXTURES, WHOLE, copied, problems_of, swap
from tests.milieu.imports.told import TOLD


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copied(tmp_path)


def test_the_whole_folder_has_no_fault() -> None:
    read = read_folder(WHOLE)

    assert read.community.values["name"] == "Nutshell"
    assert {file: len(rows) for file, rows in read.records.items()}["residents.csv"] == 3
    assert read.remarks == ()


def test_each_twin_has_its_sentences() -> None:
    twins = {path.name for path in (FIXTURES / "broken").iterdir()} - {"whole"}

    assert twins == set(TOLD)


@pytest.mark.parametrize("twin", sorted(TOLD))
def test_a_twin_is_told_in_words(folder: Path, twin: str) -> None:
    shutil.copytree(FIXTURES / "broken" / twin, folder, dirs_exist_ok=True)

    assert problems_of(folder) == TOLD[twin]


def test_the_first_sentence_counts(folder: Path) -> None:
    shutil.copytree(FIXTURES / "broken" / "days", folder, dirs_exist_ok=True)

    with pytest.raises(Invalid) as refusal:
        read_folder(folder)

    assert refusal.value.sentence == f"Nothing was imported from {folder}: 2 things need mending first."


def test_rows_count_as_a_spreadsheet_counts_them(folder: Path) -> None:
    """An empty row and a cell of two lines are a row each."""
    (folder / "wishes.csv").write_text(
        'resident,activity,strength,said_by\n\n"r1","choir",5,\n,,,\n"r2\n",walk,9,\nr3,walk,x,\n', encoding="utf-8"
    )

    assert problems_of(folder) == [
        "wishes.csv row 5, strength: 9 is not between -2 and 5",
        "wishes.csv row 6, strength: 'x' is not a whole number",
    ]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_files_of_every_spreadsheet_program_are_read(folder: Path, newline: str, mark: bytes) -> None:
    text = (folder / "residents.csv").read_text(encoding="utf-8")
    (folder / "residents.csv").write_bytes(mark + text.replace("\n", newline).encode())

    assert [row.row for row in read_folder(folder).records["residents.csv"]] == [2, 3, 4]


def test_columns_are_found_by_their_plain_names(folder: Path) -> None:
    swap(
        folder, "residents.csv", "key,given_name,family_name,living_group", "Key,Given name, FAMILY_NAME ,Living group"
    )

    assert read_folder(folder).records["residents.csv"][2].values["given_name"] == "Zoë"


def test_text_is_composed_and_blanks_are_single(folder: Path) -> None:
    swap(folder, "residents.csv", "Zoë,Ångström", '"  Zoe\u0308  ",A\u030angstro\u0308m\u00a0')

    zoe = read_folder(folder).records["residents.csv"][2].values
    assert (zoe["given_name"], zoe["family_name"]) == ("Zo\u00eb", "\u00c5ngstr\u00f6m")


def test_keys_that_are_composed_differently_are_the_same(folder: Path) -> None:
    swap(folder, "residents.csv", "r3,Zoë", "zo\u00eb,Zoë")
    for file in ("activity_members.csv", "wishes.csv", "ties.csv"):
        swap(folder, file, "r3", "zoe\u0308")

    assert read_folder(folder).records["wishes.csv"][2].values["resident_id"] == "zo\u00eb"


@pytest.mark.parametrize("text", ["=1+1", "+44 20", "-5", "@SUM(A1)", "NA", "null", "nan", "1e999", "007", "<b>x</b>"])
def test_what_looks_like_something_else_is_text(folder: Path, text: str) -> None:
    swap(folder, "residents.csv", "Ada", text)

    assert read_folder(folder).records["residents.csv"][0].values["given_name"] == text


@pytest.mark.parametrize(
    "number", ["1e3", "1_0", "0x10", "NaN", "inf", "12.5", "9" * 5000, "٣", "１２", "²", "--1", "1 2"]
)
def test_only_plain_numbers_are_numbers(folder: Path, number: str) -> None:
    swap(folder, "spaces.csv", "12,4", f"{number},4")

    assert [line.split(":")[0] for line in problems_of(folder)] == ["spaces.csv row 2, seats"]


@pytest.mark.parametrize(("seats", "is_right"), [("0", True), ("5000", True), ("-1", False), ("5001", False)])
def test_numbers_have_their_ends(folder: Path, seats: str, is_right: bool) -> None:
    (folder / "spaces.csv").write_text(f"key,name,seats\nlounge,Lounge,{seats}\ngarden,Garden,8\n", encoding="utf-8")
    (folder / "travel.csv").unlink()

    if is_right:
        assert read_folder(folder).records["spaces.csv"][0].values["capacity"] == int(seats)
    else:
        assert problems_of(folder) == [f"spaces.csv row 2, seats: {seats} is not between 0 and 5,000"]


@pytest.mark.parametrize(
    "written", ["2026-W10-1", "2026-1-05", "05/02/2026", "20260105", "2026-00-10", "٢٠٢٦-01-05", "1200-01-01"]
)
def test_only_plain_dates_are_dates(folder: Path, written: str) -> None:
    swap(folder, "residents.csv", "2023-11-20", written)

    assert [line.split(":")[0] for line in problems_of(folder)] == ["residents.csv row 3, arrived_on"]


@pytest.mark.parametrize(
    ("written", "weekdays"),
    [("Mon", (0,)), ("mon;SUN", (0, 6)), ("Mon-Wed;Sat", (0, 1, 2, 5)), ("Tue - Wed", (1, 2)), ("Fri-Fri", (4,))],
)
def test_days_of_the_week(folder: Path, written: str, weekdays: tuple[int, ...]) -> None:
    swap(folder, "roster.csv", "Mon-Fri", written)

    assert read_folder(folder).records["roster.csv"][0].values["weekdays"] == weekdays


@pytest.mark.parametrize("written", ["Mon;Mon", "Mon-Wed;Tue", "Montag", ";Mon", "Sun-Mon", "Mon-Wed-Fri", "1"])
def test_days_that_are_none(folder: Path, written: str) -> None:
    swap(folder, "roster.csv", "Mon-Fri", written)

    assert [line.split(":")[0] for line in problems_of(folder)] == ["roster.csv row 2, days"]


def test_facts_of_overlapping_times_are_told_in_any_order(folder: Path) -> None:
    header = "resident,activity,strength,valid_from,valid_until\n"
    (folder / "wishes.csv").write_text(f"{header}r1,choir,2,2026-03-31,\nr1,choir,5,,2026-03-31\n", encoding="utf-8")
    assert problems_of(folder) == ["wishes.csv row 3: says the same as row 2"]

    swap(folder, "wishes.csv", "choir,2,2026-03-31", "choir,2,2026-04-01")
    assert len(read_folder(folder).records["wishes.csv"]) == 2


def test_the_same_fact_may_hold_at_different_times(folder: Path) -> None:
    header = "resident,activity,strength,valid_from,valid_until\n"
    (folder / "wishes.csv").write_text(f"{header}r1,choir,5,,2026-03-31\nr1,choir,2,2026-04-01,\n", encoding="utf-8")
    assert len(read_folder(folder).records["wishes.csv"]) == 2

    swap(folder, "wishes.csv", "2026-04-01", "2026-03-31")
    assert problems_of(folder) == ["wishes.csv row 3: says the same as row 2"]


def test_a_missing_file_is_told_once(folder: Path) -> None:
    (folder / "residents.csv").unlink()
    (folder / "relatives.csv").unlink()

    assert problems_of(folder) == [
        "residents.csv: is missing; it holds who lives here",
        "kinships.csv row 2, relative: names a relative, but there is no relatives.csv",
        "consents.csv row 2, relative: names a relative, but there is no relatives.csv",
    ]


def test_files_that_need_not_be_there_need_not_be_there(folder: Path) -> None:
    for table in TABLES:
        if not table.is_needed:
            (folder / table.file).unlink(missing_ok=True)

    assert set(read_folder(folder).records) == {table.file for table in TABLES if table.is_needed}


def test_what_makes_no_sense_is_remarked(folder: Path) -> None:
    swap(folder, "activities.csv", "music,", "musik,")
    swap(folder, "activities.csv", "visit,A visit", "tea,Tea,social,15,0,1,1,2,,yes\nvisit,A visit")

    assert read_folder(folder).remarks == (
        "activities.csv row 2, skills: nobody has the skill 'musik'; did you mean 'music'?",
        "activities.csv row 4, closed: is yes, but activity_members.csv names nobody for it",
    )


def test_a_file_that_is_all_wrong_is_left_after_a_while(folder: Path) -> None:
    rows = "".join(f"r1,choir,{number}\n" for number in range(6, 1506))
    (folder / "wishes.csv").write_text(f"resident,activity,strength\n{rows}", encoding="utf-8")

    told = problems_of(folder)

    assert told == [
        "wishes.csv rows 2-501, strength: 6 is not between -2 and 5 (so too 7, 8 and 497 more)",
        "wishes.csv row 501: so much is wrong that the rows after this were not read",
    ]


def test_rows_in_many_places_are_counted(folder: Path) -> None:
    rows = "".join(f"r1,choir,{1 if number % 2 else 'x'}\n" for number in range(2, 52))
    (folder / "wishes.csv").write_text(f"resident,activity,strength\n{rows}", encoding="utf-8")

    told = next(line for line in problems_of(folder) if "whole number" in line)

    assert told == (
        "wishes.csv rows 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24 and 13 more, strength: 'x' is not a whole number"
    )


def test_whoever_is_named_and_not_there_is_one_line(folder: Path) -> None:
    rows = "".join(f"r{number},choir,1\n" for number in range(4, 1504))
    (folder / "wishes.csv").write_text(f"resident,activity,strength\n{rows}", encoding="utf-8")

    assert problems_of(folder) == [
        "wishes.csv rows 2-1501, resident: there is no resident 'r4'; residents.csv has r1, r2, r3 (so too 'r5', 'r6' "
        "and 1,497 more)"
    ]
