"""A folder read again: what is changed, ended and brought back, and what stays whatever the files say."""

import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from milieu.database import DbSession, Engines, reading, unit_of_work
from milieu.imports.merging.reports import TableReport
from milieu.models import (
    Activity,
    ActivityMember,
    CalmTime,
    Change,
    CommunitySettings,
    Consent,
    Facilitator,
    Kinship,
    Refusal,
    Relative,
    Resident,
    ResidentBusy,
    Roster,
    Space,
    Tie,
    Wish,
)
from milieu.queries.facts.absences import told_at
from tests.milieu.imports.nutshell import FIXTURES, NOW, copied, rewrite, swap, take, without

TODAY = date(2026, 12, 2)
YESTERDAY = date(2026, 12, 1)
LATER = NOW + timedelta(days=7)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copied(tmp_path)


def resident(db: DbSession, key: str) -> Resident:
    return db.scalars(select(Resident).where(Resident.key == key)).one()


def test_changed_cells_change_their_row_and_nothing_else(engines: Engines, folder: Path) -> None:
    take(engines, folder)
    swap(folder, "residents.csv", "Ada,Quist", "Ada,Quist-Berg")

    report = take(engines, folder, LATER)

    assert report.table("residents.csv") == TableReport("residents.csv", 0, 1, 0, 0, 2)
    with reading(engines) as db:
        assert [resident(db, key).version for key in ("r1", "r2", "r3")] == [2, 1, 1]
        change = db.scalars(select(Change).where(Change.at == LATER)).one()
        assert (change.verb, change.noun, change.row_id) == ("changed by import", "resident", resident(db, "r1").id)
        assert (change.before, change.after) == ({"family_name": "Quist"}, {"family_name": "Quist-Berg"})


def test_settings_change(engines: Engines, folder: Path) -> None:
    take(engines, folder)
    swap(folder, "community.csv", "05:30,15,2", "06:15,15,")
    (folder / "escorts.csv").unlink()

    report = take(engines, folder, LATER)

    assert report.table("community.csv").changed == 1
    with reading(engines) as db:
        settings = db.get_one(CommunitySettings, report.community_id)
        assert (settings.publish_minute, settings.escorts) == (375, None)


def test_who_is_gone_is_ended_and_who_comes_back_is_there_again(engines: Engines, folder: Path) -> None:
    take(engines, folder)
    for file in ("residents.csv", "wishes.csv", "busy.csv", "ties.csv", "kinships.csv", "consents.csv"):
        without(folder, file, "r1")

    gone = take(engines, folder)

    assert gone.table("residents.csv") == TableReport("residents.csv", 0, 0, 0, 1, 2)
    with reading(engines) as db:
        ada = resident(db, "r1")
        assert (ada.left_on, ada.left_reason) == (TODAY, None)
        wish = db.scalars(select(Wish).where(Wish.resident_id == ada.id)).one()
        assert (wish.valid_until, wish.strength) == (YESTERDAY, 5)
        assert db.scalars(select(Consent)).one().valid_until == YESTERDAY
        assert db.scalars(select(Tie).where(Tie.strength.is_not(None))).one().expires_on == YESTERDAY
        busy = db.scalars(select(ResidentBusy).where(ResidentBusy.resident_id == ada.id)).all()
        assert [row.valid_until for row in busy] == [YESTERDAY] * 3

    shutil.copytree(FIXTURES / "broken" / "whole", folder, dirs_exist_ok=True)
    back = take(engines, folder, LATER)

    assert back.table("residents.csv") == TableReport("residents.csv", 0, 0, 1, 0, 2)
    assert back.table("wishes.csv") == TableReport("wishes.csv", 0, 0, 1, 0, 2)
    assert back.table("busy.csv").returned == 3
    with reading(engines) as db:
        assert resident(db, "r1").left_on is None
        assert db.scalar(select(func.count()).select_from(Wish)) == 3
        assert db.scalars(select(Consent)).one().valid_until is None
    assert not take(engines, folder, LATER + timedelta(days=1)).has_changed


