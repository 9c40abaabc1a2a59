"""What activities ask against what somebody cannot; the months of what is outdoors, and its twin for wet weather."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from milieu.database import DbSession, make_engines, unit_of_work
from milieu.models import SpaceClosure
from milieu.solving.answer.answers import contents_of
from milieu.solving.problem.commitments import demands
from milieu.solving.problem.document import ProblemSource, make_problem
from solver.documents import exchange
from tests.milieu.builders import CommunityBuilder, community

MONDAY = date(2026, 9, 28)  # Wednesday is the last day of September
BEFORE = datetime(2026, 9, 25, 9, 0, tzinfo=UTC)


@pytest.fixture
def db(sqlite_url: str) -> Iterator[DbSession]:
    engines = make_engines(sqlite_url)
    with unit_of_work(engines) as session:
        yield session
    engines.dispose()


@pytest.fixture
def elm(db: DbSession) -> CommunityBuilder:
    """A walk in the garden from April to September, its twin indoors, and Ada."""
    built = community(db)
    built.space("garden", features=["garden"])
    built.space("lounge", features=["open floor"])
    built.facilitator("finn")
    given = {"min_group": 1, "sessions_min": 1, "sessions_max": 2, "asks": ["walks"]}
    season = {"months": [4, 5, 6, 7, 8, 9], "wet_twin": "Indoors"}
    built.activity("walk", needs_features=["garden"], **season, **given)
    built.activity("indoors", needs_features=["open floor"], **given)
    built.resident("ada")
    return built


def problem(elm: CommunityBuilder, monday: date = MONDAY) -> ProblemSource:
    elm.db.flush()
    return make_problem(elm.db, elm.id, monday, BEFORE, repair=False)


def days(elm: CommunityBuilder, monday: date = MONDAY) -> dict[str, list[int | None]]:
    """The days on which each activity can be held: None is every day; without those that are not offered at all."""
    keys = {row.id: key for key, row in elm.activities.items()}
    found = problem(elm, monday).document.activities
    return {keys[row.id]: [None] if row.windows is None else [each.day for each in row.windows] for row in found}


def test_twin_takes_the_place_of_what_is_out_of_its_months(elm: CommunityBuilder) -> None:
    assert days(elm, MONDAY - timedelta(days=7)) == {"walk": [None]}
    assert days(elm) == {"walk": [0, 1, 2], "indoors": [3, 4, 5, 6]}
    assert days(elm, MONDAY + timedelta(days=7)) == {"indoors": [None]}


def least(elm: CommunityBuilder, monday: date) -> dict[str, int]:
    keys = {row.id: key for key, row in elm.activities.items()}
    source = problem(elm, monday)
    assert source.notes == ()
    return {keys[row.id]: row.sessions.min for row in source.document.activities}


def test_twin_has_to_be_held_only_where_the_other_cannot_be_all_week(elm: CommunityBuilder) -> None:
    assert least(elm, MONDAY - timedelta(days=7)) == {"walk": 1}
    assert least(elm, MONDAY) == {"walk": 1, "indoors": 0}
    assert least(elm, MONDAY + timedelta(days=7)) == {"indoors": 1}


@pytest.mark.parametrize(("kind", "offered"), [("weather", [1]), ("repairs", None)])
def test_twin_takes_its_place_where_the_weather_closes_every_space(
    elm: CommunityBuilder, kind: str, offered: list[int] | None
) -> None:
    monday = MONDAY - timedelta(days=7)
    tuesday = {"first_date": monday + timedelta(days=1), "last_date": monday + timedelta(days=1), "kind": kind}
    elm.add(SpaceClosure(community_id=elm.id, space_id=elm.spaces["garden"].id, start_minute=600, **tuesday))
    assert days(elm, monday).get("indoors") == offered

    yard = elm.space("yard", features=["garden"])
    assert "indoors" not in days(elm, monday)
    elm.add(SpaceClosure(community_id=elm.id, space_id=yard.id, **tuesday))
    assert days(elm, monday).get("indoors") == offered


def test_garden_has_its_months_whatever_is_held_in_it(elm: CommunityBuilder) -> None:
    elm.activities["walk"].months = []
    assert days(elm) == {"walk": [None]}

    elm.spaces["garden"].months = [4, 5, 6, 7, 8, 9]
    [garden] = [row for row in problem(elm).document.spaces if row.id == elm.spaces["garden"].id]
    assert [each.day for each in garden.open or ()] == [0, 1, 2]
    assert days(elm) == {"walk": [None], "indoors": [3, 4, 5, 6]}


def test_twin_of_what_was_given_up_stands_by_itself(elm: CommunityBuilder) -> None:
    elm.activities["walk"].ended_on = MONDAY

    assert days(elm) == {"indoors": [None]}


def test_who_likes_the_one_likes_the_other_unless_they_say_so(elm: CommunityBuilder) -> None:
    ada, walk, indoors = elm.residents["ada"], elm.activities["walk"], elm.activities["indoors"]
    elm.wish(ada, walk, 4, said_by="relative")
    assert problem(elm).document.residents[0].interests == {walk.id: 4, indoors.id: 4}

    session = exchange.Session(
        id="s1",
        activity=indoors.id,
        day=3,
        start="10:00",
        space=elm.spaces["lounge"].id,
        facilitators=(elm.facilitators["finn"].id,),
        residents=(ada.id,),
    )
    [content] = contents_of(problem(elm), (session,), "run")
    first = content.places[0].reasons[0]
    assert (first.code, first.said_by) == ("wish", "relative")

    elm.wish(ada, indoors, -1)
    assert problem(elm).document.residents[0].refuses.activities == (indoors.id,)


def test_nobody_is_asked_to_what_they_cannot(elm: CommunityBuilder) -> None:
    ada, walk = elm.residents["ada"], elm.activities["walk"]
    elm.wish(ada, walk, 5)
    ada.cannot = ["stands", "reads"]
    assert problem(elm).document.residents[0].avoids.activities == ()

    ada.cannot = ["walks"]
    both = tuple(sorted((walk.id, elm.activities["indoors"].id)))
    assert problem(elm).document.residents[0].avoids.activities == both


def test_demand_for_what_somebody_cannot_is_left_out_and_told(elm: CommunityBuilder) -> None:
    ada = elm.residents["ada"]
    elm.requirement(ada, elm.activities["walk"])
    ada.cannot = ["walks"]
    source = problem(elm)

    assert source.document.residents[0].required == {}
    assert {note.code for note in source.notes if note.resident} == {demands.AVOIDED}
