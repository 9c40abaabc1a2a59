"""A consistent copy of a database that is in use, made by the database's own means, never by copying its file."""

import errno
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, create_engine
from sqlalchemy.pool import NullPool

from milieu import __version__
from milieu.backups.copies.contents import read_contents, revision_in
from milieu.backups.copies.postgresql import dump
from milieu.backups.manifest import Contents, Manifest
from milieu.database import BUSY_SECONDS, make_engines, refusals, sqlite_file, sqlite_module
from milieu.errors import Conflict
from milieu.settings import Settings

_BLOCK = 1 << 20


def copy_database(settings: Settings, to: Path, *, now: datetime) -> Manifest:
    """Copy the installation's database into a new file; what was copied. Nobody who reads or writes waits for it.

    Raises Conflict where there is no database, or the copy is not whole.
    """
    source = sqlite_file(settings.database_url)
    if source is None:
        return _copy_postgresql(settings, to, now)
    if not source.exists():
        raise Conflict(f"There is no database at {source}.")
    copy_sqlite(source, to)
    with sqlite_connection(to) as connection:
        return _manifest("sqlite", connection, to, now)


def copy_sqlite(source: Path, to: Path) -> None:
    """A new file with all that a SQLite database holds at one moment, and nothing of what was deleted from it."""
    os.close(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))  # its rows are as private as their source's
    with refusals(), sqlite_connection(source) as connection:
        connection.exec_driver_sql("VACUUM INTO ?", (str(to),))
    with refusals(), sqlite_connection(to) as connection:
        check_sqlite_file(connection)
    synchronise(to)


def check_sqlite_file(connection: Connection) -> None:
    """Raise Conflict where SQLite itself finds a fault in a file, or a row that points at nothing."""
    if (said := connection.exec_driver_sql("PRAGMA integrity_check").scalar()) != "ok":
        raise Conflict(f"SQLite finds a fault in the database's file: {said}.")
    if connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
        raise Conflict("The database has rows that point at nothing.")


@contextmanager
def sqlite_connection(file: Path) -> Iterator[Connection]:
    """A connection to a file as it lies there: unlike the product's own, it turns none of its modes."""
    engine = create_engine(
        "sqlite://",
        creator=lambda: sqlite_module().connect(str(file), timeout=BUSY_SECONDS, isolation_level=None),
        poolclass=NullPool,
    )
    with engine.connect() as connection:
        yield connection


def digest_of_file(file: Path) -> str:
    """The SHA-256 of a file."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def synchronise(path: Path) -> None:
    """Wait until a file, or a folder's list of names, is on the disk and not only on its way."""
    is_folder = path.is_dir()
    if is_folder and os.name != "posix":
        return  # Windows keeps no handle of a folder
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if not is_folder or error.errno not in (errno.EINVAL, errno.ENOTSUP):  # some shares know it of files alone
            raise
    finally:
        os.close(handle)


def contents_of(url: str) -> Contents:
    """What a database holds now."""
    engines = make_engines(url)
    try:
        with refusals(), engines.read.connect() as connection:
            return read_contents(connection)
    finally:
        engines.dispose()


def _copy_postgresql(settings: Settings, to: Path, now: datetime) -> Manifest:
    engines = make_engines(settings.database_url)
    try:
        with refusals(), engines.read.connect() as connection:
            # The transaction stands still while `pg_dump` writes what it sees, however long that takes.
            connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
            snapshot: str = connection.exec_driver_sql("SELECT pg_export_snapshot()").scalar_one()
            dump(settings, to, snapshot=snapshot)
            synchronise(to)
            return _manifest("postgresql", connection, to, now)
    finally:
        engines.dispose()


def _manifest(dialect: str, connection: Connection, copy: Path, now: datetime) -> Manifest:
    if (revision := revision_in(connection)) is None:
        raise Conflict("There is nothing to back up: the database has no tables of Milieu's.")
    return Manifest(
        made_at=now,
        version=__version__,
        revision=revision,
        dialect="sqlite" if dialect == "sqlite" else "postgresql",
        contents=read_contents(connection),
        copy_digest=digest_of_file(copy),
    )
