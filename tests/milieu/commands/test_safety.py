"""Production begins with no unsafe setting: each is refused under its own name, and files are their owner's alone."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from milieu.errors import Invalid
from milieu.installation.safety import check_safety, is_guessable
from milieu.installation.serving import open_engines, with_secret_key
from milieu.machine.private import keep_private
from milieu.settings import Settings, read_settings
from tests.architecture.sources import ROOT
from tests.patience import PATIENCE

KEY = "3f9c1e7ab2d84650f1c2a9e8d7b6045c"
SAFE = {
    "MILIEU_IS_PRODUCTION": "1",
    "MILIEU_SECRET_KEY": KEY,
    "MILIEU_HOST": "0.0.0.0",
    "MILIEU_IS_SECURE": "1",
    "MILIEU_TRUSTED_HOSTS": "milieu.example",
    "MILIEU_TRUSTED_PROXIES": "1",
}
UNSAFE = {
    "no key": ({"MILIEU_SECRET_KEY": ""}, "MILIEU_SECRET_KEY_FILE"),
    "short key": ({"MILIEU_SECRET_KEY": KEY[:31]}, "MILIEU_SECRET_KEY"),
    "key of one letter": ({"MILIEU_SECRET_KEY": "a" * 40}, "MILIEU_SECRET_KEY"),
    "key that repeats itself": ({"MILIEU_SECRET_KEY": "0123456789abcdef" * 3}, "MILIEU_SECRET_KEY"),
    "key that everybody has": ({"MILIEU_SECRET_KEY": "please-changeme-before-you-go-live-1"}, "MILIEU_SECRET_KEY"),
    "key that repeats itself and a little more": (
        {"MILIEU_SECRET_KEY": "0123456789abcdef" * 2 + "01"},
        "MILIEU_SECRET_KEY",
    ),
    "key along the alphabet": ({"MILIEU_SECRET_KEY": "abcdefghijklmnopqrstuvwxyz0123456789"}, "MILIEU_SECRET_KEY"),
    "key along the keyboard": ({"MILIEU_SECRET_KEY": "QWERTYuiopASDFGHJKLzxcvbnm1234567890"}, "MILIEU_SECRET_KEY"),
    "every name of a land": ({"MILIEU_TRUSTED_HOSTS": "milieu.example,.org"}, "MILIEU_TRUSTED_HOSTS"),
    "links without HTTPS": ({"MILIEU_PUBLIC_URL": "http://milieu.example"}, "MILIEU_PUBLIC_URL"),
    "links to elsewhere": ({"MILIEU_PUBLIC_URL": "https://elsewhere.example"}, "MILIEU_PUBLIC_URL"),
    "links to whoever stands behind an @": (
        {"MILIEU_PUBLIC_URL": "https://milieu.example@evil.example"},
        "MILIEU_PUBLIC_URL",
    ),
    "links that are no address": ({"MILIEU_PUBLIC_URL": "javascript:alert(1)"}, "MILIEU_PUBLIC_URL"),
    "tablets that stay signed in for years": ({"MILIEU_STAFF_HOURS": "99999"}, "MILIEU_STAFF_HOURS"),
    "families that stay signed in for ever": ({"MILIEU_FAMILY_DAYS": "99999999"}, "MILIEU_FAMILY_DAYS"),
    "requests that never end": ({"MILIEU_REQUEST_SECONDS": "inf"}, "MILIEU_REQUEST_SECONDS"),
    "key file that all may read": (
        {"MILIEU_SECRET_KEY": "", "MILIEU_SECRET_KEY_FILE": "open"},
        "MILIEU_SECRET_KEY_FILE",
    ),
    "key file that is not there": (
        {"MILIEU_SECRET_KEY": "", "MILIEU_SECRET_KEY_FILE": "none"},
        "MILIEU_SECRET_KEY_FILE",
    ),
    "without HTTPS": ({"MILIEU_IS_SECURE": "0"}, "MILIEU_IS_SECURE"),
    "behind a proxy without HTTPS": ({"MILIEU_HOST": "127.0.0.1", "MILIEU_IS_SECURE": "0"}, "MILIEU_IS_SECURE"),
    "any host": ({"MILIEU_TRUSTED_HOSTS": ""}, "MILIEU_TRUSTED_HOSTS"),
    "host that is a star": ({"MILIEU_TRUSTED_HOSTS": "*"}, "MILIEU_TRUSTED_HOSTS"),
    "nine proxies": ({"MILIEU_TRUSTED_PROXIES": "9"}, "MILIEU_TRUSTED_PROXIES"),
    "lease shorter than a tick": ({"MILIEU_LEASE_SECONDS": "5"}, "MILIEU_LEASE_SECONDS"),
    "misspelt name": ({"MILIEU_TRUSTED_PROXY": "1"}, "MILIEU_TRUSTED_PROXY"),
    "debugging": ({"FLASK_DEBUG": "1"}, "FLASK_DEBUG"),
    "mail in the clear": (
        {"MILIEU_SMTP_HOST": "mail.example", "MILIEU_SMTP_SECURITY": "none"},
        "MILIEU_SMTP_SECURITY",
    ),
    "mail in the clear to a name like this machine's": (
        {"MILIEU_SMTP_HOST": "localhost.example", "MILIEU_SMTP_SECURITY": "none"},
        "MILIEU_SMTP_SECURITY",
    ),
    "rows in the clear": ({"MILIEU_DATABASE_URL": "postgresql://milieu:pw@db.example/milieu"}, "MILIEU_DATABASE_URL"),
    "rows in the clear where the server wants it so": (
        {"MILIEU_DATABASE_URL": "postgresql://milieu@10.0.0.2:5432/milieu?sslmode=prefer"},
        "MILIEU_DATABASE_URL",
    ),
    "rows in the clear to the second of two": (
        {"MILIEU_DATABASE_URL": "postgresql://milieu@/milieu?host=127.0.0.1&host=10.0.0.3"},
        "MILIEU_DATABASE_URL",
    ),
    "rows in the clear by another name": (
        {"MILIEU_DATABASE_URL": "postgresql://milieu@localhost/milieu?hostaddr=10.0.0.2"},
        "MILIEU_DATABASE_URL",
    ),
    "rows in the clear to where the environment says": (
        {"MILIEU_DATABASE_URL": "postgresql://milieu@/milieu", "PGHOST": "db.example"},
        "MILIEU_DATABASE_URL",
    ),
    "backups tried in the clear": (
        {"MILIEU_BACKUP_PROOF_URL": "postgresql://milieu:pw@db.example/postgres"},
        "MILIEU_BACKUP_PROOF_URL",
    ),
    "solves in the clear": ({"MILIEU_SOLVE_ON": "tcp://10.0.0.2:8786"}, "MILIEU_SOLVE_ON"),
    "name like this machine's to listen on": (
        {"MILIEU_HOST": "127.example", "MILIEU_IS_SECURE": "0"},
        "MILIEU_IS_SECURE",
    ),
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in [each for each in os.environ if each.startswith(("MILIEU_", "FLASK_", "PG"))]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "open").write_text(KEY)
    (tmp_path / "open").chmod(0o644)
    return tmp_path


def refusal(folder: Path, monkeypatch: pytest.MonkeyPatch, **given: str) -> list[str]:
    """What is refused of a safe production with these differences, all in one."""
    for name, value in {**SAFE, **given}.items():
        monkeypatch.setenv(name, value)
    try:
        check_safety(with_secret_key(read_settings(data_dir=folder / "data")))
    except Invalid as refused:
        return list(refused.problems or [refused.sentence])
    return []


def test_safe_production_begins(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert refusal(folder, monkeypatch) == []


def test_production_for_this_machine_alone_needs_no_names(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alone = {"HOST": "127.0.0.1", "IS_SECURE": "0", "TRUSTED_HOSTS": "", "TRUSTED_PROXIES": "0"}

    assert refusal(folder, monkeypatch, **{f"MILIEU_{name}": value for name, value in alone.items()}) == []


@pytest.mark.parametrize(
    "mail",
    [
        {"SMTP_HOST": "localhost", "SMTP_SECURITY": "none"},
        {"SMTP_HOST": "127.0.0.1", "SMTP_SECURITY": "none"},
        {"SMTP_HOST": "::1", "SMTP_SECURITY": "none"},
        {"SMTP_HOST": "mail.example", "SMTP_SECURITY": "starttls"},
        {"SMTP_HOST": "mail.example", "SMTP_SECURITY": "tls"},
        {"SMTP_SECURITY": "none"},
    ],
)
def test_mail_that_nobody_can_read_on_its_way_is_sent(
    mail: dict[str, str], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert refusal(folder, monkeypatch, **{f"MILIEU_{name}": value for name, value in mail.items()}) == []


@pytest.mark.parametrize("address", ["tls://10.0.0.2:8786", "tcp://127.0.0.1:8786", "tcp://[::1]:8786"])
def test_solves_that_nobody_can_read_on_their_way_are_sent(
    address: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert refusal(folder, monkeypatch, MILIEU_SOLVE_ON=address) == []


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://milieu:pw@db.example/milieu?sslmode=require",
        "postgresql://milieu@db.example/milieu?sslmode=verify-full&sslrootcert=/etc/milieu/ca.pem",
        "postgresql://milieu@/milieu",
        "postgresql://milieu@/milieu?host=/var/run/postgresql",
        "postgresql://milieu@127.0.0.1/milieu",
        "postgresql://milieu@[::1]:5433/milieu",
        "postgres://milieu@localhost/milieu",
    ],
)
def test_rows_that_nobody_can_read_on_their_way_are_sent(
    address: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert refusal(folder, monkeypatch, MILIEU_DATABASE_URL=address) == []
    monkeypatch.setenv("PGSSLMODE", "require")
    assert refusal(folder, monkeypatch, MILIEU_DATABASE_URL="postgresql://milieu@db.example/milieu") == []


@pytest.mark.parametrize("case", UNSAFE)
def test_unsafe_setting_is_refused_by_name(case: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given, name = UNSAFE[case]

    (found,) = refusal(folder, monkeypatch, **given)

    assert name in found


def test_all_that_is_unsafe_is_told_at_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = {"MILIEU_SECRET_KEY": "a" * 40, "MILIEU_IS_SECURE": "0", "MILIEU_TRUSTED_HOSTS": "", "FLASK_DEBUG": "1"}

    names = [each.split(" ")[0].rstrip(":") for each in refusal(folder, monkeypatch, **given)]

    assert names == ["FLASK_DEBUG", "MILIEU_SECRET_KEY", "MILIEU_IS_SECURE", "MILIEU_TRUSTED_HOSTS"]


def test_folder_that_others_may_look_into_is_refused_where_more_lies_in_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "data").mkdir(mode=0o755)
    assert refusal(folder, monkeypatch) == []  # nothing but ours: it is closed
    assert (folder / "data").stat().st_mode & 0o777 == 0o700

    (folder / "data" / "letters.txt").touch()
    (folder / "data").chmod(0o755)

    (found,) = refusal(folder, monkeypatch)
    assert found == f"MILIEU_DATA_DIR: other accounts may look into {folder / 'data'}: `chmod 700` it."
    assert (folder / "data").stat().st_mode & 0o777 == 0o755


@pytest.mark.slow(1)
@pytest.mark.parametrize("command", ["serve", "scheduler"])
def test_the_command_itself_refuses(command: str, tmp_path: Path) -> None:
    told = subprocess.run(
        [sys.executable, "-m", "web", "--data", str(tmp_path / "data"), command],
        env={**os.environ, **SAFE, "PYTHONPATH": str(ROOT), "FLASK_DEBUG": "1"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )

    assert (told.returncode, "Traceback" in told.stderr) == (2, False)
    assert "production" in told.stderr.splitlines()[-2]
    assert told.stderr.splitlines()[-1].startswith("  FLASK_DEBUG is set")


@pytest.mark.parametrize(
    "key", ["9f86d081884c7d659a2feaa0c55ad015", "Wm3-kT0_qz8RfYh1JvXc5LbNs7PdGa2uEoI9", "12345678" + KEY]
)
def test_random_key_is_no_guess(key: str) -> None:
    assert not is_guessable(key)


@pytest.mark.slow(1.1)
def test_database_and_its_folder_are_their_owners_alone(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data")
    engines = open_engines(settings)
    with engines.write.connect() as connection:
        connection.exec_driver_sql("UPDATE fence SET fence = fence")
        modes = {each.name: oct(each.stat().st_mode & 0o777) for each in settings.data_dir.iterdir()}
    engines.dispose()

    assert modes == {"milieu.sqlite": "0o600", "milieu.sqlite-wal": "0o600", "milieu.sqlite-shm": "0o600"}
    assert settings.data_dir.stat().st_mode & 0o777 == 0o700


def test_database_of_an_older_version_is_closed_when_it_is_opened(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data")
    open_engines(settings).dispose()
    (settings.data_dir / "milieu.sqlite").chmod(0o644)
    settings.data_dir.chmod(0o755)

    open_engines(settings).dispose()

    assert (settings.data_dir / "milieu.sqlite").stat().st_mode & 0o777 == 0o600
    assert settings.data_dir.stat().st_mode & 0o777 == 0o700


def test_folder_of_many_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared").chmod(0o1777)

    keep_private(tmp_path / "shared" / "milieu.sqlite")

    assert (tmp_path / "shared").stat().st_mode & 0o7777 == 0o1777
