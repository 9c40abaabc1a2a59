"""What people's tables really look like: trials after public reports on other software, each read or told once."""

from collections.abc import Callable
from pathlib import Path

import pytest

from milieu.imports.folder import read_folder
from tests.milieu.imports.nutshell import WHOLE, copied, problems_of

RESIDENTS = (WHOLE / "residents.csv").read_text(encoding="utf-8")
SPACES = (WHOLE / "spaces.csv").read_text(encoding="utf-8")
PLAIN = [record.values for record in read_folder(WHOLE).records["residents.csv"]]
Change = Callable[[str], str | bytes]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copied(tmp_path)


def save(folder: Path, file: str, content: str | bytes) -> None:
    (folder / file).write_bytes(content if isinstance(content, bytes) else content.encode())


SAME: dict[str, Change] = {
    "line ends of an old Mac": lambda text: text.replace("\n", "\r"),
    "line ends doubled by a transfer": lambda text: text.replace("\n", "\r\r\n"),
    "line ends of two kinds": lambda text: text.replace("\n", "\r\n", 2),
    "a second byte order mark": lambda text: b"\xef\xbb\xbf\xef\xbb\xbf" + text.encode(),
    "where an older system ends a file": lambda text: text.encode() + b"\x1a",
    "spaces that do not break": lambda text: text.replace("r1,Ada", "\u00a0r1 ,Ada\u00a0"),
    "a name over two lines": lambda text: text.replace(",Ada,", ',"\nAda",'),
    "columns' names quoted and spaced": lambda text: text.replace("given_name", '" Given  Name "'),
    "a blank at each row's end": lambda text: text.replace("\n", "\t\n"),
    "moments instead of days": lambda text: text.replace("2023-11-20", "2023-11-20T00:00:00.000"),
    "marks of direction around a name": lambda text: text.replace("Ada,", "\u202bAda\u202c\u200f,"),
    "columns between strokes": lambda text: text.replace(",", "|"),
    "letters of four bytes": lambda text: text.encode("utf-32"),
    "letters of four bytes, the other way round": lambda text: b"\0\0\xfe\xff" + text.encode("utf-32-be"),
    "capitals throughout the header": lambda text: text.replace(text.split("\n")[0], text.split("\n")[0].upper()),
}


@pytest.mark.parametrize("trial", SAME)
def test_it_is_read_as_it_was_meant(folder: Path, trial: str) -> None:
    save(folder, "residents.csv", SAME[trial](RESIDENTS))

    assert [record.values for record in read_folder(folder).records["residents.csv"]] == PLAIN


@pytest.mark.parametrize(
    "name",
    [
        "Ada 👩\u200d🦳",
        'Ada "Addie"',
        "=HYPERLINK(A1)",
        "אדה",
        "Null",
        "True",
        "Adélaïde-Éléonore",
        "A" * 120,
        "O’Neill",
    ],
)
def test_a_name_is_a_name(folder: Path, name: str) -> None:
    quoted = name.replace('"', '""')
    save(folder, "residents.csv", RESIDENTS.replace("Ada,", f'"{quoted}",'))

    assert read_folder(folder).records["residents.csv"][0].values["given_name"] == name


