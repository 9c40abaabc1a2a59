"""Fair turns: who loves what is scarce and was left behind waits; for what has a seat for all nobody does."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from milieu.database import make_engines, unit_of_work
from milieu.models import Attendance, CommunitySettings, SessionHeld, Stay
from milieu.solving.problem.document import make_problem
from tests.milieu.builders import MONDAY, NOW, CommunityBuilder, Held, community

EVE = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)
WEEK = timedelta(weeks=1)
LOVERS = ("ada", "ben", "cleo", "dov")


@pytest.fixture
def elm(sqlite_url: str) -> Iterator[CommunityBuilder]:
    """A drive once a week with two seats, loved by four and liked by Esi; tea, with a seat for each of them."""
    engines = make_engines(sqlite_url)
    with unit_of_work(engines) as db:
        built = community(db)
        built.space("lounge")
        built.facilitator("finn")
        built.activity("drive", max_group=2, min_group=1, sessions_max=1)
        built.activity("tea", max_group=10, min_group=1)
        for key in (*LOVERS, "esi"):
            resident = built.resident(key)
            built.wish(resident, built.activities["tea"], 5)
            built.wish(resident, built.activities["drive"], 2 if key == "esi" else 5)
        yield built
    engines.dispose()


def drove(elm: CommunityBuilder, weeks_ago: int, *who: str, day: int = 1) -> None:
    """A drive as it was published and went."""
    monday = MONDAY - weeks_ago * WEEK
    held = Held("drive", "lounge", day, "10:00", ["finn"], who, ref=f"drive-{weeks_ago}-{day}")
    elm.publication([held], week_start=monday)


def waiting(elm: CommunityBuilder, activity: str = "drive") -> dict[str, int]:
    elm.db.flush()
    document = make_problem(elm.db, elm.id, MONDAY, EVE, repair=False).document
    keys = {row.id: key for key, row in elm.residents.items()}
    name = elm.activities[activity].id
    return {keys[row.id]: row.waiting[name] for row in document.residents if name in row.waiting}


def test_who_loves_it_comes_first_where_nobody_was_asked_yet(elm: CommunityBuilder) -> None:
    assert waiting(elm) == {"ada": 3, "ben": 3, "cleo": 3, "dov": 3}


def test_for_what_has_a_seat_for_all_nobody_waits(elm: CommunityBuilder) -> None:
    assert waiting(elm, "tea") == {}


def test_seats_are_those_of_who_can_come_not_of_who_may_be_asked(elm: CommunityBuilder) -> None:
    """Where one in ten comes all may be asked to two seats, and still not all who love it have one each week."""
    elm.db.get_one(CommunitySettings, elm.id).expected_turnout = 10

    assert waiting(elm) == {"ada": 3, "ben": 3, "cleo": 3, "dov": 3}


def test_who_was_left_behind_waits_longer_with_each_time(elm: CommunityBuilder) -> None:
    drove(elm, 1, "ada", "ben")
    drove(elm, 2, "ada", "cleo")

    assert waiting(elm) == {"ada": 1, "ben": 3, "cleo": 3, "dov": 6}


@pytest.mark.parametrize(
    ("seats", "expected"), [(5, {"ada": 1, "ben": 1, "cleo": 6, "dov": 6}), (6, {"cleo": 1, "dov": 1})]
)
def test_turns_count_where_it_is_nearly_scarce_among_those_who_love_it(
    elm: CommunityBuilder, seats: int, expected: dict[str, int]
) -> None:
    elm.activities["drive"].max_group = seats
    for key in ("gus", "hal", "ida"):
        elm.wish(elm.resident(key), elm.activities["drive"], 2)
    drove(elm, 1, "ada", "ben", "gus", "hal", "ida")
    drove(elm, 2, "ada", "ben", "gus", "hal", "ida")

    found = waiting(elm)

    assert {key: found[key] for key in LOVERS if key in found} == expected


def test_who_has_to_be_asked_comes_far_before_who_may_be_asked_again(elm: CommunityBuilder) -> None:
    """Four had seven seats in three weeks; at this pace it is two each in a month, and three for one of them."""
    drove(elm, 1, "ada", "ben", "cleo")
    drove(elm, 2, "ada", "ben", "dov")
    drove(elm, 3, "ada")

    assert waiting(elm) == {"ada": 1, "ben": 3, "cleo": 6, "dov": 6, "esi": 1}


def test_of_those_far_behind_who_is_farther_behind_comes_first(elm: CommunityBuilder) -> None:
    """A drive of three seats three times a week: Dov was never there, Cleo once, the others always."""
    elm.activities["drive"].max_group = 3
    for weeks_ago in (1, 2, 3):
        drove(elm, weeks_ago, "ada", "ben", *(["cleo"] if weeks_ago == 1 else []))

    found = waiting(elm)

    assert found["dov"] > found["cleo"] > found["ada"] == found["ben"]


def test_a_month_counts_more_than_what_was_before(elm: CommunityBuilder) -> None:
    drove(elm, 1, "ada", "ben")
    drove(elm, 6, "cleo")

    assert waiting(elm) == {"ada": 1, "ben": 1, "cleo": 3, "dov": 4}


def test_who_came_of_late_has_waited_for_nothing_before(elm: CommunityBuilder) -> None:
    drove(elm, 2, "ada", "ben")
    drove(elm, 1, "cleo", "ben")
    stay = elm.db.query(Stay).filter_by(resident_id=elm.residents["dov"].id).one()
    stay.arrived_on = MONDAY - timedelta(days=3)

    assert waiting(elm)["dov"] == 3


def test_who_only_likes_it_waits_from_the_end_of_a_round_on(elm: CommunityBuilder) -> None:
    drove(elm, 1, "ada", "ben")
    drove(elm, 2, "cleo", "dov")
    assert "esi" not in waiting(elm)

    drove(elm, 3, "ada", "ben")
    assert waiting(elm)["esi"] == 1

    drove(elm, 5, "cleo", "dov")
    assert waiting(elm)["esi"] == 1
    drove(elm, 6, "ada", "ben")
    assert waiting(elm)["esi"] == 2


def test_what_was_called_off_and_who_was_not_asked_after_all_do_not_count(elm: CommunityBuilder) -> None:
    drove(elm, 1, "ada", "ben")
    drove(elm, 2, "ada", "cleo")
    then = MONDAY - 2 * WEEK + timedelta(days=1)
    said = {"session_ref": "drive-2-1", "on_date": then, "was_held": False, "number": 1, "marked_at": NOW}
    elm.add(SessionHeld(community_id=elm.id, **said))
    elm.add(
        Attendance(
            community_id=elm.id,
            session_ref="drive-1-1",
            on_date=MONDAY - WEEK + timedelta(days=1),
            resident_id=elm.residents["ben"].id,
            outcome="not invited",
            key="ben",
            number=1,
            tapped_at=NOW,
            marked_at=NOW,
        )
    )

    assert waiting(elm) == {"ada": 1, "ben": 3, "cleo": 3, "dov": 3}


def test_who_said_no_to_it_or_does_not_bear_it_does_not_wait(elm: CommunityBuilder) -> None:
    elm.refusal(elm.residents["ada"], activity=elm.activities["drive"])
    elm.activities["drive"].noise = 2
    elm.residents["ben"].noise_max = 1
    elm.resident("gus")
    elm.wish(elm.residents["gus"], elm.activities["drive"], 5)

    assert set(waiting(elm)) == {"cleo", "dov", "gus"}
