"""A backup proven: restored where nothing is, held against what was backed up, and looked at as any installation."""

import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

from sqlalchemy import create_engine, make_url
from sqlalchemy.exc import SQLAlchemyError

from milieu.backups.endings import NOTHING
from milieu.backups.opening import open_backup
from milieu.backups.restoring import check_restored, put_back
from milieu.backups.scratch import scratch
from milieu.database import sqlite_file
from milieu.errors import Conflict
from milieu.settings import Settings

Look: TypeAlias = Callable[[Settings], Sequence[str]]
"""Looks at a restored installation, bringing its tables up to date; what is wrong with it, in sentences."""

_PROOF = "milieu_proof_"


def prove(settings: Settings, backup: Path, identity: Any, *, look: Look) -> None:
    """Restore a backup into an empty place of its own and look at it there; the place is gone afterwards.

    Raises Conflict where it cannot be restored, differs, or has anything wrong; Invalid where the file is not there.
    """
    with scratch(settings) as place:
        opened = open_backup(backup, identity, place)
        with _empty_place(settings, place, opened.manifest.dialect) as there:
            put_back(there, opened, NOTHING, place)
            check_restored(there, opened)
            if wrong := look(there):
                raise Conflict("What was restored is not sound.", wrong)


@contextmanager
def _empty_place(settings: Settings, place: Path, dialect: str) -> Iterator[Settings]:
    """The settings of an installation where nothing is: a folder, and for PostgreSQL a database made for this."""
    data = place / "restored"
    data.mkdir(mode=0o700)
    if dialect == "sqlite":
        yield settings.model_copy(update={"data_dir": data, "database_url_given": ""})
        return
    server = settings.backup_proof_url or settings.database_url
    if sqlite_file(server) is not None:
        raise Conflict("A backup of PostgreSQL is tried on PostgreSQL: name a server in MILIEU_BACKUP_PROOF_URL.")
    name = f"{_PROOF}{secrets.token_hex(6)}"
    _on_server(server, f"CREATE DATABASE {name}")
    try:
        url = make_url(server).set(drivername="postgresql", database=name).render_as_string(hide_password=False)
        yield settings.model_copy(update={"data_dir": data, "database_url_given": url})
    finally:
        _on_server(server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def _on_server(address: str, statement: str) -> None:
    engine = create_engine(make_url(address).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql(statement)
    except SQLAlchemyError as error:
        raise Conflict(
            "No empty database could be made to try the backup in: give Milieu's user the right CREATEDB, or name a "
            "server where it has it in MILIEU_BACKUP_PROOF_URL."
        ) from error
    finally:
        engine.dispose()
