"""The command line, as a process: what it prints, where, and its exit code."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from milieu.commands.accounts import read_password
from milieu.database import newest_revision
from milieu.services.access.passwords import hash_password, is_right
from tests.architecture.sources import ROOT
from tests.nursery import Nursery

ALDER = ROOT / "fixtures" / "alder"
Milieu = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def milieu(tmp_path: Path, nursery: Nursery) -> Milieu:
    """Runs `milieu` on a data folder of its own; where `is_new`, with a Python of its own."""

    def run(
        *arguments: str, given: str = "", is_new: bool = False, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        return nursery.run(
            *("--data", str(tmp_path / "data"), *arguments),
            folder=tmp_path,
            environment={**os.environ, "PYTHONPATH": str(ROOT), **environment},
            given=given,
            is_new=is_new,
        )

    return run


def test_help_loads_nothing_that_takes_long_and_names_every_command(milieu: Milieu) -> None:
    told = milieu("--help", PYTHONPROFILEIMPORTTIME="1")

    loaded = {line.rpartition("|")[2].strip().partition(".")[0] for line in told.stderr.splitlines()}
    assert "click" in loaded
    assert loaded.isdisjoint({"flask", "numba", "numpy", "ortools", "pandas", "pydantic", "sqlalchemy"})
    for command in [
        "account",
        "backup",
        "db",
        "demo",
        "doctor",
        "import",
        "plan",
        "publish",
        "restore",
        "scheduler",
        "serve",
    ]:
        assert f"\n  {command} " in told.stdout


@pytest.mark.slow(2)
@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("plan",), "Missing option '--week'"),
        (("plan", "--week", "tomorrow"), "'tomorrow' is no date: write it like 2026-11-30."),
        (("import", "nowhere"), "Directory 'nowhere' does not exist."),
        (("serve", "--port", "70000"), "70000 is not in the range"),
    ],
)
def test_what_cannot_be_read_is_exit_code_2(milieu: Milieu, arguments: tuple[str, ...], sentence: str) -> None:
    told = milieu(*arguments, is_new=True)

    assert (told.returncode, told.stdout) == (2, "")
    assert sentence in told.stderr


@pytest.mark.slow(2)
def test_setting_that_cannot_be_taken_is_named(milieu: Milieu) -> None:
    told = milieu("doctor", MILIEU_PORT="many")

    assert told.returncode == 2
    assert told.stderr.startswith("A setting cannot be taken.\n  MILIEU_PORT: ")


@pytest.mark.slow(2)
@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("plan", "--week", "2026-12-02"), "There is no community yet: `milieu import FOLDER` makes one.\n"),
        (("publish", "--week", "2026-12-02"), "There is no community yet: `milieu import FOLDER` makes one.\n"),
    ],
)
def test_refusal_is_a_sentence_on_standard_error(milieu: Milieu, arguments: tuple[str, ...], sentence: str) -> None:
    told = milieu(*arguments, is_new=True)

    assert (told.returncode, told.stdout, told.stderr) == (1, "", sentence)


@pytest.mark.slow(2)
def test_tables_are_made_and_checked(milieu: Milieu, tmp_path: Path) -> None:
    before = milieu("db", "check")
    made = milieu("db", "upgrade", is_new=True)
    after = milieu("db", "check")

    assert (before.returncode, before.stdout) == (
        1,
        f"There is no database at {tmp_path / 'data' / 'milieu.sqlite'}.\n",
    )
    assert (made.returncode, made.stdout) == (0, f"The database is at revision {newest_revision()}.\n")
    assert (after.returncode, after.stdout) == (
        0,
        f"The database is at revision {newest_revision()}, and its tables are this program's.\n",
    )


@pytest.mark.slow(2)
def test_folder_is_imported_and_imported_again(milieu: Milieu) -> None:
    first = milieu("import", str(ALDER), is_new=True)
    again = milieu("import", str(ALDER), "--json")

    assert first.returncode == 0
    assert first.stdout.startswith("Alder House is imported.\n")
    told = json.loads(again.stdout)
    assert all(table["added"] == table["changed"] == 0 for table in told["tables"])


@pytest.mark.slow(3)
def test_a_trial_writes_nothing_and_an_import_that_ends_much_is_confirmed(milieu: Milieu, tmp_path: Path) -> None:
    lists = tmp_path / "lists"
    shutil.copytree(ALDER, lists)
    trial = milieu("import", "lists", "--dry-run")
    milieu("import", "lists")
    gone = {}
    for file in ("refusals.csv", "limits.csv"):
        heading, *rows = (ALDER / file).read_text(encoding="utf-8").splitlines()
        gone[file] = ["{} – {}".format(*filter(None, row.split(","))) for row in rows]
        (lists / file).write_text(heading + "\n", encoding="utf-8")
    refusals, limits = gone.values()
    ends = len(refusals) + len(limits)

    refused = milieu("import", "lists")
    tried = milieu("import", "lists", "--dry-run")
    wrong = milieu("import", "lists", "--ends", str(ends - 1))
    meant = milieu("import", "lists", "--ends", str(ends))

    assert trial.stdout.startswith("Alder House: this is what an import would do. Nothing was written.\n")
    assert (refused.returncode, refused.stdout, wrong.returncode) == (1, "", 1)
    count = len(refusals)
    assert f"refusals.csv: {count} of {count} rows would end ({', '.join(sorted(refusals))})" in refused.stderr
    assert f"limits.csv: {len(limits)} of {len(limits)} rows would end" in refused.stderr
    assert "more" not in refused.stderr.replace("nothing more", "")  # who is no longer protected is named each
    assert f"milieu import lists --ends {ends}" in refused.stderr
    assert (tried.returncode, tried.stderr) == (0, "")
    assert f"refusal {refusals[-1]}" in tried.stdout
    assert f"--ends {ends}" in tried.stdout
    assert meant.returncode == 0
    assert f"refusal {refusals[-1]}" in meant.stdout
    assert milieu("import", "lists").stdout.startswith("Alder House: no change.\n")


@pytest.mark.slow(3)
def test_broken_folder_is_refused_whole(milieu: Milieu, tmp_path: Path) -> None:
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists" / "community.csv").write_text("key,name,timezone\nelm,Elm,Europe/Atlantis\n")

    told = milieu("import", "lists")

    assert (told.returncode, told.stdout) == (2, "")
    assert "Nothing was imported" in told.stderr
    assert "Europe/Atlantis" in told.stderr


@pytest.mark.slow(2)
def test_account_is_made_for_a_community(milieu: Milieu) -> None:
    milieu("import", str(ALDER))
    arguments = ("account", "create", "--email", "dee@alder.example", "--name", "Dee Made-Up", "--password-stdin")

    made = milieu(*arguments, "--role", "director", given="a-long-password\n", is_new=True)
    again = milieu(*arguments, "--role", "director", given="a-long-password\n")
    short = milieu(*arguments[:3], "ben@alder.example", *arguments[4:], "--role", "staff", given="short\n")
    foreign = milieu(*arguments, "--role", "family", "--relative", "nobody", given="a-long-password\n")

    assert (made.returncode, len(made.stdout.strip())) == (0, 26)
    assert (again.returncode, again.stderr) == (1, "There is an account with this address already.\n")
    assert (short.returncode, short.stdout) == (2, "")
    assert (foreign.returncode, "no relative with the key 'nobody'" in foreign.stderr) == (1, True)


@pytest.mark.slow(4)
def test_account_is_listed_changed_and_ended(milieu: Milieu) -> None:
    milieu("import", str(ALDER))
    made = ("account", "create", "--email", "dee@home.local", "--name", "Dee Made-Up", "--password-stdin")
    milieu(*made, "--role", "director", given="a-long-password\r\n")
    who = ("--email", "ＤＥＥ@home.local")

    family = milieu(*made[:3], "zoe@x.org", *made[4:], "--role", "family", given="a-long-password\n")
    named = milieu(*made[:3], "Dee <dee@x.org>", *made[4:], "--role", "staff", given="a-long-password\n")
    changed = milieu("account", "password", *who, "--password-stdin", given="another-password\r\n")
    short = milieu("account", "password", *who, "--password-stdin", given="short\n")
    code = milieu("account", "password", *who, "--code")
    sessions = milieu("account", "sessions", *who, "--end")
    ended = milieu("account", "end", *who)
    listed = json.loads(milieu("account", "list", "--json").stdout)
    nobody = milieu("account", "end", "--email", "nobody@x.org")

    assert (family.returncode, "belongs to a relative" in family.stderr) == (2, True)
    assert (named.returncode, "without a name" in named.stderr) == (2, True)
    assert (changed.returncode, changed.stdout[:32]) == (0, "The new password of dee@home.loc")
    assert (short.returncode, short.stdout) == (2, "")
    assert (code.returncode, code.stdout.index("\n")) == (0, 19)
    assert "signed out of no browsers" in sessions.stdout
    assert "can no longer sign in" in ended.stdout
    assert [(each["email"], each["is_open"], each["roles"]) for each in listed] == [
        ("dee@home.local", False, ["director"])
    ]
    assert (nobody.returncode, nobody.stdout) == (1, "")


def test_password_from_a_pipe_is_the_one_that_was_typed() -> None:
    for line in ("a-long-password\n", "a-long-password\r\n", "a-long-password"):
        assert is_right(hash_password(read_password(line)), "a-long-password")


@pytest.mark.slow(2)
def test_community_is_asked_for_where_there_are_two(milieu: Milieu) -> None:
    milieu("import", str(ALDER))
    milieu("import", str(ROOT / "fixtures" / "linden"))

    told = milieu("plan", "--week", "2026-12-02")
    unknown = milieu("plan", "--week", "2026-12-02", "--community", "oak")

    assert (told.returncode, told.stderr) == (
        2,
        "Which community? Add --community with one of: alder-house, linden-court.\n",
    )
    assert (unknown.returncode, unknown.stderr) == (
        1,
        "There is no community 'oak'. There are: alder-house, linden-court.\n",
    )
