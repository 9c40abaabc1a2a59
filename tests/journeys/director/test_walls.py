"""A director gives a living group an address for its television, and ends it while a television shows it."""

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from milieu.database import Engines, unit_of_work
from milieu.models import ActivityMember
from tests.journeys.conftest import SIZES
from tests.milieu.builders import CommunityBuilder, Held


@pytest.fixture
def elm(engines: Engines, elm: CommunityBuilder) -> CommunityBuilder:
    with unit_of_work(engines) as db:
        elm.db = db
        circle = elm.activity("circle", name="Memory circle", is_closed=True)
        ids = {"activity_id": circle.id, "resident_id": elm.residents["ada"].id}
        elm.add(ActivityMember(community_id=elm.id, **ids))
        elm.publication([Held("circle", "studio", 2, "11:00", ["gita"], ["ada"])])
    return elm


def test_an_address_is_made_shown_and_ended(
    chromium: Browser,
    enter: Callable[..., Page],
    elm: CommunityBuilder,
    accessible_everywhere: Callable[..., None],
) -> None:
    page = enter(elm, "director", "phone")
    page.get_by_role("link", name="Walls").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Walls")
    accessible_everywhere(page)
    page.get_by_role("button", name="Make an address for Garden wing").click()
    expect(page.get_by_text("The address is made.")).to_be_visible()
    accessible_everywhere(page)
    address = page.get_by_role("link", name="/wall/").first.get_attribute("href")
    assert address is not None

    # a context of its own, for what `visit` opens must see no refusal, and here one is wanted
    with chromium.new_context(viewport={"width": SIZES["desk"], "height": 900}, reduced_motion="reduce") as room:
        television = room.new_page()
        television.clock.install()
        television.goto(address)
        expect(television.get_by_text("Memory circle")).to_be_visible()
        accessible_everywhere(television)

        page.get_by_role("button", name="End this address of Garden wing").click()
        expect(page.get_by_role("button", name="Make an address for Garden wing")).to_be_visible()
        television.clock.run_for(61_000)

        expect(television.get_by_role("heading", name="This address shows nothing any more.")).to_be_visible()
        expect(television.get_by_text("Memory circle")).to_have_count(0)
        accessible_everywhere(television)


def test_a_television_without_a_network_says_no_more_than_it_knows(
    chromium: Browser, app: Flask, serve: Callable[[Flask], str], engines: Engines, elm: CommunityBuilder
) -> None:
    """It is 09:00 on Wednesday: what is on then ends, and midnight comes, while nothing can be read."""
    with unit_of_work(engines) as db:
        elm.db = db
        elm.publication([Held("choir", "lounge", 2, "08:45", ["finn"], ["ada"])])
    with chromium.new_context(viewport={"width": 1920, "height": 1080}, reduced_motion="reduce") as room:
        television = room.new_page()
        television.clock.install()
        television.goto(f"{serve(app)}/programme/elm?screen")
        headings = television.locator("h1")  # of all slides, also of those whose turn it is not
        expect(headings).to_have_text(["Today, Wednesday 2 December", "Tomorrow, Thursday 3 December"])
        expect(television.get_by_text("now")).to_be_visible()

        room.set_offline(True)
        television.clock.fast_forward("01:00:00")
        expect(television.get_by_text("No connection since then")).to_be_visible()
        expect(television.get_by_text("now ·")).to_have_count(0)
        expect(headings.first).to_have_text("Today, Wednesday 2 December")

        television.clock.fast_forward("15:00:00")
        expect(headings).to_have_text(["Wednesday 2 December", "Thursday 3 December"])
