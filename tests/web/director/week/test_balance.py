"""The pages on how a week is shared out and on the base week."""

import re
from collections.abc import Callable

import pytest

from milieu.database import Engines, reading, unit_of_work
from milieu.models import BaseSession, ProgrammeAim
from tests.milieu.builders import MONDAY, CommunityBuilder, Held
from tests.web.builders import NEXT_MONDAY, draft
from tests.web.conftest import Browser
from tests.web.director.week.test_week import words

PATH = f"/week/{NEXT_MONDAY}/balance"


@pytest.fixture
def director(elm: CommunityBuilder, sign_in: Callable[..., Browser]) -> Browser:
    return sign_in(elm)


def test_a_draft_is_told_by_habits_aims_living_groups_and_turns(
    director: Browser, elm: CommunityBuilder, engines: Engines
) -> None:
    with unit_of_work(engines) as db:
        db.add(ProgrammeAim(community_id=elm.id, weekday=6, start_minute=1020, end_minute=1440, min_sessions=1))
    draft(engines, elm)

    page = director.get(PATH)

    assert page.status_code == 200
    said = words(page.text)
    assert "There is no base week yet" in said
    assert re.search(r"evenings ?: Sunday\. Nobody is on the roster for it: Sunday\.", said)
    assert "Invitations to something liked, for each person:" in said
    assert "Whatever people love has a seat for each of them." in said
    assert "Hours by kind Making 0.75 h Mind 1 h" in said or "Hours by kind Mind 1 h Making 0.75 h" in said
    assert "Colorado (assisted living residences): nothing speaks against it so far" in said
    assert f'href="{PATH}' in director.get(f"/week/{NEXT_MONDAY}").text


def test_an_empty_week_and_another_day_of_the_week(director: Browser) -> None:
    assert "This week is still empty." in words(director.get(PATH).text)
    assert director.get("/week/2026-12-08/balance").location.endswith(PATH)


def test_the_base_week_is_kept_and_let_go_of(director: Browser, elm: CommunityBuilder, engines: Engines) -> None:
    assert "the next one is planned freely" in words(director.get("/base-week").text)
    with unit_of_work(engines) as db:
        elm.db = db
        elm.publication([Held("choir", "lounge", 3, "10:00", ["finn"], ["ada", "ben"])], week_start=MONDAY)

    shown = words(director.get("/base-week").text)
    assert "Thursday" in shown
    assert "10:00 Choir Lounge · Finn Made-Up" in shown

    answer = director.send("/base-week/keep", "/base-week")
    assert (answer.status_code, answer.location) == (303, "/base-week")
    assert "You keep the base week by hand" in words(director.get("/base-week").text)
    with reading(engines) as db:
        assert db.query(BaseSession).count() == 1

    director.send("/base-week/let-go", "/base-week")
    assert "Now each week starts from the one before." in words(director.get("/base-week").text)


def test_with_nothing_published_nothing_can_be_kept(director: Browser) -> None:
    # the page has no form for it then: whoever sends one all the same is told
    answer = director.send("/base-week/keep", "/walls")

    assert answer.status_code == 409
    assert "there is nothing to keep" in words(answer.text)


@pytest.mark.parametrize("role", ["staff", "family"])
def test_only_directors_see_them(role: str, elm: CommunityBuilder, sign_in: Callable[..., Browser]) -> None:
    browser = sign_in(elm, role)

    assert browser.get(PATH).status_code in (403, 404)
    assert browser.get("/base-week").status_code in (403, 404)
