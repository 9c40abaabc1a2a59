"""From nothing to a published first week on pages alone: the link that the server prints, and the real solver."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from milieu.database import Engines, unit_of_work
from milieu.services.house.founding import offer_set_up
from tests.journeys.conftest import PASSWORD, TickingClock

TAKEN = ("Coffee table", "Sing-along", "Chair exercise", "Cards", "Quiz", "Reminiscence")


@pytest.mark.slow(20)
@pytest.mark.usefixtures("runner")
def test_a_community_is_made_planned_and_published(
    app: Flask,
    engines: Engines,
    clock: TickingClock,
    serve: Callable[[Flask], str],
    visit: Callable[..., Page],
    accessible_everywhere: Callable[[Page], None],
) -> None:
    with unit_of_work(engines) as db:
        secret = offer_set_up(db, clock.now())
    page = visit(serve(app))
    page.goto(f"/set-up/{secret}")
    accessible_everywhere(page)
    found(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("To your first week")
    expect(page.get_by_text("Next: Living groups.")).to_be_visible()
    accessible_everywhere(page)
    house(page)
    page.get_by_role("link", name="To the library").first.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("A library of activities")
    accessible_everywhere(page)
    for name in TAKEN:
        page.get_by_role("checkbox", name=re.compile(f"^{name}")).check()
    page.get_by_role("button", name="Take what is ticked").press("Enter")
    expect(page.get_by_text("6 activities are yours now.")).to_be_visible()
    for given, room in (("Ada", "1"), ("Ben", "2"), ("Cleo", "3"), ("Dov", "4"), ("Esi", "5"), ("Fay", "6")):
        arrive(page, given, room)
    page.goto("/house/first-week")
    expect(page.get_by_text("Everything is there that a first week needs.")).to_be_visible()
    accessible_everywhere(page)

    page.goto("/week/2026-12-07")
    page.get_by_role("button", name="Plan this week").press("Enter")
    page.get_by_role("link", name="Look at the draft").click()
    page.get_by_role("link", name="Publish…").click()
    page.get_by_role("button", name="Publish this week").press("Enter")
    expect(page.get_by_text("Published. Everybody sees it from now on.")).to_be_visible()
    expect(page.get_by_role("main").get_by_text("Coffee table").first).to_be_attached()
    page.goto(f"/set-up/{secret}")  # it has done its work: it leads to where she signs in, and she has
    expect(page.get_by_role("heading", level=1)).to_contain_text("Week of 30 November")


def found(page: Page) -> None:
    """The community and its director, with one slip on the way."""
    page.get_by_label("What the community is called").fill("Birch Hof")
    page.get_by_label("Its time zone").fill("Berlin")
    page.get_by_label("Your name").fill("Dee Made-Up")
    page.get_by_label("Your e-mail address").fill("dee@birch.example")
    for attempt in range(2):
        page.get_by_label("New password", exact=True).fill(PASSWORD)
        page.get_by_label("The new password again").fill(PASSWORD)
        page.get_by_role("button", name="Make the community").press("Enter")
        if attempt == 0:
            expect(page.get_by_text("There is no time zone 'Berlin'")).to_be_visible()
            expect(page.get_by_label("What the community is called")).to_have_value("Birch Hof")
            page.get_by_label("Its time zone").fill("Europe/Berlin")


def house(page: Page) -> None:
    """A living group, a space, and somebody who is there every day."""
    for path, fields in (
        ("/house/living-groups/new", {"Name": "Garden wing"}),
        ("/house/spaces/new", {"Name": "Lounge", "Seats": "12"}),
        ("/house/team/new", {"Name": "Rosa Delgado"}),
    ):
        page.goto(path)
        for label, value in fields.items():
            page.get_by_label(label, exact=True).fill(value)
        if "team" in path:
            page.get_by_label("Others, with commas between").or_(page.get_by_label("With commas between")).first.fill(
                "music, exercise"
            )
        page.get_by_role("button", name="Save").press("Enter")
        expect(page.get_by_text("Saved.")).to_be_visible()
    page.get_by_text("Add hours").first.press("Enter")
    page.get_by_label("From", exact=True).fill("09:00")
    page.get_by_label("To", exact=True).fill("17:00")
    page.get_by_role("button", name="Add hours").press("Enter")
    expect(page.get_by_text("Next: Activities.")).to_be_visible()  # on the way to a first week the next step follows


def arrive(page: Page, given: str, room: str) -> None:
    page.goto("/changed?kind=arrival")
    page.get_by_label("Given name").fill(given)
    page.get_by_label("Family name").fill("Made-Up")
    page.get_by_label("Living group").select_option(label="Garden wing")
    page.get_by_label("Room").fill(room)
    page.get_by_role("button", name="Note it").press("Enter")
    expect(page.get_by_text("Noted.", exact=True)).to_be_visible()
