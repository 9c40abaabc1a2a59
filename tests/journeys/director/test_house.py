"""A director keeps the house by keyboard, on any screen: a new volunteer, a smaller room, and what that does."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from milieu.database import Engines, unit_of_work
from tests.milieu.builders import CommunityBuilder, Held

WAYS = {"phone": "phone", "no scripts": "desk"}
"""How the house is kept, and on which screen."""


@pytest.fixture
def looked(accessible_everywhere: Callable[..., None]) -> Callable[[Page, str], None]:
    """Looks with axe, which is a script itself, where scripts run."""

    def do(page: Page, way: str) -> None:
        if way != "no scripts":
            accessible_everywhere(page)

    return do


@pytest.mark.parametrize("way", WAYS)
def test_the_house_is_kept_by_keyboard(
    way: str,
    enter: Callable[..., Page],
    elm: CommunityBuilder,
    engines: Engines,
    looked: Callable[[Page, str], None],
) -> None:
    with unit_of_work(engines) as db:
        elm.db = db
        elm.publication([Held("choir", "lounge", 3, "10:00", ["finn"], ["ada", "ben"], ref="thursday")])
    page = enter(elm, "director", WAYS[way], java_script_enabled=way != "no scripts")
    page.get_by_role("link", name="House").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("House and programme")
    looked(page, way)
    page.get_by_role("link", name="The team").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("The team")
    looked(page, way)
    page.get_by_role("link", name="New colleague or volunteer…").press("Enter")
    page.get_by_label("Name").fill("Rosa Delgado")
    page.get_by_label("Staff or volunteer").select_option("volunteer")
    looked(page, way)
    page.get_by_role("button", name="Save").press("Enter")
    expect(page.get_by_text("On no roster yet: leads nothing.")).to_be_visible()
    page.get_by_text("Add hours").first.press("Enter")
    page.get_by_label("Tuesday").check()
    page.get_by_label("From", exact=True).fill("09:00")
    page.get_by_label("To", exact=True).fill("12:00")
    looked(page, way)
    page.get_by_role("button", name="Add hours").press("Enter")
    expect(page.get_by_text("Tuesday, 09:00 to 12:00", exact=True)).to_be_visible()
    looked(page, way)

    page.get_by_role("link", name="House").press("Enter")
    page.get_by_role("link", name="Spaces").press("Enter")
    page.get_by_role("link", name="Lounge").press("Enter")
    page.get_by_label("Seats").fill("1")
    page.get_by_role("button", name="Save").press("Enter")
    expect(page.get_by_text("1 session on Thursday needs another space.")).to_be_visible()
    looked(page, way)
    page.get_by_role("button", name="Save all the same").press("Enter")
    expect(page.get_by_text("Seats: 12 → 1").first).to_be_visible()
    page.get_by_role("button", name="Undo").first.press("Enter")
    expect(page.get_by_label("Seats")).to_have_value("12")
    page.wait_for_url("**#history")
    page.get_by_role("link", name="End it…").press("Enter")
    expect(page.get_by_text("1 published session to come.")).to_be_visible()
    looked(page, way)


@pytest.mark.parametrize("way", WAYS)
def test_settings_targets_and_weights_are_kept_by_keyboard(
    way: str, enter: Callable[..., Page], elm: CommunityBuilder, looked: Callable[[Page, str], None]
) -> None:
    page = enter(elm, "director", WAYS[way], java_script_enabled=way != "no scripts")
    page.goto("/house")
    page.get_by_role("link", name="What should be on").press("Enter")
    page.locator("summary", has_text="Add a target").press("Enter")
    page.get_by_label("Saturday").check()
    page.get_by_label(re.compile("^From")).fill("14:00")
    page.get_by_label(re.compile("^To ")).fill("17:00")
    page.get_by_role("button", name="Add a target").press("Enter")
    expect(page.get_by_text("Saturday, 14:00 to 17:00: at least 1 group begins, for all", exact=True)).to_be_visible()
    looked(page, way)

    page.goto("/house")
    page.get_by_role("link", name="What counts how much").press("Enter")
    page.get_by_label("Nobody loses a place").press("ArrowRight")
    repair = page.get_by_role("form", name="When a published week has to change")
    repair.get_by_role("button", name="Save").press("Enter")
    expect(page.get_by_text("Saved. The next change goes by it.")).to_be_visible()
    page.get_by_label("Habits").press("ArrowRight")
    page.get_by_role("form", name="What counts how much").get_by_role("button", name="Save").press("Enter")
    expect(page.get_by_text("Saved. The next plan goes by it.")).to_be_visible()
    expect(page.get_by_label("Habits")).to_have_value("3")
    looked(page, way)

    page.goto("/house")
    page.get_by_role("link", name="Settings").press("Enter")
    expect(page.get_by_text("Habits: as usual → 60, 10, 10", exact=True)).to_be_visible()
    page.get_by_label("How many can be brought at once").fill("4")
    page.get_by_role("button", name="Save").press("Enter")
    expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
    page.get_by_text("Add a time", exact=True).first.press("Enter")
    page.get_by_label("Monday").check()
    adding = page.get_by_role("form", name="Add a time")
    adding.get_by_label("From").fill("09:00")
    adding.get_by_label("To", exact=True).fill("12:00")
    adding.get_by_label("So many can be brought then").fill("6")
    page.get_by_role("button", name="Add a time").press("Enter")
    expect(page.get_by_text("Monday, 09:00 to 12:00: 6", exact=True)).to_be_visible()
    looked(page, way)
    page.get_by_role("button", name="Undo").first.press("Enter")
    expect(page.get_by_text("The same all week.")).to_be_visible()
