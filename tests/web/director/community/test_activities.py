"""The page of the activities: how many come of those asked, how many are asked, and where that is switched off."""

from collections.abc import Callable

import pytest
from flask import Flask

from milieu.abilities import ABILITIES
from milieu.database import Engines, reading, unit_of_work
from milieu.models import Activity, Change, CommunitySettings, Resident
from tests.milieu.builders import CommunityBuilder
from tests.web.conftest import Browser
from web.words.abilities import asked
from web.words.times import months_said


@pytest.fixture
def director(engines: Engines, elm: CommunityBuilder, sign_in: Callable[..., Browser]) -> Browser:
    """Half of those asked are expected to come."""
    with unit_of_work(engines) as db:
        db.get_one(CommunitySettings, elm.id).expected_turnout = 50
    return sign_in(elm)


def test_it_says_for_how_many_each_is_and_how_many_are_asked(director: Browser) -> None:
    text = " ".join(director.get("/activities").text.split())

    assert "For 10. At most 12 are asked." in text  # the choir; the lounge has twelve seats
    assert "For 4. At most 5 are asked." in text
    assert "No answer counts yet; about 50 % are expected, as everywhere." in text


def test_one_activity_is_booked_and_asked_by_how_many_come_again(
    engines: Engines, director: Browser, elm: CommunityBuilder
) -> None:
    choir = elm.activities["choir"].id
    for booked, said in (("yes", "no more are asked to Choir than fit"), ("no", "Choir is asked by how many come")):
        answer = director.send(f"/activities/{choir}/booked", "/activities", booked=booked)
        assert said in director.get(answer.location).text
        with reading(engines) as db:
            assert db.get_one(Activity, (elm.id, choir)).is_booked is (booked == "yes")
    with reading(engines) as db:
        changes = db.query(Change).where(Change.row_id == choir).all()
        assert sorted((row.before["is_booked"], row.after["is_booked"]) for row in changes if row.before) == [
            (False, True),
            (True, False),
        ]


def test_whole_community_asks_no_more_than_are_meant_to_come(
    engines: Engines, director: Browser, elm: CommunityBuilder
) -> None:
    answer = director.send("/activities/asks-more", "/activities", more="no")

    shown = director.get(answer.location).text
    assert "No more are asked than are meant to come." in shown
    assert "At most" not in shown
    with reading(engines) as db:
        assert db.get_one(CommunitySettings, elm.id).asks_more is False


def test_other_communities_activities_are_missing(director: Browser) -> None:
    assert director.send("/activities/nothing/booked", "/activities", booked="yes").status_code == 404


def test_it_says_what_each_asks_and_when_it_is_held(engines: Engines, director: Browser, elm: CommunityBuilder) -> None:
    with unit_of_work(engines) as db:
        walk = db.get_one(Activity, (elm.id, elm.activities["walk"].id))
        walk.asks, walk.months, walk.wet_twin = ["walks", "hears"], [4, 5, 6, 9], "chess"
        ada = db.get_one(Resident, (elm.id, elm.residents["ada"].id))
        ada.cannot = ["walks"]
    text = " ".join(director.get("/activities").text.split())

    assert "Asks of whoever comes: walking, hearing well." in text
    assert "Only in these months: April to June, September. Otherwise, and when it is wet: Chess." in text
    assert "Is not asked to anything that takes walking." in director.get(f"/people/{elm.residents['ada'].id}").text
    assert "anything that takes" not in director.get(f"/people/{elm.residents['ben'].id}").text


@pytest.mark.parametrize(
    ("months", "said"),
    [
        ([1, 12], "December to January"),
        ([5], "May"),
        ([5, 7], "May, July"),
        ([3, 4, 9], "March to April, September"),
    ],
)
def test_months_are_said_in_runs(app: Flask, months: list[int], said: str) -> None:
    with app.test_request_context():
        assert months_said(months) == said


def test_every_ability_has_its_word(app: Flask) -> None:
    with app.test_request_context():
        assert all(asked(word) != word for word in ABILITIES)
