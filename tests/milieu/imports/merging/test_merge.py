"""The import of a folder into the database: what is added, changed, ended and brought back, and what stays."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event, func, select, text

from milieu.database import DbSession, Engines, make_engines, reading, unit_of_work
from milieu.errors import Invalid
from milieu.imports.folder import import_folder
from milieu.imports.merging.reports import TableReport
from milieu.models import (
    Activity,
    ActivityHours,
    Base,
    Change,
    Community,
    CommunitySettings,
    Limit,
    Resident,
    ResidentBusy,
    Tie,
)
from tests.milieu.imports.nutshell import FIXTURES, NOW, copied, rewrite, swap, take

TODAY = date(2026, 12, 2)
YESTERDAY = date(2026, 12, 1)
LATER = NOW + timedelta(days=7)

MOST_STATEMENTS = 1_000  # for some 6,500 rows: never one or more a row


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copied(tmp_path)


def resident(db: DbSession, key: str) -> Resident:
    return db.scalars(select(Resident).where(Resident.key == key)).one()


def dump(db: DbSession) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, in order."""
    return {
        table.name: sorted((tuple(map(str, row)) for row in db.execute(select(table))), key=str)
        for table in Base.metadata.sorted_tables
    }


def test_a_first_import(engines: Engines, folder: Path) -> None:
    report = take(engines, folder)

    assert report.has_changed
    assert report.notes == ()
    assert report.table("residents.csv") == TableReport("residents.csv", 3, 0, 0, 0, 0)
    with reading(engines) as db:
        community = db.scalars(select(Community)).one()
        assert (community.id, community.name, community.is_made_up) == (report.community_id, "Nutshell", True)
        settings = db.get_one(CommunitySettings, community.id)
        assert (settings.publish_minute, settings.slot_minutes) == (330, 15)
        assert settings.escorts == {
            "default": 2,
            "windows": [{"day": day, "from": "09:30", "to": "12:00", "capacity": 3} for day in range(5)],
        }
        assert settings.travel == {"garden": {"north wing": 2}, "north wing": {"south wing": 3}}
        ada = resident(db, "r1")
        assert (ada.given_name, ada.wheelchair, ada.sessions_min, ada.times) == ("Ada", True, 2, {"morning": 1})
        assert (ada.max_per_day, ada.noise_max, ada.pronoun) == (None, 3, "they")
        choir = db.scalars(select(Activity).where(Activity.key == "choir")).one()
        assert (choir.domains, choir.needs_skills, choir.is_closed) == (["creative", "social"], ["music"], False)
        hours = db.scalars(select(ActivityHours).order_by(ActivityHours.weekday)).all()
        assert [(row.weekday, row.start_minute, row.end_minute) for row in hours] == [(0, 600, 705), (3, 600, 705)]


def test_a_row_for_a_living_group_counts_for_all_who_live_there(engines: Engines, folder: Path) -> None:
    swap(folder, "busy.csv", "r1,,Mon;Thu,09:30,10:00,bath", "r1,,,12:00,13:00,meal")

    take(engines, folder)

    with reading(engines) as db:
        meals = db.execute(
            select(Resident.key, ResidentBusy.start_minute, ResidentBusy.weekday)
            .join(Resident, Resident.id == ResidentBusy.resident_id)
            .order_by(Resident.key)
        ).all()
    assert [tuple(meal) for meal in meals] == [("r1", 720, None), ("r2", 720, None), ("r3", 735, None)]


def test_who_has_left_has_no_meals(engines: Engines, folder: Path) -> None:
    rewrite(
        folder,
        "residents.csv",
        lambda rows: [[*row, cell] for row, cell in zip(rows, ("left_on", "", "2026-11-30", ""), strict=True)],
    )

    take(engines, folder)

    with reading(engines) as db:
        of = select(Resident.key).join(ResidentBusy, ResidentBusy.resident_id == Resident.id)
        assert sorted(db.scalars(of.where(ResidentBusy.kind == "meal"))) == ["r1", "r3"]


