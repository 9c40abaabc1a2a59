"""A living group's own wall: what hangs there, and an address that is made once and ended, on both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from milieu.database import Engines, reading, unit_of_work
from milieu.errors import NotFound
from milieu.ids import new_id
from milieu.models import ActivityMember, Change, LivingGroup, Resident, Wall
from milieu.queries.access.walls import walls_of
from milieu.queries.paper.walls import Programme, programme_of, programme_of_wall
from milieu.services.access.walls import end_wall, open_wall
from tests.milieu.builders import MONDAY, NOW, CommunityBuilder, Held, small_community

LATER = NOW + timedelta(hours=1)
TODAY = NOW.date()


@pytest.fixture
def elm(engines: Engines) -> CommunityBuilder:
    """Choir for everybody; a circle for Ada of Garden, a café for Dov of River, a visit to Ada."""
    with unit_of_work(engines) as db:
        elm = small_community(db)
        for key, name, member in (("circle", "Memory circle", "ada"), ("cafe", "Grief café", "dov")):
            activity = elm.activity(key, name=name, is_closed=True)
            ids = {"activity_id": activity.id, "resident_id": elm.residents[member].id}
            elm.add(ActivityMember(community_id=elm.id, **ids))
        elm.activity("visit", name="Visit to Ada", max_group=1, min_group=1)
        elm.publication(held())
        return elm


def held() -> list[Held]:
    return [
        Held("choir", "lounge", 2, "10:00"),
        Held("circle", "studio", 2, "11:00"),
        Held("cafe", "studio", 3, "11:00"),
        Held("visit", "lounge", 3, "12:00"),
    ]


def make(engines: Engines, elm: CommunityBuilder, group: str = "garden") -> str:
    with unit_of_work(engines) as db:
        return open_wall(db, elm.id, elm.groups[group].id, by="director", now=NOW)


def titles(shown: Programme) -> list[str]:
    return [session.title for day in shown.days for session in day.sessions or day.base]


def on_wall(engines: Engines, wall_id: str) -> list[str]:
    with reading(engines) as db:
        return titles(programme_of_wall(db, wall_id, now=NOW))


def test_each_wall_shows_the_closed_groups_of_its_own_members(engines: Engines, elm: CommunityBuilder) -> None:
    garden, river = make(engines, elm), make(engines, elm, "river")

    assert on_wall(engines, garden) == ["Choir", "Memory circle"]
    assert on_wall(engines, river) == ["Choir", "Grief café"]
    with reading(engines) as db:
        assert titles(programme_of(db, "elm", now=NOW)) == ["Choir"]
        assert programme_of_wall(db, river, now=NOW).living_group == elm.groups["river"].name


def test_who_left_or_moved_takes_the_closed_group_along(engines: Engines, elm: CommunityBuilder) -> None:
    garden, river = make(engines, elm), make(engines, elm, "river")
    with unit_of_work(engines) as db:
        ada = db.get_one(Resident, (elm.id, elm.residents["ada"].id))
        ada.living_group_id = elm.groups["river"].id
        dov = db.get_one(Resident, (elm.id, elm.residents["dov"].id))
        dov.left_on, dov.left_reason = TODAY - timedelta(days=1), "moved"

    assert on_wall(engines, garden) == ["Choir"]
    assert on_wall(engines, river) == ["Choir", "Memory circle"]


def test_until_a_week_is_published_the_last_one_stands_closed_groups_included(
    engines: Engines, elm: CommunityBuilder
) -> None:
    wall = make(engines, elm)

    with reading(engines) as db:
        shown = programme_of_wall(db, wall, now=NOW + timedelta(weeks=1))

    assert (shown.is_published, titles(shown)) == (False, ["Choir", "Memory circle"])
    assert shown.days[0].on_date == MONDAY + timedelta(weeks=1)


def test_a_wall_is_made_once_and_ended_once(engines: Engines, elm: CommunityBuilder) -> None:
    first, second = make(engines, elm), make(engines, elm)
    for now in (NOW, LATER):
        with unit_of_work(engines) as db:
            end_wall(db, elm.id, first, by="director", now=now)

    with reading(engines) as db:
        kept = db.scalars(select(Wall)).one()
        lines = db.execute(select(Change.verb, Change.row_id, Change.account_id).where(Change.noun == "wall")).all()
    assert (first, kept.ended_at) == (second, NOW)
    assert sorted(tuple(line) for line in lines) == [("ended", first, "director"), ("made", first, "director")]


def test_an_ended_wall_shows_nothing_and_the_next_is_another(engines: Engines, elm: CommunityBuilder) -> None:
    ended = make(engines, elm)
    with unit_of_work(engines) as db:
        end_wall(db, elm.id, ended, by=None, now=LATER)
    made = make(engines, elm)

    with unit_of_work(engines) as db:  # a form that was left open ends its own address alone
        end_wall(db, elm.id, ended, by=None, now=LATER)

    assert (made != ended, on_wall(engines, made)) == (True, ["Choir", "Memory circle"])
    for gone in (ended, new_id()):
        with reading(engines) as db, pytest.raises(NotFound, match=r"^There is no such programme\.$"):
            programme_of_wall(db, gone, now=NOW)


def test_a_living_group_that_ended_has_no_wall(engines: Engines, elm: CommunityBuilder) -> None:
    wall = make(engines, elm)
    with unit_of_work(engines) as db:
        db.get_one(LivingGroup, (elm.id, elm.groups["garden"].id)).ended_on = TODAY

    with pytest.raises(NotFound):
        on_wall(engines, wall)
    with pytest.raises(NotFound):
        make(engines, elm)
    with reading(engines) as db:
        assert [line.name for line in walls_of(db, elm.id, today=TODAY)] == [elm.groups["river"].name]


def test_nobody_makes_or_ends_what_is_not_theirs(engines: Engines, elm: CommunityBuilder) -> None:
    wall = make(engines, elm)
    with unit_of_work(engines) as db:
        oak = small_community(db, "oak")

    with unit_of_work(engines) as db, pytest.raises(NotFound):
        open_wall(db, oak.id, elm.groups["garden"].id, by=None, now=NOW)
    with unit_of_work(engines) as db, pytest.raises(NotFound):
        end_wall(db, oak.id, wall, by=None, now=NOW)

    assert on_wall(engines, wall) == ["Choir", "Memory circle"]


def test_the_database_holds_one_open_wall_for_each_living_group(engines: Engines, elm: CommunityBuilder) -> None:
    make(engines, elm)
    group = {"community_id": elm.id, "living_group_id": elm.groups["garden"].id, "made_at": NOW}
    with unit_of_work(engines) as db:
        db.add_all([Wall(**group, ended_at=NOW), Wall(**group, ended_at=NOW)])

    with pytest.raises(IntegrityError), unit_of_work(engines) as db:
        db.add(Wall(**group))


def test_a_director_sees_what_each_wall_would_tell(engines: Engines, elm: CommunityBuilder) -> None:
    with unit_of_work(engines) as db:
        elm.db = db
        director = elm.account().id
        wall = open_wall(db, elm.id, elm.groups["garden"].id, by=director, now=NOW)

    with reading(engines) as db:
        garden, river = walls_of(db, elm.id, today=TODAY)

    assert (garden.closed, garden.wall_id, garden.made_at, garden.made_by) == (
        ("Memory circle",),
        wall,
        NOW,
        "Director Made-Up",
    )
    assert (river.closed, river.wall_id) == (("Grief café",), None)
