"""What should be on: as the community says for parts of the day and living groups, and a little for each without."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from milieu.database import make_engines, unit_of_work
from milieu.models import CommunitySettings, GroupAim, Outbreak, ProgrammeAim
from milieu.solving.problem.document import make_problem
from milieu.solving.problem.programme.offers import TOGETHER
from solver.documents.exchange import Offer, ProblemDocument
from tests.milieu.builders import MONDAY, CommunityBuilder, community, minute

EVE = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def elm(sqlite_url: str) -> Iterator[CommunityBuilder]:
    """Two living groups: three in the garden wing, one in the attic."""
    engines = make_engines(sqlite_url)
    with unit_of_work(engines) as db:
        built = community(db)
        built.space("lounge")
        built.facilitator("finn")
        built.activity("choir")
        built.activity("box", is_closed=True)
        built.activity("visit", max_group=1, min_group=1)
        for key in ("ada", "ben", "cleo"):
            built.resident(key)
        built.resident("dov", group="attic")
        yield built
    engines.dispose()


def document(elm: CommunityBuilder) -> ProblemDocument:
    elm.db.flush()
    return make_problem(elm.db, elm.id, MONDAY, EVE, repair=False).document


def offers(elm: CommunityBuilder, group: str | None = None) -> list[Offer]:
    name = elm.groups[group].id if group else None
    return [each for each in document(elm).offers if each.group == name]


def aim(elm: CommunityBuilder, sessions: int = 1, hours: tuple[str, str] = ("17:00", "24:00"), **fields: Any) -> None:
    given = {"start_minute": minute(hours[0]), "end_minute": minute(hours[1]), "min_sessions": sessions, **fields}
    elm.add(ProgrammeAim(community_id=elm.id, **given))


def test_each_living_group_has_something_each_day_unless_it_says_more(elm: CommunityBuilder) -> None:
    assert [(each.day, each.members, each.min) for each in offers(elm, "garden")] == [(None, 2, 1)]
    assert [(each.day, each.members, each.min) for each in offers(elm, "attic")] == [(None, 1, 1)]

    aim(elm, 2, ("09:00", "12:00"), living_group_id=elm.groups["garden"].id, members=9, weekday=5, weight=3)

    [told] = offers(elm, "garden")
    assert (told.day, told.from_, told.to, told.members, told.min, told.weight) == (5, "09:00", "12:00", 3, 2, 3)
    assert len(offers(elm, "attic")) == 1


def test_a_group_that_asks_for_nothing_is_offered_nothing(elm: CommunityBuilder) -> None:
    elm.no_aim(elm.groups["garden"])

    assert offers(elm, "garden") == []
    assert len(offers(elm, "attic")) == 1


def test_what_should_be_on_at_a_part_of_the_day(elm: CommunityBuilder) -> None:
    assert offers(elm) == []

    aim(elm, 1, weekday=2, weight=2)

    assert offers(elm) == [Offer(day=2, from_="17:00", to="24:00", min=1, weight=2)]


def test_an_aim_of_every_day_is_told_for_each(elm: CommunityBuilder) -> None:
    aim(elm, 2, valid_from=MONDAY + DAY, valid_until=MONDAY + 3 * DAY)
    aim(elm, 3, on_date=MONDAY + 5 * DAY)
    aim(elm, 4, on_date=MONDAY + 7 * DAY)

    assert [(each.day, each.min) for each in offers(elm)] == [(1, 2), (2, 2), (3, 2), (5, 3)]


def test_how_much_each_day_should_have_stays_beside_it(elm: CommunityBuilder) -> None:
    elm.db.get_one(CommunitySettings, elm.id).programme_min_sessions_per_day = 4

    assert [(each.day, each.min) for each in offers(elm)] == [(None, 4)]


def test_a_group_in_which_nobody_lives_is_offered_nothing(elm: CommunityBuilder) -> None:
    elm.group("empty")
    aim(elm, living_group_id=elm.groups["empty"].id)

    assert elm.groups["empty"].id not in {each.group for each in document(elm).offers}
    assert {each.id for each in document(elm).groups} == {elm.groups["garden"].id, elm.groups["attic"].id}


def targets(elm: CommunityBuilder, group: str) -> list[tuple[str, int, int]]:
    [found] = [each for each in document(elm).groups if each.id == elm.groups[group].id]
    return [(each.domain, each.members, each.min) for each in found.targets]


def test_each_living_group_is_with_others_twice_a_week(elm: CommunityBuilder) -> None:
    elm.add(
        GroupAim(
            community_id=elm.id, living_group_id=elm.groups["garden"].id, domain="social", members=2, min_sessions=1
        )
    )

    assert targets(elm, "garden") == [("social", 2, 1), (TOGETHER, 2, 2)]
    assert targets(elm, "attic") == []
    together = {each.id for each in document(elm).activities if TOGETHER in each.domains}
    assert together == {elm.activities["choir"].id}


def test_while_groups_are_kept_apart_none_is_to_be_with_others(elm: CommunityBuilder) -> None:
    elm.add(Outbreak(community_id=elm.id, living_group_id=elm.groups["attic"].id))

    assert targets(elm, "garden") == []
