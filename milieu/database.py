"""Engines, pragmas and units of work: the one place that knows which database this is.

SQLite: writers begin with BEGIN IMMEDIATE, so that a unit which reads and then writes can lose nobody's update; readers
have an engine of their own that neither blocks nor is blocked (WAL). PostgreSQL: both see one snapshot (REPEATABLE
READ), which refuses a lost update instead of allowing it; `retrying` then does the whole unit again.
"""

import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, TypeAlias, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from milieu.errors import Busy, Conflict, Invalid, Unwritable
from milieu.machine.private import make_private
from milieu.machine.refusals import LOCKED, REDO, refusal_of, sqlstate

try:
    from pysqlite3 import dbapi2 as newer_sqlite
except ImportError:  # no wheel for this platform: Python's own has to do
    newer_sqlite = None

DbSession: TypeAlias = Session
T = TypeVar("T")

BUSY_SECONDS = 5
UPGRADE_SECONDS = 600  # for another process's upgrade, which takes as long as it takes
STATEMENT_SECONDS = 60
IDLE_SECONDS = 120
ATTEMPTS = 4
_SYNCHRONOUS = "FULL"  # what was saved is there after a power cut, too
_MORE_CONNECTIONS = 32  # with 8 kept open, as many as a server has threads: no page waits for another's
_READS = "only reads"
_POOL: dict[str, Any] = {"pool_size": 8, "max_overflow": _MORE_CONNECTIONS, "hide_parameters": True}
_TLS = ("require", "verify-ca", "verify-full")
_DRIVERS = {"sqlite": "pysqlite", "postgresql": "psycopg"}
_EXAMPLES = "write it like postgresql://milieu@host:5432/milieu."
MIGRATIONS = Path(__file__).with_name("migrations")
_MIGRATING = 7_145_410  # the advisory lock of upgrades: any number that is ours

# PostgreSQL: a unique key that a unit running at the same time took first (this one's snapshot could not show it, the
# second try's can).
_TAKEN = "23505"


@dataclass(frozen=True)
class Trouble:
    """Nothing can be saved since a moment (of `time.time`), and why, as a sentence."""

    since: float
    sentence: str


class Saving:
    """Whether this process's last unit of work could be saved: the clock's beat every few seconds keeps it true."""

    def __init__(self) -> None:
        self.trouble: Trouble | None = None

    def failed(self, refusal: Busy) -> None:
        """A unit was refused for a reason that has nothing to do with what it wrote."""
        since = self.trouble.since if self.trouble else time.time()
        self.trouble = Trouble(since, refusal.sentence)

    def worked(self) -> None:
        """A unit was saved."""
        self.trouble = None


@dataclass(frozen=True)
class Engines:
    """The two ways into one database: `write` for units of work, `read` for pages."""

    write: Engine
    read: Engine
    saving: Saving = field(default_factory=Saving, compare=False)

    @property
    def dialect(self) -> str:
        """The kind of database: "sqlite" or "postgresql"."""
        return self.write.dialect.name

    def dispose(self) -> None:
        """Close every connection that is not in use."""
        self.write.dispose()
        self.read.dispose()


def sqlite_module() -> ModuleType:
    """The newest SQLite at hand: pysqlite3's where its wheel carries a newer one than Python's own."""
    own: ModuleType = sqlite3
    newer: ModuleType | None = newer_sqlite
    return newer if newer is not None and newer.sqlite_version_info > own.sqlite_version_info else own


def sqlite_version() -> tuple[int, ...]:
    """The version of the SQLite that `make_engines` uses."""
    return tuple(int(part) for part in sqlite_module().sqlite_version.split("."))


def is_affected(version: tuple[int, ...]) -> bool:
    """Whether a SQLite can damage a WAL database when several connections write and checkpoint at once.

    3.7.0 up to 3.51.2 can; mended in 3.51.3, 3.50.7 and 3.44.6 (sqlite.org, "WAL-reset" race).
    """
    if version[:2] == (3, 44):
        return version < (3, 44, 6)
    if version[:2] == (3, 50):
        return version < (3, 50, 7)
    return (3, 7, 0) <= version < (3, 51, 3)


def make_engines(url: str) -> Engines:
    """The engines of a database; opens no connection.

    Raises Invalid for an address of another kind; SQLite must be a file, for two engines cannot share one in memory.
    """
    address = _address(url)
    if address.get_backend_name() == "sqlite":
        return Engines(_sqlite(address, is_writer=True), _sqlite(address, is_writer=False))
    return Engines(_postgresql(address, is_writer=True), _postgresql(address, is_writer=False))


