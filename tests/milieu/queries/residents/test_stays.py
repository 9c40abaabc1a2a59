"""Who lives here when: stays as rows, each day asked in one place, and nobody's first stay lost by coming back."""

import random
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text

from milieu.database import Engines, reading, unit_of_work
from milieu.errors import Invalid
from milieu.imports.merging.reports import TableReport
from milieu.installation.revisions import downgrade, upgrade
from milieu.models import Change, Resident, Stay
from milieu.queries.family.page import family_view
from milieu.queries.floor.today import staff_day
from milieu.queries.residents.people import residents_here
from milieu.queries.residents.stays import Stays, lives_here, stays_of, stays_over
from milieu.queries.week.people_out import shares
from milieu.queries.week.sessions import show_resident
from milieu.services.attendance import mark, mark_uninvited
from tests.milieu.builders import MONDAY, NOW, CommunityBuilder, Held, small_community
from tests.milieu.imports.nutshell import copied, swap, take, without

DAY = timedelta(days=1)
WEDNESDAY = MONDAY + 2 * DAY
IN_JANUARY = date(2026, 1, 5)
LATER = NOW + timedelta(days=7)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copy = copied(tmp_path)
    swap(copy, "residents.csv", "arrived_on,born_on", "arrived_on,left_on,left_reason,born_on")
    swap(copy, "residents.csv", "2024-05-02,", "2024-05-02,,,")
    swap(copy, "residents.csv", "2023-11-20,", "2023-11-20,,,")
    swap(copy, "residents.csv", "2025-02-11,", "2025-02-11,,,")
    return copy


def leave(folder: Path, left_on: str, reason: str = "stay ended") -> None:
    swap(folder, "residents.csv", "2024-05-02,,,", f"2024-05-02,{left_on},{reason},")


def come_back(folder: Path, left_on: str, arrived_on: str, reason: str = "stay ended") -> None:
    swap(folder, "residents.csv", f"2024-05-02,{left_on},{reason},", f"{arrived_on},,,")


def stays_of_ada(engines: Engines) -> list[tuple[str, str | None, str | None]]:
    with reading(engines) as db:
        rows = db.execute(
            select(Stay.arrived_on, Stay.left_on, Stay.left_reason)
            .join(Resident, (Resident.community_id == Stay.community_id) & (Resident.id == Stay.resident_id))
            .where(Resident.key == "r1")
            .order_by(Stay.arrived_on)
        ).all()
    return [(str(arrived), left and str(left), reason) for arrived, left, reason in rows]


