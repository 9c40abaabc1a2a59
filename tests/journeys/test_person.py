"""The director knows a person: the page on every screen, by keyboard, with and without JavaScript."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from milieu.database import Engines, unit_of_work
from tests.journeys import conftest
from tests.milieu.builders import MONDAY, CommunityBuilder, Held

SIZES = ("desk", "tablet", "phone")
conftest.SIZES.setdefault("tablet", 820)


@pytest.fixture
def known(engines: Engines, elm: CommunityBuilder) -> CommunityBuilder:
    with unit_of_work(engines) as db:
        elm.db = db
        ada = elm.residents["ada"]
        elm.wish(ada, elm.activities["choir"], 5, said_on=MONDAY)
        elm.limit(ada, activity=elm.activities["chess"], reason="Dizzy", charted_by="Dr Made-Up")
        elm.target(ada, "spiritual", 2)
        elm.busy(ada, "09:15", "09:45", kind="bath", weekday=1)
        elm.relative("una", of=ada)
        elm.publication([Held("choir", "lounge", 3, "10:00", ["finn"], ["ada", "ben"], ref="thursday")])
    return elm


@pytest.mark.parametrize("size", SIZES)
def test_a_person_s_page_is_read(
    size: str, enter: Callable[..., Page], known: CommunityBuilder, accessible: Callable[[Page], None]
) -> None:
    page = enter(known, "director", size)
    page.get_by_role("link", name="People", exact=True).click()
    page.get_by_role("link", name="Ada Made-Up").press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("Ada Made-Up")
    expect(page.get_by_role("heading", name="What she loves")).to_be_visible()
    expect(page.get_by_role("region", name="Week of 30 November").get_by_role("link", name="Choir")).to_be_visible()
    accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= conftest.SIZES[size]