def test_places_people_and_activities_end_today(engines: Engines, folder: Path) -> None:
    take(engines, folder)
    for file in ("spaces.csv", "space_hours.csv", "space_relations.csv", "travel.csv"):
        without(folder, file, "garden")
    for file in ("facilitators.csv", "roster.csv", "absences.csv"):
        without(folder, file, "vera")
    for file in ("activities.csv", "activity_members.csv"):
        without(folder, file, "visit")

    take(engines, folder)

    with reading(engines) as db:
        assert db.scalars(select(Space).where(Space.key == "garden")).one().ended_on == TODAY
        assert db.scalars(select(Facilitator).where(Facilitator.key == "vera")).one().ended_on == TODAY
        assert db.scalars(select(Activity).where(Activity.key == "visit")).one().ended_on == TODAY
        duty = db.scalars(select(Roster).where(Roster.weekday == 1, Roster.start_minute == 840)).one()
        assert duty.valid_until == YESTERDAY
        assert db.scalars(select(ActivityMember)).all() == []

    shutil.copytree(FIXTURES / "broken" / "whole", folder, dirs_exist_ok=True)
    back = take(engines, folder, LATER)

    for file in ("spaces.csv", "facilitators.csv", "activities.csv"):
        assert back.table(file).returned == 1
    with reading(engines) as db:
        for model in (Space, Facilitator, Activity):
            assert {row.ended_on for row in db.scalars(select(model))} == {None}


def test_a_link_that_is_gone_leaves_a_line_in_the_journal(engines: Engines, folder: Path) -> None:
    take(engines, folder)
    without(folder, "activity_members.csv", "r3")

    report = take(engines, folder, LATER)

    assert report.table("activity_members.csv").ended == 1
    with reading(engines) as db:
        change = db.scalars(select(Change).where(Change.at == LATER)).one()
        assert (change.verb, change.noun, change.after) == ("ended by import", "activity_member", None)
        assert change.before is not None
        assert change.before["resident_id"] == resident(db, "r3").id


def test_a_relative_without_a_row_keeps_no_consent(engines: Engines, folder: Path) -> None:
    take(engines, folder)
    for file in ("relatives.csv", "kinships.csv", "consents.csv"):
        without(folder, file, "ida")

    take(engines, folder)

    with reading(engines) as db:
        assert db.scalars(select(Relative)).one().name == "Ida Quist"
        assert db.scalars(select(Kinship)).all() == []
        assert db.scalars(select(Consent)).one().valid_until == YESTERDAY


def test_files_and_columns_that_are_not_there_say_nothing(engines: Engines, folder: Path) -> None:
    take(engines, folder)
    for file in ("wishes.csv", "ties.csv", "travel.csv", "escorts.csv"):
        (folder / file).unlink()
    rewrite(folder, "residents.csv", lambda rows: [row[:-4] for row in rows])  # wheelchair and all after it

    assert not take(engines, folder, LATER).has_changed


def test_what_was_noted_in_milieu_is_not_ended_by_files(engines: Engines, folder: Path) -> None:
    report = take(engines, folder)
    with unit_of_work(engines) as db:
        space = db.scalars(select(Space).where(Space.key == "lounge")).one()
        db.add(Refusal(community_id=report.community_id, resident_id=resident(db, "r3").id, space_id=space.id))
        db.add(
            CalmTime(
                community_id=report.community_id,
                resident_id=resident(db, "r3").id,
                start_minute=960,
                end_minute=1080,
                noise_max=1,
            )
        )

    assert not take(engines, folder, LATER).has_changed

    with reading(engines) as db:
        assert len(db.scalars(select(Refusal).where(Refusal.valid_until.is_(None))).all()) == 2


def test_what_was_ended_in_milieu_is_not_brought_back_by_files(engines: Engines, folder: Path) -> None:
    take(engines, folder)
    with unit_of_work(engines) as db:
        ada = resident(db, "r1")
        ada.left_on, ada.left_reason = date(2026, 12, 4), "died"

    report = take(engines, folder, LATER)

    assert report.notes == (
        "residents.csv row 2: this resident 'r1' was ended in Milieu (2026-12-04) and stays ended; take the row out of "
        "the file, or bring it back in Milieu",
    )
    with reading(engines) as db:
        assert resident(db, "r1").left_on == date(2026, 12, 4)


