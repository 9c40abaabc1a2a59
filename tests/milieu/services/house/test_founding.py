"""A community from an empty database: the link works once, the library reads, and what is missing is told."""

from datetime import date, timedelta
from typing import Any

import pytest

from milieu.database import Engines, reading, unit_of_work
from milieu.errors import Invalid, NotFound
from milieu.imports.tables.description import column_of
from milieu.models import Account, Activity, ActivityHours, Change, Community, CommunitySettings, Note
from milieu.services.access.holders import find_credentials
from milieu.services.house import founding, library, readiness
from milieu.services.house.things.kinds import ACTIVITIES
from milieu.services.teller import Teller
from tests.milieu.builders import NOW, community, small_community

HASHED = "not a hash that any password gives"
GIVEN = {"name": "Birch Hof", "timezone": "Europe/Berlin", "director": "Dee Made-Up", "email": "dee@birch.example"}


def found(engines: Engines, secret: str, at: timedelta = timedelta()) -> str:
    with unit_of_work(engines) as db:
        return founding.found_community(db, secret, **GIVEN, hashed=HASHED, now=NOW + at)


def offer(engines: Engines) -> str | None:
    with unit_of_work(engines) as db:
        return founding.offer_set_up(db, NOW)


def test_the_link_makes_a_community_and_its_director_once(engines: Engines) -> None:
    secret = offer(engines)
    assert secret is not None
    with reading(engines) as db:
        kept = db.get_one(Note, founding.NOTE).value
        assert secret not in str(kept)

    account_id = found(engines, secret)

    with reading(engines) as db:
        row = db.query(Community).one()
        assert (row.key, row.name, row.timezone, row.is_made_up) == ("birch-hof", "Birch Hof", "Europe/Berlin", False)
        assert db.get_one(CommunitySettings, row.id).slot_minutes == 15
        account = db.query(Account).one()
        assert (account.id, account.name, [role.name for role in account.roles]) == (
            account_id,
            "Dee Made-Up",
            ["director"],
        )
        credentials = find_credentials(db, "Dee@birch.example")
        assert credentials is not None
        assert credentials.password_hash == HASHED
        assert [line.noun for line in db.query(Change)] == ["community"]
        assert not founding.is_set_up_open(db, secret, NOW)
    with pytest.raises(NotFound):
        found(engines, secret)
    assert offer(engines) is None


def test_a_link_is_for_a_day_and_the_newest_alone(engines: Engines) -> None:
    first, second = offer(engines), offer(engines)
    assert first is not None
    assert second is not None
    for secret, at in ((first, timedelta()), (second, founding.LIVES), ("", timedelta()), ("x" * 300, timedelta())):
        with pytest.raises(NotFound):
            found(engines, secret, at)
    assert found(engines, second, founding.LIVES - timedelta(seconds=1))


def test_where_there_is_a_community_there_is_no_link(engines: Engines) -> None:
    secret = offer(engines)
    assert secret is not None
    with unit_of_work(engines) as db:
        small_community(db)

    with reading(engines) as db:
        assert not founding.is_set_up_open(db, secret, NOW)
    with pytest.raises(NotFound):
        found(engines, secret)
    assert offer(engines) is None


@pytest.mark.parametrize(("text", "at"), [("", "name"), ("x" * 121, "name"), ("Birch\u202e", "name")])
def test_a_name_that_cannot_be_is_told_at_its_field(text: str, at: str) -> None:
    with pytest.raises(Invalid) as refused:
        founding.read_name(text, at)
    assert refused.value.at == at
    with pytest.raises(Invalid, match="There is no time zone 'Berlin'"):
        founding.read_zone("Berlin", "timezone")
    assert founding.read_zone(" europe/berlin ", "timezone") == "Europe/Berlin"


def test_the_library_has_forty_activities_that_read_as_the_lists_do() -> None:
    books = library.library()

    assert len(books) == len({each.key for each in books}) == len({each.name for each in books}) == 40
    keys = {each.key for each in books}
    for each in books:
        assert each.texts["wet_twin"] in keys | {""}
        for name, text in each.texts.items():
            if text:
                column_of(ACTIVITIES.part.table, name).read(text)
        hours = ACTIVITIES.piece("hours").part.table
        for days, start, end in each.times:
            assert column_of(hours, "days").read(days)
            assert column_of(hours, "from").read(start) < column_of(hours, "to").read(end)
            assert column_of(hours, "to").read(end) - column_of(hours, "from").read(start) >= int(each.texts["minutes"])


