"""The sixteen points against small weeks of which one can count by hand what they come to."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bench.five_weeks import people, programme, repairs
from bench.five_weeks.__main__ import POINTS, table
from bench.five_weeks.people import rests
from bench.five_weeks.reading import Home, read_home
from milieu.causes import STAFF, Cause
from milieu.database import DbSession, make_engines, unit_of_work
from milieu.models import Absence, Attendance, ProgrammeAim, SessionHeld
from tests.milieu.builders import MONDAY, CommunityBuilder, Held, community

NOES = [(date(2026, 11, 2), "declined"), (date(2026, 11, 9), "declined")]


@pytest.mark.parametrize(
    ("answers", "on", "wished", "expected"),
    [
        (NOES, date(2026, 11, 30), "", True),
        (NOES, date(2026, 12, 7), "", False),  # four weeks after the second
        (NOES[:1], date(2026, 11, 30), "", False),
        ([*NOES, (date(2026, 11, 16), "attended")], date(2026, 11, 30), "", False),
        ([NOES[0], (date(2026, 11, 5), "attended"), NOES[1]], date(2026, 11, 30), "", False),
        ([NOES[0], (date(2026, 11, 5), "asleep"), NOES[1]], date(2026, 11, 30), "", True),
        ([NOES[0], (date(2026, 11, 30), "declined")], date(2026, 12, 1), "", False),  # four weeks between the two
        (NOES, date(2026, 11, 30), "2026-11-09", False),
        (NOES, date(2026, 11, 30), "2026-11-08", True),
    ],
)
def test_two_noes_in_four_weeks_rest(answers: list[tuple[date, str]], on: date, wished: str, expected: bool) -> None:
    assert rests(answers, on, wished) is expected


def make(db: DbSession) -> CommunityBuilder:
    """Ada loves the choir and dislikes chess; Ben came three weeks ago and was born on a Wednesday of that week."""
    elm = community(db)
    elm.space("hall", capacity=6)
    elm.facilitator("finn")
    elm.facilitator("gita", kind="volunteer")
    elm.activity("choir", max_group=4)
    elm.activity("chess", max_group=3)
    ada = elm.resident("ada")
    elm.resident("ben", born_on=date(1940, 12, 2), arrived_on=MONDAY - timedelta(days=20))
    elm.wish(ada, elm.activities["choir"], 5, said_on=date(2026, 1, 5))
    elm.wish(ada, elm.activities["chess"], -1)
    return elm


def publish(elm: CommunityBuilder, week: int, sessions: Sequence[Held]) -> None:
    start = MONDAY + timedelta(weeks=week)
    at = datetime.combine(start - timedelta(days=3), datetime.min.time(), tzinfo=UTC)
    elm.publication(sessions, week_start=start, published_at=at)


def choir(day: int = 1, start: str = "10:00", **changed: Sequence[str]) -> Held:
    return Held("choir", "hall", day, start, **{"leaders": ["finn"], "residents": ["ada", "ben"], **changed})


def say(elm: CommunityBuilder, who: str, day: date, outcome: str) -> None:
    at = datetime.combine(day, datetime.min.time(), tzinfo=UTC)
    elm.add(
        Attendance(
            community_id=elm.id,
            session_ref=f"{day:%G-W%V}-choir-{day.weekday()}",
            on_date=day,
            resident_id=elm.residents[who].id,
            outcome=outcome,
            key=f"{who}-{day}",
            number=1,
            tapped_at=at,
            marked_at=at,
        )
    )


@pytest.fixture
def home(sqlite_url: str) -> Home:
    """Three weeks: the choir twice on Tuesday, then on Thursday; chess for one who dislikes it; both declined."""
    with unit_of_work(make_engines(sqlite_url)) as db:
        elm = make(db)
        publish(elm, -2, [choir()])
        publish(elm, -1, [choir(), Held("chess", "hall", 1, "11:00", ["gita"], ["ada"])])
        publish(elm, 0, [choir(day=3), Held("chess", "hall", 3, "21:00", ["finn"], ["ada"])])
        for week in (-2, -1):
            say(elm, "ada", MONDAY + timedelta(weeks=week, days=1), "declined")
            say(elm, "ben", MONDAY + timedelta(weeks=week, days=1), "attended")
    return read_home(Path(sqlite_url.removeprefix("sqlite:///")))


def test_skeleton_counts_what_stands_where_it_stood(home: Home) -> None:
    found = programme.skeleton(home)

    assert found.figure.startswith("from week to week 50 %, 0 %")
    assert found.holds is False


def test_what_was_declined_twice_before_it_was_published_is_counted(home: Home) -> None:
    assert people.resting(home).figure.startswith("1 invitations to what rests; 0 after three")


def test_dislike_is_counted(home: Home) -> None:
    assert people.wished(home).figure.endswith("2 to what is disliked")


def test_volunteer_alone_and_a_long_day_are_counted(home: Home) -> None:
    assert programme.leaders_by_size(home).figure.startswith(
        "0 of 2 groups that were held with too few leaders for who came, 1 led"
    )
    assert programme.leaders_by_size(home).figure.endswith("1 days over ten hours")


def test_newcomer_with_a_neighbour_in_a_small_group_is_well(home: Home) -> None:
    assert people.newcomers(home).figure.startswith("0 of 3 newcomers' weeks")


def test_birthday_without_a_tea_is_no_matter(home: Home) -> None:
    assert people.birthdays(home).holds is None


@pytest.fixture
def repaired(sqlite_url: str) -> Home:
    """Gita leads Tuesday's choir instead of Finn, who is away on Wednesday; Ada is out of Thursday's chess."""
    with unit_of_work(make_engines(sqlite_url)) as db:
        elm = make(db)
        chess = Held("chess", "hall", 3, "11:00", ["finn"], ["ada"])
        publish(elm, 0, [choir(), chess])
        day = MONDAY + timedelta(days=2)
        finn = elm.facilitators["finn"].id
        elm.add(Absence(community_id=elm.id, facilitator_id=finn, first_date=day, last_date=day))
        led = choir(leaders=["gita"])
        why = {f"{MONDAY:%G-W%V}-choir-1": ("led", [Cause(STAFF, finn)])}
        elm.publication([led, Held("chess", "hall", 3, "11:00", ["finn"], [])], kind="repair", why=why)
    return read_home(Path(sqlite_url.removeprefix("sqlite:///")))


def test_leaders_of_a_day_on_which_nobody_is_away_are_counted(repaired: Home) -> None:
    found = repairs.leaders_kept(repaired)

    assert found.figure == "1 sessions led by others after repairs, 1 of them on days on which nobody is away"
    assert found.holds is False


def test_changes_without_a_cause_and_causes_without_a_row_are_counted(repaired: Home) -> None:
    assert repairs.caused(repaired).figure == (
        "2 sessions changed in 1 repairs, 1 without a cause that is kept, 1 with a cause of which no row is there"
    )


def test_who_was_not_asked_after_all_had_no_turn(sqlite_url: str) -> None:
    """The choir has a seat for one of two who love it; both are invited in turn, but Ben was forgotten."""
    with unit_of_work(make_engines(sqlite_url)) as db:
        elm = make(db)
        elm.activities["choir"].max_group = 1 + 1
        for key in ("ben", "cleo"):
            person = elm.residents.get(key) or elm.resident(key)
            elm.wish(person, elm.activities["choir"], 5, said_on=date(2026, 1, 5))
        elm.residents["ben"].arrived_on = date(2026, 1, 5)
        publish(elm, -1, [choir(residents=["ada", "ben"])])
        publish(elm, 0, [choir(residents=["ada", "cleo"])])
        say(elm, "ben", MONDAY + timedelta(weeks=-1, days=1), "not invited")
    found = people.turns(read_home(Path(sqlite_url.removeprefix("sqlite:///"))))

    assert found.figure == "1 scarce activities, 1 with a spread above one a month, 1 who love one never asked"


def test_visit_that_was_not_held_is_none(sqlite_url: str) -> None:
    with unit_of_work(make_engines(sqlite_url)) as db:
        elm = make(db)
        elm.activity("visit", max_group=1, min_group=1)
        visits = [Held("visit", "hall", day, "14:00", ["finn"], ["ada"], ref=f"visit-{day}") for day in (1, 2, 4)]
        publish(elm, 0, visits)
        at = datetime.combine(MONDAY, datetime.min.time(), tzinfo=UTC)
        said = {"session_ref": "visit-2", "on_date": MONDAY, "was_held": False, "number": 1, "marked_at": at}
        elm.add(SessionHeld(community_id=elm.id, **said))
    found = programme.visit_days(read_home(Path(sqlite_url.removeprefix("sqlite:///"))))

    assert found.figure.startswith("0 visits on the day after another")


@pytest.mark.parametrize(("bath", "holds"), [("10:00", True), ("15:00", False)])
def test_who_could_come_at_no_time_it_was_held_was_not_passed_over(sqlite_url: str, bath: str, holds: bool) -> None:
    """Three love the choir, which seats two, on Tuesday at ten; Cleo is never asked."""
    with unit_of_work(make_engines(sqlite_url)) as db:
        elm = make(db)
        elm.activities["choir"].max_group = 2
        elm.residents["ben"].arrived_on = date(2026, 1, 5)
        elm.busy(elm.resident("cleo"), bath, f"{bath[:2]}:30", kind="bath", weekday=1)
        for key in ("ben", "cleo"):
            elm.wish(elm.residents[key], elm.activities["choir"], 5, said_on=date(2026, 1, 5))
        for week in (-1, 0):
            publish(elm, week, [choir()])
    found = people.turns(read_home(Path(sqlite_url.removeprefix("sqlite:///"))))

    assert found.holds is holds
    assert found.figure.endswith("1 with a spread that places, times, noise and help force") is holds


@pytest.mark.parametrize(("help_", "holds"), [(1, False), (0, True)])
def test_who_needs_more_help_than_was_left_was_not_passed_over(sqlite_url: str, help_: int, holds: bool) -> None:
    """Three love the choir, which seats two; Cleo needs a unit of help, which Finn can give or not."""
    with unit_of_work(make_engines(sqlite_url)) as db:
        elm = make(db)
        elm.activities["choir"].max_group, elm.facilitators["finn"].support = 2, help_
        elm.residents["ben"].arrived_on = date(2026, 1, 5)
        elm.residents["ada"].support = elm.resident("cleo").support = 1
        for key in ("ben", "cleo"):
            elm.wish(elm.residents[key], elm.activities["choir"], 5, said_on=date(2026, 1, 5))
        for week in (-1, 0):
            publish(elm, week, [choir()])
    found = people.turns(read_home(Path(sqlite_url.removeprefix("sqlite:///"))))

    assert found.holds is holds


@pytest.mark.parametrize(("away", "told"), [("gita", "0 of them with nobody there, 1 since"), ("", "0 since")])
def test_aim_that_a_repair_missed_for_who_is_away_is_told_apart(sqlite_url: str, away: str, told: str) -> None:
    """Two in the hall on Tuesday as published, of which a repair cancels Gita's; Finn is there still."""
    with unit_of_work(make_engines(sqlite_url)) as db:
        elm = make(db)
        tuesday = MONDAY + timedelta(days=1)
        aim = {"weekday": 1, "min_sessions": 2, "start_minute": 540, "end_minute": 720, "members": 1, "weight": 1}
        elm.add(ProgrammeAim(community_id=elm.id, **aim))
        publish(elm, 0, [choir(), Held("chess", "hall", 1, "11:00", ["gita"], ["ada"])])
        elm.publication([choir()], kind="repair")
        if away:
            who = elm.facilitators[away].id
            elm.add(Absence(community_id=elm.id, facilitator_id=who, first_date=tuesday, last_date=tuesday))
    found = programme.days_and_parts(read_home(Path(sqlite_url.removeprefix("sqlite:///"))))

    assert "; 1 of 1 aims for days and their parts not reached" in found.figure
    assert told in found.figure


def test_table_has_a_line_for_each_of_sixteen_points(home: Home, sqlite_url: str) -> None:
    lines = table([Path(sqlite_url.removeprefix("sqlite:///"))]).splitlines()

    assert [point.number for point in POINTS] == list(range(1, 17))
    assert len(lines) == 2 + 16
    assert lines[0].startswith("| point | Elm Cottage, 3 weeks | holds |")
