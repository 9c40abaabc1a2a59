"""What is not Milieu's fault ends a command with one sentence, the right exit code and no traceback."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from milieu.installation.serving import open_engines
from milieu.settings import Settings
from tests.architecture.sources import ROOT
from tests.nursery import Nursery
from tests.patience import PATIENCE

pytestmark = pytest.mark.slow(1)

ALDER = ROOT / "fixtures" / "alder"
PLAN = ("plan", "--week", "2026-12-02")
PUBLISH = ("publish", "--week", "2026-12-02")
NEW = ("account", "create", "--email", "dee@alder.example", "--name", "Dee", "--role", "director", "--password-stdin")
Told = subprocess.CompletedProcess[str]
Milieu = Callable[..., Told]


@pytest.fixture
def milieu(tmp_path: Path, nursery: Nursery) -> Milieu:
    """Runs `milieu` in an empty folder, on a data folder of its own."""

    def run(*arguments: str, data: str = "data", **environment: str) -> Told:
        own = {name: value for name, value in os.environ.items() if not name.startswith("MILIEU_")}
        return nursery.run(
            *(("--data", data) if data else ()),
            *arguments,
            folder=tmp_path,
            environment={**own, "PYTHONPATH": str(ROOT), **environment},
            given="a-long-password\n",
        )

    return run


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with its tables."""
    open_engines(Settings(data_dir=tmp_path / "data")).dispose()
    return tmp_path / "data"


def ends(told: Told, code: int, *sentences: str) -> None:
    assert (told.returncode, told.stderr.splitlines(), told.stdout) == (code, list(sentences), "")


