"""A backup put back: on an empty machine all of it, in every other place nothing, and each refusal a sentence."""

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import inspect, select, update

from milieu.backups import opening
from milieu.backups.copies.copying import contents_of
from milieu.backups.duty import note_endings
from milieu.backups.endings import NAME, Endings
from milieu.backups.keys import DAMAGED, encrypt, read_identity, recipients_of, write_identity
from milieu.backups.making import make_backup
from milieu.backups.restoring import refuse_occupied
from milieu.commands.backups import run_restore
from milieu.database import make_engines, reading, sqlite_file, unit_of_work
from milieu.errors import Conflict, Invalid, MilieuError
from milieu.installation.serving import open_engines
from milieu.models import Account, Consent, SignInSession
from milieu.services.access.accounts import close_account
from milieu.services.access.sign_ins import Lifetime, begin_sign_in
from milieu.settings import Settings
from tests.milieu.backups.conftest import NIGHT, Installation

sqlite_alone = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def is_empty(settings: Settings) -> bool:
    if (file := sqlite_file(settings.database_url)) is not None:
        return not file.parent.exists() or list(file.parent.iterdir()) == []
    engines = make_engines(settings.database_url)
    found = inspect(engines.read).get_table_names()
    engines.dispose()
    return found == []


def restore(settings: Settings, backup: Path, key: Path, *, without: bool = True) -> str:
    return run_restore(settings, backup, key, ended=None, is_without_ended=without)


def test_everything_is_there_again_and_what_ended_since_is_ended(installation: Installation, empty: Settings) -> None:
    day = timedelta(days=1)
    engines, elm = installation.engines, installation.elm
    with unit_of_work(engines) as db:
        accounts = {row.roles[0].name: row.id for row in db.scalars(select(Account))}
        begin_sign_in(db, accounts["director"], b"{}", lifetime=Lifetime(day, day), now=NIGHT)
        consent = Consent(
            community_id=elm.id,
            relative_id=elm.relatives["zoe"].id,
            resident_id=elm.residents["ada"].id,
            kind="calendar",
            valid_from=NIGHT.date(),
        )
        db.add(consent)
    made = make_backup(installation.settings, now=NIGHT)
    with unit_of_work(engines) as db:
        close_account(db, accounts["family"])
        db.execute(update(Consent).where(Consent.id == consent.id).values(valid_until=NIGHT.date(), version=2))
    note_endings(engines, installation.settings)

    said = restore(empty, made.file, installation.key, without=False)

    opened = open_engines(empty)
    with reading(opened) as db:
        assert {row.roles[0].name: row.active for row in db.scalars(select(Account))} == {
            "director": True,
            "family": False,
        }
        assert db.get_one(Consent, (elm.id, consent.id)).valid_until == NIGHT.date()
        assert db.scalars(select(SignInSession)).all() == []
    opened.dispose()
    found, wanted = contents_of(empty.database_url).rows, made.record.manifest.contents.rows
    assert {**found, "sign_in_session": 0} == {**wanted, "sign_in_session": 0}
    assert wanted["sign_in_session"] == 1
    assert f"{sum(wanted.values()):,} rows" in said
    assert "Everybody signs in again." in said
    if (file := sqlite_file(empty.database_url)) is not None:
        assert file.stat().st_mode & 0o777 == 0o600
        assert not list(file.parent.glob("scratch-*"))


def test_it_is_put_over_nothing(installation: Installation) -> None:
    made = make_backup(installation.settings, now=NIGHT)
    before = contents_of(installation.settings.database_url)

    with pytest.raises(Conflict, match=r"is there already: a backup is restored|has tables already"):
        restore(installation.settings, made.file, installation.key)

    assert contents_of(installation.settings.database_url) == before


@sqlite_alone
def test_without_what_ended_since_it_stops_before_it_begins(installation: Installation, empty: Settings) -> None:
    made = make_backup(installation.settings, now=NIGHT)

    with pytest.raises(Invalid, match=r"ended\.json is not there: it says which accounts"):
        restore(empty, made.file, installation.key, without=False)
    (made.file.parent / NAME).write_text("[]")
    with pytest.raises(Invalid, match="What ended since cannot be read"):
        restore(empty, made.file, installation.key, without=False)

    assert is_empty(empty)


# ---- refusals, which know no kind of database but in the last step: tried on SQLite