def test_ties_are_stored_once_and_in_order(engines: Engines, folder: Path) -> None:
    take(engines, folder)

    with reading(engines) as db:
        ties = db.scalars(select(Tie)).all()
        keys = {row.id: row.key for row in db.scalars(select(Resident))}
    assert sorted((tie.strength or 0, tie.is_apart, {keys[tie.resident_id], keys[tie.other_id]}) for tie in ties) == [
        (0, True, {"r2", "r3"}),
        (3, False, {"r1", "r2"}),
    ]
    assert all(tie.resident_id < tie.other_id for tie in ties)


@pytest.mark.parametrize("name", ["broken/whole", "alder"])
def test_the_same_folder_twice_changes_nothing(engines: Engines, name: str) -> None:
    take(engines, FIXTURES / name)
    with reading(engines) as db:
        before = dump(db)

    report = take(engines, FIXTURES / name, LATER)

    assert not report.has_changed
    assert sum(line.unchanged for line in report.tables) > 20
    with reading(engines) as db:
        assert dump(db) == before


def test_nothing_is_written_where_anything_is_wrong(engines: Engines, folder: Path) -> None:
    swap(folder, "ties.csv", "2026-03-05", "2026-03-55")
    with reading(engines) as db:
        before = dump(db)

    with pytest.raises(Invalid) as refusal:
        take(engines, folder)

    assert refusal.value.problems == ("ties.csv row 3, noted_on: there is no day '2026-03-55' in the calendar",)
    with reading(engines) as db:
        assert dump(db) == before


def test_nothing_is_left_where_the_write_fails(engines: Engines, folder: Path) -> None:
    def fail_at_the_end() -> None:
        with unit_of_work(engines) as db:
            import_folder(db, folder, now=NOW)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_at_the_end()

    with reading(engines) as db:
        assert db.scalar(select(func.count()).select_from(Community)) == 0
        assert db.scalar(select(func.count()).select_from(Change)) == 0


def test_formulas_and_markup_are_stored_as_they_are(engines: Engines, folder: Path) -> None:
    swap(folder, "residents.csv", "r2,Ben,O'Hara", "r2,=HYPERLINK(1),<script>")

    take(engines, folder)

    with reading(engines) as db:
        ben = resident(db, "r2")
        assert (ben.given_name, ben.family_name) == ("=HYPERLINK(1)", "<script>")


def test_communities_do_not_meet(engines: Engines, folder: Path) -> None:
    first = take(engines, folder)
    swap(folder, "community.csv", "nutshell,Nutshell", "walnut,Walnut")

    second = take(engines, folder)

    assert second.community_id != first.community_id
    with reading(engines) as db:
        assert db.scalar(select(func.count()).select_from(Resident)) == 6
        for table in Base.metadata.sorted_tables:
            if "community_id" in table.c and "resident_id" in table.c:
                strays = (
                    select(func.count())
                    .select_from(table)
                    .join(Resident, Resident.id == table.c.resident_id)
                    .where(Resident.community_id != table.c.community_id)
                )
                assert db.scalar(strays) == 0, table.name


def test_limits_name_one_thing(engines: Engines) -> None:
    take(engines, FIXTURES / "alder")

    with reading(engines) as db:
        for row in db.scalars(select(Limit)):
            assert sum(each is not None for each in (row.activity_id, row.space_id, row.facilitator_id)) == 1


@pytest.mark.slow(0.8)
def test_the_largest_community_takes_few_statements(sqlite_url: str) -> None:
    engines = make_engines(sqlite_url)
    statements: list[str] = []
    event.listen(engines.write, "before_cursor_execute", lambda *given: statements.append(given[2]))

    report = take(engines, FIXTURES / "rowan")

    assert len(statements) < MOST_STATEMENTS
    assert report.table("residents.csv").added == 257
    with reading(engines) as db:
        assert db.execute(text("PRAGMA foreign_key_check")).all() == []
    engines.dispose()
