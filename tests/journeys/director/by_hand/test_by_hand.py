"""A director changes a draft by hand: with forms, with the keyboard, and by dragging a card to another day."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from milieu.database import Engines, reading
from milieu.models import PlanSession
from tests.journeys.conftest import SIZES
from tests.milieu.builders import CommunityBuilder, Held
from tests.web.builders import NEXT_MONDAY, draft

WEEK = f"/week/{NEXT_MONDAY}?view=draft"
CHOIR = Held("choir", "lounge", 1, "10:00", ["finn"], ["ada", "ben"], ref="choir-1")


def day_of(engines: Engines) -> int:
    with reading(engines) as db:
        return (db.query(PlanSession).one().on_date - NEXT_MONDAY).days


@pytest.mark.parametrize("size", SIZES)
def test_a_session_is_moved_by_forms_alone_and_that_is_undone(
    size: str,
    enter: Callable[..., Page],
    elm: CommunityBuilder,
    engines: Engines,
    accessible: Callable[[Page], None],
) -> None:
    draft(engines, elm, [CHOIR])
    page = enter(elm, "director", size, java_script_enabled=size == "desk")
    page.goto(f"{WEEK}#day-{NEXT_MONDAY + timedelta(days=1)}")
    if size == "desk":
        accessible(page)
    page.locator(".card a").click()
    page.get_by_role("link", name="Change it…").click()
    expect(page.get_by_role("heading", name="Change Choir")).to_be_visible()
    if size == "desk":
        accessible(page)
    page.get_by_label("Begins at").first.fill("03:00")
    page.get_by_role("button", name="Change it").click()
    expect(page.get_by_text("Nothing was changed yet.")).to_be_visible()
    if size == "desk":
        accessible(page)
    page.locator(".elsewhere button").first.click()
    expect(page.get_by_text("Changed.")).to_be_visible()
    page.goto(WEEK)
    expect(page.get_by_text("1 change by hand; the last one: Choir")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Undone: Choir")).to_be_visible()
    expect(page.get_by_role("button", name="Do again")).to_be_visible()
    assert day_of(engines) == 1


def test_a_card_is_taken_up_and_put_down_with_the_keyboard(
    enter: Callable[..., Page], elm: CommunityBuilder, engines: Engines, accessible: Callable[[Page], None]
) -> None:
    draft(engines, elm, [CHOIR])
    page = enter(elm, "director")
    page.goto(WEEK)
    page.locator(".card a").focus()
    stood = page.locator(".card").bounding_box()
    page.keyboard.press("m")
    expect(page.locator("#placing-said")).to_contain_text("Tuesday")
    assert page.locator(".card").bounding_box() == stood, "nothing moves under the hand"
    accessible(page)
    page.keyboard.press("Escape")
    expect(page.locator("#placing-said")).to_have_text("Put back.")
    assert day_of(engines) == 1

    page.keyboard.press("m")
    expect(page.locator(".day.is-chosen")).to_have_count(1)
    page.keyboard.press("ArrowRight")
    expect(page.locator("#placing-said")).to_contain_text("Wednesday")
    expect(page.locator("#placing-said")).to_contain_text("everybody can come")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Changed.")).to_be_visible()

    assert day_of(engines) == 2


def test_a_card_is_dragged_to_another_day(enter: Callable[..., Page], elm: CommunityBuilder, engines: Engines) -> None:
    draft(engines, elm, [CHOIR])
    page = enter(elm, "director")
    page.goto(WEEK)
    card, friday = page.locator(".card a"), page.locator(f"#day-{NEXT_MONDAY + timedelta(days=4)}")
    card.hover()
    page.mouse.down()
    page.mouse.move(300, 300, steps=4)
    expect(friday.locator(".place-note")).to_contain_text("everybody can come")
    box = friday.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 80, steps=6)
    expect(friday).to_have_class("day can-go is-chosen")
    page.mouse.up()
    expect(page.get_by_text("Changed.")).to_be_visible()

    assert day_of(engines) == 4


def test_a_day_with_its_times_and_a_line_each_fit_every_width(
    enter: Callable[..., Page],
    elm: CommunityBuilder,
    engines: Engines,
    accessible_everywhere: Callable[..., None],
) -> None:
    draft(engines, elm, [CHOIR, Held("chess", "studio", 1, "10:15", ["gita"], ["cleo"], ref="chess-1")])
    page = enter(elm, "director", "phone")
    page.goto(f"/week/{NEXT_MONDAY}?view=draft&cards=lines")
    accessible_everywhere(page)
    page.get_by_role("link", name="A day with its times").click()
    page.get_by_role("link", name="Tue 8").click()
    for view in ("By living group", "By who leads", "By space"):
        page.get_by_role("link", name=view).click()
        expect(page.get_by_role("link", name=view)).to_have_attribute("aria-current", "true")
        accessible_everywhere(page)
    page.get_by_role("link", name="Choir").click()
    expect(page.get_by_role("heading", name="Choir")).to_be_visible()


def test_a_card_is_held_on_a_phone_and_put_where_a_tap_says(
    enter: Callable[..., Page], elm: CommunityBuilder, engines: Engines, accessible: Callable[[Page], None]
) -> None:
    draft(engines, elm, [CHOIR])
    page = enter(elm, "director", "phone")
    page.goto(f"{WEEK}#day-{NEXT_MONDAY + timedelta(days=1)}")
    card = page.locator(".card")
    card.scroll_into_view_if_needed()
    box = card.bounding_box()
    assert box is not None
    touch = page.context.new_cdp_session(page)

    def hold() -> None:
        finger = {"x": box["x"] + 40, "y": box["y"] + 20}
        touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [finger]})
        expect(card).to_have_class(re.compile("is-held"))
        touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        expect(page.locator(".where-to")).to_contain_text("Choir: where to?")

    hold()
    accessible(page)
    page.get_by_role("button", name="Leave it there").tap()
    expect(page.locator("#placing-said")).to_have_text("Put back.")
    assert day_of(engines) == 1

    hold()
    page.get_by_role("button", name="Friday 11 December").tap()
    expect(page.get_by_text("Changed.")).to_be_visible()
    assert day_of(engines) == 4
    expect(card).to_be_visible()
    expect(page.get_by_role("link", name="Fri 11")).to_have_class("is-shown")


def test_who_is_not_here_is_asked_about_brought_in_and_kept_out(
    enter: Callable[..., Page], elm: CommunityBuilder, engines: Engines, accessible: Callable[[Page], None]
) -> None:
    draft(engines, elm, [CHOIR])
    page = enter(elm, "director", "phone")
    page.goto(f"/week/{NEXT_MONDAY}/session/choir-1?view=draft")
    page.locator("#why-who").select_option(label="Cleo Made-Up, 3")
    page.get_by_role("button", name="Ask").click()
    expect(page.get_by_role("heading", name="Why is Cleo Made-Up not here?")).to_be_visible()
    accessible(page)
    page.get_by_role("button", name="Invite Cleo Made-Up").click()
    expect(page.get_by_text("Invited, in the draft.")).to_be_visible()
    page.get_by_role("link", name="Not here… Cleo Made-Up").click()
    expect(page.get_by_role("heading", name="Whose word is it?")).to_be_visible()
    accessible(page)
    page.get_by_role("button", name="Not here").click()
    expect(page.get_by_text("planning again does not invite them")).to_be_visible()
    page.goto(f"/week/{NEXT_MONDAY}/with/{elm.residents['ada'].id}")
    expect(page.get_by_role("heading", name="Where else they could go")).to_be_visible()
    accessible(page)