@contextmanager
def unit_of_work(engines: Engines, *, patience: float | None = None) -> Iterator[DbSession]:
    """A session that writes: committed as a whole at the end, rolled back where anything was raised.

    `patience`: seconds to wait for who writes already, BUSY_SECONDS unless told. Raises Busy where that was too short
    or another unit's write came first, Unwritable where nothing can be saved at all, Invalid for a text that no
    database holds; nothing is saved then.
    """
    engine = engines.write
    if patience is not None:
        engine = engine.execution_options(milieu_patience=patience)  # the same connections and events
    try:
        with _session(engine) as db:
            yield db
            db.flush()
            has_written = _has_written(db)
            db.commit()
    except Busy as refused:
        if isinstance(refused, Unwritable) or (patience is None and _is_of_the_database(refused)):
            engines.saving.failed(refused)
        raise
    if has_written:
        engines.saving.worked()


@contextmanager
def reading(engines: Engines) -> Iterator[DbSession]:
    """A session that only reads, all of it as of one moment. Writing through it is an error of the database."""
    with _session(engines.read) as db:
        db.info[_READS] = True
        yield db


def only_reads(db: DbSession) -> bool:
    """Whether a session is of `reading`: nothing in it is changed or taken back."""
    return _READS in db.info


def retrying(engines: Engines, work: Callable[[DbSession], T], *, attempts: int = ATTEMPTS) -> T:
    """Do a whole unit of work, again where PostgreSQL asks for it; the last refusal is raised.

    `work` must be safe to repeat: it is given a fresh session each time and must change nothing outside of it.
    """
    for attempt in range(1, attempts + 1):
        try:
            with unit_of_work(engines) as db:
                return work(db)
        except (Busy, IntegrityError) as refused:
            if attempt == attempts or not _is_worth_repeating(refused):
                raise
            time.sleep(0.01 * 2**attempt)
    raise AssertionError("unreachable")


def was_taken(error: Exception) -> bool:
    """Whether a unit failed because the database was busy or gone, and not for what it would have written."""
    return isinstance(error, Busy) and isinstance(error.__cause__, DBAPIError)


def database_now(db: DbSession) -> datetime:
    """The database's own present moment, for leases: the clocks of several hosts may differ."""
    if db.get_bind().dialect.name == "sqlite":
        text_now: str = db.execute(text("SELECT strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')")).scalar_one()
        return datetime.fromisoformat(text_now)
    moment: datetime = db.execute(text("SELECT clock_timestamp()")).scalar_one()
    return moment.astimezone(UTC)


def sqlite_file(url: str) -> Path | None:
    """The file of a SQLite URL, None for PostgreSQL."""
    address = _address(url)
    return Path(str(address.database)) if address.get_backend_name() == "sqlite" else None


def hosts_in_the_clear(url: str, defaults: Mapping[str, str]) -> tuple[str, ...]:
    """The hosts to which what is kept would travel unencrypted; () for a file, a socket and where TLS is required.

    `defaults`: what the library of PostgreSQL takes for what an address leaves open, by variable. Raises Invalid.
    """
    address = _address(url)
    if address.get_backend_name() == "sqlite":
        return ()

    def said(name: str, variable: str, first: str = "") -> list[str]:
        given = address.query.get(name, ())
        found = [*([first] if first else []), *([given] if isinstance(given, str) else given)]
        return [part for each in found or [defaults.get(variable, "")] for part in each.split(",") if part]

    modes = said("sslmode", "PGSSLMODE")
    if modes and all(mode in _TLS for mode in modes):
        return ()
    hosts = said("hostaddr", "PGHOSTADDR") or said("host", "PGHOST", address.host or "")
    if not hosts and ("service" in address.query or defaults.get("PGSERVICE")):
        hosts = ["the host of that service"]
    return tuple(host for host in hosts if not host.startswith(("/", "@")))


def _address(url: str) -> URL:
    try:
        address = make_url(url.replace("postgres://", "postgresql://", 1) if url.startswith("postgres://") else url)
    except (ArgumentError, ValueError) as error:  # no address at all, or a port that is no number
        raise Invalid(f"The address of the database cannot be read: {_EXAMPLES}") from error
    kind, _, driver = address.drivername.partition("+")
    if kind not in _DRIVERS:
        raise Invalid(f"Milieu keeps its data in SQLite or PostgreSQL, not in {kind}.")
    if driver and driver != _DRIVERS[kind]:
        raise Invalid(f"Milieu does not speak to a database through {driver}: write {kind}:// without it.")
    if kind == "sqlite" and (not address.database or address.database == ":memory:"):
        raise Invalid("Milieu needs a database file, not one in memory.")
    if kind == "sqlite" and ("?" in url or address.host):
        raise Invalid("The address of a SQLite file is sqlite:/// and its path, with %3F for a ? in it.")
    return address


@contextmanager
def _session(engine: Engine) -> Iterator[DbSession]:
    with refusals(), Session(engine, expire_on_commit=False) as db:
        yield db


@contextmanager
def refusals() -> Iterator[None]:
    """Raise what a database's error means to whoever asked, as far as it is no fault of ours."""
    try:
        yield
    except DBAPIError as error:
        if (refusal := refusal_of(error)) is not None:
            raise refusal from error
        raise


