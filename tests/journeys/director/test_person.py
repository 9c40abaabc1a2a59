"""The director knows a person: the page on every screen, by keyboard, with and without JavaScript."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from milieu.database import Engines, unit_of_work
from tests.milieu.builders import MONDAY, CommunityBuilder, Held


def change_of(part: str) -> re.Pattern[str]:
    """The name of the link that leads to where a part is edited."""
    return re.compile(rf"^Change ?: {part}$")


@pytest.fixture
def known(engines: Engines, elm: CommunityBuilder) -> CommunityBuilder:
    with unit_of_work(engines) as db:
        elm.db = db
        ada = elm.residents["ada"]
        elm.wish(ada, elm.activities["choir"], 5, said_on=MONDAY)
        elm.limit(ada, activity=elm.activities["chess"], reason="Dizzy", charted_by="Dr Made-Up")
        elm.target(ada, "spiritual", 2)
        elm.busy(ada, "09:15", "09:45", kind="bath", weekday=1)
        elm.relative("una", of=ada)
        elm.publication([Held("choir", "lounge", 3, "10:00", ["finn"], ["ada", "ben"], ref="thursday")])
    return elm


def test_a_person_s_page_is_read(
    enter: Callable[..., Page], known: CommunityBuilder, accessible_everywhere: Callable[..., None]
) -> None:
    page = enter(known, "director", "phone")
    page.get_by_role("link", name="People", exact=True).click()
    page.get_by_role("link", name="Ada Made-Up").press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("Ada Made-Up")
    expect(page.get_by_role("heading", name="What she loves")).to_be_visible()
    expect(page.get_by_role("region", name="Week of 30 November").get_by_role("link", name="Choir")).to_be_visible()
    accessible_everywhere(page)


def test_each_part_is_edited_in_place(
    enter: Callable[..., Page], known: CommunityBuilder, accessible_everywhere: Callable[..., None]
) -> None:
    page = enter(known, "director", "phone")
    person = f"/people/{known.residents['ada'].id}"
    page.goto(person)
    for part in ("Who they are", "How to ask", "Needs and cannot", "Rhythm", "Wishes", "Charted limits", "Aims"):
        page.get_by_role("link", name=change_of(part)).click()
        expect(page.get_by_role("link", name="What changed when, and undo")).to_be_visible()
        accessible_everywhere(page)
        page.goto(person)

    page.get_by_role("link", name=change_of("Rhythm")).press("Enter")
    taken = page.get_by_role("region", name="Taken up")
    taken.get_by_text("One more").press("Enter")
    taken.get_by_label("From", exact=True).last.fill("10:00")
    taken.get_by_label("To", exact=True).last.fill("09:00")
    taken.get_by_role("button", name="Add").press("Enter")
    expect(page.get_by_text("This was not saved yet: please look at what is marked.")).to_be_visible()
    accessible_everywhere(page)
    taken.get_by_label("What", exact=True).last.select_option(label="Therapy")
    taken.get_by_label("To", exact=True).last.fill("10:30")
    taken.get_by_role("button", name="Add").press("Enter")
    expect(page.get_by_text("Saved.")).to_be_visible()
    page.goto(person)
    expect(page.get_by_text("Therapy every day 10:00 to 10:30")).to_be_visible()
    page.get_by_role("link", name="What changed, who looked").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("What changed when")
    accessible_everywhere(page)
    page.get_by_role("button", name="Undo").press("Enter")
    expect(page.get_by_text("Undone.")).to_be_visible()


def test_a_no_in_two_taps(
    enter: Callable[..., Page], known: CommunityBuilder, accessible_everywhere: Callable[..., None]
) -> None:
    page = enter(known, "director", "phone")
    page.goto(f"/people/{known.residents['ada'].id}")

    page.get_by_role("link", name="No… Choir").press("Enter")
    expect(page.get_by_role("heading", name="No to Choir. What was meant?")).to_be_visible()
    accessible_everywhere(page)
    page.get_by_role("button", name="Not any more").press("Enter")

    expect(page.get_by_text("Noted. It holds at once.")).to_be_visible()
    expect(page.get_by_role("region", name="Said no to").get_by_text("Choir, for good")).to_be_visible()
    week = page.get_by_role("region", name="Week of 30 November")
    expect(week.get_by_role("link", name="Choir")).to_have_count(0)
