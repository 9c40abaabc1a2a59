"""A director saves a week as a base week, chooses it, and begins an empty week from it; on the phone by forms alone."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from milieu.database import Engines
from tests.milieu.builders import CommunityBuilder, Held
from tests.web.builders import NEXT_MONDAY, draft

CHOIR = Held("choir", "lounge", 1, "10:00", ["finn"], ["ada", "ben"], ref="choir-1")


def test_a_week_is_saved_chosen_and_begun_from(
    enter: Callable[..., Page],
    elm: CommunityBuilder,
    engines: Engines,
) -> None:
    draft(engines, elm, [CHOIR])
    page = enter(elm, "director", "phone", java_script_enabled=False)
    page.goto(f"/week/{NEXT_MONDAY}?view=draft")
    page.get_by_role("link", name="Save as a base week…").click()
    page.get_by_label("Its name").fill("Short of staff")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Short of staff")).to_be_visible()
    page.get_by_role("button", name="Plan from it on these days").click()
    expect(page.get_by_text("from 7 December on, until further notice").first).to_be_visible()
    page.get_by_role("link", name="‹ Base weeks").click()
    expect(page.get_by_text("The week of 7 December starts from “Short of staff”.")).to_be_visible()
    page.goto("/week/2026-12-21")
    page.get_by_role("button", name="Begin by hand from it").click()
    expect(page.locator(".card")).to_have_count(1)


def test_its_pages_are_for_everybody_at_every_width(
    enter: Callable[..., Page],
    elm: CommunityBuilder,
    engines: Engines,
    accessible_everywhere: Callable[[Page], None],
) -> None:
    draft(engines, elm, [CHOIR])
    page = enter(elm, "director")
    page.goto(f"/week/{NEXT_MONDAY}/save-as-base-week?view=draft")
    accessible_everywhere(page)
    page.get_by_label("Its name").fill("Summer")
    page.get_by_role("button", name="Save").click()
    accessible_everywhere(page)
    page.get_by_role("link", name=re.compile("Change.*Choir")).click()
    accessible_everywhere(page)
    page.goto("/base-week")
    accessible_everywhere(page)
    page.goto("/week/2026-12-21")
    accessible_everywhere(page)
