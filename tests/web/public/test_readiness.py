"""How far a demonstration is: true at every moment, live, without anybody's name, and nowhere but in one."""

from datetime import timedelta
from typing import Any

from milieu.database import Engines, unit_of_work
from milieu.models import Note, Run
from milieu.queries.demo import ACCOUNTS, AGENDA
from tests.milieu.builders import MONDAY, NOW, CommunityBuilder, Held
from tests.web.conftest import Browser
from tests.web.director.week.test_week import words

BEGAN = (NOW - timedelta(seconds=9)).isoformat()
ENDED = (NOW - timedelta(seconds=2)).isoformat()


def step(kind: str, **changed: Any) -> dict[str, Any]:
    return {"kind": kind, "weeks": [], "seconds": 12, "began": "", "ended": "", "fault": ""} | changed


def show(engines: Engines, *steps: dict[str, Any]) -> None:
    with unit_of_work(engines) as db:
        db.add(Note(name=ACCOUNTS, value={"password": "p", "accounts": []}))
        if steps:
            db.add(Note(name=AGENDA, value=list(steps)))


def test_elsewhere_there_is_no_such_page(browser: Browser, elm: CommunityBuilder) -> None:
    assert browser.get("/getting-ready").status_code == 404
    assert browser.get("/getting-ready/progress").status_code == 404


def test_every_step_says_where_it_stands(browser: Browser, elm: CommunityBuilder, engines: Engines) -> None:
    weeks = [(MONDAY + timedelta(weeks=away)).isoformat() for away in (-1, 0)]
    show(
        engines,
        step("compile", began=BEGAN, ended=ENDED),
        step("plan", began=ENDED, weeks=weeks),
        step("plan", weeks=[(MONDAY + timedelta(weeks=1)).isoformat()]),
        step("plan", fault="Tea has no room.", weeks=[(MONDAY + timedelta(weeks=2)).isoformat()]),
    )

    page = words(browser.get("/getting-ready").text)

    assert "Elm Cottage gets ready" in page
    assert "The search is made ready for this machine, once Done in 7 seconds." in page
    planned = "who is invited to what, with whom, where and when"
    assert f"Planning last week and this week: {planned} Working for 2 seconds." in page
    assert f"Planning next week: {planned} Waits for what is above." in page
    assert f"Planning the week of 14 December: {planned} Tea has no room." in page
    assert "the weeks are still empty" in page


def test_it_goes_on_by_itself_and_shows_what_was_found(
    browser: Browser, elm: CommunityBuilder, engines: Engines
) -> None:
    show(engines, step("plan", began=BEGAN, weeks=[MONDAY.isoformat()]))
    with unit_of_work(engines) as db:
        found = [{"seconds": 2.0, "objective": 10, "bound": None}, {"seconds": 4.0, "objective": 30, "bound": None}]
        db.add(
            Run(
                id="r" * 22,
                community_id=elm.id,
                kind="plan",
                state="running",
                week_start=MONDAY,
                open_week=MONDAY.isoformat(),
                requested_at=NOW,
                started_at=NOW - timedelta(seconds=9),
                seconds_limit=12,
                seed=1,
                workers=1,
                progress={"points": found},
            )
        )

    answer = browser.get("/getting-ready/progress").json

    assert answer["open"] is True
    assert "This week: 2 plans found so far, each better than the one before." in words(answer["html"])
    assert "<polyline" in answer["html"]


def test_when_all_is_there_it_says_so_and_leads_on(browser: Browser, elm: CommunityBuilder, engines: Engines) -> None:
    with unit_of_work(engines) as db:
        elm.db = db
        elm.publication([Held("choir", "lounge", 2, "10:00", ["finn"], ["ada", "ben"])])
    show(engines, step("plan", began=BEGAN, ended=ENDED, weeks=[MONDAY.isoformat()]))

    page = browser.get("/getting-ready").text

    assert "Elm Cottage is ready" in page
    assert "All weeks are there." in page
    assert 'href="/programme/elm"' in page
    assert "Made-Up" not in page
    assert "data-from" not in page
