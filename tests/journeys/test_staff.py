"""A carer's hour with the tablet: asking, marking, bad reception, a colleague at the same tablet, no scripts at all."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from milieu.database import Engines, reading, unit_of_work
from milieu.models import Account, Attendance, Invitation, SignInSession
from milieu.services.attendance import mark
from tests.journeys.conftest import TickingClock, sign_in
from tests.milieu.builders import CommunityBuilder
from tests.web.staff.floor import ASKING, CHOIR, CHOIR_PAGE, mark_of, published_day, rows_of

WIDTHS = (360, 820, 1440)
LEAST_TARGET = 52

# Reception as it is in a corridor: "gone" no request leaves, "mute" no mark does, "deaf" requests arrive and their
# answers are lost.
RECEPTION = """
const real = window.fetch;
window.fetch = async (...request) => {
  const reception = sessionStorage.getItem("reception");
  const isMark = request[1].method === "POST";
  if (reception === "gone" || (reception === "mute" && isMark)) throw new TypeError("no reception");
  const answer = await real(...request);
  if (reception === "deaf") throw new TypeError("answer lost");
  return answer;
};
"""

# Time that passes at a word.
TIME = """
const now = Date.now, every = window.setInterval, clocks = [];
let ahead = 0;
Date.now = () => now() + ahead;
window.setInterval = (work, pause) => { clocks.push({ work, pause }); return every(work, pause); };
window.letPass = (seconds) => {
  const before = ahead;
  ahead += 1000 * seconds;
  for (const { work, pause } of clocks) if (Math.floor(ahead / pause) > Math.floor(before / pause)) work();
};
"""


@pytest.fixture
def clock() -> TickingClock:
    return TickingClock(ASKING)


@pytest.fixture
def elm(engines: Engines) -> CommunityBuilder:
    return published_day(engines)


@pytest.fixture
def joe(enter: Callable[..., Page], elm: CommunityBuilder) -> Page:
    """The tablet of who leads the choir, on today's page."""
    page = enter(elm, "staff", facilitator_id=elm.facilitators["finn"].id)
    page.context.add_init_script(RECEPTION)
    page.context.add_init_script(TIME)
    page.set_viewport_size({"width": 820, "height": 1180})
    page.goto("/today")
    return page


def card(page: Page, name: str) -> Locator:
    return page.locator(".person").filter(has=page.get_by_role("heading", name=name))


def tap(page: Page, name: str, button: str) -> None:
    card(page, name).get_by_role("button", name=button, exact=True).click()


def set_reception(page: Page, how: str) -> None:
    page.evaluate("how => sessionStorage.setItem('reception', how)", how)


def test_people_are_marked_without_the_page_moving(joe: Page, engines: Engines, elm: CommunityBuilder) -> None:
    joe.evaluate("window.isSamePage = true")
    card(joe, "Esi").scroll_into_view_if_needed()
    before = joe.evaluate("scrollY")
    tap(joe, "Esi", "Said no")

    expect(card(joe, "Esi").get_by_role("button", name="Said no", exact=True)).to_have_attribute("aria-pressed", "true")
    expect(card(joe, "Esi")).to_contain_text("Said no · 10:2")
    expect(joe.get_by_text("2 still to mark")).to_be_visible()
    expect(joe.locator("#live")).to_contain_text("Esi Made-Up: Said no · 10:2")
    expect(card(joe, "Esi").get_by_role("button", name="Said no", exact=True)).to_be_focused()
    assert joe.evaluate("[window.isSamePage, scrollY]") == [True, before]
    expect(joe.locator("#unsent")).to_be_hidden()

    tap(joe, "Esi", "Take back Esi Made-Up")
    expect(card(joe, "Esi").locator("[aria-pressed=true]")).to_have_count(0)
    card(joe, "Esi").get_by_text("More…").click()
    tap(joe, "Esi", "Quiet")
    expect(card(joe, "Esi")).to_contain_text("Came, quiet · 10:2")
    held = mark_of(engines, elm, "esi")
    assert held is not None
    assert (held.outcome, held.level, rows_of(engines)) == ("attended", "quiet", 3)


