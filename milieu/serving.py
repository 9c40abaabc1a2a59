"""What a process needs before it serves: a database at the newest revision, a key, a clock; each refused if wrong."""

import os
import secrets
import threading
from functools import partial
from pathlib import Path

import structlog
from pydantic import SecretStr
from sqlalchemy.exc import OperationalError

from milieu.clock import Clock
from milieu.database import (
    Engines,
    is_affected,
    make_engines,
    newest_revision,
    present_revision,
    sqlite_file,
    sqlite_version,
    upgrade,
)
from milieu.errors import Conflict, Invalid
from milieu.jobs.scheduler import Scheduler
from milieu.services.planning import execute_next_run
from milieu.services.republishing import repair_day
from milieu.settings import Settings
from milieu.solving.child import SolverChild

SHORTEST_KEY = 32
_log = structlog.get_logger(__name__)


def open_engines(settings: Settings) -> Engines:
    """The database of an installation, ready to use.

    A SQLite file is made and upgraded; PostgreSQL is upgraded by `milieu db upgrade` alone, before its servers start.
    Raises Invalid for a setting that cannot be, Conflict where the database does not answer or is of another revision.
    """
    check_sqlite(settings)
    engines = make_engines(settings.database_url)
    if sqlite_file(settings.database_url) is not None:
        upgrade(settings.database_url)
    if (revision := _revision_of(engines)) != newest_revision():
        engines.dispose()
        raise Conflict(
            f"The database is at revision {revision or 'none'} and this program at {newest_revision()}: "
            "run `milieu db upgrade` first."
        )
    return engines


def _revision_of(engines: Engines) -> str | None:
    try:
        return present_revision(engines)
    except OperationalError as error:
        engines.dispose()
        reason = str(error.orig).strip().partition("\n")[0]
        raise Conflict(f"The database cannot be reached: {reason}") from error


def check_sqlite(settings: Settings) -> None:
    """Refuse, in production, a SQLite that can damage its own file; elsewhere it is logged."""
    if (sentence := sqlite_fault(settings)) is None:
        return
    if settings.is_production:
        raise Invalid(sentence)
    _log.warning("sqlite.affected", said=sentence)


def sqlite_fault(settings: Settings) -> str | None:
    """What is wrong with the SQLite at hand, as a sentence; None where nothing is, or it is not used."""
    if sqlite_file(settings.database_url) is None or not is_affected(sqlite_version()):
        return None
    return (
        f"SQLite {'.'.join(map(str, sqlite_version()))} can damage a database that several connections write to; "
        "3.51.3 and later cannot. Install pysqlite3 or a newer Python, or use PostgreSQL."
    )


def with_secret_key(settings: Settings) -> Settings:
    """The settings with the key that signs what goes out: the one given, its file's, else one kept in the data folder.

    Raises Invalid where production has none of its own or one that is too short.
    """
    key = settings.secret_key.get_secret_value()
    if not key and settings.secret_key_file is not None:
        key = _read(settings.secret_key_file)
    if not key:
        if settings.is_production:
            raise Invalid("Milieu needs a secret key in production: set MILIEU_SECRET_KEY_FILE.")
        key = _kept_key(settings.data_dir / "secret_key")
    if settings.is_production and len(key) < SHORTEST_KEY:
        raise Invalid(f"The secret key is too short: {SHORTEST_KEY} characters at least.")
    return settings.model_copy(update={"secret_key": SecretStr(key)})


def make_scheduler(engines: Engines, settings: Settings, clock: Clock) -> Scheduler:
    """The clock of an installation, not yet started."""
    stopping = threading.Event()
    child = SolverChild.of(settings, stopping)
    return Scheduler(
        engines, settings, clock, repair=partial(repair_day, child=child),
        run_next=partial(execute_next_run, child=child), stopping=stopping,
    )  # fmt: skip


def _read(file: Path) -> str:
    try:
        return file.read_text("utf-8").strip()
    except OSError as error:
        raise Invalid(f"The secret key cannot be read from {file}.") from error


def _kept_key(file: Path) -> str:
    """The key of an installation that was given none: made once, readable by its owner alone."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        fresh = file.with_name(f"{file.name}.{secrets.token_hex(4)}")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
            handle.write(secrets.token_urlsafe(48))
        try:
            os.link(fresh, file)  # of two that start at once, one's key is kept
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return _read(file)
