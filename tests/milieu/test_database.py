"""Units of work: whole or not at all, nobody's update lost, readers neither blocked nor writing."""

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError

from milieu.database import (
    DbSession,
    Engines,
    is_affected,
    make_engines,
    reading,
    retrying,
    sqlite_module,
    sqlite_version,
    unit_of_work,
)
from milieu.errors import Busy, Invalid
from milieu.models import Note
from tests.patience import PATIENCE

ADD_ONE = """
import sys
from milieu.database import make_engines, retrying
from milieu.models import Note
engines = make_engines(sys.argv[1])
def add(db):
    note = db.get(Note, "counter")
    note.value = note.value + 1
for _ in range(int(sys.argv[2])):
    retrying(engines, add, attempts=50)
"""


def put(engines: Engines, name: str, value: int) -> None:
    with unit_of_work(engines) as db:
        db.merge(Note(name=name, value=value))


def value(engines: Engines, name: str) -> object:
    with reading(engines) as db:
        return db.scalar(select(Note.value).where(Note.name == name))


def test_unit_is_saved_whole(engines: Engines) -> None:
    with unit_of_work(engines) as db:
        db.add_all([Note(name="one", value=1), Note(name="two", value=2)])

    assert (value(engines, "one"), value(engines, "two")) == (1, 2)


def test_unit_that_fails_saves_nothing(engines: Engines) -> None:
    def fail_halfway() -> None:
        with unit_of_work(engines) as db:
            db.add(Note(name="one", value=1))
            db.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_halfway()

    assert value(engines, "one") is None


def test_reading_session_cannot_write(engines: Engines) -> None:
    with reading(engines) as db:
        db.add(Note(name="one", value=1))
        with pytest.raises(DBAPIError, match=r"readonly|read-only"):
            db.flush()

    assert value(engines, "one") is None


def test_reader_sees_one_moment_while_a_writer_commits(engines: Engines) -> None:
    put(engines, "page", 1)

    with reading(engines) as db:
        before = db.scalar(select(Note.value).where(Note.name == "page"))
        put(engines, "page", 2)
        after = db.scalar(select(Note.value).where(Note.name == "page"))

    assert (before, after) == (1, 1)
    assert value(engines, "page") == 2


def test_reader_does_not_wait_for_a_writer(engines: Engines) -> None:
    put(engines, "page", 1)

    with unit_of_work(engines) as db:
        db.execute(update(Note).values(value=2))
        seen = value(engines, "page")  # Busy if it waited: the writer goes on only when it has read

    assert seen == 1


@pytest.mark.slow(7)
def test_four_processes_lose_no_update(engines: Engines, database_url: str) -> None:
    # 4 processes each read and then write 25 times: SQLAlchemy's defaults on SQLite lost 901 of 1,200 this way
    put(engines, "counter", 0)

    adders = [subprocess.Popen([sys.executable, "-c", ADD_ONE, database_url, "25"]) for _ in range(4)]

    assert [adder.wait(PATIENCE) for adder in adders] == [0, 0, 0, 0]
    assert value(engines, "counter") == 100


def test_counter_test_would_notice_lost_updates(sqlite_url: str) -> None:
    # the same with Python's own idea of a transaction: both read 0, both write 1
    connections = [sqlite_module().connect(sqlite_url.removeprefix("sqlite:///")) for _ in range(2)]
    connections[0].execute("INSERT INTO installation_note VALUES ('counter', '0')")
    connections[0].commit()

    seen = [int(c.execute("SELECT value FROM installation_note").fetchone()[0]) for c in connections]
    for connection, number in zip(connections, seen, strict=True):
        connection.execute("UPDATE installation_note SET value = ?", (str(number + 1),))
        connection.commit()

    assert value(make_engines(sqlite_url), "counter") == 1


