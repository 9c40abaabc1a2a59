"""A backup proven: restored where nothing is, held against what was backed up, and looked at as any installation."""

import re
import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

import structlog
from sqlalchemy import create_engine, make_url
from sqlalchemy.exc import SQLAlchemyError

from milieu.backups.endings import NOTHING
from milieu.backups.opening import open_backup
from milieu.backups.restoring import check_restored, put_back
from milieu.backups.scratch import scratch
from milieu.database import sqlite_file
from milieu.errors import Conflict
from milieu.machine.faults import trace_of
from milieu.settings import Settings

Look: TypeAlias = Callable[[Settings], Sequence[str]]
"""Looks at a restored installation, bringing its tables up to date; what is wrong with it, in sentences."""

_PROOF = "milieu_proof_"
_PROOF_NAME = re.compile(f"{_PROOF}([0-9a-f]{{8,9}})_[0-9a-f]{{12}}")  # when it was made, and a number
_ABANDONED_SECONDS = 24 * 3600
_log = structlog.get_logger(__name__)


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
    _sweep(server)
    name = f"{_PROOF}{int(time.time()):x}_{secrets.token_hex(6)}"
    try:
        _on_server(server, f"CREATE DATABASE {name}")
    except SQLAlchemyError as error:
        raise Conflict(
            "No empty database could be made to try the backup in: give Milieu's user the right CREATEDB, or name a "
            "server where it has it in MILIEU_BACKUP_PROOF_URL."
        ) from error
    try:
        url = make_url(server).set(drivername="postgresql", database=name).render_as_string(hide_password=False)
        yield settings.model_copy(update={"data_dir": data, "database_url_given": url})
    finally:
        _drop(server, name)


def _drop(server: str, name: str) -> None:
    """Take a trial's database away; where it cannot be had now, a later trial does.

    FORCE comes second: it fails where the server itself is cleaning up in there, whom a plain DROP asks to leave.
    """
    try:
        _on_server(server, f"DROP DATABASE IF EXISTS {name}")
    except SQLAlchemyError:
        try:
            _on_server(server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        except SQLAlchemyError as error:  # what the trial found is what counts
            _log.warning("backup.proof_left", database=name, **trace_of(error))


def _sweep(server: str) -> None:
    """Take away what a killed process left a day ago, as far as it can be had."""
    until = time.time() - _ABANDONED_SECONDS
    try:
        names = _on_server(server, "SELECT datname FROM pg_database")
    except SQLAlchemyError:  # whoever makes one is told
        return
    for name in names:
        if (made := _PROOF_NAME.fullmatch(name)) and int(made[1], 16) < until:
            _drop(server, name)


def _on_server(address: str, statement: str) -> list[str]:
    """Do a statement outside of any transaction; what it answers."""
    engine = create_engine(make_url(address).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            answer = connection.exec_driver_sql(statement)
            return list(answer.scalars()) if answer.returns_rows else []
    finally:
        engine.dispose()
