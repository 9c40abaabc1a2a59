"""What to look at beside the week: what is still to be asked of a newcomer, and the aims whose day has come."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from milieu.database import Engines, unit_of_work
from milieu.models import Change, Resident
from milieu.services.facts.unwell import tell_hospital
from milieu.services.teller import Teller
from tests.milieu.builders import MONDAY, NOW, CommunityBuilder, Held
from tests.web.conftest import Browser

TODAY = NOW.date()
WEEK = f"/week/{MONDAY}"


@pytest.fixture
def elm(engines: Engines, elm: CommunityBuilder) -> CommunityBuilder:
    with unit_of_work(engines) as db:
        elm.db = db
        elm.publication([Held("choir", "lounge", 3, "10:00", ["finn"], ["ada", "ben"], ref="choir-1")])
    return elm


def test_it_is_told_by_name_until_it_is_known(
    engines: Engines, elm: CommunityBuilder, sign_in: Callable[..., Browser]
) -> None:
    with unit_of_work(engines) as db:
        elm.db = db
        nan = elm.resident("nan", arrived_on=TODAY - timedelta(days=8), sessions_max=None).id
    director = sign_in(elm)
    said = "Nan Made-Up, day 9 of 14: still to be asked is "
    every = "how they like to be asked, what they love, their birthday and which time of the day is best."
    assert said + every in director.get(WEEK).text

    with unit_of_work(engines) as db:
        elm.db = db
        row = db.get_one(Resident, (elm.id, nan))
        row.invite_how, row.born_on, row.times = "Slowly", date(1940, 1, 1), {"morning": 2}
        elm.wish(row, elm.activities["choir"], 4)
    page = director.get(WEEK).text
    assert said + "what else they love." in page
    assert f'href="/people/{nan}"' in page

    with unit_of_work(engines) as db:
        elm.db = db
        row = db.get_one(Resident, (elm.id, nan))
        row.sessions_max = 0  # who asked for quiet is not asked for loves
    assert said not in director.get(WEEK).text


@pytest.mark.parametrize(("days", "is_told"), [(0, True), (13, True), (14, False)])
def test_two_weeks_are_enough(
    days: int, is_told: bool, engines: Engines, elm: CommunityBuilder, sign_in: Callable[..., Browser]
) -> None:
    with unit_of_work(engines) as db:
        elm.db = db
        elm.resident("nan", arrived_on=TODAY - timedelta(days=days))
    director = sign_in(elm)

    assert (f"Nan Made-Up, day {days + 1} of 14" in director.get(WEEK).text) == is_told
    assert "of 14" not in director.get(f"/week/{MONDAY - timedelta(days=7)}").text


def test_what_is_proposed_to_newcomers_is_told_as_it_is(
    engines: Engines, elm: CommunityBuilder, sign_in: Callable[..., Browser]
) -> None:
    """A neighbour alone where nothing is known to be liked in the living group, groups where something is."""
    with unit_of_work(engines) as db:
        elm.db = db
        for key in ("ina", "jon"):
            elm.resident(key, group="hill", room="1" if key == "ina" else "2")
        elm.resident("kim", group="hill", room="3", arrived_on=TODAY)
    director = sign_in(elm)
    assert "To meet, for Kim Made-Up: a neighbour." in director.get(WEEK).text

    with unit_of_work(engines) as db:
        elm.db = db
        for key in ("ina", "jon"):
            elm.wish(elm.residents[key], elm.activities["chess"], 3)
        elm.resident("lea", group="hill", room="9", arrived_on=TODAY)
    page = director.get(WEEK).text
    assert "For 2 newcomers it is proposed whom to meet." in page
    assert "Kim Made-Up, until 16 December: a neighbour and 1 group." in page

    with unit_of_work(engines) as db:
        elm.db = db
        elm.wish(elm.residents["kim"], elm.activities["chess"], 3)
    page = director.get(WEEK).text
    assert "Kim Made-Up, until 16 December: a neighbour." in page  # what they like already waits for no answer
    assert "likes it already; the plans go by that." in director.get(f"/people/{elm.residents['kim'].id}").text


def test_many_newcomers_are_one_line_that_unfolds(
    engines: Engines, elm: CommunityBuilder, sign_in: Callable[..., Browser]
) -> None:
    with unit_of_work(engines) as db:
        elm.db = db
        for key in ("nan", "oto", "pia", "qi"):
            elm.resident(key, arrived_on=TODAY)
    page = sign_in(elm).get(WEEK).text

    assert "Of 4 newcomers something is still to be asked." in page
    assert page.count("day 1 of 14") == 4


@pytest.mark.slow(0.4)
@pytest.mark.parametrize(
    ("fields", "is_told"),
    [
        ({"review_on": TODAY}, True),
        ({"review_on": TODAY + timedelta(days=1)}, False),
        ({"review_on": TODAY, "valid_until": TODAY - timedelta(days=1)}, False),
        ({}, False),
    ],
)
def test_an_aim_is_looked_at_again_when_its_day_has_come(
    fields: dict[str, date], is_told: bool, engines: Engines, elm: CommunityBuilder, sign_in: Callable[..., Browser]
) -> None:
    with unit_of_work(engines) as db:
        elm.db = db
        elm.target(elm.residents["ada"], "spiritual", 2, **fields)

    said = "Ada Made-Up’s aim Spirit is to be looked at again since 2 December."
    assert (said in director_page(sign_in(elm))) == is_told


def director_page(director: Browser) -> str:
    return director.get(WEEK).text


def test_an_aim_has_an_owner_and_a_day_that_are_edited_in_place(
    engines: Engines, elm: CommunityBuilder, sign_in: Callable[..., Browser]
) -> None:
    ada = elm.residents["ada"].id
    director = sign_in(elm)
    aim = {"domain": "spiritual", "sessions_a_week": "2", "weight": "1", "owner": "Joe", "review_on": "2026-12-02"}
    answer = director.send(f"/people/{ada}/change/aims/more", f"/people/{ada}/change/aims", **aim)
    assert answer.status_code == 303

    assert "looked at again on Wednesday 2 December 2026 by Joe" in director.get(f"/people/{ada}").text
    page = director_page(director)
    assert "Ada Made-Up’s aim Spirit is to be looked at again since 2 December, by Joe." in page
    assert f'href="/people/{ada}/change/aims"' in page


def test_who_is_away_without_an_end_is_asked_for_with_the_form_one_tap_away(
    engines: Engines, elm: CommunityBuilder, sign_in: Callable[..., Browser]
) -> None:
    """Told on a page it leads there; from a list to the person's times. What ends is not told, nor what began today."""
    with unit_of_work(engines) as db:
        elm.db = db
        ada, ben, cleo, dov = (elm.residents[name] for name in ("ada", "ben", "cleo", "dov"))
        tell_hospital(db, Teller(elm.id, None, NOW), ada.id, TODAY - timedelta(days=2), None)
        for resident, kind, first, last in (
            (ben, "bed", TODAY - timedelta(days=3), None),
            (ben, "bed", None, None),  # as somebody lives
            (cleo, "hospital", None, None),
            (dov, "hospital", TODAY - timedelta(days=9), TODAY),
            (dov, "hospital", TODAY, None),
        ):
            elm.busy(resident, "00:00", "24:00", kind=kind, valid_from=first, valid_until=last)
        told = db.scalars(select(Change.id).where(Change.noun == "hospital")).one()
    director = sign_in(elm)
    page = director.get(WEEK).text

    assert "Ada Made-Up has been in hospital since 30 November: ask when she comes back." in page
    assert f'href="/changed/line/{told}"' in page
    assert "Ben Made-Up has been in bed since 29 November: until when is not known." in page
    assert "Cleo Made-Up is in hospital: since when and until when is not known." in page
    assert f'href="/people/{cleo.id}/change/rhythm#busy"' in page
    assert "Dov" not in page[page.index("To look at") : page.index("Invitations this week")]

    path, given = f"/changed/line/{told}", {"who": ada.id, "first": "2026-11-30", "back": "2026-12-04", "version": "1"}
    assert director.send(path, **given).status_code == 303
    assert "Ada Made-Up has been in hospital" not in director.get(WEEK).text


def test_many_who_are_away_are_one_line_in_which_each_has_a_form(
    engines: Engines, elm: CommunityBuilder, sign_in: Callable[..., Browser]
) -> None:
    with unit_of_work(engines) as db:
        elm.db = db
        for name in ("ada", "ben", "cleo", "dov"):
            elm.busy(elm.residents[name], "00:00", "24:00", kind="bed", valid_from=TODAY - timedelta(days=1))
    page = sign_in(elm).get(WEEK).text

    assert "Of 4 people it is not known until when they are in hospital or in bed." in page
    assert page.count(">Say until when</a>") == 4