def test_writer_that_waited_too_long_is_told_so(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("milieu.database.BUSY_SECONDS", 0)
    engines = make_engines(sqlite_url)

    with unit_of_work(engines) as db:
        db.add(Note(name="one", value=1))
        db.flush()
        with pytest.raises(Busy, match=r"busy. Nothing was saved; please try again"), unit_of_work(engines) as second:
            second.add(Note(name="two", value=2))

    assert (value(engines, "one"), value(engines, "two")) == (1, None)


def test_lost_update_is_refused_and_done_again_on_postgresql(postgresql_url: str) -> None:
    engines = make_engines(postgresql_url)
    put(engines, "counter", 0)
    tries = []

    def add(db: DbSession) -> None:
        note = db.get_one(Note, "counter")
        tries.append(note.value)
        if len(tries) == 1:
            put(engines, "counter", 10)
        note.value = note.value + 1

    retrying(engines, add)

    assert tries == [0, 10]
    assert value(engines, "counter") == 11


def test_refusal_without_retry_is_busy_on_postgresql(postgresql_url: str) -> None:
    engines = make_engines(postgresql_url)
    put(engines, "counter", 0)

    def come_second() -> None:
        with unit_of_work(engines) as db:
            note = db.get_one(Note, "counter")
            put(engines, "counter", 10)
            note.value = note.value + 1

    with pytest.raises(Busy):
        come_second()

    assert value(engines, "counter") == 10


def test_deadlock_is_resolved_by_doing_one_unit_again_on_postgresql(postgresql_url: str) -> None:
    engines = make_engines(postgresql_url)
    put(engines, "one", 0)
    put(engines, "two", 0)
    meeting = threading.Barrier(2, timeout=PATIENCE)
    tries = []

    def work(first: str, second: str) -> None:
        def touch(db: DbSession) -> None:
            tries.append(first)
            db.execute(update(Note).where(Note.name == first).values(value=1))
            if not meeting.broken and tries.count(first) == 1:
                meeting.wait()
            db.execute(update(Note).where(Note.name == second).values(value=1))

        retrying(engines, touch)

    threads = [threading.Thread(target=work, args=names) for names in (("one", "two"), ("two", "one"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)

    assert len(tries) > 2
    assert (value(engines, "one"), value(engines, "two")) == (1, 1)


@pytest.mark.usefixtures("true_saving")
def test_every_sqlite_connection_is_set_up(sqlite_url: str) -> None:
    engines = make_engines(sqlite_url)

    for engine, is_read_only in ((engines.write, 0), (engines.read, 1)):
        with engine.connect() as connection:
            settings = [
                connection.execute(text(f"PRAGMA {name}")).scalar()
                for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "query_only")
            ]
        assert settings == ["wal", 2, 1, 5000, is_read_only]


def test_file_that_another_writes_to_becomes_wal_when_it_is_free(tmp_path: Path) -> None:
    # two servers that meet a new file: one writes its first page while the other turns the file to WAL
    file = tmp_path / "new.sqlite"
    first = sqlite_module().connect(str(file), isolation_level=None, check_same_thread=False)
    first.execute("CREATE TABLE a (b)")
    first.execute("BEGIN IMMEDIATE")
    free = threading.Timer(0.3, lambda: first.execute("COMMIT"))
    free.start()

    with make_engines(f"sqlite:///{file}").write.connect() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
    free.join()


def test_file_that_stays_locked_is_busy_in_the_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("milieu.database.BUSY_SECONDS", 0.2)
    file = tmp_path / "new.sqlite"
    first = sqlite_module().connect(str(file), isolation_level=None)
    first.execute("CREATE TABLE a (b)")
    first.execute("BEGIN IMMEDIATE")

    began = time.monotonic()
    with pytest.raises(Busy), unit_of_work(make_engines(f"sqlite:///{file}")) as db:
        db.add(Note(name="counter", value=1))

    assert 0.2 <= time.monotonic() - began < PATIENCE


def test_postgresql_connections_have_limits(postgresql_url: str) -> None:
    engines = make_engines(postgresql_url)

    with engines.write.connect() as connection:
        names = ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout", "transaction_isolation")
        limits = [connection.execute(text(f"SHOW {name}")).scalar() for name in names]

    assert limits == ["5s", "1min", "2min", "repeatable read"]


@pytest.mark.parametrize(
    ("version", "affected"),
    [
        ((3, 6, 23), False),
        ((3, 7, 0), True),
        ((3, 40, 1), True),
        ((3, 44, 5), True),
        ((3, 44, 6), False),
        ((3, 45, 0), True),
        ((3, 50, 6), True),
        ((3, 50, 7), False),
        ((3, 51, 2), True),
        ((3, 51, 3), False),
        ((3, 53, 4), False),
    ],
)
def test_versions_with_the_wal_fault_are_known(version: tuple[int, ...], affected: bool) -> None:
    assert is_affected(version) is affected


def test_newest_sqlite_at_hand_is_used(sqlite_url: str) -> None:
    with make_engines(sqlite_url).read.connect() as connection:
        used = connection.execute(text("SELECT sqlite_version()")).scalar_one()

    assert tuple(int(part) for part in used.split(".")) == sqlite_version()


@pytest.mark.parametrize(
    ("url", "sentence"),
    [("sqlite://", "not one in memory"), ("mysql://somewhere/milieu", "not in mysql"), ("milieu", "cannot be read")],
)
def test_other_databases_are_refused(url: str, sentence: str) -> None:
    with pytest.raises(Invalid, match=sentence):
        make_engines(url)


def test_address_of_an_older_kind_is_understood() -> None:
    assert make_engines("postgres://localhost/milieu").write.url.get_driver_name() == "psycopg"


def test_engine_opens_nothing_by_itself(tmp_path: Path) -> None:
    make_engines(f"sqlite:///{tmp_path / 'none.sqlite'}")

    assert list(tmp_path.iterdir()) == []