class TestWhoComesBack:
    def test_both_stays_are_kept(self, engines: Engines, folder: Path) -> None:
        take(engines, folder)
        leave(folder, "2026-12-01")
        take(engines, folder)
        come_back(folder, "2026-12-01", "2026-12-08")

        report = take(engines, folder, LATER)

        assert report.table("residents.csv") == TableReport("residents.csv", 0, 0, 1, 0, 2)
        assert stays_of_ada(engines) == [("2024-05-02", "2026-12-01", "stay ended"), ("2026-12-08", None, None)]
        with reading(engines) as db:
            change = db.scalars(select(Change).where(Change.at == LATER, Change.noun == "resident")).one()
        assert change.verb == "returned by import"
        assert change.before == {"arrived_on": "2024-05-02", "left_on": "2026-12-01", "left_reason": "stay ended"}
        assert change.after == {"arrived_on": "2026-12-08", "left_on": None, "left_reason": None, "end": None}
        assert not take(engines, folder, LATER).has_changed

    def test_and_again(self, engines: Engines, folder: Path) -> None:
        take(engines, folder)
        leave(folder, "2026-03-01")
        take(engines, folder)
        swap(folder, "residents.csv", "2024-05-02,2026-03-01,", "2026-04-01,2026-05-01,")
        take(engines, folder)
        swap(folder, "residents.csv", "2026-04-01,2026-05-01,stay ended,", "2026-06-01,,,")
        take(engines, folder)

        assert stays_of_ada(engines) == [
            ("2024-05-02", "2026-03-01", "stay ended"),
            ("2026-04-01", "2026-05-01", "stay ended"),
            ("2026-06-01", None, None),
        ]

    def test_a_leave_that_is_still_to_come(self, engines: Engines, folder: Path) -> None:
        leave(folder, "2026-12-20")
        take(engines, folder)
        come_back(folder, "2026-12-20", "2027-01-05")

        report = take(engines, folder)

        assert report.table("residents.csv").changed == 1
        assert stays_of_ada(engines) == [("2024-05-02", "2026-12-20", "stay ended"), ("2027-01-05", None, None)]

    def test_who_is_gone_from_the_file_has_left_every_stay(self, engines: Engines, folder: Path) -> None:
        self.test_a_leave_that_is_still_to_come(engines, folder)
        without(folder, "residents.csv", "r1")
        for file in (
            "busy.csv",
            "activity_members.csv",
            "wishes.csv",
            "refusals.csv",
            "ties.csv",
            "kinships.csv",
            "consents.csv",
            "familiar_faces.csv",
            "limits.csv",
            "targets.csv",
            "requirements.csv",
            "calm_times.csv",
        ):
            if (folder / file).exists():
                without(folder, file, "r1")

        take(engines, folder)

        assert [left for _, left, _ in stays_of_ada(engines)] == ["2026-12-02", "2026-12-02"]

    def test_a_gap_that_a_missing_row_noticed_late(self, engines: Engines, folder: Path) -> None:
        # gone since November, the row was missed on 2 December; the return on 1 December lies before that
        take(engines, folder)
        saved = (folder / "residents.csv").read_text(encoding="utf-8")
        with unit_of_work(engines) as db:
            row = db.scalars(select(Resident).where(Resident.key == "r1")).one()
            row.left_on = date(2026, 12, 2)
            db.add(
                Change(
                    community_id=row.community_id,
                    at=NOW,
                    verb="ended by import",
                    noun="resident",
                    row_id=row.id,
                    before={"left_on": None},
                    after={"end": "2026-12-02"},
                )
            )
        (folder / "residents.csv").write_text(saved.replace("2024-05-02", "2026-12-01"), encoding="utf-8")

        take(engines, folder, LATER)

        assert stays_of_ada(engines) == [("2024-05-02", "2026-12-01", None), ("2026-12-01", None, None)]

    def test_a_slip_in_the_day_of_arrival_is_mended(self, engines: Engines, folder: Path) -> None:
        take(engines, folder)
        swap(folder, "residents.csv", "2024-05-02", "2024-05-20")
        take(engines, folder)
        swap(folder, "residents.csv", "2024-05-20,,,", "2024-05-12,2026-11-30,moved,")

        take(engines, folder)

        assert stays_of_ada(engines) == [("2024-05-12", "2026-11-30", "moved")]

    def test_the_last_stay_is_mended_beside_the_first(self, engines: Engines, folder: Path) -> None:
        self.test_both_stays_are_kept(engines, folder)
        swap(folder, "residents.csv", "2026-12-08", "2026-12-03")

        take(engines, folder, LATER)

        assert stays_of_ada(engines) == [("2024-05-02", "2026-12-01", "stay ended"), ("2026-12-03", None, None)]

    def test_an_older_file_cuts_into_no_stay(self, engines: Engines, folder: Path) -> None:
        self.test_both_stays_are_kept(engines, folder)
        swap(folder, "residents.csv", "2026-12-08", "2024-05-02")

        with pytest.raises(Invalid, match=r"'r1' moved in on 2024-05-02, which lies in or before an earlier stay"):
            take(engines, folder, LATER)

        assert len(stays_of_ada(engines)) == 2


@pytest.fixture
def elm(engines: Engines) -> CommunityBuilder:
    """Ada lived here until Tuesday of the week before and is here again from Thursday; Ben never left."""
    with unit_of_work(engines) as db:
        elm = small_community(db)
        elm.publication(
            [
                Held("choir", "lounge", day=2, start="10:00", leaders=["finn"], residents=["ada", "ben"], ref="choir"),
                Held("chess", "studio", day=3, start="10:00", leaders=["finn"], residents=["ada"], ref="chess"),
            ]
        )
        elm.relative("ida", of=elm.residents["ada"])
    return elm


def again(engines: Engines, elm: CommunityBuilder, left_on: date, arrived_on: date, reason: str = "stay ended") -> None:
    with unit_of_work(engines) as db:
        ada = db.get_one(Resident, {"community_id": elm.id, "id": elm.residents["ada"].id})
        ada.left_on, ada.left_reason = left_on, reason
        ada.stays.append(Stay(community_id=elm.id, arrived_on=arrived_on))