def test_a_double_tap_is_one_mark(joe: Page, engines: Engines, elm: CommunityBuilder) -> None:
    card(joe, "Ada").get_by_role("button", name="Came", exact=True).dblclick()

    expect(card(joe, "Ada")).to_contain_text("Came · 10:2")
    expect(joe.locator("#unsent")).to_be_hidden()
    assert rows_of(engines) == 1


def test_what_is_refused_says_why_on_the_card(joe: Page, engines: Engines) -> None:
    joe.goto("/today/2026-12-02/session/2026-W49-walk-2")
    joe.route("**/mark/**", lambda route: route.fulfill(body=route.fetch().text()))  # a refusal is no fault of the page
    tap(joe, "Dov", "Came")

    expect(card(joe, "Dov")).to_contain_text("Walk has not begun, so nobody can have come yet.")
    expect(card(joe, "Dov").locator("[aria-pressed=true]")).to_have_count(0)
    assert rows_of(engines) == 0


@pytest.mark.parametrize("reception", ["gone", "deaf"])
def test_marks_wait_for_reception_and_are_saved_once(
    joe: Page, engines: Engines, elm: CommunityBuilder, reception: str
) -> None:
    set_reception(joe, reception)
    tap(joe, "Ada", "Came")
    tap(joe, "Ben", "Asleep")
    expect(joe.locator("#unsent")).to_contain_text("2 marks are not saved yet. They are kept on this tablet")
    expect(card(joe, "Ada")).to_contain_text("not saved yet")
    expect(card(joe, "Ben").get_by_role("button", name="Asleep")).to_have_attribute("aria-pressed", "true")
    kept = joe.evaluate("localStorage.getItem('milieu-unsent')")

    set_reception(joe, "good")
    joe.get_by_role("button", name="Try again").click()
    expect(joe.locator("#unsent")).to_be_hidden()
    expect(card(joe, "Ben")).to_contain_text("Asleep · 10:2")

    assert "Ada" not in kept
    assert "Made-Up" not in kept
    assert joe.evaluate("localStorage.getItem('milieu-unsent')") is None
    assert rows_of(engines) == 2
    ada = mark_of(engines, elm, "ada")
    assert ada is not None
    assert ada.outcome == "attended"


def test_the_newest_of_several_taps_without_reception_holds(joe: Page, engines: Engines, elm: CommunityBuilder) -> None:
    set_reception(joe, "gone")
    tap(joe, "Ada", "Came")
    expect(joe.locator("#unsent")).to_be_visible()
    tap(joe, "Ada", "Unwell")
    set_reception(joe, "good")
    joe.get_by_role("button", name="Try again").click()

    expect(card(joe, "Ada")).to_contain_text("Unwell · 10:2")
    expect(card(joe, "Ada").locator("[aria-pressed=true]")).to_have_text(["Unwell"])
    ada = mark_of(engines, elm, "ada")
    assert ada is not None
    assert (ada.outcome, rows_of(engines)) == ("unwell", 2)


def test_marks_outlive_the_page_they_were_made_on(joe: Page, engines: Engines) -> None:
    set_reception(joe, "gone")
    tap(joe, "Ada", "Came")
    expect(joe.locator("#unsent")).to_be_visible()
    joe.goto(CHOIR_PAGE)
    expect(joe.locator("#unsent")).to_contain_text("1 mark is not saved yet.")
    expect(card(joe, "Ada").get_by_role("button", name="Came", exact=True)).to_have_attribute("aria-pressed", "true")
    set_reception(joe, "good")
    joe.evaluate("dispatchEvent(new Event('online'))")

    expect(card(joe, "Ada")).to_contain_text("Came · 10:2")
    assert rows_of(engines) == 1


def test_who_was_signed_out_signs_in_and_nothing_is_lost(joe: Page, engines: Engines) -> None:
    with unit_of_work(engines) as db:
        db.query(SignInSession).delete()
    tap(joe, "Ada", "Came")
    expect(joe.locator("#unsent")).to_contain_text(
        "You were signed out. 1 mark is not saved yet; sign in again on this tablet"
    )
    joe.get_by_role("button", name="Open again").click()
    sign_in(joe, "staff0@elm.example")

    expect(card(joe, "Ada")).to_contain_text("Came · 10:2")
    assert rows_of(engines) == 1


