"""The import of a folder: what is read, and every fault told with file, row and column in words."""

import os
import shutil
from pathlib import Path

import pytest

from milieu.errors import Invalid
from milieu.imports.folder import read_folder
from milieu.imports.registry import TABLES
from milieu.imports.sheets import MOST_BYTES, MOST_ROWS

FIXTURES = Path(__file__).parents[2] / "fixtures"
WHOLE = FIXTURES / "broken" / "whole"

# What is told of each twin in fixtures/broken: all of it, and nothing else.
TOLD = {
    "address": [
        "relatives.csv row 2, email: 'ida at nutshell' is not a mail address; write it as "
        "name@example.org",
    ],
    "apart-with-strength": [
        "ties.csv row 3, strength: two who must not meet have no strength; leave it empty, or write no "
        "under apart",
    ],
    "birth-after-arrival": [
        "residents.csv row 3, born_on: nobody born on 2024-07-14 arrives on 2023-11-20",
    ],
    "blank-column-name": [
        "roster.csv row 1: column B has no name",
    ],
    "calendar": [
        "consents.csv row 2, valid_from: there is no day '2024-02-30' in the calendar",
    ],
    "closed-to-nobody": [
        "activity_members.csv row 2, activity: 'walk' is for everybody; write yes under closed in "
        "activities.csv, or leave this row out",
    ],
    "comma-in-cell": [
        "living_groups.csv row 2: 'by the river' stands to the right of the last column; a cell with a "
        'comma needs quotation marks (")',
    ],
    "consent-without-kinship": [
        "consents.csv row 2, resident: kinships.csv does not say what 'r2' is to 'ida'",
    ],
    "dangling-activity": [
        "wishes.csv row 3, activity: there is no activity 'quire'; activities.csv has choir, walk, visit",
    ],
    "dangling-living-group": [
        "residents.csv row 4, living_group: there is no living group 'sout'; did you mean 'south'?",
    ],
    "dangling-resident": [
        "refusals.csv row 2, resident: there is no resident 'zz9'; residents.csv has r1, r2, r3",
    ],
    "date-order": [
        "residents.csv row 3, arrived_on: '20.11.2023' is not a date; write dates as 2026-11-30",
    ],
    "days": [
        "roster.csv row 2, days: 'Wen' is not a day; the days are Mon, Tue, Wed, Thu, Fri, Sat, Sun",
        "roster.csv row 3, days: 'Fri-Mon' is not a stretch of days; write Mon-Fri, or single days as "
        "Sat;Sun;Mon",
    ],
    "days-and-date": [
        "busy.csv row 2, date: give days of the week or one date, not both",
    ],
    "domain": [
        "activities.csv row 2, domains: there is no domain 'socal'; did you mean 'social'?",
    ],
    "duplicate-key": [
        "residents.csv row 4, key: 'r1' is already the key of row 2",
        "activity_members.csv row 2, resident: there is no resident 'r3'; residents.csv has r1, r2",
        "wishes.csv row 4, resident: there is no resident 'r3'; residents.csv has r1, r2",
        "ties.csv row 3, resident: there is no resident 'r3'; residents.csv has r1, r2",
    ],
    "empty-cell": [
        "activities.csv row 3, name: is empty",
    ],
    "empty-file": [
        "wishes.csv: is empty; its first row names the columns",
    ],
    "end-before-start": [
        "activity_hours.csv row 2, to: 10:00 is not after from, 11:45",
    ],
    "escorts-without-default": [
        "community.csv row 2, escorts: is empty; say how many there are outside the times of escorts.csv",
    ],
    "grid": [
        "busy.csv row 4, from: 09:35 is not a multiple of the community's 15 minutes",
    ],
    "invisible": [
        "residents.csv row 2, family_name: 'Qu<U+202E>ist' holds a sign that cannot be seen (U+202E, "
        "right-to-left override); type it anew",
    ],
    "latin-1": [
        "residents.csv row 4: here stands a letter that is not UTF-8; save the file as 'CSV UTF-8'",
    ],
    "long-cell": [
        "residents.csv row 2, given_name: 'AdaAdaAdaAdaAdaAdaAdaAdaAdaAdaAdaAdaAdaA…' is 150 signs long; "
        "at most 120 fit here",
    ],
    "many-faults": [
        "residents.csv row 2, wheelchair: 'maybe' is none of: no, yes",
        "residents.csv row 2, morning: 3 is not between -2 and 2",
        "residents.csv row 3, key: is empty",
        "residents.csv row 4, arrived_on: 'yesterday' is not a date; write dates as 2026-11-30",
        "wishes.csv row 3, resident: there is no resident 'r2'; residents.csv has r1, r3",
        "refusals.csv row 2, resident: there is no resident 'r2'; residents.csv has r1, r3",
        "ties.csv row 2, other: there is no resident 'r2'; residents.csv has r1, r3",
        "ties.csv row 3, other: there is no resident 'r2'; residents.csv has r1, r3",
    ],
    "member-of-open": [
        "activity_members.csv row 2, activity: 'choir' is for everybody; write yes under closed in "
        "activities.csv, or leave this row out",
    ],
    "min-above-max": [
        "activities.csv row 2, sessions_max: 2 is below sessions_min, 3",
        "activities.csv row 2, group_max: 8 is below group_min, 9",
    ],
    "missing-column": [
        "spaces.csv row 1, seats: this column is missing: how many residents fit, wheelchairs included",
    ],
    "missing-link": [
        "consents.csv row 2, relative: there is no relative 'eda'; did you mean 'ida'?",
        "consents.csv row 2, resident: kinships.csv does not say what 'r1' is to 'eda'",
    ],
    "needs-other-file": [
        "familiar_faces.csv row 3, resident: there is no resident 'r8'; residents.csv has r1, r2, r3",
    ],
    "no-and-nothing": [
        "refusals.csv row 2, space: fill exactly one of activity, space, facilitator; activity and space "
        "are filled",
        "refusals.csv row 3, activity: fill exactly one of activity, space, facilitator; none of them is "
        "filled",
    ],
    "no-rows": [
        "spaces.csv: has no rows; it holds rooms, gardens, the van; for visits at the bedside one space "
        "for each unit",
        "space_hours.csv row 2, space: there is no space 'garden'",
        "space_relations.csv row 2, space: there is no space 'lounge'",
        "space_relations.csv row 2, other: there is no space 'garden'",
    ],
    "not-a-key": [
        "facilitators.csv row 2, key: 'f;nn' cannot be a key: use letters, digits, spaces and the signs "
        ". _ - /",
        "roster.csv row 2, facilitator: there is no facilitator 'finn'; did you mean 'f;nn'?",
    ],
    "nul": [
        "residents.csv row 2, given_name: 'A<U+0000>da' holds a sign that cannot be seen (U+0000, a "
        "control sign); type it anew",
    ],
    "number": [
        "spaces.csv row 2, seats: 'twelve' is not a whole number",
    ],
    "open-quote": [
        'activities.csv row 3: a quotation mark (") is opened here and never closed',
    ],
    "other-digits": [
        "spaces.csv row 2, seats: '١٢' must be written in the digits 0 to 9",
    ],
    "publishing-at-night": [
        "community.csv row 2, publishing_time: '02:30' is in the night; publish between 04:00 and 23:59",
    ],
    "repeated-column": [
        "wishes.csv row 1, strength: this column stands there twice",
    ],
    "repeated-fact": [
        "wishes.csv row 3: says the same as row 2",
    ],
    "same-tie-twice": [
        "ties.csv row 3: says the same as row 2",
    ],
    "second-community": [
        "community.csv row 3: is a second row; a folder holds one community",
    ],
    "self-tie": [
        "ties.csv row 2, other: 'r1' cannot be tied to themselves",
    ],
    "semicolons": [
        "residents.csv row 1: the columns are separated by semicolons; save the file with commas, as "
        "'CSV UTF-8'",
    ],
    "spreadsheet": [
        "residents.csv: is a spreadsheet under the name of a table; save it as 'CSV UTF-8'",
    ],
    "time": [
        "activity_hours.csv row 2, from: '10.00' is not a time; write times as 09:30",
    ],
    "time-of-day": [
        "activity_hours.csv row 2, to: '24:15' is not a time of day; times go from 00:00 to 24:00",
    ],
    "timezone": [
        "community.csv row 2, timezone: there is no time zone 'Europe/Londres'; did you mean "
        "'Europe/London'?",
    ],
    "two-people": [
        "busy.csv row 2, living_group: fill exactly one of resident, living_group; resident and "
        "living_group are filled",
    ],
    "unknown-column": [
        "residents.csv row 1: there is no column 'wheelchiar'; did you mean 'wheelchair'?",
    ],
    "unknown-word": [
        "facilitators.csv row 3, kind: 'volounteer' is none of: staff, volunteer; did you mean "
        "'volunteer'?",
    ],
    "unknown-zone": [
        "travel.csv row 2, to: no living group and no space lies in zone 'south wnig'; did you mean "
        "'south wing'?",
    ],
    "utf-16": [
        "residents.csv: is saved as UTF-16; save it as 'CSV UTF-8'",
    ],
    "wheelchairs": [
        "spaces.csv row 2, wheelchair_places: 14 wheelchairs do not fit on 12 seats",
    ],
    "wrong-name": [
        "resident.csv: is none of the tables of a community; did you mean 'residents.csv'?",
    ],
    "yes-no": [
        "residents.csv row 2, wheelchair: 'y' is none of: no, yes",
    ],
}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the small whole community."""
    copy = tmp_path / "nutshell"
    shutil.copytree(WHOLE, copy)
    return copy


def problems_of(folder: Path) -> list[str]:
    with pytest.raises(Invalid) as refusal:
        read_folder(folder)
    return list(refusal.value.problems)


def swap(folder: Path, file: str, old: str, new: str) -> None:
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new), encoding="utf-8")


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
    "number", ["1e3", "1_0", "0x10", "NaN", "inf", "12.0", "9" * 5000, "٣", "１２", "²", "--1", "1 2"]
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


def test_too_many_problems_are_counted(folder: Path) -> None:
    rows = "".join(f"r1,choir,{number}\n" for number in range(6, 1506))
    (folder / "wishes.csv").write_text(f"resident,activity,strength\n{rows}", encoding="utf-8")

    told = problems_of(folder)

    assert len(told) == 1001
    assert told[-1] == "… and 500 more of the same kind"


class TestWhatLiesInTheFolder:
    def test_no_such_folder(self, tmp_path: Path) -> None:
        with pytest.raises(Invalid) as refusal:
            read_folder(tmp_path / "nowhere")
        assert refusal.value.sentence == f"There is no folder {tmp_path / 'nowhere'}."

    def test_a_file_instead_of_a_folder(self, folder: Path) -> None:
        with pytest.raises(Invalid) as refusal:
            read_folder(folder / "residents.csv")
        assert refusal.value.sentence.endswith("is a file. Name the folder that holds the community's files.")

    def test_links_are_not_followed(self, folder: Path, tmp_path: Path) -> None:
        elsewhere = tmp_path / "elsewhere.csv"
        shutil.move(folder / "wishes.csv", elsewhere)
        (folder / "wishes.csv").symlink_to(elsewhere)

        assert problems_of(folder) == [
            "wishes.csv: is a link to somewhere else; put the file itself into the folder"
        ]  # fmt: skip

    @pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
    def test_nobody_waits_for_a_pipe(self, folder: Path) -> None:
        (folder / "wishes.csv").unlink()
        os.mkfifo(folder / "wishes.csv")

        assert problems_of(folder) == ["wishes.csv: is not a file"]

    def test_a_folder_is_no_table(self, folder: Path) -> None:
        (folder / "wishes.csv").unlink()
        (folder / "wishes.csv").mkdir()

        assert problems_of(folder) == ["wishes.csv: is not a file"]

    def test_large_files_are_not_read(self, folder: Path) -> None:
        with (folder / "wishes.csv").open("wb") as file:
            file.truncate(MOST_BYTES + 1)

        assert problems_of(folder) == ["wishes.csv: is too large; a table has at most 8 MB"]

    def test_rows_are_counted_before_they_are_parsed(self, folder: Path) -> None:
        (folder / "wishes.csv").write_text("resident,activity,strength\n" * (MOST_ROWS + 3), encoding="utf-8")

        assert problems_of(folder) == ["wishes.csv: has too many rows; a table has at most 20,000"]

    def test_a_very_wide_file(self, folder: Path) -> None:
        (folder / "wishes.csv").write_text("resident," * 5000, encoding="utf-8")

        assert problems_of(folder) == ["wishes.csv row 1: has too many columns; at most 84 can be read"]

    def test_a_very_wide_row(self, folder: Path) -> None:
        (folder / "wishes.csv").write_text("resident,activity,strength\nr1" + "," * 5000, encoding="utf-8")

        assert problems_of(folder) == ["wishes.csv row 2: has 5001 cells, far more than the header names"]

    def test_notes_and_hidden_files_are_left_alone(self, folder: Path) -> None:
        (folder / "README.md").write_text("what the columns mean", encoding="utf-8")
        (folder / ".DS_Store").write_bytes(b"\0")

        assert len(read_folder(folder).records) > 10

    @pytest.mark.parametrize(
        ("name", "sentence"),
        [
            ("residents.xlsx", "is not a table; save each sheet of a spreadsheet as 'CSV UTF-8'"),
            ("Residents.CSV", "is none of the tables of a community; did you mean 'residents.csv'?"),
            ("zzzz.csv", "is none of the tables of a community"),
        ],
    )
    def test_other_files_are_told(self, folder: Path, name: str, sentence: str) -> None:
        (folder / name).write_bytes(b"")

        assert problems_of(folder) == [f"{name}: {sentence}"]