class Refused:
    """A backup of SQLite, and what is said where it is restored into an empty place."""

    def __init__(self, installation: Installation, folder: Path) -> None:
        self.installation, self.folder = installation, folder
        self.backup = make_backup(installation.settings, now=NIGHT).file
        self.empty = installation.settings.model_copy(
            update={"data_dir": folder / "empty", "database_url_given": f"sqlite:///{folder / 'empty' / 'm.sqlite'}"}
        )

    def said(self, backup: Path | None = None, key: Path | None = None) -> str:
        with pytest.raises(MilieuError) as refused:
            restore(self.empty, backup or self.backup, key or self.installation.key)
        assert is_empty(self.empty)
        return refused.value.sentence

    def other(self, change: Callable[[bytearray], object]) -> Path:
        raw = bytearray(self.backup.read_bytes())
        change(raw)
        changed = self.folder / "changed.age"
        changed.write_bytes(raw)
        return changed

    def encrypted(self, plain: bytes) -> Path:
        source, target = self.folder / "plain", self.folder / "encrypted.age"
        source.write_bytes(plain)
        with source.open("rb") as given, target.open("wb") as taken:
            encrypt(given, taken, recipients_of(self.installation.settings.backup_recipients))
        return target

    def plain(self) -> bytes:
        (self.folder / "place").mkdir()
        opened = opening.open_backup(self.backup, read_identity(self.installation.key), self.folder / "place")
        return opened.manifest.model_dump_json().encode() + b"\n" + opened.copy.read_bytes()


@pytest.fixture
def refused(installation: Installation, tmp_path: Path) -> Refused:
    return Refused(installation, tmp_path)


@sqlite_alone
def test_another_key_or_none_is_refused(refused: Refused, tmp_path: Path) -> None:
    write_identity(tmp_path / "other")
    (tmp_path / "empty-key").write_text("age1abc\n")
    (tmp_path / "torn-key").write_text(refused.installation.key.read_text()[:-9])

    assert refused.said(key=tmp_path / "other") == "This key does not open the backup: it was made for another one."
    assert "holds no key of age" in refused.said(key=tmp_path / "empty-key")
    assert "is damaged" in refused.said(key=tmp_path / "torn-key")
    assert "The key cannot be read from" in refused.said(key=tmp_path / "nowhere")


@sqlite_alone
def test_a_file_that_is_damaged_anywhere_is_refused(refused: Refused) -> None:
    size = refused.backup.stat().st_size

    def flip(at: int) -> Callable[[bytearray], object]:
        def change(raw: bytearray) -> None:
            raw[at] ^= 1

        return change

    said = {refused.said(refused.other(flip(at))) for at in [*range(0, size, size // 23), size - 1]}

    assert said <= {DAMAGED, "This key does not open the backup: it was made for another one."}
    assert DAMAGED in said


@sqlite_alone
def test_a_file_that_was_cut_off_anywhere_is_refused(refused: Refused) -> None:
    whole = refused.backup.read_bytes()
    begin = whole.index(b"\n", whole.index(b"\n---")) + 1 + 16  # age's header, and what its pieces are numbered from
    pieces = [begin + number * 65_552 for number in range(4)]  # cut here, each piece that is left is whole
    said = set()
    for length in [0, 1, 100, *pieces, *range(begin + 1, len(whole), len(whole) // 9), len(whole) - 1]:
        (refused.folder / "cut.age").write_bytes(whole[:length])
        said.add(refused.said(refused.folder / "cut.age"))

    assert said == {DAMAGED}
    assert refused.said(refused.other(lambda raw: raw.extend(b"more"))) == DAMAGED


@sqlite_alone
def test_what_a_newer_milieu_made_is_refused(refused: Refused, monkeypatch: pytest.MonkeyPatch) -> None:
    line, _, copy = refused.plain().partition(b"\n")
    newer = refused.encrypted(line.replace(b'"format":1', b'"format":2') + b"\n" + copy)

    assert refused.said(newer).startswith("This backup was made by a newer Milieu than this one")
    monkeypatch.setattr(opening, "newest_revision", lambda: "0001")
    assert refused.said().startswith("This backup was made by a newer Milieu (0.1.0, tables 0")


@sqlite_alone
def test_what_is_no_backup_is_refused(refused: Refused, tmp_path: Path) -> None:
    assert refused.said(refused.encrypted(b"hello\nworld")) == "This is no backup of Milieu."
    assert refused.said(refused.encrypted(b"x" * 3_000_000)) == "This is no backup of Milieu."
    assert refused.said(tmp_path / "nowhere.age").startswith("The backup cannot be read from")
    assert refused.said(tmp_path).startswith("The backup cannot be read from")
    line, _, copy = refused.plain().partition(b"\n")
    assert refused.said(refused.encrypted(line + b"\n" + copy[:-4096] + os.urandom(4096))) == DAMAGED


@sqlite_alone
def test_the_other_kind_of_database_is_refused(refused: Refused, tmp_path: Path) -> None:
    settings = refused.empty.model_copy(update={"database_url_given": "postgresql://nobody@/milieu"})
    (tmp_path / "place").mkdir()
    opened = opening.open_backup(refused.backup, read_identity(refused.installation.key), tmp_path / "place")

    with pytest.raises(Conflict, match="This backup is of SQLite and MILIEU_DATABASE_URL names PostgreSQL"):
        refuse_occupied(settings, opened)


def test_ids_are_quoted() -> None:
    assert Endings(accounts=("a'b",), signs_out=False).statements() == [
        "UPDATE account SET active = false, version = version + 1 WHERE active AND id IN ('a''b')"
    ]
