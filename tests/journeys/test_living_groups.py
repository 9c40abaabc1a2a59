"""A director looks at a living group and makes a suggestion a wish, by keyboard and on any screen."""

import re
from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import Page, expect

from milieu.database import Engines, unit_of_work
from tests.milieu.builders import MONDAY, CommunityBuilder, Held
from tests.milieu.queries.ties.test_living_group import mark


def test_what_would_help_becomes_a_wish(
    enter: Callable[..., Page],
    elm: CommunityBuilder,
    engines: Engines,
    accessible_everywhere: Callable[..., None],
) -> None:
    with unit_of_work(engines) as db:
        elm.db = db
        for number in range(8):
            elm.resident(f"more{number}", family_name="Featherstonehaugh-Made-Up")
        for number in range(7):
            elm.tie(elm.residents[f"more{number}"], elm.residents[f"more{number + 1}"], 3)
        for week in range(1, 5):
            monday, pair = MONDAY - timedelta(weeks=week), ("more0", "more5")
            elm.publication(
                [Held("chess", "studio", 0, "14:00", ["gita"], pair, ref=f"chess-{week}")], week_start=monday
            )
            for name in pair:
                mark(elm, f"chess-{week}", name, monday, "attended")
    page = enter(elm, "director", "phone")
    page.get_by_role("link", name="Living groups").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Living groups")
    accessible_everywhere(page)

    page.get_by_role("link", name="Garden wing").click()
    expect(page.get_by_role("heading", name="10 of 11 have somebody here.")).to_be_visible()
    accessible_everywhere(page)
    for summary in page.locator("main summary").all():
        summary.press("Enter")
    accessible_everywhere(page)
    page.get_by_label("Who", exact=True).select_option(label="Cleo Made-Up, 3")
    page.get_by_label("With whom").select_option(label="Cleo Made-Up, 3")
    page.get_by_role("button", name="Note it").press("Enter")
    expect(page.get_by_text("Please choose two people.")).to_be_visible()
    accessible_everywhere(page)
    page.get_by_label("With whom").select_option(label="Ben Made-Up, 2")
    page.get_by_label("What they are").select_option(label="uneasy with each other")
    page.get_by_role("button", name="Note it").press("Enter")
    expect(page.get_by_text("Noted.", exact=True)).to_be_visible()
    page.get_by_text("The same as a table, by room").press("Enter")
    page.get_by_role("row", name="Cleo Made-Up").get_by_role("link", name="uneasy with each other").first.press("Enter")
    expect(page.get_by_text("Noted as: uneasy with each other.")).to_be_visible()
    accessible_everywhere(page)
    page.get_by_role("button", name="Take back").press("Enter")
    expect(page.get_by_text("Taken back.", exact=True)).to_be_visible()

    page.get_by_role("button", name="Yes, friends").press("Enter")
    expect(page.get_by_text("Noted. They are friends.")).to_be_visible()
    page.get_by_role("button", name="Make it a wish for Cleo Made-Up").press("Enter")

    expect(page.get_by_text("Noted. The next plans are asked to bring them together.")).to_be_visible()
    accessible_everywhere(page)
    page.get_by_role("button", name="Take back the wish for Cleo Made-Up").press("Enter")
    expect(page.get_by_role("heading", name="Cleo Made-Up knows nobody here, as far as is noted")).to_be_visible()
    what_they_want(page, accessible_everywhere)


def what_they_want(page: Page, accessible_everywhere: Callable[..., None]) -> None:
    """A wish of the council is noted, and undone from what became of it."""
    page.get_by_role("link", name="Aims and wishes of the council").press("Enter")
    council = page.get_by_role("region", name="Wishes of the council")
    council.get_by_label("What the council wishes").fill("Supper at six")
    council.get_by_role("button", name="Add").press("Enter")
    expect(page.get_by_text("Supper at six: noted", exact=True)).to_be_visible()
    accessible_everywhere(page)
    page.get_by_role("button", name=re.compile("^Undo")).press("Enter")
    expect(page.get_by_text("Undone.", exact=True)).to_be_visible()
    expect(page.get_by_text("Supper at six: undone", exact=True)).to_be_visible()
