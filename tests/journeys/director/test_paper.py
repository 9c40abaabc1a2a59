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
MONTH_SHEETS = {"linden": [1, 3], "rowan": [2, 5]}
"""Of A3 and of A4, which are laid across by themselves."""
SMALLEST = """() => Math.min(...[...document.querySelectorAll(".week *")]
  .filter(each => [...each.childNodes].some(node => node.nodeType === 3 && node.data.trim()) && each.offsetHeight > 2)
  .map(each => parseFloat(getComputedStyle(each).fontSize)))"""
"""The size of the smallest print on the board, in CSS pixels."""
BROKEN_WORDS = """() => {
  const cards = document.querySelectorAll(".card strong, .card .meta, .card .seats span");
  const texts = [...cards].map(each => each.firstChild);
  return texts.flatMap(text => [...(text?.data ?? "").matchAll(/[\\p{L}’']+/gu)].filter(word => {
    const range = document.createRange();
    range.setStart(text, word.index);
    range.setEnd(text, word.index + word[0].length);
    return new Set([...range.getClientRects()].map(box => Math.round(box.top))).size > 1;
  }).map(word => word[0]));
}"""
"""The words on cards that go on to a second line."""
DESKS = (1100, 1200, 1259, 1260, 1280, 1366, 1380, 1440)
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

    broken = {}
    for width in DESKS:
        page.set_viewport_size({"width": width, "height": 900})
        if words := page.evaluate(BROKEN_WORDS):
            broken[width] = words
    assert broken == {}

    sheets = {paper: page.pdf(format=paper, landscape=True) for paper in ("A3", "A4")}

    counts = {paper: len(re.findall(rb"/Type\s*/Page\b", pdf)) for paper, pdf in sheets.items()}
    assert counts == {"A3": 1, "A4": A4_SHEETS[key]}
    page.emulate_media(media="print")
    for width in (1056, 1587):  # A4 and A3 across, in CSS pixels
        page.set_viewport_size({"width": width, "height": 750})
        assert float(page.evaluate(SMALLEST)) >= 8.5 * 96 / 72 - 0.01
    expect(page.locator(".visited a").first).to_be_visible()
    expect(page.locator(".visited a").last).to_be_visible()

    page.goto(f"/programme/{key}/month/2026-12-01")  # the second week of it and on as usual
    months = {paper: page.pdf(format=paper) for paper in ("A3", "A4")}
    assert [len(re.findall(rb"/Type\s*/Page\b", pdf)) for pdf in months.values()] == MONTH_SHEETS[key]


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
