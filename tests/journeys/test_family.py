"""A daughter's minute with her phone: today, the days after, what is shared; and nothing once that is over."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from playwright.sync_api import Page, expect

from milieu.database import Engines, unit_of_work
from milieu.models import Consent
from tests.journeys.conftest import TickingClock
from tests.milieu.builders import CommunityBuilder, Held
from tests.web.staff.floor import published_day


@pytest.fixture
def clock() -> TickingClock:
    return TickingClock(datetime(2026, 12, 2, 9, 5, tzinfo=UTC))


@pytest.fixture
def elm(engines: Engines) -> CommunityBuilder:
    """Ada, whose name is long, and Ben, Ellen's mother and uncle; the choir moved this morning."""
    elm = published_day(engines)
    with unit_of_work(engines) as db:
        elm.db = db
        ada = db.get(type(elm.residents["ada"]), {"community_id": elm.id, "id": elm.residents["ada"].id})
        assert ada is not None
        ada.called = "Tirunelveli Venkatasubramanian-Thirunavukkarasu"
        elm.relative("ellen", of=elm.residents["ada"], name="Ellen Made-Up")
        elm.relative("ellen", of=elm.residents["ben"], resident_is="uncle")
        elm.publication(
            [
                Held("choir", "lounge", 2, "11:30", ["finn"], ["ada", "ben"]),
                Held("chess", "studio", 2, "15:00", ["finn"], ["ada"], ref="2026-W49-chess-1"),
                Held("choir", "studio", 4, "14:00", ["finn"], ["ada"], ref="friday"),
            ],
            kind="repair",
            published_at=datetime(2026, 12, 2, 5, 31, tzinfo=UTC),
        )
    return elm


def test_the_letter_is_accessible_at_every_width_by_day_and_by_night(
    enter: Callable[..., Page], elm: CommunityBuilder, accessible_everywhere: Callable[..., None]
) -> None:
    page = enter(elm, "family", "phone", relative_id=elm.relatives["ellen"].id)
    expect(page.get_by_role("heading", level=1)).to_have_text("Your family’s week")
    mine = elm.residents["ada"].id
    for path in ("/family", f"/family/{mine}", f"/family/{mine}/shares"):
        page.goto(path)
        accessible_everywhere(page, "light", "dark")
        expect(page.get_by_role("heading", level=1)).to_have_count(1)


def test_the_whole_letter_works_without_scripts_and_at_twice_the_size(
    enter: Callable[..., Page], elm: CommunityBuilder
) -> None:
    page = enter(elm, "family", "phone", java_script_enabled=False, relative_id=elm.relatives["ellen"].id)
    page.set_viewport_size({"width": 180, "height": 500})
    page.get_by_role("navigation", name="Whose week").get_by_role("link", name="Ben").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ben’s week")
    expect(page.get_by_text("Good morning, Ellen. Today your uncle is invited to one thing.")).to_be_visible()
    expect(page.get_by_text("Choir today moved from 10:30 to 11:30.")).to_be_visible()
    page.get_by_role("link", name="What Ben shares with you").click()
    expect(page.get_by_text("Since 5 January 2026, until further notice.").first).to_be_visible()
    page.get_by_role("link", name="‹ The week").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Your family’s week")


def test_today_of_both_is_on_a_phone_s_first_screen(enter: Callable[..., Page], elm: CommunityBuilder) -> None:
    page = enter(elm, "family", "phone", relative_id=elm.relatives["ellen"].id)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/family")

    for said in ("Today Ben is invited to one thing.", "Choir"):
        box = page.get_by_text(said).first.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= 844
    expect(page.get_by_text("both", exact=True)).to_have_count(1)


def test_the_open_page_shows_nothing_after_consent(
    enter: Callable[..., Page], elm: CommunityBuilder, engines: Engines, accessible: Callable[[Page], None]
) -> None:
    page = enter(elm, "family", relative_id=elm.relatives["ellen"].id)
    page.get_by_role("navigation", name="Whose week").get_by_role("link", name="Ben").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ben’s week")
    with unit_of_work(engines) as db:
        for row in db.query(Consent):
            row.valid_until = date(2026, 12, 1)

    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("This page is not there")
    page.goto("/family")

    expect(page.get_by_role("heading", level=1)).to_have_text("There is nothing to show here")
    expect(page.get_by_text("Ben")).to_have_count(0)
    accessible(page)
    page.go_back()
    expect(page.get_by_text("Choir")).to_have_count(0)  # nothing was kept by the browser


def test_on_paper_it_is_a_letter(enter: Callable[..., Page], elm: CommunityBuilder) -> None:
    page = enter(elm, "family", relative_id=elm.relatives["ellen"].id)
    page.emulate_media(media="print")

    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("navigation")).to_have_count(0)
    assert page.evaluate("parseFloat(getComputedStyle(document.querySelector('.opening')).fontSize)") >= 18  # 14 pt
