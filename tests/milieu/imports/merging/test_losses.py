"""An import that would end much of a table stops; who ends, and whoever loses a protection, is named."""

import csv
from pathlib import Path

import pytest
from sqlalchemy import func, select

from milieu.database import Engines, reading, unit_of_work
from milieu.errors import Conflict, Invalid
from milieu.imports.folder import import_folder
from milieu.imports.merging.reports import ImportReport
from milieu.models import Community, Limit, Refusal, Resident, Stay, Tie
from tests.milieu.imports.nutshell import NOW, copied, rewrite, swap, take, without

NAMES = ("Ida", "Jon", "Kim", "Lou", "Mia", "Ned", "Oda", "Pia", "Qi", "Rut", "Sol", "Tom")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The nutshell with twelve residents more, 001 to 012, each with a wish."""
    copy = copied(tmp_path)
    with (copy / "residents.csv").open("a", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(
            [f"{number:03}", name, "Vale", "south", number, "2025-01-01", f"1940-01-{number:02}", "", "", "", ""]
            for number, name in enumerate(NAMES, start=1)
        )
    with (copy / "wishes.csv").open("a", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([f"{number:03}", "choir", 3, ""] for number in range(1, 13))
    return copy


def ended(report: ImportReport) -> list[str]:
    return [row.what for row in report.rows if row.verb == "ended"]


def take_out(folder: Path, *keys: str) -> None:
    for file in ("residents.csv", "wishes.csv", "busy.csv"):
        without(folder, file, *keys)


def agree(engines: Engines, folder: Path, ends: int) -> ImportReport:
    with unit_of_work(engines) as db:
        return import_folder(db, folder, now=NOW, ends=ends)


@pytest.mark.parametrize(("keys", "stops"), [(("001", "002", "003"), False), (("001", "002", "003", "004"), True)])
def test_more_than_three_and_a_fifth_stop_it(
    engines: Engines, folder: Path, keys: tuple[str, ...], stops: bool
) -> None:  # 3 of 15 are a fifth, 4 are more
    take(engines, folder)
    take_out(folder, *keys)

    if not stops:
        report = take(engines, folder)
        assert report.halts == ()
        assert "001 Ida Vale" in ended(report)
        return
    with pytest.raises(Conflict) as refusal:
        take(engines, folder)

    assert refusal.value.because[0] == (
        "residents.csv: 4 of 15 rows would end (001 Ida Vale, 002 Jon Vale, 003 Kim Vale, 004 Lou Vale)"
    )
    assert f"milieu import {folder} --ends 4" in refusal.value.because[1]  # their wishes end with them: not counted
    with reading(engines) as db:
        assert db.scalar(select(func.count()).select_from(Stay).where(Stay.left_on.is_not(None))) == 0
    with pytest.raises(Conflict):
        agree(engines, folder, 5)
    assert agree(engines, folder, 4).table("residents.csv").ended == 4


@pytest.mark.parametrize(("keys", "stops"), [(("r2",), False), (("r2", "r3"), True)])
def test_most_of_a_small_table_stops_it(engines: Engines, tmp_path: Path, keys: tuple[str, ...], stops: bool) -> None:
    small = copied(tmp_path)
    take(engines, small)
    for file in small.glob("*.csv"):  # a file that is not there says nothing
        if file.name not in (
            "activities.csv",
            "community.csv",
            "facilitators.csv",
            "living_groups.csv",
            "residents.csv",
            "spaces.csv",
        ):
            file.unlink()
    without(small, "residents.csv", *keys)

    if stops:
        with pytest.raises(Conflict):
            take(engines, small)
    else:
        assert take(engines, small).table("residents.csv").ended == 1


def test_of_a_large_table_a_fifth_may_end(engines: Engines, folder: Path) -> None:
    def more(rows: list[list[str]]) -> list[list[str]]:
        return [
            *rows,
            *(
                [f"x{number}", "Xen", "Dale", "south", str(number), "2025-01-01", "", "", "", "", ""]
                for number in range(10)
            ),
        ]

    rewrite(folder, "residents.csv", more)
    take(engines, folder)  # 25 residents
    take_out(folder, "001", "002", "003", "004", "005")

    assert take(engines, folder).table("residents.csv").ended == 5


def test_keys_that_lost_their_noughts_are_strangers(engines: Engines, folder: Path) -> None:
    take(engines, folder)
    for file in ("residents.csv", "wishes.csv"):
        rewrite(folder, file, lambda rows: [[row[0].lstrip("0"), *row[1:]] for row in rows])

    with pytest.raises(Conflict) as refusal:
        take(engines, folder)

    assert refusal.value.because[0].startswith("residents.csv: 12 of 15 rows would end (001 Ida Vale, ")
    assert (
        "residents.csv: '1' is new and has the name and birthday of '001', whose row is gone: if they are the same, "
        "write the key as it was (a spreadsheet takes the noughts from 001 unless the column is formatted as text)"
    ) in refusal.value.because
    with reading(engines) as db:
        assert db.scalar(select(func.count()).select_from(Resident)) == 15


@pytest.mark.parametrize("name", ["Nutshell", "NUTSHELL"])
def test_another_key_makes_no_second_community_of_the_same_name(engines: Engines, folder: Path, name: str) -> None:
    take(engines, folder)
    swap(folder, "community.csv", "nutshell,Nutshell", f"nut-shell,{name}")

    with pytest.raises(Invalid) as refused:
        take(engines, folder)

    assert refused.value.problems == (
        "community.csv row 2, key: 'nut-shell' is new, and the community of that name is here as 'nutshell'; if they "
        "are the same, write the key as it was, else give this one a name of its own",
    )
    with reading(engines) as db:
        assert db.scalar(select(func.count()).select_from(Community)) == 1


def test_one_other_key_is_pointed_out(engines: Engines, folder: Path) -> None:
    take(engines, folder)
    for file in ("residents.csv", "wishes.csv"):
        swap(folder, file, "007", "oda")

    assert take(engines, folder).notes == (
        "residents.csv: 'oda' is new and has the name and birthday of '007', whose row is gone: if they are the same, "
        "write the key as it was",
    )


@pytest.mark.parametrize("file", ["refusals.csv", "ties.csv"])
def test_a_file_of_headers_ends_no_protection(engines: Engines, folder: Path, file: str) -> None:
    take(engines, folder)
    rewrite(folder, file, lambda rows: rows[:1])

    with pytest.raises(Conflict, match="rows are gone from their files") as refusal:
        take(engines, folder)

    assert refusal.value.because[0].startswith(f"{file}: ")
    with reading(engines) as db:
        assert {row.valid_until for row in db.scalars(select(Refusal))} == {None}
        assert {row.expires_on for row in db.scalars(select(Tie))} == {None}


def test_each_protection_that_ends_is_named(engines: Engines, folder: Path) -> None:
    (folder / "limits.csv").write_text("resident,space\nr1,garden\nr2,garden\n", encoding="utf-8")
    take(engines, folder)
    (folder / "limits.csv").write_text("resident,space\nr1,garden\n", encoding="utf-8")
    swap(folder, "ties.csv", "r3,r2,yes,,", "r3,r2,,2,")

    report = take(engines, folder)

    named = [(row.noun, row.what) for row in report.rows if row.is_protection]
    assert sorted(named) == [("limit", "r2 – garden"), ("tie", "r2 – r3 (must not meet)")] or sorted(named) == [
        ("limit", "r2 – garden"),
        ("tie", "r3 – r2 (must not meet)"),
    ]
    with reading(engines) as db:
        assert sorted(row.valid_until is None for row in db.scalars(select(Limit))) == [False, True]


def test_protections_are_named_beside_what_stops_it(engines: Engines, folder: Path) -> None:
    (folder / "limits.csv").write_text("resident,space\n002,garden\nr2,garden\n", encoding="utf-8")
    take(engines, folder)
    (folder / "limits.csv").write_text("resident,space\nr2,garden\n", encoding="utf-8")
    take_out(folder, "001", "002", "003", "004")

    with pytest.raises(Conflict) as refusal:
        take(engines, folder)

    assert "limits.csv: limit 002 – garden would end" in refusal.value.because


def test_rows_that_give_way_to_others_are_no_loss(engines: Engines, folder: Path) -> None:
    swap(folder, "roster.csv", "finn,Mon-Fri,09:30,16:30", "finn,Mon-Sun,09:30,16:30\nfinn,Sat;Sun,17:00,18:00")
    take(engines, folder)
    swap(folder, "roster.csv", "finn,Mon-Sun,09:30", "finn,Mon-Sat,10:00")

    assert take(engines, folder).halts == ()


def test_a_trial_tells_everything_and_stops_for_nothing(engines: Engines, folder: Path) -> None:
    take(engines, folder)
    take_out(folder, *(f"{number:03}" for number in range(1, 13)))
    swap(folder, "residents.csv", "Ada,Quist", "Ada,Berg")
    with unit_of_work(engines) as db:
        report = import_folder(db, folder, now=NOW, is_trial=True)
        db.rollback()

    assert [(halt.file, halt.ending, halt.held) for halt in report.halts] == [("residents.csv", 12, 15)]
    assert [(row.verb, row.what) for row in report.rows if row.file == "residents.csv"][-1] == (
        "changed",
        "r1 Ada Berg",
    )
    assert len(ended(report)) == 36  # with a wish and a meal each
    with reading(engines) as db:
        assert db.scalar(select(func.count()).select_from(Stay).where(Stay.left_on.is_not(None))) == 0


def test_a_key_under_which_somebody_else_stands_is_noted(engines: Engines, folder: Path) -> None:
    take(engines, folder)
    swap(
        folder,
        "residents.csv",
        "001,Ida,Vale,south,1,2025-01-01,1940-01-01",
        "001,Ute,Moor,south,1,2025-01-01,1950-02-02",
    )

    assert take(engines, folder).notes == (
        "residents.csv row 5: '001' was Ida Vale, born 1940-01-01, and is now Ute Moor, born 1950-02-02; if that is "
        "somebody else, give them a key of their own",
    )


def test_what_may_lose_a_stay_is_noted(engines: Engines, folder: Path) -> None:
    take(engines, folder)
    swap(folder, "residents.csv", "001,Ida,Vale,south,1,2025-01-01", "001,Ida,Vale,south,1,2026-11-20")

    assert take(engines, folder).notes == (
        "residents.csv row 5: '001' lived here from 2025-01-01, now from 2026-11-20, taken as a slip that is mended; "
        "if they left and came back, write their earlier stay into stays.csv",
    )
