"""A visitor at the door: the programme on the wall, the sign-in page, and pages that are not there."""

from collections.abc import Callable

from flask import Flask
from playwright.sync_api import Page, expect

from milieu.database import Engines, unit_of_work
from milieu.models import Note
from milieu.queries.demo import ACCOUNTS, AGENDA
from tests.journeys.conftest import SIZES
from tests.milieu.builders import CommunityBuilder
from tests.web.builders import full_community


def test_the_programme_is_read_without_signing_in(
    app: Flask,
    serve: Callable[[Flask], str],
    visit: Callable[..., Page],
    engines: Engines,
    accessible_everywhere: Callable[..., None],
) -> None:
    with unit_of_work(engines) as db:
        full_community(db)
    page = visit(serve(app), width=SIZES["phone"])

    page.goto("/programme/linden")

    expect(page.get_by_role("heading", level=2).first).to_have_text("Today, Wednesday 2 December")
    accessible_everywhere(page)
    page.emulate_media(media="print")
    expect(page.get_by_text("Earlier this week")).to_be_hidden()
    size_of_words = page.get_by_role("listitem").first.evaluate(
        "element => parseFloat(getComputedStyle(element).fontSize)"
    )
    assert size_of_words >= 14 * 96 / 72  # 14 pt at least


def test_a_demonstration_shows_how_it_gets_ready_and_then_leads_on(
    app: Flask,
    serve: Callable[[Flask], str],
    visit: Callable[..., Page],
    engines: Engines,
    elm: CommunityBuilder,
    accessible_everywhere: Callable[..., None],
) -> None:
    step = {
        "kind": "compile",
        "weeks": [],
        "seconds": 25,
        "began": "2026-12-02T09:00:00+00:00",
        "ended": "",
        "fault": "",
    }
    with unit_of_work(engines) as db:
        db.add(Note(name=ACCOUNTS, value={"password": "choir-at-ten", "accounts": []}))
        db.add(Note(name=AGENDA, value=[step]))
    page = visit(serve(app), width=SIZES["phone"])

    page.goto("/getting-ready")
    expect(page.get_by_role("heading", level=1)).to_have_text("Elm Cottage gets ready")
    accessible_everywhere(page)

    with unit_of_work(engines) as db:
        db.get_one(Note, AGENDA).value = [step | {"ended": "2026-12-02T09:00:20+00:00"}]
    expect(page.get_by_role("heading", level=1)).to_have_text("Elm Cottage is ready")  # by itself
    accessible_everywhere(page)
    page.get_by_role("link", name="Look at it as").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_the_door(
    app: Flask,
    serve: Callable[[Flask], str],
    visit: Callable[..., Page],
    elm: CommunityBuilder,
    accessible_everywhere: Callable[..., None],
) -> None:
    page = visit(serve(app), width=SIZES["phone"])
    page.goto("/week")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    accessible_everywhere(page)

    page.get_by_label("E-mail address").fill("nobody@elm.example")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_have_text("The e-mail address and the password do not belong together.")
    expect(page.get_by_label("E-mail address")).to_have_value("nobody@elm.example")
    accessible_everywhere(page)

    page.goto("/nowhere")
    expect(page.get_by_role("heading", level=1)).to_have_text("This page is not there")
    accessible_everywhere(page)
