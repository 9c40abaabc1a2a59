"""The public programme: this week's groups in the community's own days, and nobody's name."""

import json
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from milieu.database import Engines, unit_of_work
from milieu.models import BaseSession, LedgerEntry
from milieu.services.attendance import mark_held
from tests.milieu.builders import MONDAY, NOW, CommunityBuilder, FixedClock, Held
from tests.web.conftest import Browser
from tests.web.director.week.test_week import words

SESSIONS = [
    Held("choir", "lounge", 2, "10:00", ["finn"], ["ada", "ben"]),
    Held("chess", "studio", 3, "14:00", ["gita"], ["cleo"]),
    Held("walk", "lounge", 0, "15:00", ["finn"], ["dov"]),
]


def publish(engines: Engines, elm: CommunityBuilder, sessions: list[Held] = SESSIONS) -> None:
    with unit_of_work(engines) as db:
        elm.db = db
        elm.publication(sessions)


def test_today_comes_first_and_is_named(browser: Browser, engines: Engines, elm: CommunityBuilder) -> None:
    publish(engines, elm)

    page = words(browser.get("/programme/elm").text)

    invented = "A demonstration: this community is invented."
    assert f"Elm Cottage This week {invented} Today, Wednesday 2 December 10:00–10:45 Choir Making Lounge" in page
    assert page.index("Tomorrow, Thursday 3 December 14:00–15:00 Chess") < page.index("Earlier this week")
    assert page.index("Earlier this week") < page.index("Monday 30 November 15:00–15:30 Walk")


def test_it_names_nobody(browser: Browser, engines: Engines, elm: CommunityBuilder) -> None:
    publish(engines, elm)

    page = browser.get("/programme/elm").text

    people = [*elm.residents.values(), *elm.facilitators.values()]
    names = {name for row in people for name in (row.id, getattr(row, "given_name", row.key).title(), "Made-Up")}
    assert [name for name in names if name in page] == []


def test_visits_and_closed_groups_are_nobody_elses_business(
    browser: Browser, engines: Engines, elm: CommunityBuilder
) -> None:
    with unit_of_work(engines) as db:
        elm.db = db
        elm.activity("visit", name="Visit to Ada", max_group=1, min_group=1)
        elm.activity("circle", name="Memory circle", is_closed=True)
    publish(engines, elm, [*SESSIONS, Held("visit", "lounge", 4, "10:00"), Held("circle", "studio", 4, "11:00")])

    page = browser.get("/programme/elm").text

    assert "Visit to Ada" not in page
    assert "Memory circle" not in page


def test_what_is_not_published_yet_is_said_so(browser: Browser, elm: CommunityBuilder) -> None:
    assert "This week’s programme is not out yet." in browser.get("/programme/elm").text
    screen = words(browser.get("/programme/elm?screen").text)
    assert "Today, Wednesday 2 December Today’s programme is not out yet. Please ask the activity team." in screen


def test_its_week_is_the_communitys_own(
    browser: Browser, engines: Engines, elm: CommunityBuilder, clock: FixedClock
) -> None:
    publish(engines, elm)
    with unit_of_work(engines) as db:
        db.merge(elm.community).timezone = "America/New_York"
    clock.present = datetime(2026, 12, 3, 23, 30, tzinfo=ZoneInfo("America/New_York"))  # already Friday in London

    assert "Today, Thursday 3 December" in browser.get("/programme/elm").text


def test_a_community_that_is_not_there(browser: Browser, elm: CommunityBuilder) -> None:
    assert browser.get("/programme/oak").status_code == 404


def test_it_needs_nobody_signed_in_and_sets_no_cookie(browser: Browser, elm: CommunityBuilder) -> None:
    answer = browser.get("/programme/elm")

    assert (answer.status_code, answer.headers.getlist("Set-Cookie")) == (200, [])
    assert answer.headers["Cache-Control"] == "no-cache"


