"""What a process needs before it serves: a database at the newest revision, a key, a clock; each refused if wrong."""

import os
import secrets
from contextlib import suppress
from pathlib import Path

import structlog
from pydantic import SecretStr
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from milieu.clock import is_zone
from milieu.database import (
    Engines,
    is_affected,
    make_engines,
    newest_revision,
    present_revision,
    reading,
    sqlite_file,
    sqlite_version,
)
from milieu.errors import Conflict, Invalid, Unwritable
from milieu.machine.private import keep_private, make_folder
from milieu.machine.refusals import GONE
from milieu.models import Community
from milieu.settings import Settings

_log = structlog.get_logger(__name__)


def open_engines(settings: Settings) -> Engines:
    """The database of an installation, ready to use.

    A SQLite file is made and upgraded; PostgreSQL is upgraded by `milieu db upgrade` alone, before its servers start.
    The folder of the data is made for its owner alone, beside PostgreSQL too: sheets and backups come to lie in it.
    Raises Invalid for a setting that cannot be, Conflict where the database does not answer or is of another revision.
    """
    check_sqlite(settings)
    with suppress(OSError):  # told where something is to be written there
        make_folder(settings.data_dir)
    engines = make_engines(settings.database_url)
    try:
        if (revision := revision_of(engines, settings)) != newest_revision() and _is_sqlite(settings):
            from milieu.installation.upgrading import upgrade_keeping  # loads Alembic, once a version

            upgrade_keeping(settings, revision)  # alone where it is needed: who only reads waits for nobody that writes
            revision = revision_of(engines, settings)
        if revision != newest_revision():
            raise Conflict(
                f"The database is at revision {revision or 'none'} and this program at {newest_revision()}: "
                "run `milieu db upgrade` first."
            )
    except BaseException:
        engines.dispose()
        raise
    return engines


def _is_sqlite(settings: Settings) -> bool:
    return sqlite_file(settings.database_url) is not None


def revision_of(engines: Engines, settings: Settings) -> str | None:
    """The revision of a database, None where there is none yet."""
    if (file := sqlite_file(settings.database_url)) is not None:
        if not file.exists():
            return None
        keep_private(file)
    try:
        return present_revision(engines)
    except Unwritable as refused:
        if isinstance(refused.__cause__, DBAPIError) and refused.sentence == GONE:
            reason = str(refused.__cause__.orig).strip().partition("\n")[0]
            raise Conflict(f"The database cannot be reached: {reason}") from refused
        raise


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

    In production none is made. Raises Invalid where the given file cannot be read.
    """
    key = settings.secret_key.get_secret_value()
    if not key and settings.secret_key_file is not None:
        key = _read(settings.secret_key_file)
    if not key and not settings.is_production:
        key = _kept_key(settings.data_dir / "secret_key")
    return settings.model_copy(update={"secret_key": SecretStr(key)})


def check_zones(engines: Engines, settings: Settings) -> None:
    """Refuse, in production, communities in time zones that this machine does not know: nothing would be published."""
    if not settings.is_production:
        return
    with reading(engines) as db:
        rows = db.execute(select(Community.key, Community.timezone).order_by(Community.key)).all()
    if unknown := [f"{key} ({zone})" for key, zone in rows if not is_zone(zone)]:
        raise Invalid(
            f"Time zones that this machine does not know, so nothing would be published: {', '.join(unknown)}."
        )


def _read(file: Path) -> str:
    try:
        return file.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise Invalid(f"The secret key cannot be read from {file} (MILIEU_SECRET_KEY_FILE).") from error


def _kept_key(file: Path) -> str:
    """The key of an installation that was given none: made once, readable by its owner alone."""
    if not file.exists():
        make_folder(file.parent)
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
