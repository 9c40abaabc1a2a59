"""What can be done, on pages: found while one waits or goes away, compared by session, published in one tap."""

import json
import re
from collections.abc import Callable

import pytest

from milieu.database import Engines, unit_of_work
from milieu.models import ResidentRead, Run
from milieu.services.choices import CHOICES
from milieu.services.choices.finding import find_choices
from milieu.services.weeks.plans.planning import execute_next_run
from tests.milieu.builders import MONDAY, NOW, CommunityBuilder, FixedClock, Held
from tests.milieu.weeks import SETTINGS, crashing, quick
from tests.web.conftest import Browser
from tests.web.director.week.test_week import words

PAGE, PROGRESS = "/week/2026-11-30/choices", "/week/2026-11-30/choices/progress"
THURSDAY = "2026-12-03"


@pytest.fixture
def director(engines: Engines, elm: CommunityBuilder, sign_in: Callable[..., Browser]) -> Browser:
    with unit_of_work(engines) as db:
        elm.db = db
        elm.facilitator("hal", skills=["music"])
        elm.publication(
            [
                Held("choir", "lounge", 3, "10:00", ["finn"], ["ada", "ben", "cleo"], ref="thursday"),
                Held("chess", "studio", 4, "14:00", ["gita"], ["ada", "cleo"], ref="friday"),
            ]
        )
    return sign_in(elm)


@pytest.fixture
def find(engines: Engines, clock: FixedClock) -> Callable[..., bool]:
    """Do the run that waits, as the clock would."""

    def do(child: object = None) -> bool:
        return execute_next_run(
            engines,
            SETTINGS,
            clock,
            child=child or quick(),
            others={CHOICES: find_choices},  # type: ignore[arg-type]
        )

    return do


def away(director: Browser, elm: CommunityBuilder, name: str = "finn") -> str:
    given = {"who": elm.facilitators[name].id, "first": THURSDAY, "last": "", "part": "", "reason": ""}
    return director.send("/changed/absence", "/changed?kind=absence", **given).location


def forms(text: str) -> list[str]:
    """The addresses of the choices that can be published."""
    return [part.split('"')[0] for part in text.split(f'action="{PAGE}/')[1:]]


@pytest.mark.slow(1)
def test_what_is_told_leads_to_what_can_be_done_and_one_tap_publishes_it(
    director: Browser, elm: CommunityBuilder, find: Callable[..., bool]
) -> None:
    assert away(director, elm) == PAGE
    waiting = director.get(PAGE).text
    assert "Looking for what can be done; 0 of 3 found." in words(waiting)
    assert json.loads(director.get(PROGRESS).text)["open"] is True
    assert '<meta http-equiv="refresh" content="2">' in waiting

    assert find()

    page = director.get(PAGE).text
    told = words(page)
    assert "Leave it as it is 3 people told otherwise" in told
    assert re.search(r"Fewest told otherwise suggested \d+ pe(ople|rson) told otherwise", told)
    assert re.search(r"The best week \d+ pe(ople|rson) told otherwise", told)
    assert "Finn Made-Up is not there for Choir on Thursday at 10:00." in told
    assert json.loads(director.get(PROGRESS).text)["open"] is False
    leave, fewest, *_best = forms(page)

    answer = director.send(f"{PAGE}/{fewest}", PAGE)

    assert answer.location == "/week/2026-11-30/changes"
    changes = words(director.get(answer.location).text)
    assert "Finn Made-Up is not there for Choir on Thursday at 10:00." in changes
    assert "This was chosen and published: fewest told otherwise." in words(director.get(PAGE).text)
    assert "Choices wait" not in director.get("/changed").text

    late = director.send(f"{PAGE}/{leave}", "/changed")
    assert late.status_code == 409
    assert "Nothing was published. This week was published anew since the choices were found." in words(late.text)


def test_closing_the_page_loses_nothing(director: Browser, elm: CommunityBuilder, find: Callable[..., bool]) -> None:
    away(director, elm)
    find()

    page = words(director.get("/changed").text)

    assert "Choices wait for you in the week of 30 November. Look at them" in page
    assert "Nobody is told otherwise yet. What can be done" in page


def test_where_no_week_is_found_the_page_says_so_and_looks_again(
    director: Browser, elm: CommunityBuilder, find: Callable[..., bool]
) -> None:
    away(director, elm)
    find(crashing())

    page = words(director.get(PAGE).text)
    assert "Planning broke off by itself. What is published stands as it is." in page
    assert "Leave it as it is suggested 3 people told otherwise" in page
    assert director.send(PAGE, PAGE).status_code == 303
    assert "0 of 3 found" in words(director.get(PAGE).text)


def test_looking_is_ended_by_a_tap(director: Browser, elm: CommunityBuilder) -> None:
    away(director, elm)
    run_id = director.get(PAGE).text.split(f'action="{PAGE}/')[1].split("/stop")[0]

    assert director.send(f"{PAGE}/{run_id}/stop", PAGE).status_code == 303

    assert "Look for choices again" in director.get(PAGE).text


def test_a_week_without_trouble_says_so_and_any_day_leads_to_its_week(
    director: Browser, elm: CommunityBuilder, engines: Engines
) -> None:
    assert "Nothing stands against what is published of this week." in words(director.get(PAGE).text)
    assert director.get("/week/2026-12-03/choices").location == PAGE
    assert director.send(f"{PAGE}/nothing", "/changed").status_code == 404
    with unit_of_work(engines) as db:  # something fixed for a session that is yet to be can be had by no week
        ended = {"kind": "choices", "state": "failed", "message": "No week was found in the time given."}
        amounts = {"seconds_limit": 10, "seed": 1, "workers": 1, "adoptions": 0}
        db.add(Run(community_id=elm.id, week_start=MONDAY, requested_at=NOW, finished_at=NOW, **ended, **amounts))
    page = words(director.get(PAGE).text)
    assert "No week was found in the time given." in page
    assert "Nothing stands against" not in page


@pytest.mark.slow(0.7)
def test_everybody_whom_the_page_names_is_in_the_record_of_reads(
    director: Browser, elm: CommunityBuilder, engines: Engines, find: Callable[..., bool]
) -> None:
    away(director, elm)
    find()
    director.get(PAGE)

    with unit_of_work(engines) as db:
        read = {row.resident_id for row in db.query(ResidentRead).filter(ResidentRead.page == "director.choices")}
    assert {elm.residents[name].id for name in ("ada", "ben", "cleo")} <= read