def test_health_names_no_community(browser: Browser, elm: CommunityBuilder, sign_in: Callable[..., Browser]) -> None:
    assert browser.get("/healthz").json == {"ok": True}
    told = browser.get("/readyz")
    assert (told.status_code, told.json["revision"] == told.json["newest_revision"]) == (
        503,
        True,
    )  # no clock ticks here
    assert "elm" not in json.dumps(told.json)
    kept = {name: value for name, value in told.json.items() if name.startswith("backup")}
    assert kept == {"backup_age_seconds": None, "backup_proven_age_seconds": None, "backup_is_proven": False}


def test_it_says_from_when_it_is(browser: Browser, engines: Engines, elm: CommunityBuilder, clock: FixedClock) -> None:
    publish(engines, elm)
    clock.present = NOW - timedelta(hours=4)  # 05:00, before today's check is due
    assert "As of Fri 27 November 09:00." in browser.get("/programme/elm").text

    clock.present = NOW  # long after it was due
    assert "Today’s programme is from Fri 27 November 09:00." in browser.get("/programme/elm").text

    with unit_of_work(engines) as db:
        checked = {"due_at": NOW, "finished_at": NOW - timedelta(hours=3, minutes=30)}
        db.add(LedgerEntry(community_id=elm.id, local_day=NOW.date(), kind="repair", state="unchanged", **checked))
    assert "As of today 05:30." in browser.get("/programme/elm").text


def test_until_a_week_is_published_the_last_one_stands_and_says_so(
    browser: Browser, engines: Engines, elm: CommunityBuilder
) -> None:
    with unit_of_work(engines) as db:
        elm.db = db
        elm.publication(SESSIONS, week_start=MONDAY - timedelta(days=7))

    page = words(browser.get("/programme/elm").text)

    assert "This week’s programme is not out yet." in page
    assert "Until then, this is what is usual on these days." in page
    assert "10:00–10:45 Choir" in page
    screen = words(browser.get("/programme/elm?screen").text)
    said = "Not out yet. What is usual on this day:"
    assert f"Today, Wednesday 2 December {said} 10:00–10:45 Choir" in screen

    walk = elm.activities["walk"].id
    with unit_of_work(engines) as db:
        elm.db = db
        elm.add(BaseSession(community_id=elm.id, activity_id=walk, weekday=2, start_minute=15 * 60))
    for address in ("/programme/elm", "/programme/elm?screen", "/programme/elm/month/2026-12-01"):
        usual = words(browser.get(address).text)
        assert ("15:00" in usual, "Walk" in usual) == (True, True), "what is kept is usual, as the month says"
        assert "10:00–10:45 Choir" not in usual

    publish(engines, elm, [Held("chess", "studio", 2, "14:00", ["gita"], ["cleo"])])
    after = words(browser.get("/programme/elm").text)

    assert "not out yet" not in after
    assert "Choir" not in after
    screen = words(browser.get("/programme/elm?screen").text)
    assert "Today, Wednesday 2 December 14:00–15:00 Chess" in screen


def test_what_cannot_be_held_is_off_the_wall(browser: Browser, engines: Engines, elm: CommunityBuilder) -> None:
    publish(engines, elm)
    with unit_of_work(engines) as db:
        mark_held(db, elm.id, "2026-W49-choir-2", was_held=False, reason="Ana is unwell.", by=None, now=NOW)

    for path in ("/programme/elm", "/programme/elm?screen"):
        page = browser.get(path).text
        assert re.search(r"10:00–10:45 Choir .*?(is not held|not held)", words(page)), path
        assert "unwell" not in page


def test_it_says_what_is_on_now_and_turns_at_midnight(
    browser: Browser, engines: Engines, elm: CommunityBuilder, clock: FixedClock
) -> None:
    publish(engines, elm)
    for told, at in (("10:00–10:45 Choir now", "10:44"), ("10:00–10:45 Choir Making", "10:45")):
        clock.present = datetime.fromisoformat(f"2026-12-02T{at}:00+00:00")
        assert told in words(browser.get("/programme/elm").text)
    clock.present = datetime.fromisoformat("2026-12-02T23:59:59+00:00")
    assert "Today, Wednesday 2 December" in browser.get("/programme/elm").text
    clock.advance(seconds=1)
    assert "Today, Thursday 3 December" in browser.get("/programme/elm").text


