"""What an installation can be told, and by whom."""

import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from milieu.errors import Invalid
from milieu.installation.serving import check_sqlite, open_engines, with_secret_key
from milieu.settings import Settings, read_settings, unknown_names
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
        "milieu.example",
        "www.milieu.example",
        ".homes.example",
        "xn--bcher-kva.example",
        "[::1]",
    )


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


def test_key_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(b"\xff" * 40)

    for file in (tmp_path / "key", tmp_path / "none"):
        with pytest.raises(Invalid, match=f"cannot be read from {file}"):
            with_secret_key(Settings(data_dir=tmp_path, secret_key_file=file))


def test_key_is_never_printed(tmp_path: Path) -> None:
    assert "kkkk" not in repr(Settings(data_dir=tmp_path, secret_key="k" * 40))


def test_production_refuses_a_sqlite_that_can_damage_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("milieu.installation.serving.sqlite_version", lambda: (3, 40, 1))

    check_sqlite(Settings(data_dir=tmp_path))  # logged, for a demo may go on
    check_sqlite(Settings(is_production=True, database_url_given="postgresql://db/milieu"))
    with pytest.raises(Invalid, match=r"SQLite 3.40.1 can damage"):
        check_sqlite(Settings(data_dir=tmp_path, is_production=True))


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("postgresql://db:many/milieu", "cannot be read: write it like postgresql://"),
        ("milieu.sqlite", "cannot be read: write it like postgresql://"),
        ("postgresql+psycopg2://db/milieu", "not speak to a database through psycopg2: write postgresql://"),
        ("sqlite+aiosqlite:////srv/milieu.sqlite", "through aiosqlite: write sqlite://"),
        ("mysql+nodriver://db/milieu", "not in mysql"),
        ("sqlite://", "not one in memory"),
        ("sqlite:///:memory:", "not one in memory"),
        ("sqlite:////srv/a?b/milieu.sqlite", "with %3F for a"),
    ],
)
def test_address_of_a_database_that_cannot_be_is_refused_in_words(url: str, sentence: str) -> None:
    with pytest.raises(Invalid, match=re.escape(sentence)):
        open_engines(Settings(database_url_given=url))


@pytest.mark.slow(0.5)
@pytest.mark.parametrize("name", ["a?b", "a%20b", "a b", "a#b", "a%3Fb", "ö", "a&b=c", "file:x"])
def test_folder_of_any_name_holds_its_own_database(name: str, tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / name)

    open_engines(settings).dispose()

    assert [each.name for each in tmp_path.iterdir()] == [name]
    assert (tmp_path / name / "milieu.sqlite").is_file()


def test_home_is_filled_in_as_a_shell_does(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    for given in ("~/data", "$HOME/data", "${HOME}/data"):
        monkeypatch.setenv("MILIEU_DATA_DIR", given)
        assert Settings().data_dir == tmp_path / "data"
    monkeypatch.setenv("MILIEU_DATA_DIR", "data")
    assert Settings().data_dir == Path.cwd() / "data"


@pytest.mark.parametrize("given", ["$NOWHERE_SET/data", "${NOWHERE_SET}", "~nobody-of-that-name/data"])
def test_folder_of_nobody_is_refused(given: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_settings(data_dir=Path(given))

    assert refused.value.problems[0].startswith("MILIEU_DATA_DIR: ")


def test_misspelt_names_are_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("MILIEU_TRUSTED_HOST=a.example\nOTHER=1\nMILIEU_PORT=1\n")
    monkeypatch.setenv("milieu_is_productoin", "1")
    monkeypatch.setenv("MILIEU_COLOUR", "green")

    told = [line for line in unknown_names() if "DATABASE_URL" not in line]

    assert told == [
        "MILIEU_COLOUR is no setting of Milieu.",
        "MILIEU_IS_PRODUCTOIN is no setting of Milieu: did you mean MILIEU_IS_PRODUCTION?",
        "MILIEU_TRUSTED_HOST is no setting of Milieu: did you mean MILIEU_TRUSTED_HOSTS?",
    ]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "latin-1"])
def test_file_of_another_encoding_is_refused(encoding: str, tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes("MILIEU_HOST=münchen.example\n".encode(encoding))

    with pytest.raises(Invalid, match=r"^The file .env is not in UTF-8: save it as that.$"):
        read_settings()


def test_file_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("MILIEU_PORT=9001\n", "utf-8-sig")

    assert (read_settings().port, unknown_names()) == (9001, [])


def test_line_that_is_no_setting_is_named(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("MILIEU_PORT=9001\n\nthis is = 'no setting\n")

    with pytest.raises(Invalid, match=r"lines that are no NAME=value: 3\.$"):
        read_settings()


def test_lease_that_ends_before_the_next_look_is_refused() -> None:
    with pytest.raises(Invalid) as refused:
        read_settings(tick_seconds=30, lease_seconds=30)

    assert refused.value.problems[0].startswith("MILIEU_LEASE_SECONDS: a lease of 30 s ends before")


def test_database_of_another_kind_is_refused_in_words() -> None:
    with pytest.raises(Invalid, match="SQLite or PostgreSQL, not in mysql"):
        open_engines(Settings(database_url_given="mysql://db/milieu"))


def test_every_setting_is_explained() -> None:
    known = {f"MILIEU_{name.removesuffix('_given').upper()}" for name in Settings.model_fields}

    told = set(re.findall(r"MILIEU_[A-Z_]*[A-Z]", (ROOT / "docs" / "operators-guide.md").read_text("utf-8")))

    assert told == known


@pytest.mark.parametrize(
    "given", ["10.0.0.2:8786", "http://10.0.0.2:8786", "tls://10.0.0.2", "tls://a b:1", "tls://u:p@h:1"]
)
def test_address_of_a_cluster_that_is_none_is_told(given: str) -> None:
    with pytest.raises(ValidationError, match=r"write it like tls://10\.0\.0\.2:8786"):
        Settings(solve_on=given)