TOLD: dict[str, tuple[str, Change, str]] = {
    "a formula's failure": (
        "residents.csv",
        lambda text: text.replace("Quist", "#N/A"),
        " row 2, family_name: '#N/A' is a spreadsheet's word for a formula that failed; type what was meant",
    ),
    "another failure in small letters": (
        "residents.csv",
        lambda text: text.replace("north,1,", "north,#ref!,"),
        " row 2, room: '#ref!' is a spreadsheet's word for a formula that failed; type what was meant",
    ),
    "a day's number": (
        "residents.csv",
        lambda text: text.replace("2023-11-20", "45250"),
        " row 3, arrived_on: '45250' is a spreadsheet's number for a day; format the column as a date, as 2026-11-30",
    ),
    "a leap day of no leap year": (
        "residents.csv",
        lambda text: text.replace("1938-01-31", "1937-02-29"),
        " row 2, born_on: there is no day '1937-02-29' in the calendar",
    ),
    "a decimal comma": (
        "spaces.csv",
        lambda _: "key;name;zone;seats\nlounge;Lounge;north wing;12,5\ngarden;Garden;garden;8\n",
        " row 2, seats: '12,5' is not a whole number",
    ),
    "a unit behind a number": (
        "spaces.csv",
        lambda text: text.replace("12,4", "12 seats,4"),
        " row 2, seats: '12 seats' is not a whole number",
    ),
    "a mark of direction within a name": (
        "residents.csv",
        lambda text: text.replace("Ada,", "A\u200fda,"),
        " row 2, given_name: 'A<U+200F>da' holds a sign that cannot be seen (U+200F, right-to-left mark); type it anew",
    ),
    "a soft hyphen": (
        "residents.csv",
        lambda text: text.replace("Quist", "Qu\u00adist"),
        " row 2, family_name: 'Qu<U+00AD>ist' holds a sign that cannot be seen (U+00AD, soft hyphen); type it anew",
    ),
    "a whole letter in a cell": (
        "residents.csv",
        lambda text: text.replace("Quist", "Q" * 32_767),
        f" row 2, family_name: '{'Q' * 40}…' is 32,767 signs long; at most 2,000 can be taken",
    ),
    "quotation marks as a database writes them": (
        "residents.csv",
        lambda text: text.replace("Ada,", '"Ada \\"Addie\\" Q.",'),
        ' row 2: a quotation mark within a cell is written here as \\"; write it twice, as ""',
    ),
    "a copy that was interrupted": (
        "residents.csv",
        lambda text: text.encode() + bytes(512),
        ": ends in nothing: saving or copying it was interrupted; copy it anew",
    ),
    "something packed": ("residents.csv", lambda _: b"\x1f\x8b\x08" + bytes(9), ": is packed; unpack it first"),
    "an old spreadsheet": (
        "residents.csv",
        lambda _: b"\xd0\xcf\x11\xe0" + bytes(9),
        ": is a spreadsheet under the name of a table; save it as 'CSV UTF-8'",
    ),
    "a last row that was cut off": (
        "residents.csv",
        lambda text: text.rstrip("\n").rpartition(",")[0],
        " row 4: has fewer cells than every other row: was the file cut off? Save it anew, or type what is missing",
    ),
    "a page of the web": (
        "residents.csv",
        lambda _: "<table><tr><td>key</td></tr></table>",
        " row 1: '<table><tr><td>key</td></tr></table>' is none of the columns of this table (key, given_name, "
        "family_name …); is it another kind of file?",
    ),
    "an offset for a time zone": (
        "community.csv",
        lambda text: text.replace("Europe/London", "GMT+1"),
        " row 2, timezone: there is no time zone 'GMT+1'; did you mean 'GMT+0'?",
    ),
    "no place's time zone": (
        "community.csv",
        lambda text: text.replace("Europe/London", "Factory"),
        " row 2, timezone: there is no time zone 'Factory'",
    ),
    "a letter of another script in a key": (
        "wishes.csv",
        lambda text: text.replace("r1,choir", "r1,\u0441hoir"),
        " row 2, activity: there is no activity '\u0441hoir'; did you mean 'choir'?",
    ),
    "midnight as 00:00": (
        "activity_hours.csv",
        lambda text: text.replace("11:45", "00:00"),
        " row 2, to: 00:00 is not after from, 10:00",
    ),
}


@pytest.mark.parametrize("trial", TOLD)
def test_it_is_told_in_one_sentence(folder: Path, trial: str) -> None:
    file, change, sentence = TOLD[trial]
    text = (folder / file).read_text(encoding="utf-8")
    changed = change(text)
    assert changed != text
    save(folder, file, changed)

    assert [line for line in problems_of(folder) if line.startswith(f"{file}")] == [f"{file}{sentence}"]


@pytest.mark.parametrize(
    ("written", "zone"),
    [
        ("europe/london", "Europe/London"),
        ("ASIA/KATHMANDU", "Asia/Kathmandu"),
        ("Australia/Lord_Howe", "Australia/Lord_Howe"),
        ("Pacific/Chatham", "Pacific/Chatham"),
    ],
)
def test_zones_of_odd_offsets_are_known_in_any_capitals(folder: Path, written: str, zone: str) -> None:
    text = (folder / "community.csv").read_text(encoding="utf-8")
    save(folder, "community.csv", text.replace("Europe/London", written))

    assert read_folder(folder).community.values["timezone"] == zone