def test_days_of_the_first_stay_show_them_and_can_be_marked(engines: Engines, elm: CommunityBuilder) -> None:
    again(engines, elm, WEDNESDAY, WEDNESDAY + 5 * DAY)
    ada = elm.residents["ada"].id

    with reading(engines) as db:
        board = staff_day(db, elm.id, WEDNESDAY, NOW)
        here = {day: ada in {each.id for each in residents_here(db, elm.id, day)} for day in days(WEDNESDAY, 6)}
        counted = {
            start: ada in {each.resident_id for each in shares(db, elm.id, start, ())}
            for start in (MONDAY, MONDAY + 7 * DAY)
        }
        is_gone = show_resident(db, elm.id, ada, today=WEDNESDAY + 3 * DAY).is_gone
        of_thursday = family_view(db, elm.relatives["ida"].id, elm.id, WEDNESDAY + DAY, NOW).weeks
        of_tuesday = family_view(db, elm.relatives["ida"].id, elm.id, WEDNESDAY - DAY, NOW - DAY).weeks[0]
    with unit_of_work(engines) as db:
        first = mark(db, elm.id, "choir", ada, "asleep", key="1", by=None, now=NOW)
        second = mark_uninvited(db, elm.id, "choir", ada, key="2", by=None, now=NOW + timedelta(hours=1))

    assert ada in {guest.person.id for shown in board.sessions for guest in shown.guests}
    assert here == dict(zip(days(WEDNESDAY, 6), (True, False, False, False, False, True), strict=True))
    assert counted == {MONDAY: True, MONDAY + 7 * DAY: True}
    assert not is_gone
    assert (first.outcome, second.outcome) == ("asleep", "attended")
    assert of_thursday == ()
    assert {day.on_date for day in of_tuesday.days} == {WEDNESDAY - DAY, WEDNESDAY + 5 * DAY}


def days(first: date, count: int) -> list[date]:
    return [first + ahead * DAY for ahead in range(count)]


def test_there_and_back(engines: Engines, database_url: str) -> None:
    with unit_of_work(engines) as db:
        elm = small_community(db)
    again(engines, elm, date(2026, 3, 1), date(2026, 4, 1))

    downgrade(database_url, "0001")
    with engines.write.begin() as connection:
        held = dict(connection.execute(text("SELECT key, arrived_on FROM resident")).all())
        connection.execute(text("UPDATE resident SET left_on = '2026-11-02', left_reason = 'moved' WHERE key = 'ben'"))
    upgrade(database_url)

    assert (str(held["ada"]), str(held["ben"])) == ("2026-04-01", "2026-01-05")
    with reading(engines) as db:
        found = stays_of(db, elm.id)
    assert found[elm.residents["ada"].id].spans == ((date(2026, 4, 1), None, None),)
    assert found[elm.residents["ben"].id].spans == ((IN_JANUARY, date(2026, 11, 2), "moved"),)
    assert len(found) == 6


def test_rows_and_days_are_read_alike(engines: Engines) -> None:
    # the SQL condition and the day-by-day answer share nothing but the meaning
    chance = random.Random(7)
    with unit_of_work(engines) as db:
        elm = small_community(db)
        for number in range(150):
            row = elm.resident(f"r{number}")
            row.stays.clear()
            db.flush()
            for arrived in chance.sample(range(10), chance.randrange(3)):
                day = MONDAY + arrived * DAY
                row.stays.append(
                    Stay(
                        community_id=elm.id,
                        arrived_on=day,
                        left_on=chance.choice([None, *days(day - DAY, 6)]),
                        left_reason=chance.choice([None, "moved", "died"]),
                    )
                )
    with reading(engines) as db:
        ids, of = set(db.scalars(select(Resident.id))), stays_of(db, elm.id)
        for start, length in ((0, 1), (3, 1), (3, 7), (9, 3), (14, 2)):
            asked = days(MONDAY + start * DAY, length)
            here = set(db.scalars(select(Resident.id).where(lives_here(asked[0], asked[-1]))))
            planned = set(db.scalars(select(Resident.id).where(stays_over(asked[0], asked[-1]))))

            assert here == {one for one in ids if any(of.get(one, Stays()).is_here(day) for day in asked)}
            assert planned == {one for one in ids if any(of.get(one, Stays()).stays_over(day) for day in asked)}
            assert planned == {one for one in ids if of.get(one, Stays()).stays_in(asked[0], asked[-1])}
            assert 0 < len(planned) < len(ids)
            assert 0 < len(here) < len(ids)
