"""A director looks who is left out of a draft, and mends it; and asks what would be if."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from milieu.database import Engines
from tests.journeys.conftest import SIZES
from tests.milieu.builders import CommunityBuilder
from tests.web.builders import CHOIR, NEXT_MONDAY, draft

WEEK = f"/week/{NEXT_MONDAY}"


def test_who_is_left_out_is_mended_at_every_size_and_without_script(
    enter: Callable[..., Page], elm: CommunityBuilder, engines: Engines, accessible: Callable[[Page], None]
) -> None:
    draft(engines, elm, [CHOIR])
    for size in SIZES:
        page = enter(elm, "director", size, java_script_enabled=size != "phone")
        page.goto(WEEK)
        page.get_by_role("link", name="Who is left out").click()
        if size == "phone":
            page.get_by_role("link", name="Look for why, and for ways").click()
        way = page.locator(f"#who-{elm.residents['cleo'].id} button").first
        expect(way).to_be_visible()
        if size != "phone":
            accessible(page)
        way.click()
        expect(page.get_by_text("Invited to Choir.")).to_be_visible()
        page.goto(WEEK)
        page.get_by_role("button", name="Undo").click()


def test_a_scenario_is_asked_for_at_every_size_and_without_script(
    enter: Callable[..., Page], elm: CommunityBuilder, engines: Engines, accessible: Callable[[Page], None]
) -> None:
    draft(engines, elm, [CHOIR])
    for number, size in enumerate(SIZES):
        page = enter(elm, "director", size, java_script_enabled=size != "phone")
        page.goto(WEEK)
        page.get_by_role("link", name="What if…").click()
        page.locator("summary", has_text="a space were closed").click()
        page.get_by_label("Which", exact=True).first.select_option(label="Lounge")
        if size != "phone":
            accessible(page)
        page.locator("form:has(input[value=closed]) button").click()
        expect(page.get_by_role("heading", name="Lounge closed")).to_have_count(number + 1)
        if size != "phone":
            accessible(page)
