"""A director is shown around: by keyboard, without script, at every size, with her own community's pages."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from milieu.database import Engines, unit_of_work
from tests.journeys.conftest import ALL_SIZES
from tests.milieu.builders import CommunityBuilder, Held
from tests.web.builders import CHOIR, draft
from web.director.tour.steps import steps

DRAWN = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


def test_the_tour_is_gone_through_by_keyboard_and_begun_again(
    enter: Callable[..., Page],
    elm: CommunityBuilder,
    engines: Engines,
    accessible_everywhere: Callable[[Page], None],
) -> None:
    draft(engines, elm, [CHOIR])
    page = enter(elm, "director", is_toured=True, color_scheme="dark")
    strip = page.get_by_role("complementary", name="The week")
    expect(strip).to_be_visible()
    accessible_everywhere(page)
    strip.get_by_role("button", name="Next").focus()
    page.keyboard.press("Enter")

    for count in range(2, len(steps())):
        expect(page.get_by_text(f"step {count} of {len(steps())}")).to_be_visible()
        page.wait_for_load_state()
        page.evaluate(DRAWN)  # only then it is where the address leads
        page.keyboard.press("Tab")  # from the strip, where the address leads, to its first button
        expect(page.get_by_role("button", name="Next")).to_be_focused()
        page.keyboard.press("Enter")
    page.get_by_role("button", name="End the tour").click()

    expect(page.get_by_text("The tour is over.")).to_be_visible()
    page.get_by_role("link", name="House", exact=True).click()
    page.get_by_role("link", name="Show me around").click()
    accessible_everywhere(page)
    page.get_by_role("button", name="Begin").click()
    expect(strip).to_be_visible()


def test_the_tour_waits_and_is_skipped_without_script_and_is_not_printed(
    enter: Callable[..., Page], elm: CommunityBuilder, engines: Engines
) -> None:
    with unit_of_work(engines) as db:
        elm.db = db
        elm.publication([Held("choir", "lounge", 3, "10:00", ["finn"], ["ada"])])
    page = enter(elm, "director", "phone", is_toured=True, java_script_enabled=False)
    page.get_by_role("link", name="People", exact=True).click()
    for width in ALL_SIZES.values():
        page.set_viewport_size({"width": width, "height": 800})
        box = page.locator("#tour").bounding_box()
        assert box is not None
        assert box["width"] <= width
    page.emulate_media(media="print")
    expect(page.locator("#tour")).to_be_hidden()
    page.emulate_media(media="screen")

    page.get_by_role("link", name="Go on with the tour").click()
    expect(page.get_by_text("step 1 of")).to_be_visible()
    page.get_by_role("button", name="Skip the tour").click()

    expect(page.locator("#tour")).to_have_count(0)
