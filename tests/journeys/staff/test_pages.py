"""The floor's pages as they stand: left open, without scripts, at every width and size, dark, on paper."""

import re
from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import Page, expect

from milieu.database import Engines, unit_of_work
from milieu.models import SignInSession
from milieu.services.attendance import mark
from tests.journeys.conftest import ALL_SIZES, TickingClock
from tests.journeys.staff.tablet import card, set_reception, tap
from tests.milieu.builders import CommunityBuilder
from tests.web.staff.floor import CHOIR, CHOIR_PAGE, rows_of

LEAST_TARGET = 52


def test_a_page_left_open_shows_other_tablets_marks_and_moves_on(
    joe: Page, engines: Engines, elm: CommunityBuilder, clock: TickingClock
) -> None:
    card(joe, "Ben").get_by_text("More…").click()
    with unit_of_work(engines) as db:
        mark(db, elm.id, CHOIR, elm.residents["ada"].id, "asleep", key="theirs", by=None, now=clock.now())
    joe.evaluate("letPass(20)")
    expect(card(joe, "Ada")).to_contain_text("Asleep · 10:2")
    expect(card(joe, "Ben").get_by_role("button", name="In care or therapy")).to_be_visible()  # still open
    set_reception(joe, "mute")
    tap(joe, "Esi", "Said no")
    with unit_of_work(engines) as db:
        mark(db, elm.id, CHOIR, elm.residents["ben"].id, "unwell", key="too", by=None, now=clock.now())
    joe.evaluate("letPass(20)")
    expect(card(joe, "Ben")).to_contain_text("Unwell · 10:2")
    expect(card(joe, "Esi").get_by_role("button", name="Said no", exact=True)).to_have_attribute("aria-pressed", "true")
    expect(joe.get_by_text("Next", exact=True)).to_have_count(0)

    with unit_of_work(engines) as db:
        db.query(SignInSession).update({"expires_at": clock.now() + timedelta(days=1)})
    clock.skip(timedelta(hours=2))
    joe.evaluate("letPass(20)")
    expect(joe.locator(".when")).to_have_text("Next")
    expect(joe.locator(".as-of")).to_have_text(re.compile(r"^as of 12:2\d$"))


def test_an_old_page_says_its_age(joe: Page) -> None:
    set_reception(joe, "gone")
    joe.evaluate("letPass(170)")
    expect(joe.locator(".as-of")).to_have_text(re.compile(r"^as of 10:2\d$"))
    joe.evaluate("letPass(40)")

    expect(joe.locator(".as-of")).to_have_text(re.compile(r"^as of 10:2\d, 3 min ago Open again$"))


def test_all_of_it_works_without_scripts(enter: Callable[..., Page], elm: CommunityBuilder, engines: Engines) -> None:
    page = enter(elm, "staff", "phone", java_script_enabled=False, facilitator_id=elm.facilitators["finn"].id)
    expect(page.get_by_role("heading", level=1)).to_have_text("Today")
    tap(page, "Ada", "Came")
    expect(card(page, "Ada")).to_contain_text("Came · 10:2")
    assert page.url.split("#")[1].endswith(elm.residents["ada"].id)
    tap(page, "Ada", "Came")
    expect(card(page, "Ada").get_by_role("button", name="Came", exact=True)).to_have_attribute("aria-pressed", "true")
    tap(page, "Ada", "Take back Ada Made-Up")
    expect(card(page, "Ada").locator("[aria-pressed=true]")).to_have_count(0)
    card(page, "Ben").get_by_text("More…").click()
    tap(page, "Ben", "In care or therapy")
    expect(card(page, "Ben")).to_contain_text("In care or therapy · 10:2")

    page.get_by_role("link", name="Someone else came").click()
    page.get_by_label("Name, room or unit").fill("cleo")
    page.get_by_role("button", name="Find").click()
    page.get_by_role("button", name="Came Cleo Made-Up").click()
    expect(card(page, "Cleo")).to_contain_text("Came without an invitation")
    expect(card(page, "Cleo")).to_contain_text("Came · 10:2")

    page.get_by_role("link", name="Can’t hold it").click()
    page.get_by_label("Or in your own words, or without any").fill("The piano is locked")
    page.get_by_role("button", name="It cannot be held").click()
    expect(page.get_by_text("This will not be held. The piano is locked.")).to_be_visible()
    page.get_by_role("link", name="It is held after all").click()
    page.get_by_role("button", name="It is held after all").click()
    expect(page.get_by_text("This will not be held.")).to_have_count(0)

    page.get_by_role("link", name="‹ Today").click()
    page.get_by_text("All units").first.click()
    page.get_by_role("link", name="River wing").click()
    expect(page.locator(".units summary")).to_have_text("Unit: River wing")
    assert rows_of(engines) == 4


def test_the_pages_are_accessible_at_every_width_by_day_and_by_night(
    enter: Callable[..., Page], elm: CommunityBuilder, accessible_everywhere: Callable[..., None]
) -> None:
    page = enter(elm, "staff", "phone", facilitator_id=elm.facilitators["finn"].id)
    tap(page, "Ada", "Came")
    expect(card(page, "Ada")).to_contain_text("Came · 10:2")
    card(page, "Ben").get_by_text("More…").click()
    page.locator(".units summary").click()
    page.locator(".visits summary").first.click()
    looks_right(page, accessible_everywhere)
    page.locator(".units summary").click()
    for width in ALL_SIZES.values():
        page.set_viewport_size({"width": width, "height": 1000})
        boxes = [button.bounding_box() for button in card(page, "Ada").locator(".five > button, .more > summary").all()]
        assert all(box is not None and min(box["height"], box["width"]) >= LEAST_TARGET for box in boxes), width
    for path in (
        CHOIR_PAGE,
        f"{CHOIR_PAGE}/others?of={elm.groups['river'].id}",
        f"{CHOIR_PAGE}/others",
        f"{CHOIR_PAGE}/held",
        f"/today/group/{elm.groups['garden'].id}",
        "/today/2026-12-02/sheet",
        "/today/2026-12-01",
        "/today/2026-12-09",
        "/today/2027-03-03",
    ):
        page.goto(path)
        looks_right(page, accessible_everywhere)


def looks_right(page: Page, accessible_everywhere: Callable[..., None]) -> None:
    """No fault that axe finds, nothing beyond the edge, one heading of the first level."""
    accessible_everywhere(page, "light", "dark")
    expect(page.get_by_role("heading", level=1)).to_have_count(1)


def test_at_twice_the_size_everything_is_still_there(joe: Page, accessible: Callable[[Page], None]) -> None:
    joe.set_viewport_size({"width": 180, "height": 500})  # a phone of 360 px at 200 %
    card(joe, "Ada").get_by_text("More…").click()
    expect(card(joe, "Ada").get_by_role("button", name="Left early")).to_be_visible()
    accessible(joe)

    assert joe.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_on_paper_there_are_people_and_boxes_and_no_buttons(joe: Page) -> None:
    joe.goto("/today/2026-12-02/sheet?unit=all")
    joe.emulate_media(media="print")

    expect(joe.get_by_role("rowheader", name=re.compile("Ada Made-Up"))).to_be_visible()
    expect(joe.get_by_role("button")).to_have_count(0)
    expect(joe.get_by_role("link", name="Today")).to_have_count(0)
    assert joe.evaluate("parseFloat(getComputedStyle(document.querySelector('tbody th')).fontSize)") >= 18  # 14 pt
    joe.goto(f"/today/2026-12-02/session/{CHOIR}")
    expect(joe.get_by_role("button")).to_have_count(0)
