"""A phone at 200 %, and names of sixty letters: nothing beyond the edge, no word over another, no title cut small."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page
from sqlalchemy import update

from milieu.database import Engines, unit_of_work
from milieu.models import Activity, Facilitator, LivingGroup, PublishedSession, Resident, Space
from tests.milieu.builders import MONDAY, CommunityBuilder
from tests.web.builders import full_community

WIDTH = 195  # of 390 px at twice the size

# What stands on too many lines for its words, and what lies over what: [title, lines], [one text, the other].
FAULTS = """() => {
  const faults = [];
  const texts = [...document.querySelectorAll("main a, main b, main strong, main span.soft, main td, main h1")]
    .filter(each => each.checkVisibility() && each.textContent.trim() && !each.closest(".sr"));
  for (const each of texts) {
    const lines = new Set([...each.getClientRects()].map(box => Math.round(box.top))).size;
    const height = each.getBoundingClientRect().height / parseFloat(getComputedStyle(each).lineHeight || 20);
    const words = each.textContent.trim().split(/\\s+|-/).length;
    if (each.matches("a, b, strong") && Math.max(lines, Math.floor(height)) > 2 * words + 1) {
      faults.push([each.textContent.trim(), lines]);
    }
  }
  const leaves = texts.filter(each => !each.querySelector("a, b, strong, span, td"));
  for (const one of leaves) for (const other of leaves) {
    if (one === other || one.contains(other) || other.contains(one)) continue;
    for (const a of one.getClientRects()) for (const b of other.getClientRects()) {
      const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (wide > 3 && high > 6) faults.push([one.textContent.trim(), other.textContent.trim()]);
    }
  }
  return faults.slice(0, 5);
}"""


@pytest.fixture
def linden(engines: Engines) -> CommunityBuilder:
    with unit_of_work(engines) as db:
        return full_community(db, residents=30, visits=6)


def test_every_page_of_lists_stays_in_order(enter: Callable[..., Page], linden: CommunityBuilder) -> None:
    page = enter(linden, "director")
    page.set_viewport_size({"width": WIDTH, "height": 450})
    found = {}
    for path in (
        "/programme/linden",
        f"/week/{MONDAY}",
        f"/week/{MONDAY}/session/d2-0",
        "/people",
        f"/people/{linden.residents['r6'].id}",
        "/today",
    ):
        page.goto(path)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found[path] = "wider than the phone"
        elif faults := page.evaluate(FAULTS):
            found[path] = faults

    assert found == {}


LONG = "Wolfeschlegelsteinhausenbergerdorffvonaltershausenberchtesga"
"""Sixty letters without a place to break."""


def test_names_of_sixty_letters_stay_within_a_phone(
    enter: Callable[..., Page], linden: CommunityBuilder, engines: Engines
) -> None:
    with unit_of_work(engines) as db:
        for model, name in (
            (Resident, "family_name"),
            (Activity, "name"),
            (Space, "name"),
            (Facilitator, "name"),
            (LivingGroup, "name"),
            (PublishedSession, "title"),
            (PublishedSession, "space_name"),
        ):
            db.execute(update(model).values({name: LONG}))
    garden, resident = linden.groups["g0"].id, linden.residents["r6"].id
    page = enter(linden, "director")
    page.set_viewport_size({"width": 360, "height": 740})
    beyond = []
    for path in (
        "/programme/linden",
        "/programme/linden?screen",
        f"/week/{MONDAY}",
        f"/week/{MONDAY}/session/d2-0",
        f"/week/{MONDAY}/balance",
        f"/week/{MONDAY}/choices",
        "/people",
        f"/people/{resident}",
        f"/people/{resident}/history",
        f"/people/{resident}/noes",
        "/print",
        "/calendars",
        "/records?by=resident",
        "/records?by=unit",
        f"/people/{resident}/change/wishes",
        "/activities",
        "/base-week",
        "/changed",
        "/living-groups",
        f"/living-groups/{garden}",
        "/house",
        "/house/activities",
        f"/house/team/{linden.facilitators['f0'].id}",
        "/house/targets",
        "/walls",
        "/today",
        "/today/changed",
        "/today/2026-12-02/sheet",
    ):
        page.goto(path)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            beyond.append(path)

    assert beyond == [], beyond