@pytest.mark.parametrize("choice", ["Forget them", "Save them"])
def test_somebody_else_at_the_tablet_is_asked_first(
    joe: Page, engines: Engines, elm: CommunityBuilder, enrol: Callable[..., str], choice: str
) -> None:
    colleague = enrol(elm, "staff")
    with unit_of_work(engines) as db:
        db.query(SignInSession).delete()
    tap(joe, "Ada", "Came")
    expect(joe.locator("#unsent")).to_contain_text("You were signed out.")
    joe.get_by_role("button", name="Open again").click()
    sign_in(joe, colleague)
    joe.goto(CHOIR_PAGE)

    expect(joe.locator("#unsent")).to_contain_text("1 mark that somebody else made on this tablet is not saved yet.")
    assert rows_of(engines) == 0
    if choice == "Forget them":
        joe.get_by_role("button", name=choice).click()
        expect(joe.locator("#unsent")).to_be_hidden()
        joe.reload()
        expect(joe.locator("#unsent")).to_be_hidden()
        assert rows_of(engines) == 0
        return
    tap(joe, "Ben", "Asleep")
    expect(card(joe, "Ben")).to_contain_text("Asleep · 10:2")
    expect(joe.locator("#unsent")).to_contain_text("1 mark that somebody else made")
    joe.get_by_role("button", name=choice).click()
    expect(joe.locator("#unsent")).to_be_hidden()
    expect(card(joe, "Ada")).to_contain_text("Came · 10:2")
    with reading(engines) as db:
        names = {row.id: row.email.split("@")[0] for row in db.query(Account)}
        marks = {row.outcome: row for row in db.query(Attendance)}
    assert (names[marks["attended"].marked_by], names[marks["attended"].sent_by]) == ("staff0", "staff1")
    assert (names[marks["asleep"].marked_by], marks["asleep"].sent_by) == ("staff1", None)


def test_counters_stay_true_after_a_sign_out(joe: Page, engines: Engines) -> None:
    with unit_of_work(engines) as db:
        db.query(SignInSession).delete()
    tap(joe, "Ada", "Came")
    expect(joe.locator("#unsent")).to_contain_text("You were signed out. 1 mark is not saved yet")
    tap(joe, "Ben", "Asleep")
    expect(joe.locator("#unsent")).to_contain_text("You were signed out. 2 marks are not saved yet")
    expect(card(joe, "Ben")).to_contain_text("not saved yet")


def test_a_mark_that_is_refused_is_shown_until_it_was_noted(joe: Page, engines: Engines, elm: CommunityBuilder) -> None:
    set_reception(joe, "gone")
    tap(joe, "Ada", "Came")
    expect(joe.locator("#unsent")).to_contain_text("1 mark is not saved yet.")
    with unit_of_work(engines) as db:  # the session is not there any more when the mark arrives
        db.query(Invitation).delete()
    joe.route("**/mark/**", lambda route: route.fulfill(body=route.fetch().text()))
    set_reception(joe, "good")
    joe.get_by_role("button", name="Try again").click()

    refused = "“Came”, tapped at 10:2"
    expect(joe.locator("#unsent")).to_contain_text(refused)
    joe.reload()
    expect(joe.locator("#unsent")).to_contain_text(refused)
    assert rows_of(engines) == 0
    joe.get_by_role("button", name="I have seen it").click()
    expect(joe.locator("#unsent")).to_be_hidden()


def test_the_later_tap_holds_whatever_the_tablets_clocks_say(
    joe: Page, enter: Callable[..., Page], engines: Engines, elm: CommunityBuilder
) -> None:
    set_reception(joe, "gone")
    joe.context.add_init_script("const real = Date.now; Date.now = () => real() + 3600000;")  # an hour ahead
    joe.reload()
    tap(joe, "Ada", "Asleep")
    mei = enter(elm, "staff")
    mei.goto(CHOIR_PAGE)
    tap(mei, "Ada", "Unwell")
    expect(card(mei, "Ada")).to_contain_text("Unwell · 10:2")
    set_reception(joe, "good")
    joe.get_by_role("button", name="Try again").click()

    expect(card(joe, "Ada")).to_contain_text("Unwell · 10:2")
    expect(card(joe, "Ada")).to_contain_text("Within the same minute Staff Made-Up marked “Asleep”")
    ada = mark_of(engines, elm, "ada")
    assert ada is not None
    assert (ada.outcome, rows_of(engines)) == ("unwell", 2)


