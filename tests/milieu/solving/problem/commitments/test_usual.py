"""The base week: kept by hand as soon as anything of it is, else the week that was published last."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from milieu.database import make_engines, unit_of_work
from milieu.models import ActivityMember, BaseSession, FamiliarFace
from milieu.solving.problem.document import ProblemSource, make_problem
from tests.milieu.builders import MONDAY, CommunityBuilder, Held, community, minute

EVE = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)
WEEK = timedelta(weeks=1)
CHOIR = Held("choir", "lounge", 1, "10:00", ["finn"], ["ada", "ben"])
WALK = Held("walk", "studio", 3, "14:00", ["finn", "gita"], ["ada"])


@pytest.fixture
def elm(sqlite_url: str) -> Iterator[CommunityBuilder]:
    engines = make_engines(sqlite_url)
    with unit_of_work(engines) as db:
        built = community(db)
        for key in ("lounge", "studio"):
            built.space(key)
        for key in ("finn", "gita"):
            built.facilitator(key)
        for key in ("choir", "walk"):
            built.activity(key)
        for key in ("ada", "ben"):
            built.resident(key)
        yield built
    engines.dispose()


def problem(elm: CommunityBuilder, week: date = MONDAY) -> ProblemSource:
    elm.db.flush()
    return make_problem(elm.db, elm.id, week, EVE, repair=False)


def usual(elm: CommunityBuilder, week: date = MONDAY) -> list[tuple[str, int, str, str | None, set[str]]]:
    """The base week by keys."""
    rows: Any = (elm.activities, elm.spaces, elm.facilitators)
    keys = {row.id: key for each in rows for key, row in each.items()}
    return [
        (keys[row.activity], row.day, row.start, keys.get(row.space or ""), {keys[each] for each in row.facilitators})
        for row in problem(elm, week).document.usual
    ]


def base(elm: CommunityBuilder, activity: str, weekday: int, start: str, **fields: Any) -> None:
    given = {"activity_id": elm.activities[activity].id, "weekday": weekday, "start_minute": minute(start), **fields}
    elm.add(BaseSession(community_id=elm.id, **given))


def test_a_week_that_was_published_is_what_people_are_used_to(elm: CommunityBuilder) -> None:
    elm.publication([CHOIR, WALK], week_start=MONDAY - WEEK)

    assert usual(elm) == [
        ("choir", 1, "10:00", "lounge", {"finn"}),
        ("walk", 3, "14:00", "studio", {"finn", "gita"}),
    ]


def test_of_several_weeks_the_last_before_this_one_counts(elm: CommunityBuilder) -> None:
    elm.publication([WALK], week_start=MONDAY - 2 * WEEK)
    elm.publication([CHOIR], week_start=MONDAY - WEEK)
    elm.publication([WALK], week_start=MONDAY)
    elm.publication([WALK], week_start=MONDAY + WEEK)

    assert [row[0] for row in usual(elm)] == ["choir"]


def test_what_a_repair_did_for_a_fact_of_its_week_is_no_habit(elm: CommunityBuilder) -> None:
    elm.publication([CHOIR], week_start=MONDAY - WEEK)
    elm.publication([WALK], week_start=MONDAY - WEEK, kind="repair")

    assert [row[0] for row in usual(elm)] == ["choir"]


@pytest.mark.parametrize(("weeks", "known"), [(8, 1), (9, 0)])
def test_a_week_of_long_ago_is_nobodys_habit(elm: CommunityBuilder, weeks: int, known: int) -> None:
    elm.publication([CHOIR], week_start=MONDAY - weeks * WEEK)

    assert len(usual(elm)) == known


def test_a_base_week_kept_by_hand_stands_before_what_was_published(elm: CommunityBuilder) -> None:
    elm.publication([CHOIR], week_start=MONDAY - WEEK)
    base(elm, "walk", 2, "11:00")
    base(elm, "choir", 4, "15:00", space_id=elm.spaces["studio"].id, facilitator_id=elm.facilitators["gita"].id)

    assert usual(elm) == [("walk", 2, "11:00", None, set()), ("choir", 4, "15:00", "studio", {"gita"})]


def test_a_row_of_the_base_week_holds_on_its_own_days(elm: CommunityBuilder) -> None:
    base(elm, "walk", 2, "11:00", valid_from=MONDAY + timedelta(days=3))
    base(elm, "choir", 4, "15:00", valid_until=MONDAY + timedelta(days=4))

    assert [row[0] for row in usual(elm)] == ["choir"]
    assert [row[0] for row in usual(elm, MONDAY + WEEK)] == ["walk"]


def test_two_at_one_moment_are_told_once(elm: CommunityBuilder) -> None:
    twin = Held("choir", "studio", 1, "10:00", ["gita"], [], ref="twin")
    elm.publication([CHOIR, twin], week_start=MONDAY - WEEK)

    [(activity, day, start, _, _)] = usual(elm)
    assert (activity, day, start) == ("choir", 1, "10:00")


def test_a_time_that_keeps_away_who_has_waited_longest_gives_way(elm: CommunityBuilder) -> None:
    elm.activities["choir"].max_group, elm.activities["choir"].sessions_max = 2, 1
    for key in ("cleo", "dov"):
        elm.resident(key)
    for resident in elm.residents.values():
        elm.wish(resident, elm.activities["choir"], 5)
    for weeks in (1, 2):
        elm.publication([CHOIR], week_start=MONDAY - weeks * WEEK)
    assert [row[0] for row in usual(elm)] == ["choir"]

    elm.busy(elm.residents["cleo"], "10:30", "11:00")

    assert usual(elm) == []
    base(elm, "choir", 1, "10:00")
    assert [row[0] for row in usual(elm)] == ["choir"]


def test_the_visitor_who_came_most_often_is_the_one_people_are_used_to(elm: CommunityBuilder) -> None:
    elm.activity("visit", max_group=1, min_group=1, sessions_max=3, is_closed=True)
    visit = elm.activities["visit"]
    elm.add(ActivityMember(community_id=elm.id, activity_id=visit.id, resident_id=elm.residents["ada"].id))
    visits = [Held("visit", "lounge", day, "11:00", [who], ["ada"]) for day, who in ((0, "gita"), (2, "finn"))]
    elm.publication([*visits, Held("visit", "lounge", 4, "11:00", ["gita"], ["ada"])], week_start=MONDAY - WEEK)
    assert [row[4] for row in usual(elm)] == [{"gita"}] * 3

    elm.publication(visits, week_start=MONDAY - WEEK)
    ids = {"facilitator_id": elm.facilitators["finn"].id, "resident_id": elm.residents["ada"].id}
    elm.add(FamiliarFace(community_id=elm.id, **ids))

    assert [row[4] for row in usual(elm)] == [{"finn"}] * 2


def test_a_habit_is_no_fact_that_makes_a_draft_old(elm: CommunityBuilder) -> None:
    before = problem(elm)
    elm.publication([CHOIR], week_start=MONDAY - WEEK)

    assert problem(elm).facts_digest == before.facts_digest
    assert problem(elm).digest != before.digest