@pytest.mark.parametrize("slot", [5, 15, 20, 60])
def test_what_is_taken_is_the_communitys_own_on_its_grid(engines: Engines, slot: int) -> None:
    with unit_of_work(engines) as db:
        elm = community(db, "elm")
        db.get_one(CommunitySettings, elm.id).slot_minutes = slot
    teller = Teller(elm.id, None, NOW)
    every = [each.key for each in library.library()]

    for times, count in ((1, 40), (2, 0)):
        with unit_of_work(engines) as db:
            assert library.take(db, teller, every) == count, times

    with reading(engines) as db:
        rows = {row.key: row for row in db.query(Activity).filter_by(community_id=elm.id)}
        assert len(rows) == 40
        assert all(row.duration_minutes % slot == 0 for row in rows.values())
        assert rows["walking-club"].wet_twin == "walk-indoors"
        assert rows["birthday-tea"].celebrates_birthdays
        assert rows["service"].by_wish
        hours = db.query(ActivityHours).filter_by(community_id=elm.id).all()
        assert all(row.start_minute % slot == 0 and row.end_minute % slot == 0 for row in hours)
        assert all(each.is_there for each in library.offered(db, elm.id))


def test_what_is_missing_for_a_first_week_is_told(engines: Engines) -> None:
    today = date(2026, 12, 2)
    with unit_of_work(engines) as db:
        bare = community(db, "bare")
        elm = small_community(db)
        elm.activity("baking", needs_features=["kitchen"], needs_skills=["cooking"])

    with reading(engines) as db:
        nothing = readiness.readiness_of(db, bare.id, today)
        ready = readiness.readiness_of(db, elm.id, today)

    assert [step.count for step in nothing.steps] == [0] * 7
    assert not nothing.is_ready
    assert ready.is_ready
    assert not ready.is_published
    assert [(each.name, each.features, each.skills) for each in ready.lacking] == [
        ("Baking", ("kitchen",), ("cooking",))
    ]


@pytest.mark.parametrize(
    ("team", "may_be_held"),
    [
        ({"finn": {}}, {"choir", "visit"}),
        ({"gita": {"kind": "volunteer"}}, {"visit"}),
        ({"gita": {"kind": "volunteer", "leads_alone": ["choir"]}}, {"choir", "visit"}),
        ({"finn": {"hours": ()}, "gita": {"kind": "volunteer"}}, {"visit"}),
        ({}, {"visit"}),
    ],
)
def test_volunteers_lead_groups_only_where_they_may(
    engines: Engines, team: dict[str, dict[str, Any]], may_be_held: set[str]
) -> None:
    with unit_of_work(engines) as db:
        elm = community(db)
        elm.space("lounge")
        made = {elm.activity("choir").id: "choir", elm.activity("visit", max_group=1, min_group=1).id: "visit"}
        for key, given in team.items():
            elm.facilitator(key, **given)

    with reading(engines) as db:
        lacking = readiness.lacking_of(db, elm.id, NOW.date())

    assert {name for activity_id, name in made.items() if activity_id not in lacking} == may_be_held


def test_what_spaces_and_team_can_hold_is_taken_at_once(engines: Engines) -> None:
    with unit_of_work(engines) as db:
        elm = community(db, "elm")
        assert library.fitting_keys(db, elm.id, NOW.date()) == ()
        elm.space("lounge", features=[])
        elm.space("kitchen", features=["kitchen"], ended_on=NOW.date())
        elm.facilitator("rosa", skills=["music"])
        fitting = library.fitting_keys(db, elm.id, NOW.date())
    books = {each.key: each for each in library.library()}
    assert {key for key, each in books.items() if not each.needs("features") and each.needs("skills") <= {"music"}} == {
        *fitting
    }
    assert any(books[key].needs("skills") for key in fitting)

    with unit_of_work(engines) as db:
        assert library.take(db, Teller(elm.id, None, NOW), fitting[:2]) == 2
        assert library.fitting_keys(db, elm.id, NOW.date()) == fitting[2:]
