"""Base weeks on their pages: a draft saved, changed, chosen, an empty week begun and planned from it."""

import re
from collections.abc import Callable

import pytest

from milieu.database import Engines, reading
from milieu.models import BaseWeekChoice, PlanSession, Run
from tests.milieu.builders import CommunityBuilder
from tests.web.builders import CHOIR, NEXT_MONDAY, draft
from tests.web.conftest import Browser
from tests.web.director.week.test_week import words

WEEK, EMPTY = f"/week/{NEXT_MONDAY}", "/week/2026-12-21"


@pytest.fixture
def director(elm: CommunityBuilder, sign_in: Callable[..., Browser], engines: Engines) -> Browser:
    draft(engines, elm, [CHOIR])
    return sign_in(elm)


def version(page: str) -> str:
    return re.findall(r'name="version" value="(\d+)"', page)[0]


@pytest.fixture
def summer(director: Browser) -> str:
    """The address of a base week that was saved from the draft of next week."""
    answer = director.send(
        f"{WEEK}/save-as-base-week", f"{WEEK}/save-as-base-week?view=draft", view="draft", name="Summer"
    )
    assert answer.status_code == 303
    return str(answer.location)


def test_a_draft_is_saved_changed_and_chosen(
    director: Browser, engines: Engines, elm: CommunityBuilder, summer: str
) -> None:
    assert "save-as-base-week" in director.get(WEEK).text
    page = director.get(summer)
    assert "Choir" in words(page.text)
    (session,) = set(re.findall(rf"{summer}/sessions/\w+", page.text))
    fields = {"weekday": "4", "start": "15:00", "activity": elm.activities["walk"].id, "space": "", "leader": ""}

    director.send(session, session, version=version(page.text), **fields)

    said = words(director.get(summer).text)
    assert "Friday 15:00 Walk" in said
    assert "On no days yet." in said
    director.send(f"{summer}/choose", summer, first=str(NEXT_MONDAY), last="")
    assert "from 7 December on, until further notice" in words(director.get(summer).text)
    listed = words(director.get("/base-week").text)
    assert "The week of 7 December starts from “Summer”." in listed
    assert "Summer 1 session · from 7 December on" in listed


def test_what_is_wrong_is_said_at_its_field(director: Browser, summer: str) -> None:
    answer = director.send(f"{summer}/choose", summer, first="2026-12-10", last="2026-12-09")
    assert answer.status_code == 422
    assert "The last day lies before the first." in words(answer.text)
    stale = director.send(f"{summer}/name", summer, version="7", name="Winter")
    assert stale.status_code == 409
    nameless = director.send(f"{WEEK}/save-as-base-week", f"{WEEK}/save-as-base-week", view="draft", name=" ")
    assert nameless.status_code == 422


def test_an_empty_week_begins_from_it_by_hand(director: Browser, engines: Engines, summer: str) -> None:
    page = director.get(EMPTY).text
    chosen = summer.rpartition("/")[2]
    assert f'<option value="{chosen}">Summer</option>' in page

    director.send(f"{EMPTY}/by-hand", EMPTY, **{"from": "base week", "base_week": chosen})

    with reading(engines) as db:
        assert db.query(PlanSession).filter(PlanSession.on_date >= EMPTY[6:]).count() == 1


def test_an_empty_week_is_planned_from_it_and_only_that_week(director: Browser, engines: Engines, summer: str) -> None:
    answer = director.send(f"{EMPTY}/plan-from", EMPTY, base_week=summer.rpartition("/")[2])

    with reading(engines) as db:
        (run,) = (run for run in db.query(Run) if str(run.week_start) == EMPTY[6:])
        (choice,) = db.query(BaseWeekChoice)
    assert answer.location == f"/run/{run.id}"
    assert (str(choice.valid_from), str(choice.valid_until)) == ("2026-12-21", "2026-12-27")


def test_ended_it_is_nowhere_any_more(director: Browser, summer: str) -> None:
    director.send(f"{summer}/end", summer, version="1")

    assert director.get(summer).status_code == 404
    assert "None yet" in words(director.get("/base-week").text)
