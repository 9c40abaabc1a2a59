"""A page of a day that is left open: asked whether it has changed, it answers only where it has."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from milieu.database import Engines, reading, unit_of_work
from milieu.models import ResidentRead, SignInSession
from milieu.services.attendance import mark, mark_held
from tests.milieu.builders import CommunityBuilder, FixedClock, Held
from tests.web.conftest import Browser
from tests.web.staff.floor import ASKING, CHOIR, CHOIR_PAGE, minutes_after

SignIn = Callable[..., Browser]


def version(browser: Browser, path: str) -> str:
    return browser.get(path).text.split('data-version="')[1].split('"')[0]


def ask(browser: Browser, path: str, known: str) -> int:
    return browser.get(path, headers={"X-Milieu-Fragment": "day", "If-None-Match": known}).status_code


def mark_ada(engines: Engines, elm: CommunityBuilder) -> None:
    with unit_of_work(engines) as db:
        mark(db, elm.id, CHOIR, elm.residents["ada"].id, "declined", key="1", by=None, now=ASKING)


def call_off(engines: Engines, elm: CommunityBuilder) -> None:
    with unit_of_work(engines) as db:
        mark_held(db, elm.id, CHOIR, False, by=None, now=ASKING)


def publish(engines: Engines, elm: CommunityBuilder) -> None:
    with unit_of_work(engines) as db:
        elm.db = db
        elm.publication([Held("choir", "lounge", 2, "10:30", ["finn"], ["ada"])], kind="repair", published_at=ASKING)


@pytest.mark.parametrize("path", ["/today", CHOIR_PAGE])
@pytest.mark.parametrize("happens", [mark_ada, call_off, publish])
def test_what_others_do_is_news_and_nothing_else_is(
    engines: Engines, elm: CommunityBuilder, joe: Browser, path: str, happens: Callable[..., None]
) -> None:
    known = version(joe, path)
    before = ask(joe, path, known)
    happens(engines, elm)

    assert (before, ask(joe, path, known)) == (304, 200)
    assert ask(joe, path, version(joe, path)) == 304


@pytest.mark.parametrize(("minutes", "status"), [(9.9, 304), (10, 200)])
def test_what_begins_is_news(joe: Browser, clock: FixedClock, minutes: float, status: int) -> None:
    known = version(joe, "/today")
    clock.present = minutes_after(minutes)

    assert ask(joe, "/today", known) == status


def test_an_answer_says_what_time_it_is_here(joe: Browser, clock: FixedClock) -> None:
    known = version(joe, "/today")
    clock.present = minutes_after(1.5)
    answer = joe.get("/today", headers={"X-Milieu-Fragment": "day", "If-None-Match": known})

    assert (answer.status_code, answer.data) == (304, b"")
    assert answer.headers["X-Milieu-Now"] == str(int(minutes_after(1.5).timestamp() * 1000))
    assert answer.headers["X-Milieu-Time"] == "10:21"


def test_a_page_that_asks_by_itself_keeps_no_sign_in_alive(joe: Browser, engines: Engines, clock: FixedClock) -> None:
    known = version(joe, "/today")
    with reading(engines) as db:
        before = db.query(SignInSession).one().expires_at
    clock.present = minutes_after(2)
    ask(joe, "/today", known)
    with reading(engines) as db:
        asked = db.query(SignInSession).one().expires_at
    joe.get("/today")
    with reading(engines) as db:
        opened = db.query(SignInSession).one().expires_at

    assert (asked, opened) == (before, before + timedelta(minutes=2))


def test_of_those_it_names_only_new_ones_are_written_down(
    engines: Engines, elm: CommunityBuilder, joe: Browser, clock: FixedClock
) -> None:
    known = version(joe, "/today")

    def rows() -> int:
        with reading(engines) as db:
            return db.query(ResidentRead).count()

    opened = rows()
    mark_ada(engines, elm)
    again = ask(joe, "/today", known), rows()
    with unit_of_work(engines) as db:
        elm.db = db
        elm.publication([Held("choir", "lounge", 2, "10:30", ["finn"], ["ada", "cleo"])], published_at=ASKING)
    with_cleo = ask(joe, "/today", known), rows()

    assert (opened, again, with_cleo) == (4, (200, 4), (200, 6))  # Cleo, and Dov, whose walk is gone