@contextmanager
def somebody_writes(database: Path) -> Iterator[None]:
    with closing(sqlite3.connect(database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


@pytest.mark.parametrize("command", [PLAN, PUBLISH])
def test_who_only_reads_waits_for_nobody(command: tuple[str, ...], milieu: Milieu, data: Path) -> None:
    with somebody_writes(data / "milieu.sqlite"):
        ends(milieu(*command), 1, "There is no community yet: `milieu import FOLDER` makes one.")


def test_busy_database_is_told(milieu: Milieu, data: Path) -> None:
    with somebody_writes(data / "milieu.sqlite"):
        ends(milieu(*NEW), 1, "The database is busy. Nothing was saved; please try again.")


@pytest.mark.parametrize("command", [PLAN, ("db", "upgrade"), ("db", "check"), ("serve", "--port", "0")])
def test_damaged_database_is_told(command: tuple[str, ...], milieu: Milieu, data: Path) -> None:
    (data / "milieu.sqlite").write_bytes(b"a letter to Ada, where the database should be" * 100)

    told = milieu(*command)

    sentence = (
        "The database's file is damaged, or is none of Milieu's: nothing was changed. Put the last backup in its place."
    )
    assert (told.returncode, told.stderr.splitlines()[-1]) == (1, sentence)
    assert "Traceback" not in told.stderr


def test_database_damaged_inside_is_told(milieu: Milieu, data: Path) -> None:
    with closing(sqlite3.connect(data / "milieu.sqlite")) as whole:
        whole.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        roots = whole.execute(
            "SELECT rootpage FROM sqlite_master WHERE tbl_name = 'community' AND rootpage > 0"
        ).fetchall()
        size = whole.execute("PRAGMA page_size").fetchone()[0]
    with (data / "milieu.sqlite").open("r+b") as file:
        for (root,) in roots:
            file.seek((root - 1) * size)
            file.write(b"\xff" * size)

    told = milieu(*PLAN)

    assert (told.returncode, told.stderr.count("\n"), "is damaged" in told.stderr) == (1, 1, True)


@pytest.mark.parametrize("command", [PLAN, ("db", "upgrade")])
def test_database_of_a_newer_version_is_told(command: tuple[str, ...], milieu: Milieu, data: Path) -> None:
    with closing(sqlite3.connect(data / "milieu.sqlite")) as newer, newer:
        newer.execute("UPDATE alembic_version SET version_num = 'z999'")

    ends(milieu(*command), 1, "The database is of another Milieu than this one, a newer perhaps: use that one.")


def test_database_of_something_else_is_told(milieu: Milieu, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    with closing(sqlite3.connect(tmp_path / "data" / "milieu.sqlite")) as other, other:
        other.execute("CREATE TABLE community (name TEXT)")

    told = milieu(*PLAN)

    assert (told.returncode, told.stderr.count("\n"), "Traceback" in told.stderr) == (1, 1, False)
    assert told.stderr.startswith("The tables could not be brought up to date, and stay as they were: table community")


@pytest.mark.parametrize(
    ("url", "code", "sentence"),
    [
        ("postgresql://nobody@127.0.0.1:1/milieu", 1, "The database cannot be reached: "),
        ("postgresql://nobody@127.0.0.1:99999/milieu", 1, "The database cannot be reached: "),
        ("postgresql://db:many/milieu", 2, "The address of the database cannot be read: "),
        ("postgresql+psycopg2://db/milieu", 2, "Milieu does not speak to a database through psycopg2: "),
        ("oracle://db/milieu", 2, "Milieu keeps its data in SQLite or PostgreSQL, not in oracle."),
    ],
)
def test_database_that_cannot_be_reached_is_told(url: str, code: int, sentence: str, milieu: Milieu) -> None:
    told = milieu("db", "check", MILIEU_DATABASE_URL=url)

    assert (told.returncode, told.stdout, told.stderr.count("\n")) == (code, "", 1), told.stderr
    assert told.stderr.startswith(sentence)


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1"])
@pytest.mark.parametrize("command", [PLAN, ("demo", "--no-browser")])
def test_file_of_settings_in_another_encoding_is_told(
    command: tuple[str, ...], encoding: str, milieu: Milieu, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_bytes("MILIEU_HOST=münchen.example\n".encode(encoding))

    ends(milieu(*command), 2, "The file .env is not in UTF-8: save it as that.")


@pytest.mark.parametrize("command", [PLAN, ("demo", "--no-browser")])
def test_setting_that_cannot_be_is_told(command: tuple[str, ...], milieu: Milieu) -> None:
    told = milieu(*command, MILIEU_PORT="many")

    assert (told.returncode, told.stderr.splitlines()[0]) == (2, "A setting cannot be taken.")
    assert told.stderr.splitlines()[1].startswith("  MILIEU_PORT: ")


def test_misspelt_name_is_told_and_the_work_is_done(milieu: Milieu) -> None:
    told = milieu("db", "upgrade", MILIEU_DATABASE_ULR="postgresql://db/milieu")

    assert told.returncode == 0
    assert told.stderr == "MILIEU_DATABASE_ULR is no setting of Milieu: did you mean MILIEU_DATABASE_URL?\n"


def test_import_that_succeeded_says_so_in_any_letters(milieu: Milieu, tmp_path: Path) -> None:
    shutil.copytree(ALDER, tmp_path / "lists")
    file = tmp_path / "lists" / "community.csv"
    file.write_text(file.read_text("utf-8").replace("Alder House", "Żłw 🏡"), "utf-8")

    told = milieu("import", "lists", PYTHONIOENCODING="latin-1", PYTHONUTF8="0")

    assert (told.returncode, told.stderr) == (0, "")
    assert told.stdout.startswith("\\u017b\\u0142w \\U0001f3e1 is imported.\n")


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_week_of_no_year_of_ours_is_told(day: str, milieu: Milieu) -> None:
    told = milieu("plan", "--week", day)

    assert (told.returncode, "Traceback" in told.stderr) == (2, False)
    assert f"Milieu plans the years 2000 to 2199: {day} is in none of them." in told.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_output_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    open_engines(Settings(data_dir=tmp_path / "data")).dispose()
    with Path("/dev/full").open("w") as full:
        told = subprocess.run(
            [sys.executable, "-m", "web", "--data", "data", "db", "check"],
            cwd=tmp_path,
            stdout=full,
            text=True,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            timeout=PATIENCE,
        )

    assert (told.returncode, told.stderr) == (1, "The machine says: No space left on device.\n")


@pytest.mark.parametrize("host", ["nowhere.invalid", "a" * 70 + ".example"])
def test_host_that_cannot_be_listened_on_is_told(host: str, milieu: Milieu) -> None:
    told = milieu("serve", "--host", host, "--port", "0")

    assert (told.returncode, "Traceback" in told.stderr) == (1, False)
    assert told.stderr.splitlines()[-1].startswith(f"Port 0 on {host} cannot be had")


@pytest.mark.parametrize("name", ["a?b", "a%20b", "~"])
def test_folder_of_an_odd_name_is_that_folder(name: str, milieu: Milieu, tmp_path: Path) -> None:
    told = milieu("db", "upgrade", data="", MILIEU_DATA_DIR=f"{name}/data", HOME=str(tmp_path / "home"))

    assert (told.returncode, told.stderr) == (0, "")
    folder = tmp_path / ("home" if name == "~" else name)
    assert [each.name for each in tmp_path.iterdir()] == [folder.name]
    assert (folder / "data" / "milieu.sqlite").is_file()
