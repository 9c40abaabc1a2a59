"""The letters of a file: read where they can mean one thing only, else told with both readings."""

from pathlib import Path

import pytest

from milieu.imports.files.letters import UnknownLetters, decode
from milieu.imports.folder import read_folder
from tests.milieu.imports.nutshell import copied, problems_of, swap


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_what_proves_itself_is_read_and_not_remarked(encoding: str) -> None:
    text = "key,given_name\nr1,Zoë Åkesson Łucja\n"

    assert decode(text.encode(encoding)) == (text, "")


@pytest.mark.parametrize(
    ("name", "encoding"),
    [
        ("Zoë Müller", "cp1252"),
        ("Renée", "latin-1"),
        ("JÜRGEN", "cp1252"),
        ("Käthe", "cp1250"),
        ("O’Hara", "cp1252"),
        ("Jörg Malmö", "cp1252"),  # no word holds what another page has in its place: 'Jˆrg'
        ("12–14", "cp1252"),
        ("Smith–Jones", "cp1250"),
        ("Łucja", "cp1250"),
        ("Hélène", "mac_roman"),
        ("Ångström", "mac_roman"),
        ("Müller", "cp850"),
        ("Käthe", "cp850"),
        ("Renée", "cp437"),
        ("Hélène", "cp850"),
        ("José Peña", "cp437"),
    ],
)
def test_letters_that_all_pages_have_in_one_place_are_read_and_told(name: str, encoding: str) -> None:
    text, remark = decode(f"key,given_name\nr1,{name}\n".encode(encoding))

    assert text == f"key,given_name\nr1,{name}\n"
    assert remark.startswith("is not in UTF-8; it was read as an older spreadsheet writes: ")
    assert name.split()[0] in remark


@pytest.mark.parametrize(
    ("name", "encoding", "told"),
    [
        ("Hélène", "cp1252", "'Hélène' or 'Hélčne'?"),
        ("Dvořák", "cp1250", "'Dvoøák' or 'Dvořák'?"),
        ("Peña", "latin-1", "'Peña' or 'Peńa'?"),
        ("Иванов", "cp1251", "may mean either"),
        ("Müller", "mac_roman", "may mean either"),
        ("François", "cp850", "'Franáois' or 'François'?"),
        ("Håkan", "cp850", "'Håkan' or 'Hćkan'?"),
        ("山田", "shift_jis", "CSV UTF-8"),
    ],
)
def test_letters_that_may_be_others_are_told_with_their_row(name: str, encoding: str, told: str) -> None:
    with pytest.raises(UnknownLetters, match="CSV UTF-8") as refusal:
        decode(f"key,given_name\nr1,{name}\n".encode(encoding))

    assert told in str(refusal.value)
    assert refusal.value.row == 2


def test_lines_that_end_as_on_a_macintosh_are_in_its_letters() -> None:
    text = "key,given_name\rr1,François\r"

    assert decode(text.encode("mac_roman"))[0] == text


def test_one_name_that_can_mean_one_thing_decides_for_the_file() -> None:
    text = "key,given_name\nr1,François\nr2,Renée\n"

    assert decode(text.encode("cp850"))[0] == text


def test_an_older_spreadsheets_table_is_read_with_a_note(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    swap(folder, "residents.csv", "Ångström", "Müller")
    text = (folder / "residents.csv").read_text(encoding="utf-8")
    (folder / "residents.csv").write_bytes(text.encode("cp1252"))

    read = read_folder(folder)

    assert read.records["residents.csv"][2].values["given_name"] == "Zoë"
    assert read.remarks == (
        "residents.csv: is not in UTF-8; it was read as an older spreadsheet writes: 'Zoë', 'Müller'",
    )


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("ZoÃ«", "'ZoÃ«' was once saved in the wrong letters; type it anew (it was 'Zoë')"),
        ("Oâ€™Hara", "'Oâ€™Hara' was once saved in the wrong letters; type it anew (it was 'O’Hara')"),
        ("Zo\ufffd", "'Zo\ufffd' has lost a letter, and a \ufffd stands in its place; type it anew"),
    ],
)
def test_letters_that_were_spoiled_before_are_told(tmp_path: Path, written: str, told: str) -> None:
    folder = copied(tmp_path)
    swap(folder, "residents.csv", "Zoë,", f"{written},")

    assert problems_of(folder) == [f"residents.csv row 4, given_name: {told}"]