@pytest.mark.parametrize("path", ["/programme/elm", "/programme/elm?screen"])
def test_on_sunday_tomorrow_is_there_where_it_is_published(
    path: str, browser: Browser, engines: Engines, elm: CommunityBuilder, clock: FixedClock
) -> None:
    publish(engines, elm)
    clock.present = NOW + timedelta(days=4)
    assert "Tomorrow" not in browser.get(path).text

    with unit_of_work(engines) as db:
        elm.db = db
        elm.publication([Held("walk", "lounge", 0, "15:00", ["finn"], ["dov"])], week_start=MONDAY + timedelta(days=7))

    page = words(browser.get(path).text)
    assert "Tomorrow, Monday 7 December" in page
    assert "15:00–15:30 Walk" in page


def test_a_television_shows_what_is_left_of_today_then_tomorrow(
    browser: Browser, engines: Engines, elm: CommunityBuilder, clock: FixedClock
) -> None:
    many = [Held("walk", "lounge", 2, f"{hour}:00", ref=f"w{hour}") for hour in range(10, 20)]
    publish(engines, elm, [*many, Held("chess", "studio", 3, "14:00")])
    clock.present = datetime.fromisoformat("2026-12-02T12:15:00+00:00")

    page = browser.get("/programme/elm?screen").text
    second = browser.get("/programme/elm?screen=2").text

    assert "Today, Wednesday 2 December 1/2 12:00–12:30 Walk now · Lounge 13:00–13:30 Walk Lounge" in words(page)
    assert "10:00" not in words(page)
    assert page.count('class="slide"') == 3
    assert '<section class="slide" aria-label="Today, Wednesday 2 December">' in page.split("<main>")[1][:90]
    assert 'content="20;url=/programme/elm?screen=2"' in page
    assert 'content="20;url=/programme/elm?screen=3"' in second
    assert "<a " not in page
    assert browser.get("/programme/elm?screen=x").status_code == 200


def test_next_month_is_read_before_its_weeks_are_planned_and_fills_in(
    browser: Browser, engines: Engines, elm: CommunityBuilder
) -> None:
    with unit_of_work(engines) as db:
        elm.db = db
        circle = elm.activity("circle", name="Memory circle", is_closed=True)
        for each, at in ((elm.activities["choir"], 10), (circle, 14)):
            elm.add(BaseSession(community_id=elm.id, activity_id=each.id, weekday=1, start_minute=60 * at))
    before = words(browser.get("/programme/elm/month/2027-01-01").text)
    with unit_of_work(engines) as db:
        elm.db = db
        elm.publication([Held("chess", "studio", 1, "14:00", ["gita"], ["cleo"])], week_start=date(2027, 1, 4))
    after = words(browser.get("/programme/elm/month/2027-01-01").text)

    with unit_of_work(engines) as db:
        elm.db = db
        elm.publication([Held("chess", "studio", 1, "14:00", ["gita"], ["cleo"])], week_start=date(2027, 1, 25))
    between = words(browser.get("/programme/elm/month/2027-01-01").text)

    assert "January 2027 It is what is usual; times may still change." in before
    assert before.count("as usual 10:00 Choir Making") == 4
    assert "Tuesday 5 January as usual 10:00 Choir" in before
    assert "Tuesday 5 January 14:00 Chess Mind" in after
    assert "From Tuesday 12 January on it is what is usual" in after
    assert "On the days marked “as usual” it is what is usual" in between, "weeks between published ones"
    assert not any(name in before + after for name in ("Memory circle", "Cleo", "Gita"))


@pytest.mark.parametrize(
    ("first", "status"),
    [("2026-11-01", 404), ("2026-12-01", 200), ("2027-02-01", 200), ("2027-03-01", 404), ("2027-01-02", 404)],
)
def test_a_month_can_be_read_up_to_the_next_but_one(
    browser: Browser, elm: CommunityBuilder, first: str, status: int
) -> None:
    assert browser.get(f"/programme/elm/month/{first}").status_code == status
    assert browser.get(f"/programme/nowhere/month/{first}").status_code == 404
