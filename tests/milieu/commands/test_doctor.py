"""`milieu doctor`: each thing that can be wrong is named, and what is right is not complained of."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text, update

from milieu.clock import SystemClock
from milieu.coordination import lease, upkeep
from milieu.database import DbSession, database_now, make_engines, unit_of_work
from milieu.installation.doctor import Finding, examine, report
from milieu.installation.revisions import downgrade
from milieu.models import Community, Lease, Publication, Upkeep
from milieu.prints.standby import keep_ready
from milieu.settings import Settings
from tests.milieu.builders import MONDAY, community, small_community

KEY = ("age1key",)


@pytest.fixture(autouse=True)
def healthy_solver(monkeypatch: pytest.MonkeyPatch) -> None:
    """The solver is looked at once, below; here it would cost six seconds a test."""
    monkeypatch.setattr("milieu.installation.doctor._solver", lambda _settings: ("good", "not looked at"))


def settings_for(url: str, tmp_path: Path, **given: object) -> Settings:
    return Settings(data_dir=tmp_path, database_url_given=url, **given)


def found(url: str, tmp_path: Path, **given: object) -> dict[str, Finding]:
    return {finding.name: finding for finding in examine(settings_for(url, tmp_path, **given))}


def test_healthy_installation_has_nothing_wrong(database_url: str, tmp_path: Path) -> None:
    engines = make_engines(database_url)
    with unit_of_work(engines) as db:
        community(db)
    with unit_of_work(engines) as db:
        lease.take(db, holder="ann", seconds=30)
        backed_up(db, upkeep.PROVEN, timedelta(hours=3))
    assert found(database_url, tmp_path)["sheets"].state == "warning", "nothing lies ready before the clock has beaten"
    keep_ready(engines, settings_for(database_url, tmp_path), SystemClock())

    findings = found(database_url, tmp_path, backup_recipients=KEY)

    assert {each.state for each in findings.values()} == {"good"}, findings
    assert list(findings) == [
        "writing",
        "engine",
        "database",
        "tables",
        "zones",
        "weeks",
        "lease",
        "clock",
        "sheets",
        "backup",
        "files",
        "solver",
        "face",
        "key",
        "settings",
    ]


def backed_up(db: DbSession, state: str, ago: timedelta, message: str = "") -> None:
    at = SystemClock().now() - ago
    db.add(Upkeep(kind=upkeep.BACKUP, on_day=at.date(), state=state, began_at=at, finished_at=at, message=message))


def test_week_that_is_not_what_was_published_is_named(database_url: str, tmp_path: Path) -> None:
    with unit_of_work(make_engines(database_url)) as db:
        elm = small_community(db)
        elm.publication([], week_start=MONDAY)
        db.execute(update(Publication).values(digest="0" * 64))

    finding = found(database_url, tmp_path)["weeks"]

    assert (finding.state, finding.sentence.startswith("In 1 communities the week")) == ("wrong", True)


@pytest.mark.slow(0.8)
def test_backups_that_are_not_made_or_not_proven_are_named(sqlite_url: str, tmp_path: Path) -> None:
    engines = make_engines(sqlite_url)

    def said(**given: object) -> tuple[str, str]:
        finding = found(sqlite_url, tmp_path, **given)["backup"]
        return finding.state, finding.sentence

    assert said() == (
        "warning",
        "No backups are made: `milieu backup key FILE` makes their key (MILIEU_BACKUP_RECIPIENTS).",
    )
    assert said(backup_recipients=KEY) == ("warning", "None is made yet; the clock makes one after 1:00 UTC.")
    with unit_of_work(engines) as db:
        backed_up(db, upkeep.PROVEN, timedelta(days=8))
        backed_up(db, upkeep.MADE, timedelta(days=3, hours=1), "What was restored is not sound.")
    assert said(backup_recipients=KEY) == (
        "wrong",
        "The last was made 3 days ago; none was restored this week, so they are unproven. "
        "What was restored is not sound.",
    )
    with unit_of_work(engines) as db:
        backed_up(db, upkeep.PROVEN, timedelta(hours=5))
    assert said(backup_recipients=KEY) == (
        "good",
        "The last was made 5 h ago and the last proven 5 h ago, by restoring it.",
    )


def test_missing_database_is_named(tmp_path: Path) -> None:
    findings = found(f"sqlite:///{tmp_path / 'none.sqlite'}", tmp_path)

    assert findings["database"].state == "wrong"
    assert "none.sqlite is not there" in findings["database"].sentence
    assert not (tmp_path / "none.sqlite").exists()


def test_server_that_does_not_answer_is_named(tmp_path: Path) -> None:
    findings = found(f"postgresql://nobody@/milieu?host={tmp_path}", tmp_path)

    assert findings["database"].state == "wrong"
    assert "cannot be used" in findings["database"].sentence


def test_address_of_another_kind_is_named(tmp_path: Path) -> None:
    assert found("mysql://db/milieu", tmp_path)["database"].state == "wrong"


def test_tables_of_another_revision_are_named(database_url: str, tmp_path: Path) -> None:
    downgrade(database_url, "base")

    finding = found(database_url, tmp_path)["tables"]

    assert (finding.state, "run `milieu db upgrade`" in finding.sentence) == ("wrong", True)


def test_tables_that_somebody_changed_are_named(database_url: str, tmp_path: Path) -> None:
    with unit_of_work(make_engines(database_url)) as db:
        db.execute(text("DROP TABLE calm_time"))

    finding = found(database_url, tmp_path)["tables"]

    assert (finding.state, "differ from this program's" in finding.sentence) == ("wrong", True)


@pytest.mark.slow(1.4)
def test_clock_that_stopped_is_named(database_url: str, tmp_path: Path) -> None:
    engines = make_engines(database_url)
    assert found(database_url, tmp_path)["lease"].sentence.startswith("No scheduler has ever run")
    with unit_of_work(engines) as db:
        lease.take(db, holder="ann", seconds=30)
    with unit_of_work(engines) as db:
        past = database_now(db) - timedelta(minutes=10)
        db.execute(update(Lease).values(beat_at=past, expires_at=past))

    finding = found(database_url, tmp_path)["lease"]

    assert (finding.state, finding.sentence) == ("warning", "No scheduler is running; the last one beat 10 min ago.")


def test_unknown_zone_is_named(database_url: str, tmp_path: Path) -> None:
    with unit_of_work(make_engines(database_url)) as db:
        community(db)
        db.execute(update(Community).values(timezone="Europe/Atlantis"))

    finding = found(database_url, tmp_path)["zones"]

    assert (finding.state, "elm (Europe/Atlantis)" in finding.sentence) == ("wrong", True)


@pytest.mark.parametrize(("is_production", "state"), [(False, "warning"), (True, "wrong")])
def test_old_sqlite_is_a_warning_and_in_production_wrong(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_production: bool, state: str
) -> None:
    monkeypatch.setattr("milieu.installation.doctor.sqlite_version", lambda: (3, 40, 1))

    finding = found(sqlite_url, tmp_path, is_production=is_production)["engine"]

    assert (finding.state, "SQLite 3.40.1 can damage" in finding.sentence) == (state, True)


def test_too_few_open_files_are_named_with_what_to_do(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("milieu.installation.doctor.may_be_open", lambda: 1024)

    finding = found(sqlite_url, tmp_path, connections=2000)["files"]

    assert (finding.state, finding.sentence) == (
        "warning",
        "This machine lets a process open 1,024 files, so 512 connections instead of 2,000. "
        "Raise it (LimitNOFILE=2512 for systemd) or lower MILIEU_CONNECTIONS.",
    )


def test_production_without_a_key_is_named(sqlite_url: str, tmp_path: Path) -> None:
    assert found(sqlite_url, tmp_path)["key"].state == "good"
    assert found(sqlite_url, tmp_path, is_production=True)["key"].state == "wrong"


def test_report_is_read_by_people_and_programs() -> None:
    findings = [Finding("writing", "good", "Fine."), Finding("tables", "wrong", "Old.")]

    assert report(findings, as_json=False) == "ok   writing   Fine.\nBAD  tables    Old."
    assert json.loads(report(findings, as_json=True))[1] == {"name": "tables", "state": "wrong", "sentence": "Old."}


def test_key_in_a_file_is_safe_in_production_wherever_it_is_looked_at(sqlite_url: str, tmp_path: Path) -> None:
    file, data = tmp_path / "key", tmp_path / "data"
    file.write_text("a5c09e7714bd3f82605b9d1e7f3ac428")
    file.chmod(0o600)
    data.mkdir(mode=0o700)

    findings = found(sqlite_url, data, is_production=True, secret_key_file=file)

    assert {name: findings[name].sentence for name in ("key", "settings")} == {
        "key": "A secret key is given.",
        "settings": "Each is known and safe.",
    }
