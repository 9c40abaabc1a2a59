"""A carer's hour with the tablet: asking, marking, bad reception, a colleague at the same tablet."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from milieu.database import Engines, reading, unit_of_work
from milieu.models import Account, Attendance, Invitation, SignInSession
from tests.journeys.conftest import sign_in
from tests.journeys.staff.tablet import card, set_reception, tap
from tests.milieu.builders import CommunityBuilder
from tests.web.staff.floor import CHOIR_PAGE, mark_of, rows_of


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
