"""`milieu db upgrade`, and `serve` on an older file: what was there is kept first, and a failure changes nothing."""

from pathlib import Path

import pytest

from milieu.backups.copies.contents import read_contents, revision_in
from milieu.backups.copies.copying import contents_of, sqlite_connection
from milieu.backups.making import backups_in
from milieu.commands.tables import run_upgrade
from milieu.database import newest_revision, present_revision, sqlite_file
from milieu.errors import Conflict
from milieu.installation import revisions
from milieu.installation.revisions import downgrade
from milieu.installation.serving import open_engines
from tests.milieu.backups.conftest import Installation, installation

__all__ = ["installation"]

OLD = "0020"
sqlite_alone = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def old(installation: Installation) -> Installation:
    """An installation whose tables are of an older version."""
    downgrade(installation.settings.database_url, OLD)
    installation.engines.dispose()
    return installation


@sqlite_alone
def test_who_serves_an_older_file_keeps_it_first(old: Installation, tmp_path: Path) -> None:
    before = contents_of(old.settings.database_url)
    (tmp_path / "before-0001.sqlite").write_text("of the upgrade before")

    open_engines(old.settings).dispose()

    assert [each.name for each in tmp_path.glob("before-*")] == [f"before-{OLD}.sqlite"]
    kept = tmp_path / f"before-{OLD}.sqlite"
    assert kept.stat().st_mode & 0o777 == 0o600
    with sqlite_connection(kept) as connection:
        assert (revision_in(connection), read_contents(connection)) == (OLD, before)


@sqlite_alone
def test_a_new_file_and_one_that_is_up_to_date_leave_no_copy(installation: Installation, tmp_path: Path) -> None:
    open_engines(installation.settings).dispose()
    new = installation.settings.model_copy(update={"database_url_given": f"sqlite:///{tmp_path / 'new' / 'm.sqlite'}"})
    open_engines(new).dispose()

    assert list(tmp_path.rglob("before-*")) == []


@pytest.mark.slow(0.9)
def test_a_backup_is_made_and_the_upgrade_tried_on_it_first(old: Installation) -> None:
    said = run_upgrade(old.settings)

    [backup] = backups_in(old.settings.backups)
    assert f"{backup} was made before, and upgraded on trial." in said
    assert said.endswith(f"The database is at revision {newest_revision()}.")
    assert ("before-" in said) is (sqlite_file(old.settings.database_url) is not None)


def test_an_upgrade_that_leads_elsewhere_is_taken_back(old: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    before = contents_of(old.settings.database_url)
    monkeypatch.setattr(revisions, "_differences", lambda _connection: ["a table too many"])

    with pytest.raises(Conflict, match="is not proven") as refused:
        run_upgrade(old.settings)
    assert "stay as they were" in refused.value.because[0]
    with pytest.raises(Conflict, match="stay as they were"):
        run_upgrade(old.settings, is_without_backup=True)

    assert present_revision(old.engines) == OLD
    assert contents_of(old.settings.database_url) == before


def test_in_production_nothing_is_upgraded_without_a_backup_unless_it_is_meant(old: Installation) -> None:
    settings = old.settings.model_copy(update={"is_production": True, "backup_recipients": ()})
    if sqlite_file(settings.database_url) is None:
        with pytest.raises(Conflict, match="no backup can be made without a key"):
            run_upgrade(settings)
        assert present_revision(old.engines) == OLD

    assert newest_revision() in run_upgrade(settings, is_without_backup=True)
