"""The first page of all: the printed link makes a community once; a wrong one is a page that is not there."""

from flask import Flask

from milieu.database import Engines, reading, unit_of_work
from milieu.models import Account, Community
from milieu.services.house.founding import offer_set_up
from tests.milieu.builders import NOW, FixedClock
from tests.web.conftest import PASSWORD, Browser
from tests.web.director.week.test_week import words

GIVEN = {
    "name": "Birch Hof",
    "timezone": "Europe/Berlin",
    "director": "Dee Made-Up",
    "email": "dee@birch.example",
    "new": PASSWORD,
    "again": PASSWORD,
}


def link(engines: Engines) -> str:
    with unit_of_work(engines) as db:
        secret = offer_set_up(db, NOW)
    assert secret
    return f"/set-up/{secret}"


def test_it_makes_a_community_and_signs_its_director_in(app: Flask, browser: Browser, engines: Engines) -> None:
    path = link(engines)
    page = browser.get(path)
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"

    made = browser.send(path, **GIVEN)

    assert made.location == "/house/first-week"
    shown = words(browser.get("/house/first-week").text)
    assert "Next: Living groups." in shown
    assert "Birch Hof · Dee Made-Up" in shown
    assert browser.get(path).location == "/sign-in?made=1"
    assert "The community is there." in app.test_client().get("/sign-in?made=1").text
    assert browser.get("/set-up/another").status_code == 404
    with reading(engines) as db:
        assert (db.query(Community).count(), db.query(Account).count()) == (1, 1)


def test_each_slip_stands_at_its_field_and_nothing_is_made(browser: Browser, engines: Engines) -> None:
    path = link(engines)
    for field, value, sentence in (
        ("name", "", "Please fill this in."),
        ("timezone", "Nowhere/Never", "There is no time zone"),
        ("director", "", "Please fill this in."),
        ("email", "dee", ""),
        ("new", "short", ""),
        ("again", "another one", "The two new passwords are not the same."),
    ):
        answer = browser.send(path, **{**GIVEN, field: value})
        assert answer.status_code == 422, field
        assert sentence in answer.text
        assert PASSWORD not in answer.text
        if field != "email":
            assert 'value="dee@birch.example"' in answer.text
    with reading(engines) as db:
        assert (db.query(Community).count(), db.query(Account).count()) == (0, 0)
    assert browser.send(path, **GIVEN).status_code == 302


def test_a_wrong_link_is_not_there_and_tries_are_counted(browser: Browser, engines: Engines, clock: FixedClock) -> None:
    assert browser.get("/set-up/anything").status_code == 404
    path = link(engines)
    statuses = {browser.get("/set-up/anything").status_code for _try in range(30)}
    assert statuses == {404, 429}
    assert browser.get(path).status_code == 200  # looking with the right one counts for nothing
    assert browser.send(path, **GIVEN).status_code == 429
    clock.advance(hours=2)
    assert browser.get(path).status_code == 200
    clock.advance(hours=23)
    assert browser.get(path).status_code == 404
