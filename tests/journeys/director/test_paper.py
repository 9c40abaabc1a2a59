"""The week on paper and what a form has done above it, in a real browser."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from milieu.database import Engines, unit_of_work
from tests.milieu.builders import CommunityBuilder
from tests.web.builders import draft, full_community

NEXT_WEEK = "/week/2026-12-07"
A4_SHEETS = {"linden": 2, "rowan": 4}
SMALLEST = """() => Math.min(...[...document.querySelectorAll(".week *")]
  .filter(each => [...each.childNodes].some(node => node.nodeType === 3 && node.data.trim()) && each.offsetHeight > 2)
  .map(each => parseFloat(getComputedStyle(each).fontSize)))"""
"""The size of the smallest print on the board, in CSS pixels."""
SIZES = {"linden": (102, 5, 9, 5, 36), "rowan": (255, 12, 16, 9, 90)}


@pytest.mark.parametrize("key", SIZES)
def test_a_week_is_printed_on_few_sheets_that_can_be_read(
    key: str, enter: Callable[..., Page], engines: Engines
) -> None:
    residents, groups, weekday, weekend, visits = SIZES[key]
    with unit_of_work(engines) as db:
        made = full_community(
            db, key, residents=residents, groups=groups, weekday=weekday, weekend=weekend, visits=visits
        )
    page = enter(made, "director")
    expect(page.locator(".visited a").first).to_be_hidden()

    sheets = {paper: page.pdf(format=paper, landscape=True) for paper in ("A3", "A4")}

    counts = {paper: len(re.findall(rb"/Type\s*/Page\b", pdf)) for paper, pdf in sheets.items()}
    assert counts == {"A3": 1, "A4": A4_SHEETS[key]}
    page.emulate_media(media="print")
    for width in (1056, 1587):  # A4 and A3 across, in CSS pixels
        page.set_viewport_size({"width": width, "height": 750})
        assert float(page.evaluate(SMALLEST)) >= 8.5 * 96 / 72 - 0.01
    expect(page.locator(".visited a").first).to_be_visible()
    expect(page.locator(".visited a").last).to_be_visible()


def test_what_a_form_has_done_stands_above_the_board(
    enter: Callable[..., Page], engines: Engines, elm: CommunityBuilder
) -> None:
    draft(engines, elm)
    page = enter(elm, "director")
    page.goto(f"{NEXT_WEEK}/publish")
    page.get_by_role("button", name="Publish this week").click()

    for width in (390, 820, 1100, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        told, board = page.get_by_role("status").bounding_box(), page.locator(".week-main").bounding_box()
        assert told
        assert board
        assert told["y"] + told["height"] <= board["y"]
        beside = 290 + 24 if width >= 1100 else 0  # what is to be looked at, and the gap
        assert board["width"] >= width - beside - 50
