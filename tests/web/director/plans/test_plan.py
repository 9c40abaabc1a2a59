"""Planning a week from the pages: begun, watched, stopped, and told in words when it cannot be had."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from milieu.database import Engines, reading, unit_of_work
from milieu.models import Run
from milieu.queries.week.runs import Improvement
from tests.milieu.builders import NOW, CommunityBuilder
from tests.web.builders import NEXT_MONDAY
from tests.web.conftest import Browser
from tests.web.director.week.test_week import words
from web.curves import HEIGHT, curve_of

WEEK = f"/week/{NEXT_MONDAY}"
POINTS = {
    "points": [{"seconds": 0.5, "objective": 800, "bound": 1000}, {"seconds": 3, "objective": 950, "bound": 1000}]
}


@pytest.fixture
def director(elm: CommunityBuilder, sign_in: Callable[..., Browser]) -> Browser:
    return sign_in(elm)


def run(engines: Engines, elm: CommunityBuilder, **fields: Any) -> str:
    given = {"state": "running", "started_at": NOW - timedelta(seconds=8), "seconds_limit": 15, "seed": 1, **fields}
    with unit_of_work(engines) as db:
        row = Run(community_id=elm.id, kind="plan", week_start=NEXT_MONDAY, requested_at=NOW, **given)
        db.add(row)
        db.flush()
        return row.id


@pytest.mark.slow(1.2)
def test_planning_leads_to_a_run_and_the_week_to_it(director: Browser, engines: Engines) -> None:
    answer = director.send(f"{WEEK}/plan", WEEK)

    assert "Waiting to begin." in director.get(answer.location).text
    page = director.get(WEEK).text
    assert f'href="{answer.location}">Watch the planning</a>' in page
    assert "Plan this week</button>" not in page


def test_a_week_that_is_over_is_not_planned(director: Browser, engines: Engines) -> None:
    answer = director.send("/week/2026-11-16/plan", WEEK)

    assert (answer.status_code, "This week is over" in answer.text) == (409, True)


def test_a_week_too_far_away_or_one_too_many_is_refused_in_words(director: Browser) -> None:
    far = director.send("/week/2027-12-06/plan", WEEK)
    weeks = [NEXT_MONDAY + timedelta(days=7 * number) for number in range(5)]
    answers = [director.send(f"/week/{week}/plan", f"/week/{week}") for week in weeks]

    assert (far.status_code, "Weeks can be planned up to a year ahead." in far.text) == (409, True)
    assert [answer.status_code for answer in answers] == [303, 303, 303, 303, 409]
    assert "4 weeks are being planned or wait for it already." in answers[-1].text


def test_a_run_under_way_shows_how_it_goes(director: Browser, elm: CommunityBuilder, engines: Engines) -> None:
    page = words(director.get(f"/run/{run(engines, elm, progress=POINTS)}").text)

    assert "Working: 8 seconds of about 15 seconds." in page
    assert "2 weeks found so far, each better than the one before." in page
    assert "At most 5.0 % below the best that could be." in page
    assert "3.0 s 950 1000" in page
    assert "The broken line is the most that can be had, as far as it is proved" in page


def test_the_most_that_can_be_had_lies_above_every_week_found() -> None:
    found = (Improvement(1.0, 900, 1100), Improvement(3.0, 950, 1000))

    curve = curve_of(found, 8.0, 15.0)

    assert curve is not None
    assert (curve.best_y, curve.last_y) == (0.0, HEIGHT / 2)
    unknown = curve_of(tuple(replace(each, bound=None) for each in found), 8.0, 15.0)
    assert unknown is not None
    assert (unknown.best_y, unknown.last_y) == (None, 0.0)


def test_a_bound_that_says_little_is_not_held_against_the_week(
    director: Browser, elm: CommunityBuilder, engines: Engines
) -> None:
    few = {"points": [{"seconds": 2.0, "objective": 700, "bound": 1000}]}
    said = "There is little time to prove more; it may be much nearer."

    page = words(director.get(f"/run/{run(engines, elm, progress=few)}").text)

    assert f"At most 30.0 % below the best that could be. {said}" in page
    assert said not in director.get(f"/run/{run(engines, elm, progress=POINTS)}").text


def test_its_script_is_told_the_same(director: Browser, elm: CommunityBuilder, engines: Engines) -> None:
    told = director.get(f"/run/{run(engines, elm, progress=POINTS)}/progress").json

    assert told["open"] is True
    assert "Working: 8 seconds of about 15 seconds." in told["html"]


def test_without_a_script_the_page_looks_again_by_itself(
    director: Browser, elm: CommunityBuilder, engines: Engines
) -> None:
    again = '<noscript><meta http-equiv="refresh" content="2"></noscript>'

    assert again in director.get(f"/run/{run(engines, elm)}").text
    assert again not in director.get(f"/run/{run(engines, elm, state='done', finished_at=NOW)}").text


def test_stopping_is_asked_for_once(director: Browser, elm: CommunityBuilder, engines: Engines) -> None:
    run_id = run(engines, elm)

    stop = "Stop and take the best so far"
    assert stop in director.get(f"/run/{run_id}").text
    assert director.get(f"/run/{run_id}/progress").json["stopping"] is False

    answer = director.send(f"/run/{run_id}/stop", f"/run/{run_id}")

    page = director.get(answer.location).text
    assert "Stopping with the best week found so far." in page
    assert stop not in page  # neither here nor on a page that a colleague has open
    assert director.get(f"/run/{run_id}/progress").json["stopping"] is True
    with reading(engines) as db:
        assert db.query(Run.stop_requested_at).scalar() == NOW


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"state": "done", "plan_id": "p" * 26, "progress": POINTS}, "Look at the draft"),
        ({"state": "stopped"}, "Stopped after 8 seconds."),
        ({"state": "impossible", "because": {"because": ["Choir needs music.", "Nobody has it."]}}, "Nobody has it."),
        ({"state": "impossible"}, "These demands stand in each other’s way."),
        ({"state": "failed", "message": "Planning took too long and was ended."}, "Planning took too long"),
    ],
)
def test_a_run_that_ended_says_how(
    fields: dict[str, Any], told: str, director: Browser, elm: CommunityBuilder, engines: Engines
) -> None:
    run_id = run(engines, elm, finished_at=NOW, **fields)

    assert told in words(director.get(f"/run/{run_id}").text)
    assert director.get(f"/run/{run_id}/progress").json["open"] is False
