"""What an installation can be told, and by whom."""

import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from milieu.errors import Invalid
from milieu.serving import check_sqlite, open_engines, with_secret_key
from milieu.settings import Settings
from tests.architecture.sources import ROOT


@pytest.fixture(autouse=True)
def nothing_is_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("MILIEU_DATABASE_URL", "DATABASE_URL", "MILIEU_DATA_DIR", "STATE_DIRECTORY", "MILIEU_PORT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "xdg"))
    monkeypatch.chdir(tmp_path)  # no .env there


def test_untold_it_keeps_its_data_with_the_user(tmp_path: Path) -> None:
    settings = Settings()

    assert settings.data_dir == tmp_path / "xdg" / "milieu"
    assert settings.database_url == f"sqlite:///{tmp_path / 'xdg' / 'milieu' / 'milieu.sqlite'}"
    assert (settings.host, settings.port, settings.is_production) == ("127.0.0.1", 8000, False)


def test_systemds_folder_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STATE_DIRECTORY", "/var/lib/milieu")

    assert Settings().data_dir == Path("/var/lib/milieu")


def test_environment_comes_before_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("MILIEU_PORT=9001\nMILIEU_HOST=0.0.0.0\n")
    monkeypatch.setenv("MILIEU_PORT", "9002")

    assert (Settings().port, Settings().host) == (9002, "0.0.0.0")


@pytest.mark.parametrize("name", ["MILIEU_DATABASE_URL", "DATABASE_URL"])
def test_database_has_two_names(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "postgresql://db/milieu")

    assert Settings().database_url == "postgresql://db/milieu"


def test_hosts_are_a_list_between_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(
        "MILIEU_TRUSTED_HOSTS", "milieu.example, WWW.Milieu.example.,.homes.example,bücher.example,[::1]"
    )

    assert Settings().trusted_hosts == (
        "milieu.example", "www.milieu.example", ".homes.example", "xn--bcher-kva.example", "[::1]",
    )  # fmt: skip


@pytest.mark.parametrize("given", ["https://milieu.example", "milieu.example:443", "*", ".", "a b", "milieu..example"])
def test_host_that_is_no_name_is_refused(given: str) -> None:
    with pytest.raises(ValidationError, match="is no host name"):
        Settings(trusted_hosts=given)  # type: ignore[arg-type]


@pytest.mark.parametrize("port", ["-1", "65536", "many"])
def test_port_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, port: str) -> None:
    monkeypatch.setenv("MILIEU_PORT", port)

    with pytest.raises(ValidationError):
        Settings()


def test_key_is_made_once_and_kept_for_its_owner_alone(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data")

    first = with_secret_key(settings).secret_key.get_secret_value()
    second = with_secret_key(settings).secret_key.get_secret_value()

    assert first == second
    assert len(first) == 64
    assert (tmp_path / "data" / "secret_key").stat().st_mode & 0o777 == 0o600
    assert [each.name for each in (tmp_path / "data").iterdir()] == ["secret_key"]


def test_key_of_a_file_is_taken(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("k" * 40 + "\n")

    settings = with_secret_key(Settings(data_dir=tmp_path, secret_key_file=tmp_path / "key", is_production=True))

    assert settings.secret_key.get_secret_value() == "k" * 40


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({}, "needs a secret key in production"),
        ({"secret_key": "k" * 31}, "too short"),
        ({"secret_key_file": Path("/nowhere/key")}, "cannot be read"),
    ],
)
def test_production_refuses_a_key_that_is_none(tmp_path: Path, given: dict[str, object], sentence: str) -> None:
    with pytest.raises(Invalid, match=sentence):
        with_secret_key(Settings(data_dir=tmp_path, is_production=True, **given))


def test_key_is_never_printed(tmp_path: Path) -> None:
    assert "kkkk" not in repr(Settings(data_dir=tmp_path, secret_key="k" * 40))


def test_production_refuses_a_sqlite_that_can_damage_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("milieu.serving.sqlite_version", lambda: (3, 40, 1))

    check_sqlite(Settings(data_dir=tmp_path))  # logged, for a demo may go on
    check_sqlite(Settings(is_production=True, database_url_given="postgresql://db/milieu"))
    with pytest.raises(Invalid, match=r"SQLite 3.40.1 can damage"):
        check_sqlite(Settings(data_dir=tmp_path, is_production=True))


def test_database_of_another_kind_is_refused_in_words() -> None:
    with pytest.raises(Invalid, match="SQLite or PostgreSQL, not in mysql"):
        open_engines(Settings(database_url_given="mysql://db/milieu"))


def test_every_setting_is_explained() -> None:
    known = {f"MILIEU_{name.removesuffix('_given').upper()}" for name in Settings.model_fields}

    told = set(re.findall(r"MILIEU_[A-Z_]*[A-Z]", (ROOT / "docs" / "operators-guide.md").read_text("utf-8")))

    assert told == known