def test_a_slow_network_makes_no_second_tap_an_undo(joe: Page, engines: Engines, elm: CommunityBuilder) -> None:
    tap(joe, "Ada", "Came")
    expect(card(joe, "Ada")).to_contain_text("Came · 10:2")
    joe.evaluate("letPass(60)")
    tap(joe, "Ada", "Came")
    expect(card(joe, "Ada").get_by_role("button", name="Came", exact=True)).to_have_attribute("aria-pressed", "true")
    set_reception(joe, "gone")
    tap(joe, "Ben", "Came")
    joe.evaluate("letPass(60)")
    tap(joe, "Ben", "Came")
    expect(joe.locator("#unsent")).to_contain_text("1 mark is not saved yet.")
    tap(joe, "Ben", "Take back Ben Made-Up")
    set_reception(joe, "good")
    joe.get_by_role("button", name="Try again").click()
    expect(joe.locator(".person.is-saving, .person.is-unsaved")).to_have_count(0)
    expect(joe.locator("#unsent")).to_be_hidden()

    ada, ben = mark_of(engines, elm, "ada"), mark_of(engines, elm, "ben")
    assert ada is not None
    assert ben is not None
    assert (ada.outcome, ben.outcome, rows_of(engines)) == ("attended", None, 3)


def test_a_page_left_open_shows_other_tablets_marks_and_moves_on(
    joe: Page, engines: Engines, elm: CommunityBuilder, clock: TickingClock
) -> None:
    card(joe, "Ben").get_by_text("More…").click()
    with unit_of_work(engines) as db:
        mark(db, elm.id, CHOIR, elm.residents["ada"].id, "asleep", key="theirs", by=None, now=clock.now())
    joe.evaluate("letPass(20)")
    expect(card(joe, "Ada")).to_contain_text("Asleep · 10:2")
    expect(card(joe, "Ben").get_by_role("button", name="In care or therapy")).to_be_visible()  # still open
    set_reception(joe, "mute")
    tap(joe, "Esi", "Said no")
    with unit_of_work(engines) as db:
        mark(db, elm.id, CHOIR, elm.residents["ben"].id, "unwell", key="too", by=None, now=clock.now())
    joe.evaluate("letPass(20)")
    expect(card(joe, "Ben")).to_contain_text("Unwell · 10:2")
    expect(card(joe, "Esi").get_by_role("button", name="Said no", exact=True)).to_have_attribute("aria-pressed", "true")
    expect(joe.get_by_text("Next", exact=True)).to_have_count(0)

    with unit_of_work(engines) as db:
        db.query(SignInSession).update({"expires_at": clock.now() + timedelta(days=1)})
    clock.skip(timedelta(hours=2))
    joe.evaluate("letPass(20)")
    expect(joe.locator(".when")).to_have_text("Next")
    expect(joe.locator(".as-of")).to_have_text(re.compile(r"^as of 12:2\d$"))


def test_an_old_page_says_its_age(joe: Page) -> None:
    set_reception(joe, "gone")
    joe.evaluate("letPass(170)")
    expect(joe.locator(".as-of")).to_have_text(re.compile(r"^as of 10:2\d$"))
    joe.evaluate("letPass(40)")

    expect(joe.locator(".as-of")).to_have_text(re.compile(r"^as of 10:2\d, 3 min ago Open again$"))


