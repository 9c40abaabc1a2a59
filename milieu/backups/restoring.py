"""A backup put where nothing is: all of it or nothing, on an empty machine as on the place where it is tried."""

import os
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import inspect

from milieu.backups.copies.contents import read_contents
from milieu.backups.copies.copying import check_sqlite_file, contents_of, sqlite_connection, synchronise
from milieu.backups.copies.postgresql import run_scripts, write_script
from milieu.backups.endings import Endings
from milieu.backups.manifest import Contents
from milieu.backups.opening import Opened
from milieu.database import make_engines, refusals, sqlite_file
from milieu.errors import Conflict
from milieu.machine.private import keep_private
from milieu.settings import Settings

_LEFT = ("", "-wal", "-shm", "-journal")
_DIFFERS = "What was restored is not what was backed up: {what}. Nothing of it is used."


def refuse_occupied(settings: Settings, opened: Opened) -> None:
    """Raise Conflict where there is anything already, or the backup is of the other kind of database."""
    file = sqlite_file(settings.database_url)
    own = "sqlite" if file is not None else "postgresql"
    if own != opened.manifest.dialect:
        kinds = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
        raise Conflict(
            f"This backup is of {kinds[opened.manifest.dialect]} and MILIEU_DATABASE_URL names {kinds[own]}: "
            "restore it into the kind that it was made from."
        )
    refuse_non_empty(settings)


def refuse_non_empty(settings: Settings) -> None:
    """Raise Conflict where a backup would lie over, or beside, something that is there."""
    if (file := sqlite_file(settings.database_url)) is not None:
        if left := next((part for part in (Path(f"{file}{end}") for end in _LEFT) if part.exists()), None):
            raise Conflict(f"{left} is there already: a backup is restored where nothing is. Move it away first.")
        return
    engines = make_engines(settings.database_url)
    try:
        with refusals(), engines.read.connect() as connection:
            if inspect(connection).get_table_names():
                raise Conflict("The database has tables already: a backup is restored into an empty one.")
    finally:
        engines.dispose()


def put_back(settings: Settings, opened: Opened, endings: Endings, place: Path) -> None:
    """Make the installation's database of what a backup holds, in one step. `place` is a private folder.

    Raises Conflict where anything is there, or where what was restored differs from what was backed up.
    """
    refuse_occupied(settings, opened)
    if (file := sqlite_file(settings.database_url)) is None:
        _put_postgresql(settings, opened, endings, place)
    else:
        _put_sqlite(file, opened, endings)


def _put_sqlite(file: Path, opened: Opened, endings: Endings) -> None:
    with refusals(), sqlite_connection(opened.copy) as connection:
        check_sqlite_file(connection)
        _compare(opened.manifest.contents, read_contents(connection))
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        for statement in endings.statements():
            connection.exec_driver_sql(statement)
        connection.exec_driver_sql("COMMIT")
    synchronise(opened.copy)
    try:
        os.link(opened.copy, file)  # which, unlike a renaming, never puts one file over another
    except FileExistsError as error:
        raise Conflict(f"{file} has come to be there in the meantime: nothing was restored.") from error
    synchronise(file.parent)
    keep_private(file)


def _put_postgresql(settings: Settings, opened: Opened, endings: Endings, place: Path) -> None:
    script, checks = place / "restore.sql", place / "checks.sql"
    write_script(settings, opened.copy, script)
    lines = ["SET search_path = public;", *_counting(opened.manifest.contents), *_ended(endings.statements())]
    checks.write_text("\n".join(lines), "utf-8")
    run_scripts(settings, settings.database_url, [script, checks])


def _counting(contents: Contents) -> list[str]:
    """Statements that fail, and the whole restore with them, where a table has more or fewer rows than it had."""
    lines = []
    for table, count in sorted(contents.rows.items()):
        lines += [
            f'DO $$ BEGIN IF (SELECT count(*) FROM "{table}") <> {count}',  # noqa: S608 of a manifest that age vouches for
            f"THEN RAISE EXCEPTION 'the table {table} has not the % rows it had', {count}; END IF; END $$;",
        ]
    return lines


def _ended(statements: Sequence[str]) -> list[str]:
    return [f"{statement};" for statement in statements]


def check_restored(settings: Settings, opened: Opened) -> None:
    """Raise Conflict where a database differs from what was backed up, in as little as one letter."""
    _compare(opened.manifest.contents, contents_of(settings.database_url))


def _compare(wanted: Contents, found: Contents) -> None:
    if wanted == found:
        return
    tables = sorted(
        name for name in wanted.rows.keys() | found.rows.keys() if wanted.rows.get(name) != found.rows.get(name)
    )
    what = f"the rows of {', '.join(tables)} are more or fewer" if tables else "a row differs"
    raise Conflict(_DIFFERS.format(what=what))
