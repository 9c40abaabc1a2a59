"""Planning again asks first; what is set aside can be seen beside the draft and taken back."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest

from milieu.database import Engines, reading, unit_of_work
from milieu.models import Absence, Plan, PlanSession, Run
from tests.milieu.builders import NOW, CommunityBuilder
from tests.web.builders import CHESS, CHOIR, NEXT_MONDAY, draft
from tests.web.conftest import Browser
from tests.web.director.week.test_week import words

WEEK = f"/week/{NEXT_MONDAY}"
DRAFTS = f"{WEEK}/drafts"


@pytest.fixture
def director(elm: CommunityBuilder, sign_in: Callable[..., Browser]) -> Browser:
    return sign_in(elm)


def set_aside(engines: Engines, elm: CommunityBuilder) -> str:
    """A draft of the choir alone, set aside; its id."""
    plan_id = draft(engines, elm, [CHOIR])
    with unit_of_work(engines) as db:
        db.query(Plan).filter(Plan.id == plan_id).update({"state": "set aside", "version": 2})
    return plan_id


def states(engines: Engines) -> dict[str, str]:
    with reading(engines) as db:
        return {row.id: row.state for row in db.query(Plan)}


def runs(engines: Engines) -> int:
    with reading(engines) as db:
        return db.query(Run).count()


def taking_back(page: str) -> dict[str, str]:
    return dict(re.findall(r'name="(plan|version|instead_of)" value="([^"]*)"', page))


def test_where_there_is_a_draft_planning_again_asks_first(
    director: Browser, elm: CommunityBuilder, engines: Engines
) -> None:
    plan_id = draft(engines, elm)

    week = director.get(WEEK).text
    asked = director.get(f"{WEEK}/plan").text

    assert f'href="{WEEK}/plan">Plan again…</a>' in week
    assert f'action="{WEEK}/plan"' not in week
    assert "There is a draft already, planned today 09:00." in words(asked)
    assert "the better of the two becomes the draft. The other one is set aside" in words(asked)
    assert runs(engines) == 0
    answer = director.send(f"{WEEK}/plan", beside=plan_id)
    assert (answer.status_code, runs(engines)) == (303, 1)


def test_where_there_is_none_there_is_nothing_to_ask(director: Browser) -> None:
    assert director.get(f"{WEEK}/plan").location == WEEK
    assert 'class="main">Plan this week</button>' in director.get(WEEK).text


def test_a_draft_that_a_colleague_made_meanwhile_is_asked_about(
    director: Browser, elm: CommunityBuilder, engines: Engines
) -> None:
    hidden = dict(re.findall(r'name="(csrf_token|form_key)" value="([^"]+)"', director.get(WEEK).text))
    draft(engines, elm)

    answer = director.post(f"{WEEK}/plan", data=hidden)

    assert (answer.status_code, runs(engines)) == (409, 0)
    assert "Nothing was planned yet. There is a draft that you have not seen." in words(answer.text)


def test_a_second_click_leads_to_the_run_and_asks_nothing(
    director: Browser, elm: CommunityBuilder, engines: Engines
) -> None:
    plan_id = draft(engines, elm)
    first = director.send(f"{WEEK}/plan", beside=plan_id)

    again = director.send(f"{WEEK}/plan", "/week/2026-12-14")  # a form from before there was a draft

    assert again.location == first.location


def test_drafts_stand_side_by_side_compared_by_the_facts_of_now(
    director: Browser, elm: CommunityBuilder, engines: Engines
) -> None:
    set_aside(engines, elm)
    draft(engines, elm, [CHOIR, CHESS])

    page = words(director.get(DRAFTS).text)

    assert "The draft Planned today 09:00. 2 groups, 0 visits; 5 people have 5 invitations." in page
    assert "The best of these as things are. Look at the draft Set aside Planned today 09:00." in page
    assert "1 group, 0 visits; 3 people have 3 invitations." in page
    assert re.search(
        r"\d+\.\d % less good than the best of these\. The draft has 1 session otherwise, for 2 people", page
    )
    assert "1 draft is set aside. Compare the drafts" in words(director.get(WEEK).text)


def test_the_same_week_is_said_to_be_the_same_and_another_is_as_far_as_the_comparison_tells(
    director: Browser, elm: CommunityBuilder, engines: Engines
) -> None:
    plan_id = set_aside(engines, elm)
    draft(engines, elm, [replace(CHOIR, ref="planned-anew")])
    same = words(director.get(DRAFTS).text)

    with unit_of_work(engines) as db:
        db.query(PlanSession).filter(PlanSession.plan_id == plan_id).update({"start_minute": 615, "end_minute": 660})
    page = director.get(DRAFTS).text
    beside = re.findall(r'href="([^"]*/compare[?][^"]*)"', page)

    assert "The same week as the draft: nothing in it is otherwise. Take this one back" in same
    assert "The draft has 1 session otherwise, for 3 people" in words(page)
    assert "1 session differs, for 3 people." in words(director.get(unescape(beside[0])).text)


def test_what_stands_against_one_is_told_beside_it(director: Browser, elm: CommunityBuilder, engines: Engines) -> None:
    set_aside(engines, elm)
    draft(engines, elm, [CHESS])
    day = NEXT_MONDAY + timedelta(days=1)
    with unit_of_work(engines) as db:
        ids = {"community_id": elm.id, "facilitator_id": elm.facilitators["finn"].id}
        db.add(Absence(**ids, first_date=day, last_date=day))

    assert "Finn Made-Up is not there for Choir on Tuesday at 10:00." in words(director.get(DRAFTS).text)


def test_taking_back_sets_the_other_aside_and_says_so(
    director: Browser, elm: CommunityBuilder, engines: Engines
) -> None:
    old = set_aside(engines, elm)
    new = draft(engines, elm, [CHOIR, CHESS])
    seen = taking_back(director.get(DRAFTS).text)

    answer = director.send(DRAFTS, **seen)
    again = director.send(DRAFTS, **seen)

    assert (answer.location, again.location) == (f"{WEEK}?view=draft",) * 2
    assert "Taken back. The other draft is set aside." in director.get(answer.location).text
    assert states(engines) == {old: "draft", new: "set aside"}


def test_two_directors_who_take_back_see_what_the_other_did(
    director: Browser, elm: CommunityBuilder, engines: Engines
) -> None:
    set_aside(engines, elm)
    draft(engines, elm, [CHESS])
    seen = taking_back(director.get(DRAFTS).text)
    with unit_of_work(engines) as db:
        db.query(Plan).filter(Plan.state == "draft").update({"state": "published"})
    newest = draft(engines, elm, [CHOIR, CHESS])

    answer = director.send(DRAFTS, **seen)

    assert (answer.status_code, states(engines)[newest]) == (409, "draft")
    assert "Nothing was taken back. Another draft has been made or published since you looked." in words(answer.text)
    assert f'name="instead_of" value="{newest}"' in answer.text


def test_a_foreign_plan_is_as_absent_as_none(director: Browser, elm: CommunityBuilder, engines: Engines) -> None:
    draft(engines, elm)

    answer = director.send(DRAFTS, "/week/2026-12-14", plan="nothing", version="1", instead_of="")
    assert answer.status_code == 404


def test_a_run_that_found_less_says_that_the_draft_stays(
    director: Browser, elm: CommunityBuilder, engines: Engines
) -> None:
    old = set_aside(engines, elm)
    draft(engines, elm, [CHOIR, CHESS])
    with unit_of_work(engines) as db:
        run = Run(
            community_id=elm.id,
            kind="plan",
            state="stopped",
            week_start=NEXT_MONDAY,
            requested_at=NOW,
            started_at=NOW - timedelta(seconds=2),
            finished_at=NOW,
            seconds_limit=15,
            seed=1,
            plan_id=old,
        )
        db.add(run)
        db.flush()
        run_id = run.id

    page = director.get(f"/run/{run_id}").text

    assert "Stopped after 2 seconds. The draft that was there is better as things are, so it stays." in words(page)
    assert f'href="{DRAFTS}">Look at both</a>' in page
