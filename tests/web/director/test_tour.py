"""A director is shown around once, from her first sign-in, step by step; never again unasked."""

from collections.abc import Callable

from milieu.database import Engines, reading, unit_of_work
from milieu.models import Account
from milieu.services.access.accounts import create_account, set_roles
from tests.milieu.builders import MONDAY, NOW, CommunityBuilder, Held
from tests.web.builders import CHOIR, NEXT_MONDAY, draft
from tests.web.conftest import Browser
from web.director.tour.steps import steps

STRIP = 'id="tour"'
WITH_A_DRAFT = {
    "board": f"/week/{MONDAY}",
    "plan": f"/week/{MONDAY}",
    "session": f"/week/{NEXT_MONDAY}/session/choir-1?view=draft",
    "why": f"/week/{NEXT_MONDAY}/session/choir-1/why-not?view=draft&who=",
    "left-out": f"/week/{NEXT_MONDAY}/left-out?view=draft",
    "changed": "/changed",
    "publish": f"/week/{NEXT_MONDAY}/publish",
    "staff": "/today",
    "family": f"/week/{NEXT_MONDAY}/publish/family",
}


def step(browser: Browser, to: str) -> str:
    """Where a press of a button of the strip leads, without the place on the page."""
    answer = browser.send("/tour", "/tour", to=to)
    landed = browser.get(answer.headers["Location"])
    return landed.headers.get("Location", answer.headers["Location"]).removesuffix("#tour")


def test_a_new_director_is_led_through_every_page_and_then_left_alone(
    elm: CommunityBuilder, sign_in: Callable[..., Browser], engines: Engines
) -> None:
    draft(engines, elm, [CHOIR])
    browser = sign_in(elm, is_toured=True)
    assert STRIP in browser.get(f"/week/{MONDAY}").text

    for number, each in enumerate(steps(), start=1):
        address = step(browser, each.key)
        shown = browser.get(address).text
        assert address.startswith(WITH_A_DRAFT[each.key]), each.key
        assert f"step {number} of {len(steps())}" in shown
        assert "Go on with the tour" not in shown
    step(browser, "end")

    assert STRIP not in browser.get(f"/week/{MONDAY}").text
    assert "Begin" in browser.get("/tour").text


def test_until_a_first_week_is_published_it_stands_on_the_week_alone(
    elm: CommunityBuilder, sign_in: Callable[..., Browser], engines: Engines
) -> None:
    browser = sign_in(elm, is_toured=True)
    assert STRIP in browser.get(f"/week/{MONDAY}").text
    assert STRIP not in browser.get("/house/first-week").text

    with unit_of_work(engines) as db:
        elm.db = db
        elm.publication([Held("choir", "lounge", 3, "10:00", ["finn"], ["ada"])])

    assert STRIP in browser.get("/house/first-week").text


def test_it_waits_on_other_pages_and_is_taken_up_where_it_was(
    elm: CommunityBuilder, sign_in: Callable[..., Browser], engines: Engines
) -> None:
    draft(engines, elm, [CHOIR])
    browser = sign_in(elm, is_toured=True)
    step(browser, "left-out")

    assert "Go on with the tour" in browser.get("/people").text
    assert browser.get("/tour/page").headers["Location"] == f"{WITH_A_DRAFT['left-out']}#tour"


def test_where_nothing_is_planned_each_step_says_where_its_page_will_be(
    elm: CommunityBuilder, sign_in: Callable[..., Browser]
) -> None:
    browser = sign_in(elm, is_toured=True)

    for each in steps():
        address = step(browser, each.key)
        shown = browser.get(address).text
        assert address == (WITH_A_DRAFT[each.key] if each.key in ("changed", "staff") else f"/week/{MONDAY}")
        assert "Go on with the tour" not in shown, each.key


def test_it_can_be_begun_again_and_a_step_that_there_is_not_is_refused(
    elm: CommunityBuilder, sign_in: Callable[..., Browser]
) -> None:
    browser = sign_in(elm)
    assert STRIP not in browser.get(f"/week/{MONDAY}").text

    assert browser.send("/tour", "/tour", to="nowhere").status_code == 422
    step(browser, "board")

    assert STRIP in browser.get(f"/week/{MONDAY}").text


def test_only_who_is_a_director_for_the_first_time_is_shown_around(elm: CommunityBuilder, engines: Engines) -> None:
    def made(name: str, role: str) -> str:
        return create_account(db, elm.id, email=f"{name}@elm.example", name=name, password=None, roles=(role,), now=NOW)

    with unit_of_work(engines) as db:
        director, staff, promoted = made("dee", "director"), made("sam", "staff"), made("pat", "staff")
        set_roles(db, promoted, ("director", "staff"))
        ended = made("eve", "director")
        db.get_one(Account, ended).tour_at = None
        db.flush()
        set_roles(db, ended, ("director", "staff"))
    with reading(engines) as db:
        at = {each: db.get_one(Account, each).tour_at for each in (director, staff, promoted, ended)}

    assert at == {director: "board", staff: None, promoted: "board", ended: None}
