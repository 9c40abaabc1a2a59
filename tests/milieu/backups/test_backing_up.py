"""A backup of a running installation: of one moment, closed to all but its key, proven by restoring it."""

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psycopg
import pytest
from pyrage import x25519
from sqlalchemy import func, make_url, select

from milieu.backups import making
from milieu.backups.copies.contents import read_contents
from milieu.backups.copies.copying import contents_of
from milieu.backups.duty import back_up
from milieu.backups.keys import decrypt, read_identity, write_identity
from milieu.backups.making import make_backup
from milieu.backups.manifest import Manifest, Record
from milieu.backups.opening import open_backup
from milieu.backups.proving import prove
from milieu.database import make_engines, reading, unit_of_work
from milieu.errors import Conflict, Invalid
from milieu.installation.soundness import faults_of_restored
from milieu.models import Change, Community
from milieu.settings import Settings
from tests.milieu.backups.conftest import NIGHT, Installation
from tests.milieu.builders import small_community
from tests.patience import PATIENCE


def nothing_wrong(_settings: Settings) -> Sequence[str]:
    return ()


def change(installation: Installation, noun: str) -> Change:
    return Change(community_id=installation.elm.id, at=NIGHT, verb="x", noun=noun, row_id="x")


def test_it_is_of_one_moment_while_others_write(
    installation: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # each unit writes a pair: a copy of two moments would hold one of them alone, or another number than it says
    stopping, wrote = threading.Event(), threading.Event()

    def write() -> None:
        while not stopping.is_set():
            with unit_of_work(installation.engines) as db:
                db.add_all([change(installation, "left"), change(installation, "right")])
            wrote.set()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        assert wrote.wait(PATIENCE)
        made = make_backup(installation.settings, now=NIGHT)
    finally:
        stopping.set()
        writer.join()

    seen = []

    def look(settings: Settings) -> Sequence[str]:
        from milieu.database import make_engines

        engines = make_engines(settings.database_url)
        with reading(engines) as db:
            seen.append(dict(db.execute(select(Change.noun, func.count()).group_by(Change.noun)).all()))
        engines.dispose()
        return ()

    prove(installation.settings, made.file, made.identity, look=look)
    assert seen[0]["left"] == seen[0]["right"] > 0


def test_nobody_without_the_key_reads_it(installation: Installation, tmp_path: Path) -> None:
    made = make_backup(installation.settings, now=NIGHT)

    # words of some length: of three letters there is one by chance in every twentieth file of such bytes
    raw, words = made.file.read_bytes(), (b"Made-Up", b"resident", b"alembic_version")
    assert [word for word in words if word in raw] == []
    assert raw.startswith(b"age-encryption.org/v1")
    assert made.file.stat().st_mode & 0o777 == 0o600
    assert sorted(each.name for each in made.file.parent.iterdir()) == [
        made.file.name,
        made.file.with_suffix(".json").name,
    ]
    assert list((tmp_path / "data").glob("*")) == []
    assert "Ada" not in made.file.with_suffix(".json").read_text()
    with (tmp_path / "plain").open("wb") as plain, made.file.open("rb") as source:
        decrypt(source, plain, read_identity(installation.key))
    line, _, copy = (tmp_path / "plain").read_bytes().partition(b"\n")
    assert Manifest.read(line) == made.record.manifest
    assert copy[:6] in (b"SQLite", b"PGDMP\x01")
    assert copy.startswith(b"PGDMP") or [word for word in words if word not in copy] == []
    assert made.record.manifest.contents.rows["resident"] == 6


def test_what_it_says_of_its_rows_is_so(installation: Installation) -> None:
    made = make_backup(installation.settings, now=NIGHT)

    assert made.record.manifest.contents == contents_of(installation.settings.database_url)
    with unit_of_work(installation.engines) as db:
        db.get_one(Community, installation.elm.id).name = "Elms"
    assert made.record.manifest.contents != contents_of(installation.settings.database_url)


@pytest.mark.parametrize(
    ("recipients", "sentence"),
    [
        ((), "No backup is made without a key"),
        (("age1nobody",), "the 1. key is no public key of age"),
        ((str(x25519.Identity.generate()),), "the 1. key is no public key of age"),
    ],
)
def test_without_a_public_key_none_is_made(tmp_path: Path, recipients: tuple[str, ...], sentence: str) -> None:
    settings = Settings(data_dir=tmp_path, backup_recipients=recipients)

    with pytest.raises(Invalid, match=sentence) as refused:
        make_backup(settings, now=NIGHT)

    assert "SECRET" not in refused.value.sentence
    assert list(tmp_path.iterdir()) == []


def test_a_database_that_is_not_there_is_told(tmp_path: Path) -> None:
    key = str(x25519.Identity.generate().to_public())

    with pytest.raises(Conflict, match="There is no database at"):
        make_backup(Settings(data_dir=tmp_path, backup_recipients=(key,)), now=NIGHT)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_programs_of_postgresql_that_are_not_there_are_named(installation: Installation, tmp_path: Path) -> None:
    settings = installation.settings.model_copy(update={"postgresql_programs": tmp_path})

    with pytest.raises(Invalid, match=r"pg_dump is not in .* MILIEU_POSTGRESQL_PROGRAMS"):
        make_backup(settings, now=NIGHT)


@pytest.mark.slow(1.4)
def test_what_is_restored_on_trial_is_looked_at_as_by_the_doctor(installation: Installation) -> None:
    done = back_up(installation.settings, now=NIGHT, look=faults_of_restored)

    assert (done.why, done.state) == ("", "proven")
    assert Record.beside(done.made.file) == done.made.record
    assert done.made.record.proven_at == NIGHT


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_fault_that_the_look_finds_leaves_it_unproven(installation: Installation) -> None:
    done = back_up(installation.settings, now=NIGHT, look=lambda _settings: ["The choir is gone."])

    assert (done.state, done.why) == ("made", "What was restored is not sound. The choir is gone.")
    assert done.made.record.proven_at is None


@pytest.mark.slow(1.5)
def test_what_a_trial_finds_is_told_though_its_database_cannot_be_had_and_a_later_one_takes_that_away(
    postgresql_url: str, tmp_path: Path, postgresql_programs: Path | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    engines = make_engines(postgresql_url)
    with unit_of_work(engines) as db:
        small_community(db)
    server = make_url(postgresql_url)
    with psycopg.connect(postgresql_url, autocommit=True) as boss:
        boss.execute("CREATE ROLE plain LOGIN CREATEDB")
        held = list[psycopg.Connection]()

        def look(there: Settings) -> Sequence[str]:
            name = make_url(there.database_url).database
            address = server.set(drivername="postgresql", database=name).render_as_string(hide_password=False)
            held.append(psycopg.connect(address))  # as the server's own cleaning: nobody's that this user may end
            return ["The roster is gone."]

        settings = Settings(
            data_dir=tmp_path / "data",
            database_url_given=postgresql_url,
            backup_recipients=(write_identity(tmp_path / "key"),),
            backup_proof_url=server.set(drivername="postgresql", username="plain").render_as_string(),
            postgresql_programs=postgresql_programs,
        )
        made = make_backup(settings, now=NIGHT)
        with monkeypatch.context() as long_ago:
            long_ago.setattr("milieu.backups.proving.time.time", lambda: NIGHT.timestamp())
            with pytest.raises(Conflict, match="not sound") as found:
                prove(settings, made.file, made.identity, look=look)
        left = "SELECT count(*) FROM pg_database WHERE datname LIKE 'milieu_proof_%'"
        assert (found.value.because, boss.execute(left).fetchone()) == (("The roster is gone.",), (1,))

        held[0].close()
        prove(settings, made.file, made.identity, look=lambda _there: [])

        assert boss.execute(left).fetchone() == (0,)
        boss.execute("DROP ROLE plain")
    engines.dispose()


def test_one_row_less_than_was_there_is_found(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    # the planted defect: what is counted is not what is copied
    def count_before(connection: Any) -> Any:
        found = read_contents(connection)
        return found.model_copy(update={"rows": {**found.rows, "resident": found.rows["resident"] + 1}})

    monkeypatch.setattr("milieu.backups.copies.copying.read_contents", count_before)

    done = back_up(installation.settings, now=NIGHT, look=nothing_wrong)

    assert done.state == "made"
    assert "resident" in done.why


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_disk_that_gives_back_something_else_is_found_before_it_has_its_name(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = making._write

    def written_badly(partial: Path, *given: Any) -> None:
        write(partial, *given)
        whole = bytearray(partial.read_bytes())
        whole[len(whole) // 2] ^= 1
        partial.write_bytes(whole)

    monkeypatch.setattr(making, "_write", written_badly)

    with pytest.raises(Conflict, match="damaged or was cut off"):
        make_backup(installation.settings, now=NIGHT)

    assert list(installation.settings.backups.iterdir()) == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_share_without_links_takes_it_and_puts_none_over_another(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr("os.link", unknown)
    made = make_backup(installation.settings, now=NIGHT)
    before = made.file.read_bytes()

    with pytest.raises(OSError, match="not permitted"):
        make_backup(installation.settings, now=NIGHT)

    assert made.file.read_bytes() == before
    assert len(list(made.file.parent.iterdir())) == 2


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_was_opened_lies_where_only_its_owner_looks(installation: Installation, tmp_path: Path) -> None:
    made = make_backup(installation.settings, now=NIGHT)
    (tmp_path / "place").mkdir()

    opened = open_backup(made.file, read_identity(installation.key), tmp_path / "place")

    assert opened.copy.stat().st_mode & 0o777 == 0o600