def test_all_of_it_works_without_scripts(enter: Callable[..., Page], elm: CommunityBuilder, engines: Engines) -> None:
    page = enter(elm, "staff", "phone", java_script_enabled=False, facilitator_id=elm.facilitators["finn"].id)
    expect(page.get_by_role("heading", level=1)).to_have_text("Today")
    tap(page, "Ada", "Came")
    expect(card(page, "Ada")).to_contain_text("Came · 10:2")
    assert page.url.split("#")[1].endswith(elm.residents["ada"].id)
    tap(page, "Ada", "Came")
    expect(card(page, "Ada").get_by_role("button", name="Came", exact=True)).to_have_attribute("aria-pressed", "true")
    tap(page, "Ada", "Take back Ada Made-Up")
    expect(card(page, "Ada").locator("[aria-pressed=true]")).to_have_count(0)
    card(page, "Ben").get_by_text("More…").click()
    tap(page, "Ben", "In care or therapy")
    expect(card(page, "Ben")).to_contain_text("In care or therapy · 10:2")

    page.get_by_role("link", name="Someone else came").click()
    page.get_by_label("Name, room or unit").fill("cleo")
    page.get_by_role("button", name="Find").click()
    page.get_by_role("button", name="Came Cleo Made-Up").click()
    expect(card(page, "Cleo")).to_contain_text("Came without an invitation")
    expect(card(page, "Cleo")).to_contain_text("Came · 10:2")

    page.get_by_role("link", name="Can’t hold it").click()
    page.get_by_label("Or in your own words, or without any").fill("The piano is locked")
    page.get_by_role("button", name="It cannot be held").click()
    expect(page.get_by_text("This will not be held. The piano is locked.")).to_be_visible()
    page.get_by_role("link", name="It is held after all").click()
    page.get_by_role("button", name="It is held after all").click()
    expect(page.get_by_text("This will not be held.")).to_have_count(0)

    page.get_by_role("link", name="Today").click()
    page.get_by_text("All units").first.click()
    page.get_by_role("link", name="River wing").click()
    expect(page.locator(".units summary")).to_have_text("Unit: River wing")
    assert rows_of(engines) == 4


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_are_accessible_at_every_width(
    enter: Callable[..., Page], elm: CommunityBuilder, accessible: Callable[[Page], None], width: int, scheme: str
) -> None:
    page = enter(
        elm,
        "staff",
        "phone" if width == 360 else "desk",
        color_scheme=scheme,
        facilitator_id=elm.facilitators["finn"].id,
    )
    page.set_viewport_size({"width": width, "height": 1000})
    tap(page, "Ada", "Came")
    expect(card(page, "Ada")).to_contain_text("Came · 10:2")
    card(page, "Ben").get_by_text("More…").click()
    page.locator(".units summary").click()
    page.locator(".visits summary").first.click()
    looks_right(page, accessible)
    page.locator(".units summary").click()
    assert all(
        (box := button.bounding_box()) is not None and box["height"] >= LEAST_TARGET and box["width"] >= LEAST_TARGET
        for button in card(page, "Ada").locator(".five > button, .more > summary").all()
    )
    for path in (
        CHOIR_PAGE,
        f"{CHOIR_PAGE}/others?of={elm.groups['river'].id}",
        f"{CHOIR_PAGE}/others",
        f"{CHOIR_PAGE}/held",
        "/today/2026-12-02/sheet",
        "/today/2026-12-01",
        "/today/2026-12-09",
        "/today/2027-03-03",
    ):
        page.goto(path)
        looks_right(page, accessible)


def looks_right(page: Page, accessible: Callable[[Page], None]) -> None:
    """No fault that axe finds, nothing beyond the edge, one heading of the first level."""
    accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url
    expect(page.get_by_role("heading", level=1)).to_have_count(1)


def test_at_twice_the_size_everything_is_still_there(joe: Page, accessible: Callable[[Page], None]) -> None:
    joe.set_viewport_size({"width": 180, "height": 500})  # a phone of 360 px at 200 %
    card(joe, "Ada").get_by_text("More…").click()
    accessible(joe)

    assert joe.evaluate("document.documentElement.scrollWidth <= innerWidth")
    expect(card(joe, "Ada").get_by_role("button", name="Left early")).to_be_visible()


def test_on_paper_there_are_people_and_boxes_and_no_buttons(joe: Page) -> None:
    joe.goto("/today/2026-12-02/sheet?unit=all")
    joe.emulate_media(media="print")

    expect(joe.get_by_role("rowheader", name=re.compile("Ada Made-Up"))).to_be_visible()
    expect(joe.get_by_role("button")).to_have_count(0)
    expect(joe.get_by_role("link", name="Today")).to_have_count(0)
    assert joe.evaluate("parseFloat(getComputedStyle(document.querySelector('tbody th')).fontSize)") >= 18  # 14 pt
    joe.goto(f"/today/2026-12-02/session/{CHOIR}")
    expect(joe.get_by_role("button")).to_have_count(0)
