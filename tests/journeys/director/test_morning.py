"""A director's morning: an empty week is planned, looked at, published; and what they see when it is not so easy."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from milieu.database import Engines, unit_of_work
from milieu.models import Plan
from tests.milieu.builders import MONDAY, CommunityBuilder, Held
from tests.web.builders import CHESS, CHOIR, NEXT_MONDAY, draft, full_community

NEXT_WEEK = "/week/2026-12-07"


@pytest.mark.slow
@pytest.mark.usefixtures("runner")
def test_a_week_is_planned_and_published(
    enter: Callable[..., Page], elm: CommunityBuilder, accessible_everywhere: Callable[..., None]
) -> None:
    page = enter(elm, "director", "phone")
    expect(page.get_by_role("heading", level=1, name="Week of 30 November", exact=True)).to_be_visible()
    page.get_by_role("link", name="Week after").click()
    expect(page.get_by_text("This week is still empty.")).to_be_visible()
    accessible_everywhere(page)

    page.get_by_role("button", name="Plan this week").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Planning the week of 7 December")
    accessible_everywhere(page)
    expect(page.get_by_role("link", name="Look at the draft")).to_be_visible()
    expect(page.get_by_role("button", name="Stop and take the best so far")).to_have_count(0)
    page.get_by_role("link", name="Look at the draft").click()

    expect(page.get_by_text("not published yet")).to_be_visible()
    expect(page.get_by_text("No fact has changed since this was planned.")).to_be_visible()
    accessible_everywhere(page)
    page.get_by_role("link", name="Publish…").click()
    expect(page.get_by_text("Nothing is published for this week yet.")).to_be_visible()
    accessible_everywhere(page)
    page.get_by_role("button", name="Publish this week").click()

    expect(page.get_by_role("status")).to_have_text("Published. Everybody sees it from now on.")
    expect(page.get_by_text(re.compile("Published today .* by Director Made-Up"))).to_be_visible()
    accessible_everywhere(page)


@pytest.mark.slow
@pytest.mark.usefixtures("runner")
def test_all_of_it_works_without_scripts(enter: Callable[..., Page], elm: CommunityBuilder) -> None:
    page = enter(elm, "director", java_script_enabled=False)
    page.goto(NEXT_WEEK)
    page.get_by_role("button", name="Plan this week").click()
    expect(page.get_by_role("link", name="Look at the draft")).to_be_visible()  # it looks again by itself
    page.get_by_role("link", name="Look at the draft").click()
    page.get_by_role("link", name="Publish…").click()
    page.get_by_role("button", name="Publish this week").click()

    expect(page.get_by_role("status")).to_have_text("Published. Everybody sees it from now on.")


def test_a_second_click_shows_the_run_under_way(enter: Callable[..., Page], elm: CommunityBuilder) -> None:
    page = enter(elm, "director")
    page.goto(NEXT_WEEK)
    page.get_by_role("button", name="Plan this week").dblclick()

    expect(page.get_by_text("Waiting to begin.")).to_be_visible()
    page.goto(NEXT_WEEK)
    page.get_by_role("link", name="Watch the planning").click()
    page.get_by_role("button", name="Stop and take the best so far").click()
    expect(page.get_by_role("link", name="Back to the week")).to_be_visible()


def test_planning_again_asks_and_what_was_set_aside_is_taken_back(
    enter: Callable[..., Page], elm: CommunityBuilder, engines: Engines, accessible_everywhere: Callable[..., None]
) -> None:
    older = draft(engines, elm, [CHOIR])
    with unit_of_work(engines) as db:
        db.query(Plan).filter(Plan.id == older).update({"state": "set aside"})
        elm.db = db
        elm.publication(
            [Held("choir", "lounge", 3, "10:00", ["finn"], ["ada", "fay"], ref="choir-1")], week_start=NEXT_MONDAY
        )
    draft(engines, elm, [CHOIR, CHESS])
    page = enter(elm, "director", "phone")
    page.goto(NEXT_WEEK)
    page.get_by_role("link", name="Plan again…").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Plan the week of 7 December again?")
    accessible_everywhere(page)
    page.get_by_role("link", name="Keep this draft").click()
    page.get_by_role("link", name="Compare the drafts").click()
    expect(page.get_by_text("The best of these as things are.")).to_be_visible()
    accessible_everywhere(page)
    page.get_by_role("button", name="Take this one back").click()
    expect(page.get_by_role("status")).to_have_text("Taken back. The other draft is set aside.")

    page.get_by_role("link", name="Publish…").click()
    expect(page.get_by_text("1 session changes.")).to_be_visible()
    accessible_everywhere(page)


def test_two_directors_on_one_draft(enter: Callable[..., Page], elm: CommunityBuilder, engines: Engines) -> None:
    draft(engines, elm)
    first, second = enter(elm, "director"), enter(elm, "director")
    for page in (first, second):
        page.goto(f"{NEXT_WEEK}/publish")

    first.get_by_role("button", name="Publish this week").click()
    second.get_by_role("button", name="Publish this week").click()

    for page in (first, second):
        expect(page.get_by_text("Published. Everybody sees it from now on.")).to_be_visible()


def test_a_full_week_is_read_by_day_and_by_person(
    enter: Callable[..., Page], engines: Engines, accessible_everywhere: Callable[..., None]
) -> None:
    with unit_of_work(engines) as db:
        linden = full_community(db)
    page = enter(linden, "director", "phone")
    expect(page.get_by_role("heading", level=2, name="Wednesday 2 December")).to_be_visible()
    accessible_everywhere(page)
    expect(page.get_by_role("heading", level=2, name="Thursday 3 December")).to_be_hidden()
    page.get_by_role("link", name="Thu 3").click()
    expect(page.get_by_role("heading", level=2, name="Thursday 3 December")).to_be_visible()
    expect(page.get_by_role("heading", level=2, name="Wednesday 2 December")).to_be_hidden()

    page.locator("#day-2026-12-03 .card a").first.click()
    expect(page.get_by_role("heading", level=2, name="people are invited")).to_be_visible()
    expect(page.get_by_role("heading", level=2, name="Who else could come")).to_be_visible()
    accessible_everywhere(page)
    page.locator(".people a").first.click()
    expect(page.get_by_role("heading", level=2, name="Week of 30 November")).to_be_visible()
    accessible_everywhere(page)
    page.get_by_role("link", name="People", exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("People")
    accessible_everywhere(page)


def test_no_page_is_wider_than_its_screen(enter: Callable[..., Page], engines: Engines) -> None:
    with unit_of_work(engines) as db:
        rowan = full_community(db, "rowan", residents=255, groups=12, weekday=16, weekend=9, visits=90)
    page = enter(rowan, "director")

    for path in (f"/week/{MONDAY}", f"/week/{MONDAY}/session/d2-3", "/people", NEXT_WEEK, "/nowhere"):
        page.goto(path)
        for width in (360, 820, 1100, 1440):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_the_week_can_be_read_by_day_and_by_night(
    enter: Callable[..., Page], engines: Engines, elm: CommunityBuilder, accessible_everywhere: Callable[..., None]
) -> None:
    with unit_of_work(engines) as db:
        elm.db = db
        elm.publication([Held("choir", "lounge", 2, "10:00", ["finn"], ["ada", "ben"], ref="choir-1")])
    draft(
        engines, elm, [Held("choir", "lounge", 3, "11:00", ["finn"], ["ada", "ben"], ref="choir-1")], week_start=MONDAY
    )

    page = enter(elm, "director")

    expect(page.get_by_text("moved", exact=True)).to_be_visible()
    accessible_everywhere(page, "light", "dark")
