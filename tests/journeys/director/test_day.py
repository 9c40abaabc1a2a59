"""A director drags the sessions of a day: by pointer, by touch, with the keyboard; what breaks a rule is said."""

from collections.abc import Callable

import pytest
from playwright.sync_api import FloatRect, Page, expect

from milieu.database import Engines, reading
from milieu.models import PlanLeader, PlanSession
from tests.milieu.builders import CommunityBuilder, Held
from tests.web.builders import NEXT_MONDAY, draft

DAY = f"/week/{NEXT_MONDAY}/day?on=2026-12-08&view=draft"
CHOIR = Held("choir", "lounge", 1, "10:00", ["finn"], ["ada", "ben"], ref="choir-1")
CHESS = Held("chess", "studio", 1, "14:00", ["gita"], ["cleo", "dov"], ref="chess-1")


@pytest.fixture
def page(enter: Callable[..., Page], elm: CommunityBuilder, engines: Engines) -> Page:
    draft(engines, elm, [CHOIR, CHESS])
    return enter(elm, "director")


def starts(engines: Engines) -> dict[str, tuple[str, int]]:
    """Where each session is held and when, by its ref."""
    with reading(engines) as db:
        return {row.ref: (row.space_id, row.start_minute) for row in db.query(PlanSession)}


def box_of(page: Page, selector: str) -> FloatRect:
    box = page.locator(selector).bounding_box()
    assert box is not None
    return box


def test_a_session_is_dragged_by_quarters_of_an_hour_and_given_to_somebody_else(
    page: Page, engines: Engines, elm: CommunityBuilder
) -> None:
    page.goto(f"{DAY}&by=space")
    expect(page.locator(".drag-hint")).to_be_visible()
    box = box_of(page, ".slot[data-title='Chess']")
    page.mouse.move(box["x"] + 20, box["y"] + 6)
    page.mouse.down()
    page.mouse.move(box["x"] + 22, box["y"] + 20, steps=3)
    expect(page.locator(".column > .free").first).to_be_attached()
    page.mouse.move(box["x"] + 22, box["y"] + 6 + 24 * 2, steps=4)
    expect(page.locator("#placing-said")).to_have_text("Studio, 14:30, free")
    page.mouse.up()
    expect(page.get_by_text("Changed.")).to_be_visible()
    assert starts(engines)["chess-1"] == (elm.spaces["studio"].id, 870)
    expect(page.get_by_role("heading", name="Tuesday 8 December")).to_be_visible()

    page.get_by_role("link", name="By who leads").click()
    page.locator(".slot[data-title='Chess'] a").focus()
    page.keyboard.press("m")
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#placing-said")).to_have_text("Finn Made-Up, 14:30")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Changed.")).to_be_visible()
    with reading(engines) as db:
        assert {row.facilitator_id for row in db.query(PlanLeader)} == {elm.facilitators["finn"].id}


def test_a_touch_that_breaks_a_rule_is_told_what_comes_nearest(
    page: Page, engines: Engines, elm: CommunityBuilder, accessible_everywhere: Callable[[Page], None]
) -> None:
    before = starts(engines)
    page.goto(f"{DAY}&by=space")
    page.locator(".slot[data-title='Choir'] a").focus()
    page.keyboard.press("m")
    page.keyboard.press("Escape")
    expect(page.locator("#placing-said")).to_have_text("Put back.")
    page.get_by_role("link", name="Show free spaces too").click()
    accessible_everywhere(page)
    choir, chess = box_of(page, ".slot[data-title='Choir']"), box_of(page, ".slot[data-title='Chess']")
    touch = page.context.new_cdp_session(page)

    def send(kind: str, *points: tuple[float, float]) -> None:
        fingers = [{"x": x, "y": y} for x, y in points]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": fingers})

    send("touchStart", (choir["x"] + 20, choir["y"] + 6))
    expect(page.locator(".slot.is-held")).to_have_count(1)
    send("touchMove", (choir["x"] + 20, choir["y"] + 60))
    send("touchMove", (chess["x"] + 20, chess["y"] + 6))
    expect(page.locator("#placing-said")).to_contain_text("Studio, 14:00, not free")
    send("touchEnd")
    expect(page.get_by_text("Nothing was changed yet.")).to_be_visible()
    expect(page.get_by_role("heading", name="What comes nearest")).to_be_visible()
    accessible_everywhere(page)
    assert starts(engines) == before

    page.get_by_role("button", name="Then, in another space: Lounge").click()
    expect(page.get_by_text("Changed.")).to_be_visible()
    assert starts(engines)["choir-1"] == (elm.spaces["lounge"].id, 840)
