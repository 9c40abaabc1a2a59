"""Earlier stays in a file of their own: a first import knows all stays of one person."""

from datetime import date
from pathlib import Path

import pytest

from milieu.database import Engines, reading
from milieu.errors import Invalid
from milieu.models import Resident
from tests.milieu.imports.nutshell import copied, problems_of, swap, take

HEADER = "resident,arrived_on,left_on,left_reason\n"
FIRST = "r1,2021-03-01,2022-04-30,moved\n"
SECOND = "r1,2023-01-09,2023-06-30,\n"
LAST = (date(2024, 5, 2), None, None)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copied(tmp_path)


def write(folder: Path, *rows: str) -> None:
    (folder / "stays.csv").write_text(HEADER + "".join(rows), encoding="utf-8")


def stays(engines: Engines) -> list[tuple[date, date | None, str | None]]:
    with reading(engines) as db:
        ada = db.query(Resident).filter_by(key="r1").one()
        return [(stay.arrived_on, stay.left_on, stay.left_reason) for stay in ada.stays]


def come_back(folder: Path) -> None:
    """Ada, who has lived here since 2024, is there again since November 2026."""
    swap(folder, "residents.csv", "2024-05-02", "2026-11-01")


def test_a_first_import_knows_every_stay(engines: Engines, folder: Path) -> None:
    write(folder, SECOND, FIRST)

    report = take(engines, folder)

    assert report.table("stays.csv").added == 2
    assert stays(engines) == [
        (date(2021, 3, 1), date(2022, 4, 30), "moved"),
        (date(2023, 1, 9), date(2023, 6, 30), None),
        LAST,
    ]
    assert not take(engines, folder).has_changed


def test_the_last_stay_may_stand_there_too(engines: Engines, folder: Path) -> None:
    swap(folder, "residents.csv", "arrived_on,", "arrived_on,left_on,")
    swap(folder, "residents.csv", "2024-05-02,", "2024-05-02,2024-09-30,")
    swap(folder, "residents.csv", "2023-11-20,", "2023-11-20,,")
    swap(folder, "residents.csv", "2025-02-11,", "2025-02-11,,")
    write(folder, FIRST, "r1,2024-05-02,2024-09-30,\n")

    take(engines, folder)

    assert stays(engines) == [
        (date(2021, 3, 1), date(2022, 4, 30), "moved"),
        (date(2024, 5, 2), date(2024, 9, 30), None),
    ]


def test_a_day_that_was_wrong_is_mended(engines: Engines, folder: Path) -> None:
    write(folder, FIRST)
    take(engines, folder)
    write(folder, FIRST.replace("2022-04-30", "2022-05-31"))

    assert take(engines, folder).table("stays.csv").changed == 1
    assert stays(engines) == [(date(2021, 3, 1), date(2022, 5, 31), "moved"), LAST]


def test_a_stay_that_never_was_is_taken_out_again(engines: Engines, folder: Path) -> None:
    write(folder, FIRST, SECOND)
    take(engines, folder)
    write(folder, FIRST)

    assert take(engines, folder).table("stays.csv").ended == 1
    assert stays(engines) == [(date(2021, 3, 1), date(2022, 4, 30), "moved"), LAST]


def test_what_residents_csv_told_before_is_not_taken_out(engines: Engines, folder: Path) -> None:
    take(engines, folder)
    come_back(folder)
    write(folder, "r1,2024-05-02,2026-03-31,\n")
    take(engines, folder)
    assert stays(engines) == [(date(2024, 5, 2), date(2026, 3, 31), None), (date(2026, 11, 1), None, None)]


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (
            ("r1,2021-03-01,2023-02-01,\n", SECOND),
            "row 2, left_on: 2023-02-01 reaches into the stay that begins on 2023-01-09",
        ),
        (
            ("r1,2024-05-02,2024-06-01,\n",),
            "row 2, left_on: 2024-06-01 is not how residents.csv tells the end of the same stay",
        ),
        (("r1,2021-03-01,,\n",), "row 2, left_on: is empty"),
        (("r1,2021-03-01,2020-01-01,\n",), "row 2, left_on: 2020-01-01 lies before arrived_on, 2021-03-01"),
        ((FIRST, FIRST), "row 3: says the same as row 2"),
    ],
)
def test_stays_that_cannot_be_are_told(folder: Path, rows: tuple[str, ...], told: str) -> None:
    write(folder, *rows)

    assert f"stays.csv {told}" in problems_of(folder)


def test_a_stay_that_overlaps_one_that_is_known_is_told(engines: Engines, folder: Path) -> None:
    swap(folder, "residents.csv", "room,arrived_on", "room,left_on,arrived_on")
    for row in ("north,1,", "north,2,", "south,9,"):
        swap(folder, "residents.csv", row, f"{row},")
    swap(folder, "residents.csv", "north,1,,", "north,1,2026-03-31,")
    take(engines, folder)
    swap(folder, "residents.csv", "north,1,2026-03-31,2024-05-02", "north,1,,2026-11-01")
    take(engines, folder)
    write(folder, "r1,2024-01-01,2024-06-30,\n")

    with pytest.raises(Invalid) as refusal:
        take(engines, folder)
    assert refusal.value.problems == (
        "'r1' lives here from 2024-01-01 until 2024-06-30, and again from 2024-05-02; write into stays.csv how the "
        "earlier stay ended",
    )
