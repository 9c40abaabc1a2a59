"""What lies in a folder that is imported: links, pipes, large files and strangers are told, and opened no further."""

import os
import shutil
from pathlib import Path

import pytest

from milieu.errors import Invalid
from milieu.imports.files.grids import MOST_ROWS
from milieu.imports.files.sheets import MOST_BYTES
from milieu.imports.folder import read_folder
from tests.milieu.imports.nutshell import copied, problems_of


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copied(tmp_path)


def test_no_such_folder(tmp_path: Path) -> None:
    with pytest.raises(Invalid) as refusal:
        read_folder(tmp_path / "nowhere")
    assert refusal.value.sentence == f"There is no folder {tmp_path / 'nowhere'}."


def test_a_file_instead_of_a_folder(folder: Path) -> None:
    with pytest.raises(Invalid) as refusal:
        read_folder(folder / "residents.csv")
    assert refusal.value.sentence.endswith("is a file. Name the folder that holds the community's files.")


def test_links_are_not_followed(folder: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere.csv"
    shutil.move(folder / "wishes.csv", elsewhere)
    (folder / "wishes.csv").symlink_to(elsewhere)

    assert problems_of(folder) == ["wishes.csv: is a link to somewhere else; put the file itself into the folder"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_nobody_waits_for_a_pipe(folder: Path) -> None:
    (folder / "wishes.csv").unlink()
    os.mkfifo(folder / "wishes.csv")

    assert problems_of(folder) == ["wishes.csv: is not a file"]


def test_a_folder_is_no_table(folder: Path) -> None:
    (folder / "wishes.csv").unlink()
    (folder / "wishes.csv").mkdir()

    assert problems_of(folder) == ["wishes.csv: is not a file"]


def test_large_files_are_not_read(folder: Path) -> None:
    with (folder / "wishes.csv").open("wb") as file:
        file.truncate(MOST_BYTES + 1)

    assert problems_of(folder) == ["wishes.csv: is too large; a table has at most 8 MB"]


def test_rows_are_counted_before_they_are_parsed(folder: Path) -> None:
    (folder / "wishes.csv").write_text("resident,activity,strength\n" * (MOST_ROWS + 12), encoding="utf-8")

    assert problems_of(folder) == ["wishes.csv: has too many rows; a table has at most 20,000"]


def test_a_very_wide_file(folder: Path) -> None:
    (folder / "wishes.csv").write_text("resident," * 5000, encoding="utf-8")

    assert problems_of(folder) == ["wishes.csv row 1: has too many columns; at most 84 can be read"]


def test_a_very_wide_row(folder: Path) -> None:
    (folder / "wishes.csv").write_text("resident,activity,strength\nr1" + "," * 5000 + "x", encoding="utf-8")

    assert problems_of(folder) == ["wishes.csv row 2: has 5001 cells, far more than the header names"]


def test_hidden_files_and_what_systems_leave_are_left_alone(folder: Path) -> None:
    for name in (".DS_Store", ".~lock.residents.csv#", "Thumbs.db", "desktop.ini"):
        (folder / name).write_bytes(b"\0")

    assert read_folder(folder).remarks == ()


@pytest.mark.parametrize("name", ["README.md", "wishes.txt", "plan.PDF", "residents.md"])
def test_a_note_is_told_and_not_read(folder: Path, name: str) -> None:
    (folder / name).write_text("r1,choir,5\n", encoding="utf-8")

    assert read_folder(folder).remarks == (f"{name}: was not read; it is no table",)


def test_a_note_that_has_the_name_of_a_table_is_not_passed_over(folder: Path) -> None:
    (folder / "wishes.csv").rename(folder / "Wishes.txt")

    assert problems_of(folder) == [
        "Wishes.txt: was not read, but has the name of a table; save it as wishes.csv, or take it away"
    ]


def test_a_file_that_is_open_in_a_spreadsheet_is_told(folder: Path) -> None:
    (folder / "~$residents.xlsx").write_bytes(b"\0")

    assert read_folder(folder).remarks == (
        "~$residents.xlsx: a spreadsheet has this file open; what is not saved yet was not read",
    )


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("residents.xlsx", "is not a table; save each sheet of a spreadsheet as 'CSV UTF-8'"),
        ("Residents.CSV", "is none of the tables of a community; did you mean 'residents.csv'?"),
        ("zzzz.csv", "is none of the tables of a community"),
    ],
)
def test_other_files_are_told(folder: Path, name: str, sentence: str) -> None:
    (folder / name).write_bytes(b"")

    assert problems_of(folder) == [f"{name}: {sentence}"]
