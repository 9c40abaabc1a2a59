"""What is for those who wish it alone, and what keeps days between two sessions of one person."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from milieu.database import make_engines, unit_of_work
from milieu.models import ActivityMember
from milieu.solving.problem.commitments.demands import CLOSED, COUNT_LOWERED, LOWERED
from milieu.solving.problem.document import ProblemSource, make_problem
from solver.documents import exchange
from tests.milieu.builders import MONDAY, CommunityBuilder, Held, community

EVE = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)
WEEK = timedelta(weeks=1)


@pytest.fixture
def elm(sqlite_url: str) -> Iterator[CommunityBuilder]:
    """A council, a service, and visits to Ada alone."""
    engines = make_engines(sqlite_url)
    with unit_of_work(engines) as db:
        built = community(db)
        built.space("lounge")
        built.facilitator("finn")
        built.activity("council", min_group=1, by_wish=True)
        built.activity("visit", minutes=15, max_group=1, min_group=1, is_closed=True, sessions_max=3)
        for key in ("ada", "ben"):
            built.resident(key)
        ids = {"activity_id": built.activities["visit"].id, "resident_id": built.residents["ada"].id}
        built.add(ActivityMember(community_id=built.id, **ids))
        yield built
    engines.dispose()


def problem(elm: CommunityBuilder, week: date = MONDAY) -> ProblemSource:
    elm.db.flush()
    return make_problem(elm.db, elm.id, week, EVE, repair=False)


def activity(elm: CommunityBuilder, key: str, week: date = MONDAY) -> exchange.Activity:
    name = elm.activities[key].id
    [found] = [each for each in problem(elm, week).document.activities if each.id == name]
    return found


def days(row: exchange.Activity) -> set[int] | None:
    return None if row.windows is None else {day for each in row.windows for day in range(7) if each.is_on(day)}


def test_a_council_is_for_those_who_wish_it(elm: CommunityBuilder) -> None:
    assert activity(elm, "council").by_wish
    assert not activity(elm, "visit").by_wish


def test_what_the_care_plan_asks_for_is_a_wish_too(elm: CommunityBuilder) -> None:
    elm.requirement(elm.residents["ada"], elm.activities["council"])

    source = problem(elm)

    assert source.notes == ()
    [ada] = [each for each in source.document.residents if each.id == elm.residents["ada"].id]
    assert ada.required == {elm.activities["council"].id: 1}
    assert CLOSED not in {each.code for each in source.notes}


def test_a_count_that_nobody_wishes_for_is_lowered_and_told(elm: CommunityBuilder) -> None:
    elm.activities["council"].sessions_min = 1

    assert [(each.code, each.now) for each in problem(elm).notes] == [(COUNT_LOWERED, 0)]

    elm.wish(elm.residents["ben"], elm.activities["council"], 1)
    assert problem(elm).notes == ()


@pytest.mark.parametrize(
    ("told", "most", "group", "apart"),
    [(None, 3, 1, 2), (None, 4, 1, 2), (None, 5, 1, 1), (None, 3, 8, 1), (1, 3, 1, 1), (3, 3, 1, 3), (3, 3, 8, 3)],
)
def test_visits_lie_two_days_apart_where_a_week_has_room(
    elm: CommunityBuilder, told: int | None, most: int, group: int, apart: int
) -> None:
    row = elm.activities["visit"]
    row.days_apart, row.sessions_max, row.max_group = told, most, group

    assert activity(elm, "visit").days_apart == apart


def test_a_visit_keeps_its_distance_from_the_week_before_and_the_one_after(elm: CommunityBuilder) -> None:
    assert days(activity(elm, "visit")) is None

    elm.publication([Held("visit", "lounge", 6, "10:00", ["finn"], ["ada"])], week_start=MONDAY - WEEK)
    assert days(activity(elm, "visit")) == {1, 2, 3, 4, 5, 6}

    elm.publication([Held("visit", "lounge", 0, "10:00", ["finn"], ["ada"])], week_start=MONDAY + WEEK)
    assert days(activity(elm, "visit")) == {1, 2, 3, 4, 5}


def test_days_apart_reach_as_far_as_they_say(elm: CommunityBuilder) -> None:
    elm.activities["visit"].days_apart = 3
    elm.publication([Held("visit", "lounge", 6, "10:00", ["finn"], ["ada"])], week_start=MONDAY - WEEK)

    assert days(activity(elm, "visit")) == {2, 3, 4, 5, 6}


def test_what_is_published_on_the_last_day_stays_where_it_is(elm: CommunityBuilder) -> None:
    elm.publication([Held("visit", "lounge", 6, "10:00", ["finn"], ["ada"], ref="sunday")])
    elm.publication([Held("visit", "lounge", 0, "10:00", ["finn"], ["ada"])], week_start=MONDAY + WEEK)

    assert days(activity(elm, "visit")) is None


def test_visits_to_somebody_else_are_no_visits_to_her(elm: CommunityBuilder) -> None:
    elm.activity("other", max_group=1, min_group=1)
    elm.publication([Held("other", "lounge", 6, "10:00", ["finn"], ["ada"])], week_start=MONDAY - WEEK)

    assert days(activity(elm, "visit")) is None


def test_a_demand_for_more_than_the_days_between_allow_is_lowered(elm: CommunityBuilder) -> None:
    elm.activities["visit"].days_apart = 3
    elm.requirement(elm.residents["ada"], elm.activities["visit"], 3)
    assert problem(elm).notes == ()

    elm.activities["visit"].days_apart = 4

    assert [(each.code, each.was, each.now) for each in problem(elm).notes] == [(LOWERED, 3, 2)]