def _has_written(db: DbSession) -> bool:
    """Whether a unit has anything to commit: one that changed no row succeeds on a full disk too."""
    if not db.in_transaction():
        return False
    connection = db.connection()
    return connection.dialect.name != "sqlite" or connection.info["rows_before"] != _rows_changed(connection)


def _rows_changed(connection: Connection) -> int:
    """How many rows SQLite has changed on a connection since it was opened."""
    changed: int = connection.connection.dbapi_connection.total_changes  # type: ignore[union-attr]
    return changed


def _is_of_the_database(refused: Busy) -> bool:
    """Whether a refusal says something of the database, not of two who wanted the same row."""
    cause = refused.__cause__
    return isinstance(cause, DBAPIError) and sqlstate(cause) not in REDO


def _is_worth_repeating(refused: Busy | IntegrityError) -> bool:
    error = refused if isinstance(refused, IntegrityError) else refused.__cause__
    return isinstance(error, DBAPIError) and sqlstate(error) in REDO | {_TAKEN}


def _sqlite(address: URL, *, is_writer: bool, foreign_keys: str = "ON") -> Engine:
    engine = create_engine(
        address,
        module=sqlite_module(),
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
        **_POOL,
    )

    @event.listens_for(engine, "connect")
    def set_up(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver's own idea of a transaction starts too late
        connection.execute(f"PRAGMA busy_timeout={int(BUSY_SECONDS * 1000)}")
        _keep_wal(connection)
        for pragma in (f"synchronous={_SYNCHRONOUS}", f"foreign_keys={foreign_keys}"):
            connection.execute(f"PRAGMA {pragma}")
        if not is_writer:
            connection.execute("PRAGMA query_only=ON")

    begin = "BEGIN IMMEDIATE" if is_writer else "BEGIN"

    @event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:
        if is_writer:
            waits = connection.get_execution_options().get("milieu_patience", BUSY_SECONDS)
            connection.exec_driver_sql(f"PRAGMA busy_timeout={int(waits * 1000)}")
        connection.exec_driver_sql(begin)
        connection.info["rows_before"] = _rows_changed(connection)

    return engine


def _keep_wal(connection: Any) -> None:
    """Turn the file to WAL, waiting for who writes to it: SQLite's own time limit does not hold for this statement.

    It reads before it writes, and a reader who would write is refused at once. A file that is WAL is only read.
    """
    until = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite_module().OperationalError as refused:
            if LOCKED not in str(refused) or time.monotonic() >= until:
                raise
        time.sleep(0.01)


def _postgresql(address: URL, *, is_writer: bool) -> Engine:
    limits = {
        "lock_timeout": f"{BUSY_SECONDS}s",
        "statement_timeout": f"{STATEMENT_SECONDS}s",
        "idle_in_transaction_session_timeout": f"{IDLE_SECONDS}s",
        "timezone": "UTC",
    }
    engine = create_engine(
        address,
        isolation_level="REPEATABLE READ",
        pool_pre_ping=True,
        connect_args={"options": " ".join(f"-c {name}={value}" for name, value in limits.items())},
        execution_options={} if is_writer else {"postgresql_readonly": True},
        **_POOL,
    )

    @event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:
        if (waits := connection.get_execution_options().get("milieu_patience")) is not None:
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = {int(waits * 1000)}")

    return engine


@cache
def newest_revision() -> str:
    """The revision that this program's tables are: migrations follow one another in the order of their numbers."""
    return max(file.name.partition("_")[0] for file in MIGRATIONS.glob("versions/[0-9]*_*.py"))


def present_revision(engines: Engines) -> str | None:
    """The revision that the database is at, None where it was never upgraded."""
    with refusals(), engines.read.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
        return found


@contextmanager
def changing_tables(url: str) -> Iterator[Connection]:
    """One transaction for migrations, one at a time: who comes second waits for the first. SQLite rebuilds tables to
    change them: its foreign keys rest until the end. Makes the folder of a SQLite file.

    Raises Conflict where rows would be left that point at nothing, Busy where the first takes over UPGRADE_SECONDS.
    """
    if (file := sqlite_file(url)) is not None:
        make_private(file)
    address = _address(url)
    is_sqlite = address.get_backend_name() == "sqlite"
    engine = _sqlite(address, is_writer=True, foreign_keys="OFF") if is_sqlite else _postgresql(address, is_writer=True)
    try:
        with refusals(), engine.execution_options(milieu_patience=UPGRADE_SECONDS).begin() as connection:
            if not is_sqlite:
                connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
                connection.execute(text(f"SELECT pg_advisory_xact_lock({_MIGRATING})"))
            yield connection
            if is_sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
                raise Conflict("The new tables would leave rows that point at nothing; the database stays as it was.")
    finally:
        engine.dispose()
