"""The page of scenarios: one is asked for, planned, compared, and taken over in parts."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from milieu.database import Engines, reading, unit_of_work
from milieu.models import Plan, PlanSession, Run
from milieu.services.weeks.plans.planning import execute_next_run
from milieu.services.what_if import WHAT_IF
from milieu.services.what_if.finding import find_what_if
from tests.milieu.builders import NOW, CommunityBuilder, FixedClock
from tests.milieu.weeks import SETTINGS, quick
from tests.web.builders import NEXT_MONDAY, draft
from tests.web.conftest import Browser
from tests.web.director.changes.test_by_hand import version
from tests.web.director.week.test_week import words

PATH = f"/week/{NEXT_MONDAY}/what-if"


@pytest.fixture
def director(elm: CommunityBuilder, sign_in: Callable[..., Browser], engines: Engines) -> Browser:
    draft(engines, elm)
    return sign_in(elm)


@pytest.mark.slow(0.7)
def test_a_space_is_supposed_closed_and_a_part_of_that_week_is_taken_over(
    director: Browser, elm: CommunityBuilder, engines: Engines, clock: FixedClock
) -> None:
    lounge = elm.spaces["lounge"].id
    days = [str(NEXT_MONDAY + timedelta(days=day)) for day in range(7)]

    asked = director.send(PATH, PATH, kind="closed", id=lounge, day=days)
    assert asked.status_code == 303
    page = director.get(PATH).text
    assert "Lounge closed, all week" in words(page)
    assert "Waiting to be planned." in words(page)
    assert director.get(f"{PATH}/progress").get_json()["open"] is True
    assert execute_next_run(engines, SETTINGS, clock, child=quick(), others={WHAT_IF: find_what_if})

    assert director.get(f"{PATH}/progress").get_json()["open"] is False
    page = director.get(PATH).text
    said = words(page)
    assert "People told otherwise nobody" in said
    assert re.search(r"\d in all (nobody|\d (person has|people have) (fewer|more))", said), "people, not invitations"
    assert (
        "Choir, Tuesday 10:00: is not held" in said or "Choir: to" in said or "Choir, Tuesday 10:00: in Studio" in said
    )
    run_id, refs = re.findall(r"what-if/(\w+)/parts", page)[0], re.findall(r'name="ref" value="([^"]+)"', page)
    nothing = director.send(f"{PATH}/{run_id}/parts", PATH, version=version(page))
    assert (nothing.status_code, "Please tick" in nothing.text) == (422, True)
    fields = {"version": version(page), "ref": refs, "on_purpose": "yes"}
    taken = director.send(f"{PATH}/{run_id}/parts", PATH, **fields)

    assert taken.status_code == 303
    with reading(engines) as db:
        plan = db.query(Plan).filter(Plan.state == "draft").one()
        assert lounge not in {row.space_id for row in db.query(PlanSession).filter(PlanSession.plan_id == plan.id)}
    assert "Nothing in it is otherwise than in your week." in words(director.get(PATH).text)


def test_one_that_is_being_planned_shows_how_it_goes(director: Browser, engines: Engines) -> None:
    assert director.send(PATH, PATH, kind="ties").status_code == 303
    points = [{"seconds": 0.5, "objective": 800, "bound": None}, {"seconds": 2, "objective": 950, "bound": None}]
    with unit_of_work(engines) as db:
        (run,) = db.query(Run)
        run.state, run.started_at, run.progress = "running", NOW, {"points": points}

    page = director.get(PATH).text

    assert "2 weeks found so far, each better than the one before." in words(page)
    assert "<polyline" in page
    assert "2.0 s 950 –" in words(page)
    assert "The broken line" not in page  # the score pays for what it changes: no most is known


def test_what_cannot_be_asked_is_said_beside_the_form(director: Browser) -> None:
    answer = director.send(PATH, PATH, kind="evenings")

    assert answer.status_code == 422
    assert "Please choose at least one day of this week." in words(answer.text)
    assert director.send(PATH, PATH, kind="a wish").status_code == 404
    empty = words(director.get(f"/week/{NEXT_MONDAY + timedelta(days=7)}/what-if").text)
    assert "There is no draft and nothing is published for this week" in empty
