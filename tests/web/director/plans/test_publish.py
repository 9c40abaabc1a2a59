"""Publishing a draft: what it changes for whom, who was quicker, and what stands against it."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from milieu.database import Engines, reading, unit_of_work
from milieu.models import Absence, Assessment, Plan, Publication, PublishedDay, Resident, Wish
from tests.milieu.builders import MONDAY, CommunityBuilder, Held
from tests.web.builders import CHESS, CHOIR, NEXT_MONDAY, draft
from tests.web.conftest import Browser
from tests.web.director.week.test_week import words

PUBLISH = f"/week/{NEXT_MONDAY}/publish"


@pytest.fixture
def director(elm: CommunityBuilder, sign_in: Callable[..., Browser]) -> Browser:
    return sign_in(elm)


def fields(browser: Browser) -> dict[str, str]:
    return dict(re.findall(r'name="(plan|version)" value="([^"]+)"', browser.get(PUBLISH).text))


def publications(engines: Engines) -> int:
    with reading(engines) as db:
        return db.query(Publication).count()


def test_without_a_draft_there_is_nothing_to_publish(director: Browser) -> None:
    assert director.get(PUBLISH).location == f"/week/{NEXT_MONDAY}"


def test_a_first_publication_counts_who_is_invited(director: Browser, elm: CommunityBuilder, engines: Engines) -> None:
    draft(engines, elm)

    page = words(director.get(PUBLISH).text)

    assert "Nothing is published for this week yet. 5 people will be invited, 5 invitations in all." in page
    assert "2 groups, 0 visits" in page


def test_whose_wishes_stay_open_is_told_by_name(director: Browser, elm: CommunityBuilder, engines: Engines) -> None:
    with unit_of_work(engines) as db:
        db.get_one(Resident, (elm.id, elm.residents["ada"].id)).sessions_min = 1
        db.get_one(Resident, (elm.id, elm.residents["fay"].id)).sessions_min = 2
    draft(engines, elm)

    page = words(director.get(PUBLISH).text)

    assert "1 person is invited to less than they wish for Fay Made-Up" in page
    assert "0 of at least 2" in page


def test_publishing_says_so_and_moves_every_day(director: Browser, elm: CommunityBuilder, engines: Engines) -> None:
    draft(engines, elm)

    answer = director.send(PUBLISH, **fields(director))

    assert answer.location == f"/week/{NEXT_MONDAY}?view=published"
    page = words(director.get(answer.location).text)
    assert "Published. Everybody sees it from now on." in page
    assert "Published today 09:00 by Director Made-Up" in page
    with reading(engines) as db:
        assert db.query(PublishedDay).count() == 7


def test_what_changes_is_told_by_person(director: Browser, elm: CommunityBuilder, engines: Engines) -> None:
    with unit_of_work(engines) as db:
        elm.db = db
        elm.publication(
            [
                Held("choir", "lounge", 1, "11:00", ["finn"], ["ada", "ben", "fay"], ref="choir-1"),
                Held("walk", "lounge", 4, "15:00", ["gita"], ["ada", "esi"], ref="walk-1"),
            ],
            week_start=NEXT_MONDAY,
        )
    draft(engines, elm)

    page = words(director.get(PUBLISH).text)

    assert "Something changes for 6 people." in page
    assert (
        "Ada Made-Up Garden wing · 1 moved Choir, Tue 8 11:00 → Tue 8 10:00 falls away Walk, Fri 11 15:00 , Lounge"
        in page
    )
    assert "Fay Made-Up River wing · 6 no longer invited Choir, Tue 8 11:00" in page
    assert "Cleo Made-Up Garden wing · 3 new Chess, Wed 9 14:00" in page


def test_somebody_was_quicker(director: Browser, elm: CommunityBuilder, engines: Engines) -> None:
    plan_id = draft(engines, elm)
    seen = fields(director)
    with unit_of_work(engines) as db:
        db.query(Plan).filter(Plan.id == plan_id).update({"version": 2})

    answer = director.send(PUBLISH, **seen)

    page = words(answer.text)
    assert (answer.status_code, publications(engines)) == (409, 0)
    assert "Nothing was published. Somebody has changed this draft since you opened it." in page
    assert 'name="version" value="2"' in answer.text  # the form below is that of the draft as it is now


def test_a_draft_that_was_replaced_is_shown_by_its_successor(
    director: Browser, elm: CommunityBuilder, engines: Engines
) -> None:
    old = draft(engines, elm)
    seen = fields(director)
    with unit_of_work(engines) as db:
        db.query(Plan).filter(Plan.id == old).update({"state": "set aside", "version": 2})
    new = draft(engines, elm, [CHOIR])

    answer = director.send(PUBLISH, **seen)

    assert (answer.status_code, publications(engines)) == (409, 0)
    assert f'name="plan" value="{new}"' in answer.text


def test_facts_that_changed_and_break_nothing_are_told(
    director: Browser, elm: CommunityBuilder, engines: Engines
) -> None:
    draft(engines, elm)
    with unit_of_work(engines) as db:
        ids = {"resident_id": elm.residents["ada"].id, "activity_id": elm.activities["chess"].id}
        db.query(Wish).filter_by(**ids).update({"strength": 5})

    assert "Some facts have changed since this week was planned." in director.get(PUBLISH).text
    week = words(director.get(f"/week/{NEXT_MONDAY}").text)
    assert "Some facts have changed since this was planned; it still keeps every rule." in week


@pytest.mark.parametrize("fact", ["somebody away", "a smaller group"])
def test_facts_that_stand_against_it_are_told_and_it_is_not_published(
    director: Browser, elm: CommunityBuilder, engines: Engines, fact: str
) -> None:
    draft(engines, elm)
    seen = fields(director)
    away = {"first_date": NEXT_MONDAY + timedelta(days=1), "last_date": NEXT_MONDAY + timedelta(days=1)}
    told = "Finn Made-Up is not there for Choir"
    with unit_of_work(engines) as db:
        if fact == "somebody away":
            db.add(Absence(community_id=elm.id, facilitator_id=elm.facilitators["finn"].id, **away))
        else:
            choir = db.merge(elm.activities["choir"])
            choir.min_group, choir.max_group = 1, 2
            told = "Choir on Tuesday at 10:00 has 3 people; it takes at most 2."

    page = director.get(PUBLISH).text
    answer = director.send(PUBLISH, f"/week/{NEXT_MONDAY}/plan", **seen)

    assert told in page
    assert "Publish this week</button>" not in page
    assert (answer.status_code, told in answer.text, publications(engines)) == (409, True, 0)
    week = words(director.get(f"/week/{NEXT_MONDAY}").text)
    assert (
        "1 thing stands against it by now. It cannot be published as it is: mend it by hand, or plan it again." in week
    )
    assert told in week


def test_unchanged_facts_need_no_look(director: Browser, elm: CommunityBuilder, engines: Engines) -> None:
    draft(engines, elm, [CHOIR, CHESS])

    assert "No fact has changed since this was planned." in director.get(f"/week/{NEXT_MONDAY}").text


def test_published_twice_is_published_once(director: Browser, elm: CommunityBuilder, engines: Engines) -> None:
    draft(engines, elm)
    seen = fields(director)

    first = director.send(PUBLISH, **seen)
    second = director.send(PUBLISH, f"/week/{NEXT_MONDAY}", **seen)  # a form of its own, not the same sent again

    assert (first.location, second.location) == (f"/week/{NEXT_MONDAY}?view=published",) * 2
    assert publications(engines) == 1


def test_wishes_that_stay_open_are_told_with_whose_they_are(
    director: Browser, elm: CommunityBuilder, engines: Engines
) -> None:
    with unit_of_work(engines) as db:
        elm.db = db
        db.query(Wish).filter(Wish.community_id == elm.id).delete()
        people, choir, walk = elm.residents, elm.activities["choir"], elm.activities["walk"]
        elm.wish(people["ada"], choir, 5)  # is invited to it
        for who in ("cleo", "fay", "dov"):
            elm.wish(people[who], choir, 4)
        elm.refusal(people["dov"], activity=choir)  # said no since
        elm.wish(people["esi"], choir, 3)  # likes it, no more
        elm.wish(people["fay"], walk, 4)
    draft(engines, elm)

    page = words(director.get(PUBLISH).text)

    assert "Choir: 2 of the 3 who love it once this week Cleo Made-Up , Fay Made-Up" in page
    assert "Walk: 1 of the 1 who love it not on this week Fay Made-Up" in page


def test_what_matters_and_cannot_be_is_told_before_publishing(
    director: Browser, elm: CommunityBuilder, engines: Engines
) -> None:
    with unit_of_work(engines) as db:
        fay = elm.residents["fay"].id
        db.add(Assessment(community_id=elm.id, resident_id=fay, asked_on=MONDAY, said_by="resident", outdoors="5"))
    draft(engines, elm)

    page = director.get(PUBLISH).text

    assert "It is important to Fay Made-Up to" in words(page)
    assert f'href="/people/{fay}/preferences"' in page
