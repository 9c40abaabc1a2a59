"""A full disk, a folder only to be read, a lock that is held: told by what they are, remembered, and forgotten."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select, text, update

from milieu.database import Engines, make_engines, reading, unit_of_work
from milieu.errors import Busy, Invalid, Unwritable
from milieu.machine.refusals import BAD_TEXT, BUSY, FULL, GONE, READ_ONLY
from milieu.models import Note
from tests.troubles import Disk


@pytest.fixture
def file(sqlite_url: str) -> Iterator[Engines]:
    opened = make_engines(sqlite_url)
    yield opened
    opened.dispose()


@pytest.fixture
def disk(file: Engines) -> Disk:
    disk = Disk(file)
    write(file, "before")
    return disk


def write(engines: Engines, name: str, patience: float | None = None) -> None:
    with unit_of_work(engines, patience=patience) as db:
        db.add(Note(name=name, value=1))


@pytest.mark.parametrize(
    ("trouble", "kind", "told"),
    [("full disk", Unwritable, FULL), ("read-only folder", Unwritable, READ_ONLY), ("held lock", Busy, BUSY)],
)
def test_what_cannot_be_saved_is_told_and_remembered_until_it_can(
    file: Engines, disk: Disk, monkeypatch: pytest.MonkeyPatch, trouble: str, kind: type[Busy], told: str
) -> None:
    with disk.trouble(trouble, monkeypatch):
        with pytest.raises(Busy) as refused:
            write(file, "lost")

        assert (type(refused.value), refused.value.sentence) == (kind, told)
        assert file.saving.trouble is not None
        assert file.saving.trouble.sentence == told
        with reading(file) as db:
            assert db.scalars(select(Note.name)).all() == ["before"]

    write(file, "after")

    assert file.saving.trouble is None


def test_a_unit_that_changes_nothing_does_not_end_the_trouble(
    file: Engines, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with disk.trouble("full disk", monkeypatch):
        with pytest.raises(Unwritable):
            write(file, "lost")
        with unit_of_work(file) as db:
            db.execute(update(Note).where(Note.name == "nobody").values(value=2))

        assert file.saving.trouble is not None


def test_who_is_in_a_hurry_does_not_wait_for_a_lock_and_calls_it_no_trouble(
    file: Engines, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with disk.trouble("held lock", monkeypatch):
        monkeypatch.setattr("milieu.database.BUSY_SECONDS", 3600)
        with pytest.raises(Busy):
            write(file, "lost", patience=0.01)

    assert file.saving.trouble is None
    write(file, "after")


def test_postgresql_that_only_reads_is_told(postgresql_url: str) -> None:
    engines = make_engines(postgresql_url)

    with pytest.raises(Unwritable) as refused:
        put_where_nothing_may_be_put(engines)

    assert refused.value.sentence == READ_ONLY
    engines.dispose()


def put_where_nothing_may_be_put(engines: Engines) -> None:
    with unit_of_work(engines) as db:
        db.execute(text("SET TRANSACTION READ ONLY"))
        db.add(Note(name="lost", value=1))


def test_postgresql_waits_no_longer_than_told(postgresql_url: str) -> None:
    engines = make_engines(postgresql_url)
    write(engines, "one")
    with unit_of_work(engines) as first:
        first.execute(update(Note).values(value=2))
        first.flush()
        with pytest.raises(Busy):
            change(engines, patience=0.01)

    engines.dispose()


def change(engines: Engines, patience: float) -> None:
    with unit_of_work(engines, patience=patience) as db:
        db.execute(update(Note).values(value=3))


@pytest.mark.parametrize("odd", ["a\0b", "x" * 100])
def test_a_text_that_no_column_holds_is_refused_in_words_on_postgresql(postgresql_url: str, odd: str) -> None:
    engines = make_engines(postgresql_url)

    with pytest.raises(Invalid) as refused:
        write(engines, odd)

    assert refused.value.sentence == BAD_TEXT
    engines.dispose()


def test_a_database_server_that_is_not_there_is_told() -> None:
    engines = make_engines("postgresql://milieu@/milieu?host=/nowhere")

    with pytest.raises(Unwritable) as refused:
        write(engines, "lost")

    assert refused.value.sentence == GONE
    engines.dispose()
