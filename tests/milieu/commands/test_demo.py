"""The demo's parts: its folder, its weeks, its made-up history, its accounts."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from milieu.database import Engines, make_engines, reading, unit_of_work
from milieu.demo.accounts import PASSWORD, make_accounts
from milieu.demo.company import found_each_other
from milieu.demo.folder import find_folder
from milieu.demo.history import make_up_history
from milieu.demo.newcomers import move_in_lately
from milieu.demo.weeks import weeks_around
from milieu.errors import Conflict
from milieu.models import Account, Attendance, Resident, SessionHeld, Wish
from milieu.queries.demo import read_demo
from milieu.queries.ties.bonds import TEAM
from milieu.queries.ties.living_group import show_living_group
from milieu.services.attendance import mark
from milieu.settings import Settings
from tests.milieu.builders import MONDAY, NOW, CommunityBuilder, Held, community

TUESDAY, THURSDAY = MONDAY + timedelta(days=1), MONDAY + timedelta(days=3)


@pytest.fixture
def sqlite(sqlite_url: str) -> Engines:
    return make_engines(sqlite_url)


def big_week(engines: Engines, *, sessions_a_day: int = 4) -> CommunityBuilder:
    """A published week in which 40 residents are invited to everything."""
    with unit_of_work(engines) as db:
        elm = community(db)
        elm.space("hall", capacity=60)
        elm.facilitator("finn")
        names = [f"r{number:02}" for number in range(40)]
        for name in names:
            elm.resident(name)
        for number in range(sessions_a_day):
            elm.activity(f"a{number}", minutes=30, max_group=60)
        elm.publication(
            [
                Held(f"a{number}", "hall", day, f"{10 + number}:00", leaders=["finn"], residents=names)
                for day in range(7)
                for number in range(sessions_a_day)
            ]
        )
    return elm


def made_up(engines: Engines, elm: CommunityBuilder, *, until: date = THURSDAY) -> int:
    with unit_of_work(engines) as db:
        return make_up_history(db, elm.id, since=MONDAY, until=until, by=None)


def marks(engines: Engines) -> list[Attendance]:
    with reading(engines) as db:
        return list(db.scalars(select(Attendance)))


def test_weeks_are_made_on_the_friday_before() -> None:
    last, this, following = weeks_around(date(2026, 12, 2), "Europe/London")

    assert [week.start for week in (last, this, following)] == [date(2026, 11, 23), MONDAY, date(2026, 12, 7)]
    assert this.planned_at == datetime(2026, 11, 27, 15, 0, tzinfo=UTC)
    assert last.published_at == datetime(2026, 11, 20, 15, 40, tzinfo=UTC)
    assert (following.planned_at, following.published_at) == (None, None)


def test_past_weeks_come_in_turn_before_this_one() -> None:
    weeks = weeks_around(date(2026, 12, 2), "Europe/London", past=3)

    assert [week.start for week in weeks] == [MONDAY + timedelta(weeks=away) for away in range(-3, 2)]
    assert [week.name for week in weeks[:3]] == ["the week of 9 November", "the week of 16 November", "last week"]
    # on the Friday before: in London the clock stands at UTC by then
    assert weeks[0].published_at == datetime(2026, 11, 6, 15, 40, tzinfo=UTC)


@pytest.mark.parametrize("today", [MONDAY, MONDAY + timedelta(days=6)])
def test_week_is_the_same_from_monday_to_sunday(today: date) -> None:
    assert weeks_around(today, "Asia/Tokyo")[1].start == MONDAY


def test_only_days_that_are_over_have_a_history(sqlite: Engines) -> None:
    elm = big_week(sqlite)

    made_up(sqlite, elm)

    assert {each.on_date for each in marks(sqlite)} == {MONDAY, TUESDAY, MONDAY + timedelta(days=2)}


@pytest.mark.slow(0.8)
def test_history_has_the_proportions_of_practice(sqlite: Engines) -> None:
    elm = big_week(sqlite, sessions_a_day=8)

    count = made_up(sqlite, elm, until=MONDAY + timedelta(days=7))

    found = marks(sqlite)
    outcomes = Counter(each.outcome for each in found)
    levels = Counter(each.level for each in found if each.outcome == "attended")
    assert count == len(found) > 1_500
    # 55 of 100 come and 18 say no; of those who come 60 are active: three standard deviations of so many throws are 4
    assert outcomes["attended"] * 100 / count == pytest.approx(55, abs=4)
    assert outcomes["declined"] * 100 / count == pytest.approx(18, abs=4)
    assert levels["active"] * 100 / levels.total() == pytest.approx(60, abs=5)
    assert set(outcomes) == {"attended", "declined", "asleep", "in care", "away", "unwell", "not invited"}
    assert {each.level for each in found if each.outcome != "attended"} == {None}


def test_history_is_made_once_and_leaves_peoples_own_marks(sqlite: Engines) -> None:
    elm = big_week(sqlite)
    ada, ref = elm.residents["r00"], f"{TUESDAY:%G-W%V}-a0-1"
    with unit_of_work(sqlite) as db:
        mark(db, elm.id, ref, ada.id, "unwell", key="tap", by=None, now=NOW)

    first = made_up(sqlite, elm)
    second = made_up(sqlite, elm)

    assert first > 0
    assert second == 0
    hers = [each for each in marks(sqlite) if (each.session_ref, each.resident_id) == (ref, ada.id)]
    assert [(each.outcome, each.key) for each in hers] == [("unwell", "tap")]


@pytest.mark.slow(0.9)
def test_session_that_was_not_held_has_no_marks(sqlite: Engines) -> None:
    elm = big_week(sqlite, sessions_a_day=8)

    made_up(sqlite, elm, until=MONDAY + timedelta(days=7))
    made_up(sqlite, elm, until=MONDAY + timedelta(days=7))

    with reading(sqlite) as db:
        not_held = set(db.scalars(select(SessionHeld.session_ref).where(SessionHeld.was_held.is_(False))))
    assert 0 < len(not_held) < 12
    assert not_held.isdisjoint(each.session_ref for each in marks(sqlite))


def test_who_is_asked_to_the_same_small_groups_has_found_each_other_and_is_suggested(sqlite: Engines) -> None:
    """On both sides of each edge: four times, ten people, one living group, no tie."""
    with unit_of_work(sqlite) as db:
        elm = community(db)
        elm.group("garden")
        elm.group("river")
        elm.space("hall", capacity=60)
        elm.facilitator("finn")
        groups = {"tea": (["ada", "ben"], 4), "cards": (["cleo", "dov"], 3), "choir": (["esi", "fay"], 4)}
        groups |= {"walk": (["gus", "hal"], 4), "news": (["ida", "joe"], 4)}
        crowd = [f"r{number}" for number in range(9)]  # with two more one too many to meet
        for name in [each for pair, _times in groups.values() for each in pair] + crowd:
            elm.resident(name, group="river" if name in ("fay", *crowd) else "garden")
        elm.tie(elm.residents["gus"], elm.residents["hal"], 3)
        for name in groups:
            elm.activity(name, max_group=30)
        held = [
            Held(name, "hall", day, f"{10 + hour}:00", ["finn"], pair + (crowd if name == "news" else []))
            for hour, (name, (pair, times)) in enumerate(groups.items())
            for day in range(times)
        ]
        elm.publication(held)
        elm.publication([each for each in held if each.day < 3], days=[5])  # a later edition changes nothing of it

    made_up(sqlite, elm, until=MONDAY + timedelta(days=7))

    with reading(sqlite) as db:
        day = MONDAY + timedelta(days=7)
        shown = show_living_group(db, elm.id, elm.groups["garden"].id, today=day, seen_by=TEAM)
        found = found_each_other(db, elm.id, TUESDAY)
    ada, ben = (elm.residents[name].id for name in ("ada", "ben"))
    assert found == {ada: ben, ben: ada}
    assert [(each.one.called, each.other.called, each.times) for each in shown.likely] == [("Ada", "Ben", 4)]


def test_the_guests_who_came_last_came_in_the_last_days(sqlite: Engines) -> None:
    today = MONDAY + timedelta(days=7)
    came = {"ada": 300, "ben": 60, "cleo": 50, "dov": 2, "esi": 40}
    with unit_of_work(sqlite) as db:
        elm = community(db)
        choir = elm.activity("choir")
        for name, ago in came.items():
            day = today - timedelta(days=ago)
            elm.resident(name, arrived_on=day, is_short_stay=name not in ("ada", "esi"))
            elm.wish(elm.residents[name], choir, 3, said_on=day)
        elm.resident("fay", arrived_on=MONDAY, left_on=MONDAY, left_reason="home", is_short_stay=True)

        assert move_in_lately(db, elm.id, today=today) == 2

    with reading(sqlite) as db:
        days = {row.key: (today - row.arrived_on).days for row in db.scalars(select(Resident)) if row.key != "fay"}
        said = {row.resident_id: (today - row.said_on).days for row in db.scalars(select(Wish)) if row.said_on}
    assert days == came | {"dov": 2, "cleo": 9}
    assert {key: said[row.id] for key, row in elm.residents.items() if key in days} == days


def test_accounts_are_made_once_for_each_role_and_kind_of_family(sqlite: Engines) -> None:
    with unit_of_work(sqlite) as db:
        elm = community(db)
        elm.facilitator("finn")
        ada, ben, cleo = (elm.resident(name) for name in ("ada", "ben", "cleo"))
        elm.relative("una", of=ada)
        elm.relative("zoe", of=ben)
        elm.relative("zoe", of=cleo, resident_is="father")
        elm.relative("xena", of=ada, kinds=())  # she may see nothing
        made = make_accounts(db, elm.id, today=NOW.date(), now=NOW)
        again = make_accounts(db, elm.id, today=NOW.date(), now=NOW)

    assert made == again
    assert [each.email for each in made] == [
        "director@elm.example",
        "staff@elm.example",
        "family@elm.example",
        "family-of-two@elm.example",
    ]
    with reading(sqlite) as db:
        rows = {row.email: row for row in db.scalars(select(Account))}
        shown = read_demo(db)
    assert len(rows) == 4
    assert all(row.is_demo for row in rows.values())
    assert rows["family@elm.example"].name == "Una Made-Up"
    assert rows["family-of-two@elm.example"].name == "Zoe Made-Up"
    assert shown is not None
    assert (shown.password, shown.catching_up) == (PASSWORD, ())
    assert shown.accounts[3].about == "Zoe Made-Up, whose mother is Ben Made-Up and father is Cleo Made-Up"


def test_installation_that_is_no_demo_says_so(sqlite: Engines) -> None:
    with reading(sqlite) as db:
        assert read_demo(db) is None


def test_folder_is_held_by_one_demo(tmp_path: Path) -> None:
    folder = find_folder("alder", tmp_path, Settings())

    refused = pytest.raises(Conflict, match=r"Another demo is running on .*alder: end it first")

    with folder.held(), refused, folder.held():
        pass
    with folder.held():
        pass


def test_each_community_has_a_folder_of_its_own(tmp_path: Path) -> None:
    alder, linden = (find_folder(name, tmp_path, Settings()) for name in ("alder", "linden"))

    with alder.held(), linden.held():
        assert {each.name for each in tmp_path.iterdir()} == {"alder", "linden"}


def test_begun_anew_only_the_demos_own_files_are_gone(tmp_path: Path) -> None:
    folder = find_folder("alder", tmp_path, Settings())
    folder.path.mkdir()
    for name in ("milieu.sqlite", "milieu.sqlite-wal", "secret_key", "my-notes.txt"):
        (folder.path / name).write_text("x")

    folder.forget()

    assert [each.name for each in folder.path.iterdir()] == ["my-notes.txt"]


def test_demo_never_touches_the_installations_database(tmp_path: Path) -> None:
    given = Settings(database_url_given="postgresql://db/milieu", host="0.0.0.0", is_production=True)

    settings = find_folder("alder", tmp_path, given).settings(given)

    assert settings.database_url == f"sqlite:///{tmp_path / 'alder' / 'milieu.sqlite'}"
    assert (settings.host, settings.is_production) == ("127.0.0.1", False)
