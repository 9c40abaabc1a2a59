"""A director tells what happened, by keyboard and on any screen, and takes back a slip."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from milieu.database import Engines, unit_of_work
from tests.milieu.builders import CommunityBuilder, Held


def test_a_no_is_told_and_a_slip_taken_back(
    enter: Callable[..., Page],
    elm: CommunityBuilder,
    engines: Engines,
    accessible_everywhere: Callable[..., None],
) -> None:
    with unit_of_work(engines) as db:
        elm.db = db
        elm.publication([Held("choir", "lounge", 3, "10:00", ["finn"], ["ada", "ben"], ref="thursday")])
    page = enter(elm, "director", "phone")
    page.get_by_role("link", name="Changes").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Something changed")
    expect(page.get_by_text("Nothing was told today.")).to_be_visible()
    accessible_everywhere(page)

    for kind in (
        "A space cannot be used",
        "A resident is out or has a visitor",
        "A resident stays in bed",
        "A resident is in hospital",
        "Short of hands",
        "A guest cancels",
        "An outbreak on a living group",
        "Two people are to be kept apart",
        "Too wet outside",
        "A guest or something special",
        "Somebody moves in",
        "Somebody moves rooms",
        "Somebody moves out",
        "Somebody has died",
        "Somebody said no",
    ):
        page.get_by_role("link", name=kind, exact=True).click()
        expect(page.get_by_role("heading", level=2, name=kind, exact=True)).to_be_visible()
        accessible_everywhere(page)
    page.get_by_label("Who", exact=True).select_option(label="Ada Made-Up, 1")
    page.get_by_label("No to what").select_option(label="Choir")
    page.get_by_role("button", name="Note it").press("Enter")

    expect(page.get_by_text("Ada Made-Up said no to Choir, for good.")).to_be_visible()
    expect(page.get_by_text("1 invitation was gone at once. Nobody was moved up.")).to_be_visible()
    accessible_everywhere(page)
    page.get_by_role("button", name="Take back").press("Enter")
    expect(page.get_by_text("Taken back today")).to_be_visible()
    accessible_everywhere(page)


@pytest.mark.slow(12)
@pytest.mark.usefixtures("runner")
def test_a_colleague_is_away_and_the_fewest_are_told(
    enter: Callable[..., Page],
    elm: CommunityBuilder,
    engines: Engines,
    accessible_everywhere: Callable[..., None],
) -> None:
    with unit_of_work(engines) as db:
        elm.db = db
        elm.facilitator("hal", skills=["music"])
        elm.publication([Held("choir", "lounge", 3, "10:00", ["finn"], ["ada", "ben", "cleo"], ref="thursday")])
    page = enter(elm, "director")
    page.get_by_role("link", name="Changes").click()
    page.get_by_label("Who", exact=True).select_option(label="Finn Made-Up")
    page.get_by_label("From", exact=True).fill("2026-12-03")
    page.get_by_role("button", name="Note it").press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("What can be done in the week of 30 November")
    accessible_everywhere(page)
    publish = page.get_by_role("button", name="Fewest told otherwise")
    expect(publish).to_be_visible()
    expect(page.get_by_role("columnheader")).to_have_count(3)
    accessible_everywhere(page)
    publish.press("Enter")

    expect(page.get_by_text("Published. Everybody sees it from now on, with the reason.")).to_be_visible()
    expect(page.get_by_text("led by Hal Made-Up instead of Finn Made-Up")).to_be_visible()
    accessible_everywhere(page)


def test_the_floor_tells_what_is_theirs(
    enter: Callable[..., Page], elm: CommunityBuilder, engines: Engines, accessible_everywhere: Callable[..., None]
) -> None:
    with unit_of_work(engines) as db:
        elm.db = db
        elm.publication([Held("choir", "lounge", 2, "15:00", ["finn"], ["ada", "ben"], ref="today")])
    page = enter(elm, "staff", "phone")
    page.get_by_role("link", name="Something changed…").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Something changed")
    accessible_everywhere(page)
    for kind in ("A space cannot be used", "Somebody said no", "A resident is out", "Somebody of the team is away"):
        page.get_by_role("link", name=kind).click()
        expect(page.get_by_role("heading", level=2, name=kind)).to_be_visible()
        accessible_everywhere(page)
    page.get_by_label("Who", exact=True).select_option(label="Finn Made-Up")
    page.get_by_role("button", name="Note it").press("Enter")

    expect(page.get_by_text("Finn Made-Up is away on Wednesday 2 December.")).to_be_visible()
    accessible_everywhere(page)
    page.get_by_role("button", name="Take back").press("Enter")
    expect(page.get_by_text("Taken back today")).to_be_visible()
    accessible_everywhere(page)
