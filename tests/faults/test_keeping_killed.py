"""A backup, a restore or an upgrade killed on its way leaves what was there, or all of what it was to make.

Killed at every few steps here. With MILIEU_KILL_AT_EACH_STEP set they are killed at each, an upgrade also on its way
from the first tables; with `-s` each says how often that was.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import inspect

from milieu.backups.copies.copying import contents_of, sqlite_connection
from milieu.backups.keys import read_identity
from milieu.backups.making import backups_in, make_backup
from milieu.backups.manifest import Contents
from milieu.backups.opening import open_backup
from milieu.database import make_engines, newest_revision, present_revision, sqlite_file
from milieu.errors import MilieuError
from milieu.installation.revisions import downgrade
from milieu.settings import Settings
from tests.architecture.sources import ROOT
from tests.milieu.backups.conftest import NIGHT, Installation, empty, installation

__all__ = ["empty", "installation"]
pytestmark = pytest.mark.slow(12)

IS_AT_EACH = "MILIEU_KILL_AT_EACH_STEP" in os.environ
STRIDE = {"backup": 4, "named-first": 1, "restore": 4, "upgrade": 24}
UPGRADED = ("0012", "0001") if IS_AT_EACH else ("0012",)


def walk(settings: Settings, work: str, look: Callable[[bool], None], *, file: str = "", key: Path | str = "") -> int:
    """Kill WORK at its first step, then some steps later, ..., until it is done; `look` is told whether it is. How many
    times it was killed.
    """
    names = ("data_dir", "database_url_given", "backup_dir", "backup_recipients", "postgresql_programs")
    given = {name: value for name, value in settings.model_dump(mode="json").items() if name in names}
    command = [sys.executable, "-m", "tests.faults.keeper", work, json.dumps(given), file, str(key)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as killer:
        assert killer.stdin is not None
        assert killer.stdout is not None
        for times, step in enumerate(count(1, 1 if IS_AT_EACH else STRIDE[work])):
            killer.stdin.write(f"{step}\n")
            killer.stdin.flush()
            status = killer.stdout.readline().strip()
            assert status in ("0", "9"), (work, step, status)
            look(status == "0")
            if status == "0":
                killer.stdin.close()
                print(f"{work}: killed {times} times")
                return times
    raise AssertionError("unreachable")


def torn_backups(installation: Installation, place: Path) -> list[str]:
    """The backups that have their name and cannot be opened."""
    torn = []
    for number, backup in enumerate(backups_in(installation.settings.backups)):
        folder = place / f"{backup.name}-{number}"
        folder.mkdir(parents=True)
        try:
            open_backup(backup, read_identity(installation.key), folder)
        except MilieuError as error:
            torn.append(f"{backup.name}: {error.sentence}")
        for each in folder.iterdir():
            each.unlink()
        folder.rmdir()
    return torn


def test_backup_killed_anywhere_is_whole_or_not_there(installation: Installation, tmp_path: Path) -> None:
    before = contents_of(installation.settings.database_url)

    def look(is_done: bool) -> None:
        assert torn_backups(installation, tmp_path / "opened") == []
        assert not is_done or list(backups_in(installation.settings.backups))

    assert walk(installation.settings, "backup", look) > 3
    assert contents_of(installation.settings.database_url) == before


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_harness_catches_a_backup_that_has_its_name_too_early(installation: Installation, tmp_path: Path) -> None:
    found: list[str] = []

    walk(installation.settings, "named-first", lambda _done: found.extend(torn_backups(installation, tmp_path / "o")))

    assert any("damaged or was cut off" in each for each in found)


def restored(settings: Settings) -> Contents | None:
    """What is there, None where nothing is."""
    if (file := sqlite_file(settings.database_url)) is not None and not file.exists():
        return None
    engines = make_engines(settings.database_url)
    tables = inspect(engines.read).get_table_names()
    engines.dispose()
    return contents_of(settings.database_url) if tables else None


def test_restore_killed_anywhere_is_whole_or_not_begun(installation: Installation, empty: Settings) -> None:
    made = make_backup(installation.settings, now=NIGHT)
    wanted, seen = made.record.manifest.contents, []

    class Whole(Exception):
        """It was killed after it was done: it is not done over."""

    def look(is_done: bool) -> None:
        seen.append(restored(empty))
        assert seen[-1] in (None, wanted)
        if is_done or seen[-1] is not None:
            raise Whole

    with pytest.raises(Whole):
        walk(empty, "restore", look, file=str(made.file), key=installation.key)

    print(f"restore: killed {len(seen)} times")
    assert seen[-1] == wanted
    assert len(seen) > 2


@pytest.mark.parametrize("old", UPGRADED)
def test_upgrade_killed_anywhere_leaves_the_old_tables_or_the_new(installation: Installation, old: str) -> None:
    settings, engines = installation.settings, installation.engines
    downgrade(settings.database_url, old)
    engines.dispose()
    before = contents_of(settings.database_url)
    file = sqlite_file(settings.database_url)

    def look(is_done: bool) -> None:
        revision = present_revision(engines)
        assert revision in (old, newest_revision())
        if revision == old:
            assert contents_of(settings.database_url) == before
            assert not is_done
        else:
            after = contents_of(settings.database_url).rows
            assert {name: after[name] for name in before.rows if name in after} == {
                name: rows for name, rows in before.rows.items() if name in after
            }
        engines.dispose()
        if file is not None and (kept := file.with_name(f"before-{old}.sqlite")).exists():
            with sqlite_connection(kept) as connection:
                assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"

    assert walk(settings, "upgrade", look, file=old) > 5
    assert present_revision(engines) == newest_revision()
