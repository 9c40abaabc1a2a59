"""Seven days, four weeks, twelve months: what stays, and that nothing good goes for something bad."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from milieu.backups.keeping import kept, made_at, prune
from milieu.backups.making import NAMED, backups_in
from milieu.backups.manifest import Contents, Manifest, Record, record_file

START = datetime(2026, 1, 1, 1, 0, tzinfo=UTC)


def test_a_year_and_a_half_of_nights_leaves_days_weeks_and_months() -> None:
    nights = [START + timedelta(days=number) for number in range(540)]

    staying = sorted(kept(nights), reverse=True)

    newest = nights[-1]  # Thursday 24 June 2027
    days = [newest - timedelta(days=number) for number in range(7)]
    sundays = [datetime(2027, 6, day, 1, tzinfo=UTC) for day in (20, 13, 6)]
    month_ends = [datetime(2027, month + 1, 1, 1, tzinfo=UTC) - timedelta(days=1) for month in (5, 4, 3, 2, 1)] + [
        datetime(2027, 1, 1, 1, tzinfo=UTC) - timedelta(days=1)
    ]
    month_ends += [datetime(2026, month + 1, 1, 1, tzinfo=UTC) - timedelta(days=1) for month in (11, 10, 9, 8, 7)]
    assert staying == sorted({*days, *sundays, *month_ends}, reverse=True)


def test_each_night_in_turn_ends_with_the_same() -> None:
    staying: set[datetime] = set()
    for number in range(540):
        staying = kept({*staying, START + timedelta(days=number)})

    assert staying == kept(START + timedelta(days=number) for number in range(540))


def test_however_long_none_was_made_those_that_are_there_stay() -> None:
    old = [START + timedelta(days=number) for number in range(7)]

    assert kept([*old, START + timedelta(days=2000)]) >= set(old[1:])


def a_backup(folder: Path, made: datetime, *, is_proven: bool) -> Path:
    backup = folder / f"{made.strftime(NAMED)}.age"
    backup.write_bytes(b"x")
    manifest = Manifest(
        made_at=made,
        version="1",
        revision="0001",
        dialect="sqlite",
        contents=Contents(rows={}, digest=""),
        copy_digest="",
    )
    record = Record(manifest=manifest, size=1, digest="", proven_at=made if is_proven else None)
    record_file(backup).write_text(record.model_dump_json())
    return backup


def test_no_number_of_bad_ones_pushes_a_good_one_out(tmp_path: Path) -> None:
    good = [a_backup(tmp_path, START + timedelta(days=number), is_proven=True) for number in range(3)]
    for number in range(3, 60):
        a_backup(tmp_path, START + timedelta(days=number), is_proven=False)
    (tmp_path / "milieu-notes.age").write_text("somebody else's")

    gone = prune(tmp_path)

    assert set(good) <= set(backups_in(tmp_path))
    assert gone
    assert not any(backup.exists() or record_file(backup).exists() for backup in gone)
    assert (tmp_path / "milieu-notes.age").exists()


@pytest.mark.parametrize("moment", [START, datetime(2028, 2, 29, 23, 59, 59, tzinfo=UTC)])
def test_a_name_says_when(tmp_path: Path, moment: datetime) -> None:
    assert made_at(a_backup(tmp_path, moment, is_proven=True)) == moment
