"""The page of who is left out: what somebody misses, why, and a way that is taken with one tap and undone."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest

from milieu.database import Engines, reading, unit_of_work
from milieu.models import Activity, Plan, PlanPlace
from tests.milieu.builders import MONDAY, CommunityBuilder, Held
from tests.web.builders import CHOIR, NEXT_MONDAY, draft
from tests.web.conftest import Browser
from tests.web.director.changes.test_by_hand import version
from tests.web.director.week.test_week import words

WEEK = f"/week/{NEXT_MONDAY}"
PATH = f"{WEEK}/left-out"


@pytest.fixture
def director(elm: CommunityBuilder, sign_in: Callable[..., Browser]) -> Browser:
    return sign_in(elm)


def places(engines: Engines) -> set[str]:
    with reading(engines) as db:
        return {row.resident_id for row in db.query(PlanPlace)}


def first_way(page: str, who: str) -> dict[str, str]:
    """The fields of the first way that is offered to somebody."""
    row = page[page.index(f'id="who-{who}"') :]
    form = row[row.index("<form") : row.index("</form>")]
    return dict(re.findall(r'name="(who|ref|leaves|instead|activity|day|minute|space|leader)" value="([^"]*)"', form))


def test_who_is_invited_to_nothing_is_told_with_ways_and_one_is_taken_and_undone(
    director: Browser, elm: CommunityBuilder, engines: Engines
) -> None:
    draft(engines, elm, [CHOIR])
    cleo = elm.residents["cleo"].id
    assert cleo not in places(engines)

    assert "Being tried…" in words(director.get(PATH).text)
    page = director.get(f"{PATH}?tried=1").text
    assert "Nothing this week" in words(page)
    fields = first_way(page, cleo)
    answer = director.send(PATH, f"{PATH}?tried=1", version=version(page), **fields)

    assert answer.status_code == 303
    assert cleo in places(engines)
    page = director.get(answer.location).text
    assert "Invited to Choir." in words(page)
    assert "Nothing this week" not in words(page[page.index(f'id="who-{cleo}"') :])
    director.send(f"{WEEK}/undo", WEEK, version=version(director.get(WEEK).text))
    assert cleo not in places(engines)


def test_a_way_from_a_page_that_is_old_changes_nothing(
    director: Browser, elm: CommunityBuilder, engines: Engines
) -> None:
    draft(engines, elm, [CHOIR])
    page = director.get(f"{PATH}?tried=1").text
    fields = first_way(page, elm.residents["cleo"].id)
    with unit_of_work(engines) as db:
        db.query(Plan).one().objective += 1  # somebody else changes the draft meanwhile

    answer = director.send(PATH, f"{PATH}?tried=1", version=version(page), **fields)

    assert answer.status_code == 409
    assert "Somebody else has changed this draft" in words(answer.text)
    assert elm.residents["cleo"].id not in places(engines)


def test_the_weeks_before_stand_beside_it(director: Browser, elm: CommunityBuilder, engines: Engines) -> None:
    with unit_of_work(engines) as db:
        elm.db = db
        for back in (1, 2):
            week = NEXT_MONDAY - timedelta(weeks=back)
            held = [Held("choir", "lounge", 1, "10:00", ["finn"], ["ada", "ben"], ref=f"choir-{back}")]
            elm.publication(held, week_start=week)
    draft(engines, elm, [CHOIR])

    said = words(director.get(PATH).text)

    assert "Beside it 2 of the four weeks before, which were published." in said
    people = re.search(r"Nothing this week (\d+) (\d+)", said)
    assert people is not None
    assert int(people[2]) >= 1
    assert "is maybe too much" not in said


def test_of_a_published_week_the_first_way_makes_a_draft(
    director: Browser, elm: CommunityBuilder, engines: Engines
) -> None:
    with unit_of_work(engines) as db:
        elm.db = db
        elm.publication([CHOIR], week_start=NEXT_MONDAY)
    page = director.get(f"{PATH}?tried=1").text
    cleo = elm.residents["cleo"].id

    answer = director.send(PATH, f"{PATH}?tried=1", version="0", **first_way(page, cleo))

    assert answer.status_code == 303
    assert cleo in places(engines)


def test_a_week_with_nothing_and_another_day_of_the_week(director: Browser) -> None:
    assert "nobody can be left out of it" in words(director.get(PATH).text)
    assert director.get(f"/week/{MONDAY + timedelta(days=8)}/left-out").location.endswith(PATH)


def test_who_waits_is_told_by_activity(director: Browser, elm: CommunityBuilder, engines: Engines) -> None:
    draft(engines, elm, [CHOIR])
    assert "so nobody has waited yet" in words(director.get(f"{WEEK}/waits").text)
    with unit_of_work(engines) as db:
        elm.db = db
        elm.publication([], week_start=MONDAY - timedelta(weeks=1))

    page = director.get(f"{WEEK}/waits")

    assert page.status_code == 200
    assert "who love it" in words(page.text)
    assert "in the one week that was published before" in words(page.text)
    assert re.search(r"What stands in the way this time: (\d+: [a-z ,]+ )+", words(page.text))
    assert re.search(r"not invited: [a-z]", words(page.text))
    with unit_of_work(engines) as db:
        db.query(Activity).filter(Activity.key == "choir").update({"max_group": 2})
    assert "3 asked for 2" in words(director.get(f"{WEEK}/waits").text)
    [why, *_others] = re.findall(r'href="([^"]*/why-not[^"]*)"', page.text)
    assert director.get(unescape(why)).status_code == 200
    assert f'href="{WEEK}/waits' in director.get(WEEK).text
    assert director.get(f"/week/{MONDAY + timedelta(days=8)}/waits").location.endswith("/waits")