def test_an_end_set_in_milieu_stays_beside_other_changes(engines: Engines, folder: Path) -> None:
    """The file has columns for the end; they are empty."""
    swap(folder, "residents.csv", "arrived_on,born_on", "arrived_on,left_on,left_reason,born_on")
    swap(folder, "residents.csv", "2024-05-02,", "2024-05-02,,,")
    swap(folder, "residents.csv", "2023-11-20,", "2023-11-20,,,")
    swap(folder, "residents.csv", "2025-02-11,", "2025-02-11,2026-11-30,moved,")
    take(engines, folder)
    with unit_of_work(engines) as db:
        ada = resident(db, "r1")
        ada.left_on, ada.left_reason = date(2026, 12, 20), "stay ended"
    swap(folder, "residents.csv", "Ada", "Adele")

    report = take(engines, folder, LATER)

    assert report.table("residents.csv") == TableReport("residents.csv", 0, 1, 0, 0, 2)
    with reading(engines) as db:
        ada, zoe = resident(db, "r1"), resident(db, "r3")
        assert (ada.given_name, ada.left_on, ada.left_reason) == ("Adele", date(2026, 12, 20), "stay ended")
        assert (zoe.left_on, zoe.left_reason) == (date(2026, 11, 30), "moved")


def test_the_files_own_ends_may_move(engines: Engines, folder: Path) -> None:
    swap(folder, "consents.csv", "2024-05-02,", "2024-05-02,2026-12-31")
    take(engines, folder)
    swap(folder, "consents.csv", "2026-12-31", "2027-03-31")

    assert take(engines, folder, LATER).table("consents.csv").changed == 1
    swap(folder, "consents.csv", "2027-03-31", "")
    assert take(engines, folder, LATER).table("consents.csv").changed == 1

    with reading(engines) as db:
        assert db.scalars(select(Consent)).one().valid_until is None


def test_a_new_first_day_changes_the_fact_that_holds(engines: Engines, folder: Path) -> None:
    (folder / "wishes.csv").write_text("resident,activity,strength,valid_from\nr1,choir,5,\n", encoding="utf-8")
    take(engines, folder)
    swap(folder, "wishes.csv", "5,", "4,2026-11-01")

    report = take(engines, folder, LATER)

    assert report.table("wishes.csv") == TableReport("wishes.csv", 0, 1, 0, 0, 0)


def test_a_fact_that_has_ended_is_not_made_into_a_new_one(engines: Engines, folder: Path) -> None:
    header = "resident,activity,strength,valid_from,valid_until\n"
    (folder / "wishes.csv").write_text(f"{header}r1,choir,5,,2026-03-31\n", encoding="utf-8")
    take(engines, folder)
    (folder / "wishes.csv").write_text(f"{header}r1,choir,2,2026-05-01,\n", encoding="utf-8")

    report = take(engines, folder, LATER)

    assert report.table("wishes.csv") == TableReport("wishes.csv", 1, 0, 0, 0, 0)
    with reading(engines) as db:
        assert sorted(row.strength for row in db.scalars(select(Wish))) == [2, 5]


def test_a_fact_may_follow_another(engines: Engines, folder: Path) -> None:
    header = "resident,activity,strength,valid_from,valid_until\n"
    (folder / "wishes.csv").write_text(f"{header}r1,choir,5,,\n", encoding="utf-8")
    take(engines, folder)
    (folder / "wishes.csv").write_text(f"{header}r1,choir,5,,2026-12-31\nr1,choir,1,2027-01-01,\n", encoding="utf-8")

    report = take(engines, folder, LATER)

    assert report.table("wishes.csv") == TableReport("wishes.csv", 1, 1, 0, 0, 0)


def test_calendars_count_what_a_list_says_of_somebodys_being_away(engines: Engines, folder: Path) -> None:
    """Meals are no absence; a way out that a list brings, and takes away again, is told twice."""
    take(engines, folder)
    rewrite(folder, "busy.csv", lambda rows: [*rows, ["r1", "", "", "09:00", "12:00", "outing"]])
    report = take(engines, folder, LATER)
    without(folder, "busy.csv", "outing")
    take(engines, folder, LATER + timedelta(days=1))

    with reading(engines) as db:
        ids = {key: resident(db, key).id for key in ("r1", "r2")}
        told = told_at(db, report.community_id, ids.values(), NOW)
    assert {key: [word.at for word in told.get(row_id, ())] for key, row_id in ids.items()} == {
        "r1": [LATER, LATER + timedelta(days=1)],
        "r2": [],
    }
