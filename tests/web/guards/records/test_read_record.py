"""Views that cannot be written wait: in memory, and in a file whose room was taken before; none is lost at an end."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from milieu.database import Engines, make_engines, reading, unit_of_work
from milieu.errors import Unwritable
from milieu.ids import new_id
from milieu.models import ResidentRead
from milieu.services.reads import View, make_view, view_of
from tests.milieu.builders import NOW, CommunityBuilder, small_community
from tests.troubles import Disk
from web.guards.records.read_record import AGAIN, ReadRecord


@pytest.fixture
def disk(engines: Engines) -> Disk:
    return Disk(engines)


@pytest.fixture
def elm(disk: Disk, engines: Engines) -> CommunityBuilder:
    with unit_of_work(engines) as db:
        return small_community(db)


class Seconds:
    """A monotonic clock that a test sets."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


def view(elm: CommunityBuilder, *names: str, minutes: int = 0) -> View:
    ids = [elm.residents[name].id for name in names]
    return make_view(elm.id, "dana", ids, "staff.today", now=NOW + timedelta(minutes=minutes))


def written(engines: Engines) -> list[str]:
    with reading(engines) as db:
        return list(db.scalars(select(ResidentRead.resident_id).order_by(ResidentRead.at)))


def test_view_is_the_same_after_it_was_a_line(elm: CommunityBuilder) -> None:
    assert view_of(view(elm, "ben", "ada").as_line()) == view(elm, "ada", "ben", "ada")


def test_view_is_written_before_the_page_is_shown(elm: CommunityBuilder, engines: Engines) -> None:
    record = ReadRecord(engines)

    record.keep(view(elm, "ada"))

    assert (written(engines), record.waiting) == ([elm.residents["ada"].id], 0)


def test_nothing_is_tried_for_some_seconds_and_then_all_is_written(
    elm: CommunityBuilder, engines: Engines, disk: Disk, seconds: Seconds
) -> None:
    record = ReadRecord(engines, ticks=seconds)
    disk.fails = "database or disk is full"
    record.keep(view(elm, "ada"))
    disk.fails = ""
    record.keep(view(elm, "ben", minutes=1))
    assert (written(engines), record.waiting) == ([], 2)

    seconds.now += 5
    record.write_waiting()

    assert written(engines) == [elm.residents["ada"].id, elm.residents["ben"].id]
    assert (record.waiting, record.is_stuck) == (0, False)


def test_who_writes_for_a_moment_is_no_trouble(
    elm: CommunityBuilder, engines: Engines, disk: Disk, seconds: Seconds, monkeypatch: pytest.MonkeyPatch
) -> None:
    record, told = ReadRecord(engines, ticks=seconds), list[bool]()
    with disk.trouble("held lock", monkeypatch):
        for _try in range(2):
            record.keep(view(elm, "ada"))
            told.append(record.is_trouble)
            seconds.now += AGAIN
    record.write_waiting()
    told.append(record.is_trouble)
    disk.fails = "database or disk is full"
    record.keep(view(elm, "ben"))
    told.append(record.is_trouble)

    assert (told, record.is_stuck) == ([False, True, False, True], True)


def test_what_waits_outlasts_the_process(elm: CommunityBuilder, engines: Engines, disk: Disk, tmp_path: Path) -> None:
    file = tmp_path / "waiting_reads"
    record = ReadRecord(engines)
    record.reserve(file)
    size = file.stat().st_size
    disk.fails = "database or disk is full"
    record.keep(view(elm, "ada"))
    record.keep(view(elm, "ben", "ada", minutes=1))
    assert record.on_disk == 3

    with capture_logs() as logs:
        record.close()

    assert [(line["event"], line["waiting"], line["lost"]) for line in logs if line["event"] == "reads.left"] == [
        ("reads.left", 3, 0)
    ]
    assert file.stat().st_size == size  # nothing that a full disk could refuse
    disk.fails = ""
    heir = ReadRecord(engines)
    heir.reserve(file)
    assert heir.waiting == 3

    heir.write_waiting()

    assert len(written(engines)) == 3
    heir.close()
    last = ReadRecord(engines)
    last.reserve(file)
    assert last.waiting == 0
    last.close()


def test_a_line_that_was_cut_short_costs_no_other(elm: CommunityBuilder, engines: Engines, tmp_path: Path) -> None:
    file = tmp_path / "waiting_reads"
    file.write_bytes(view(elm, "ada").as_line() + view(elm, "ben").as_line()[:20])

    record = ReadRecord(engines)
    record.reserve(file)
    record.write_waiting()

    assert written(engines) == [elm.residents["ada"].id]
    record.close()


def test_what_is_in_memory_alone_is_told_to_be_lost(elm: CommunityBuilder, engines: Engines, disk: Disk) -> None:
    record = ReadRecord(engines)
    disk.fails = "database or disk is full"
    record.keep(view(elm, "ada", "ben"))

    with capture_logs() as logs:
        record.close()

    assert [(line["log_level"], line["waiting"], line["lost"]) for line in logs if line["event"] == "reads.left"] == [
        ("error", 2, 2)
    ]


def test_a_second_process_on_the_folder_has_no_room_and_says_so(engines: Engines, tmp_path: Path) -> None:
    first, second = ReadRecord(engines), ReadRecord(engines)
    first.reserve(tmp_path / "waiting_reads")

    with capture_logs() as logs:
        second.reserve(tmp_path / "waiting_reads")

    assert [line["event"] for line in logs] == ["reads.unreserved"]
    first.close()


def test_where_there_is_no_room_no_page_is_shown(elm: CommunityBuilder, engines: Engines, disk: Disk) -> None:
    record = ReadRecord(engines, most_bytes=len(view(elm, "ada").as_line()))
    disk.fails = "database or disk is full"
    record.keep(view(elm, "ada"))

    with pytest.raises(Unwritable):
        record.keep(view(elm, "ben"))

    assert record.waiting == 1


def test_who_was_erased_in_the_meantime_holds_up_nobody(
    elm: CommunityBuilder, engines: Engines, disk: Disk, seconds: Seconds
) -> None:
    record = ReadRecord(engines, ticks=seconds)
    disk.fails = "database or disk is full"
    record.keep(view(elm, "ada"))
    record.keep(make_view(elm.id, "dana", [new_id()], "staff.today", now=NOW))
    disk.fails = ""
    seconds.now += 5

    record.write_waiting()

    assert (written(engines), record.waiting) == ([elm.residents["ada"].id], 0)


@pytest.fixture
def both(database_url: str) -> Iterator[Engines]:
    opened = make_engines(database_url)
    yield opened
    opened.dispose()


def test_record_is_kept_on_both_databases(both: Engines) -> None:
    with unit_of_work(both) as db:
        elm = small_community(db)
    record = ReadRecord(both)

    record.keep(view(elm, "ada", "ben"))

    assert sorted(written(both)) == sorted([elm.residents["ada"].id, elm.residents["ben"].id])
