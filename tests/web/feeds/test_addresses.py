"""Calendar addresses through the pages: who makes and ends which, what a program is answered, what is kept."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import select

from milieu.database import Engines, reading, unit_of_work
from milieu.models import Consent, Feed
from tests.milieu.builders import CommunityBuilder, FixedClock, Held, small_community
from tests.web.conftest import Browser


@pytest.fixture
def published(engines: Engines, elm: CommunityBuilder) -> CommunityBuilder:
    with unit_of_work(engines) as db:
        elm.db = db
        elm.publication([Held("choir", "lounge", 2, "10:00", ["finn"], ["ada", "esi"])])
        elm.relative("dora", of=elm.residents["ada"])
    return elm


@pytest.fixture
def dora(published: CommunityBuilder, sign_in: Callable[..., Browser]) -> Browser:
    return sign_in(published, "family", relative_id=published.relatives["dora"].id)


def make(browser: Browser, whose: str) -> str:
    """The path of an address that is made."""
    answer = browser.send("/calendars", **{"for": whose})
    assert answer.status_code == 200, answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    [path] = re.findall(r"<code[^>]*>https?://[^/]+(/calendar/[^<]+\.ics)</code>", answer.text)
    return str(path)


def kin(elm: CommunityBuilder) -> str:
    return f"kin:{elm.residents['ada'].id}:{elm.relatives['dora'].id}"


def test_a_relative_makes_one_that_anybody_reads_until_it_is_ended(
    published: CommunityBuilder, dora: Browser, browser: Browser, engines: Engines
) -> None:
    path = make(dora, kin(published))
    answer = browser.get(path)

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert (answer.headers["Cache-Control"], answer.headers["Referrer-Policy"]) == ("private, no-cache", "no-referrer")
    assert "SUMMARY:Choir" in answer.text
    assert "Lounge" not in answer.text
    page = dora.get("/calendars").text
    assert "Last read today 09:00" in page
    assert path not in page
    with reading(engines) as db:
        feed_id = db.scalars(select(Feed.id)).one()
    assert dora.send(f"/calendars/{feed_id}/end", "/calendars").status_code == 303
    assert browser.get(path).status_code == 404


def test_what_has_not_changed_is_not_sent_again(
    published: CommunityBuilder, dora: Browser, browser: Browser, engines: Engines
) -> None:
    for path in (make(dora, kin(published)), "/programme/elm/calendar.ics"):
        first = browser.get(path)
        again = browser.get(path, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
        with unit_of_work(engines) as db:
            published.db = db
            published.publication([Held("choir", "lounge", 2, "11:00", ["finn"], ["ada", "esi"])])
        assert browser.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200
        with unit_of_work(engines) as db:
            published.db = db
            published.publication([Held("choir", "lounge", 2, "10:00", ["finn"], ["ada", "esi"])])


def test_consent_is_asked_at_each_reading(
    published: CommunityBuilder, dora: Browser, browser: Browser, engines: Engines, clock: FixedClock
) -> None:
    path = make(dora, kin(published))
    with unit_of_work(engines) as db:
        for consent in db.scalars(select(Consent)):
            consent.valid_until = clock.now().date()
    assert browser.get(path).status_code == 200
    clock.advance(days=1)
    gone = browser.get(path)
    assert (gone.status_code, gone.data) == (404, browser.get("/calendar/never.ics").data)


def test_everybodys_calendar_names_nobody(published: CommunityBuilder, browser: Browser) -> None:
    answer = browser.get("/programme/elm/calendar.ics")

    assert (answer.status_code, "SUMMARY:Choir" in answer.text, "LOCATION:Lounge" in answer.text) == (200, True, True)
    assert not any(name in answer.text for name in ("Ada", "Esi", "Finn"))
    assert browser.get("/programme/oak/calendar.ics").status_code == 404


def test_whoever_leads_makes_their_own_and_nobody_elses(
    published: CommunityBuilder, sign_in: Callable[..., Browser], browser: Browser
) -> None:
    finn = sign_in(published, "staff", facilitator_id=published.facilitators["finn"].id)
    assert "SUMMARY:Choir" in browser.get(make(finn, f"leader:{published.facilitators['finn'].id}")).text
    for whose in (f"leader:{published.facilitators['gita'].id}", kin(published), "leader:", "kin:a:b", ""):
        assert finn.send("/calendars", **{"for": whose}).status_code == 404


def test_a_relative_makes_none_of_whom_she_may_not_read(published: CommunityBuilder, dora: Browser) -> None:
    for whose in (
        f"kin:{published.residents['ben'].id}:{published.relatives['dora'].id}",
        f"leader:{published.facilitators['finn'].id}",
    ):
        assert dora.send("/calendars", **{"for": whose}).status_code == 404
    page = dora.get("/calendars").text
    assert "Ben" not in page
    assert "Finn" not in page


def test_a_director_sees_and_ends_all_of_her_own_community(
    published: CommunityBuilder, dora: Browser, sign_in: Callable[..., Browser], engines: Engines, browser: Browser
) -> None:
    path = make(dora, kin(published))
    with unit_of_work(engines) as db:
        oak = small_community(db, "oak")
    with reading(engines) as db:
        feed_id = db.scalars(select(Feed.id)).one()
    stranger = sign_in(oak)
    assert "Dora" not in stranger.get("/calendars").text
    assert stranger.send(f"/calendars/{feed_id}/end", "/calendars").status_code == 404
    assert browser.get(path).status_code == 200
    director = sign_in(published)
    assert "Dora" in director.get("/calendars").text
    assert director.send(f"/calendars/{feed_id}/end", "/calendars").status_code == 303
    assert browser.get(path).status_code == 404


def test_no_log_tells_the_address(
    published: CommunityBuilder, dora: Browser, browser: Browser, capsys: pytest.CaptureFixture[str]
) -> None:
    path = make(dora, kin(published))
    browser.get(path)
    browser.get(path + "x")
    told = "".join(capsys.readouterr())

    assert "feeds.private" in told
    assert path.removeprefix("/calendar/").removesuffix(".ics") not in told


def test_many_networks_on_one_day_are_told(
    published: CommunityBuilder, dora: Browser, browser: Browser, clock: FixedClock
) -> None:
    path = make(dora, kin(published))
    for number in range(6):
        assert "it may have got about" not in dora.get("/calendars").text
        browser.get(path, environ_base={"REMOTE_ADDR": f"203.0.{number}.7"})
    assert "it was read from 6 networks" in dora.get("/calendars").text.lower()
