"""Moves to come in a file of their own: kept until their day, and never done twice by a list that is read again."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from milieu.database import Engines, reading, unit_of_work
from milieu.imports.writing.rows import held_tables
from milieu.models import Community, Move, Resident
from milieu.services.facts.living import move_in_due
from tests.milieu.imports.nutshell import copied, swap, take

MORNING_OF_THE_MOVE = datetime(2031, 7, 1, 3, 0, tzinfo=UTC)
THE_DAY_AFTER = datetime(2031, 7, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copy = copied(tmp_path)
    write(copy, "r1,south,10,2031-07-01\n")
    return copy


def write(folder: Path, *rows: str) -> None:
    (folder / "moves.csv").write_text("resident,living_group,room,date\n" + "".join(rows), encoding="utf-8")


def to_come(engines: Engines) -> list[tuple[str, str, date]]:
    with reading(engines) as db:
        return [(row.resident_id, row.room, row.on_date) for row in db.query(Move)]


def ada(engines: Engines) -> Resident:
    with reading(engines) as db:
        return db.query(Resident).filter_by(key="r1").one()


def test_a_move_to_come_is_taken_in_changed_and_taken_out_again(engines: Engines, folder: Path) -> None:
    assert take(engines, folder).table("moves.csv").added == 1
    assert to_come(engines) == [(ada(engines).id, "10", date(2031, 7, 1))]
    assert not take(engines, folder).has_changed

    write(folder, "r1,south,11,2031-08-01\n")
    assert take(engines, folder).table("moves.csv").changed == 1
    assert to_come(engines) == [(ada(engines).id, "11", date(2031, 8, 1))]

    write(folder)
    assert take(engines, folder).table("moves.csv").ended == 1
    assert to_come(engines) == []
    assert ada(engines).room == "1"


def test_what_is_written_out_changes_nothing_when_it_is_read_again(engines: Engines, folder: Path) -> None:
    take(engines, folder)
    with reading(engines) as db:
        community_id = db.query(Community).one().id
        written = held_tables(db, community_id, date(2026, 12, 2))["moves.csv"].cells
    assert written == (("r1", "south", "10", "2031-07-01"),)

    write(folder, *(",".join(row) + "\n" for row in written))

    assert not take(engines, folder).has_changed
    assert not take(engines, folder, MORNING_OF_THE_MOVE).has_changed  # it only waits to be done


def test_a_move_whose_day_has_come_is_not_done_again_by_an_old_list(engines: Engines, folder: Path) -> None:
    take(engines, folder)
    with unit_of_work(engines) as db:
        community_id = db.query(Community).one().id
        assert move_in_due(db, community_id, date(2031, 7, 1)) == 1
    assert ada(engines).room == "10"
    swap(folder, "residents.csv", "north,1,", "north,12,")  # and she has moved once more since

    report = take(engines, folder, THE_DAY_AFTER)

    assert (report.table("moves.csv").added, to_come(engines), ada(engines).room) == (0, [], "12")
    assert (
        "moves.csv row 2: the day of this move, 2031-07-01, has come; nothing is moved by it, for where they live now "
        "is said in residents.csv"
    ) in report.notes
