"""What a draft changes, told by session with the fact behind it; and what stands against a published week by now."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from milieu.database import Engines, unit_of_work
from milieu.models import Absence, Refusal, SpaceClosure
from tests.milieu.builders import MONDAY, CommunityBuilder, Held
from tests.web.builders import CHESS, CHOIR, NEXT_MONDAY, draft
from tests.web.conftest import Browser
from tests.web.director.plans.test_publish import PUBLISH, fields, publications
from tests.web.director.week.test_week import words

WEEK = f"/week/{NEXT_MONDAY}"


@pytest.fixture
def director(elm: CommunityBuilder, sign_in: Callable[..., Browser]) -> Browser:
    return sign_in(elm)


def publish(engines: Engines, elm: CommunityBuilder, *held: Held, week: date = NEXT_MONDAY) -> None:
    with unit_of_work(engines) as db:
        elm.db = db
        elm.publication(held, week_start=week)


def close(engines: Engines, elm: CommunityBuilder, space: str, day: date, reason: str = "") -> None:
    with unit_of_work(engines) as db:
        ids = {"community_id": elm.id, "space_id": elm.spaces[space].id}
        db.add(SpaceClosure(**ids, first_date=day, last_date=day, start_minute=0, end_minute=1440, reason=reason))


def part(page: str, begin: str, end: str) -> str:
    """What a page says from one heading to another."""
    return words(page).split(begin, 1)[1].split(end, 1)[0]


BY_SESSION, BY_PERSON = "What changes, session by session", "What changes, person by person"


def test_each_session_that_changes_is_told_once_with_its_people_leaders_and_fact(
    director: Browser, elm: CommunityBuilder, engines: Engines
) -> None:
    tuesday = NEXT_MONDAY + timedelta(days=1)
    publish(
        engines,
        elm,
        Held("choir", "lounge", 3, "10:00", ["finn"], ["ada", "ben", "fay"], ref="choir-1"),
        Held("chess", "studio", 2, "14:00", ["finn"], ["cleo", "dov"], ref="chess-1"),
        Held("walk", "lounge", 1, "15:00", ["gita"], ["ada", "esi"], ref="walk-1"),
    )
    draft(engines, elm)
    close(engines, elm, "lounge", tuesday, "The floor is being laid.")

    # the choir's new day is closed too, so that the draft cannot be published; its changes are told all the same
    told = part(director.get(PUBLISH).text, BY_SESSION, BY_PERSON)

    assert "falls away Walk Tue 8 15:00 2 people were invited" in told
    assert "Lounge is closed during Walk on Tuesday at 15:00: The floor is being laid." in told
    assert "moved Choir Thu 10 10:00 → Tue 8 10:00 2 people stay · 1 new · 1 no longer invited" in told
    assert "other leader Chess Wed 9 14:00 2 people · led by Gita Made-Up instead of Finn Made-Up" in told
    assert "3 sessions differ from what is published" in words(director.get(WEEK).text)


def test_a_change_of_leaders_alone_is_a_difference_and_can_be_published(
    director: Browser, elm: CommunityBuilder, engines: Engines
) -> None:
    publish(engines, elm, CHOIR, Held("chess", "studio", 2, "14:00", ["finn"], ["cleo", "dov"], ref="chess-1"))
    draft(engines, elm, [CHOIR, CHESS])
    with unit_of_work(engines) as db:
        day = NEXT_MONDAY + timedelta(days=2)
        ids = {"community_id": elm.id, "facilitator_id": elm.facilitators["finn"].id}
        db.add(Absence(**ids, first_date=day, last_date=day))

    week, page = words(director.get(WEEK).text), words(director.get(PUBLISH).text)

    assert "1 session differs from what is published" in week
    assert "1 session changes. Everybody is invited to what they were" in page
    assert "Finn Made-Up is not there for Chess on Wednesday at 14:00." in page
    assert director.send(PUBLISH, **fields(director)).location == f"{WEEK}?view=published"


def test_a_draft_that_changes_nothing_offers_no_publishing(
    director: Browser, elm: CommunityBuilder, engines: Engines
) -> None:
    publish(engines, elm, CHOIR, CHESS)
    draft(engines, elm)

    week, page = director.get(f"{WEEK}?view=draft").text, director.get(PUBLISH).text

    assert "the same as what is published" in words(week)
    assert "Publish…" not in week
    assert "Nothing changes for anybody: this draft is the week that is published." in words(page)
    assert "Publish this week" not in page
    assert publications(engines) == 1


def test_where_no_fact_asks_for_a_change_that_is_said(
    director: Browser, elm: CommunityBuilder, engines: Engines
) -> None:
    publish(engines, elm, CHOIR)
    draft(engines, elm, [CHOIR, replace(CHESS, residents=["ada", "ben"])])  # who are invited to the choir anyway

    told = part(director.get(PUBLISH).text, BY_SESSION, BY_PERSON)

    assert "new Chess Wed 9 14:00 2 people are invited Where no reason stands," in told


def test_a_change_that_spares_somebody_being_left_out_says_so(
    director: Browser, elm: CommunityBuilder, engines: Engines
) -> None:
    publish(engines, elm, CHOIR)
    draft(engines, elm, [CHOIR, CHESS])

    told = part(director.get(PUBLISH).text, BY_SESSION, BY_PERSON)

    assert "new Chess Wed 9 14:00 2 people are invited Somebody can come who would have been left out." in told


def test_a_published_week_says_what_stands_against_it_by_now(
    director: Browser, elm: CommunityBuilder, engines: Engines
) -> None:
    thursday = MONDAY + timedelta(days=3)
    publish(engines, elm, Held("choir", "lounge", 3, "10:00", ["finn"], ["ada", "ben"], ref="choir-1"), week=MONDAY)
    before = words(director.get(f"/week/{MONDAY}").text)
    close(engines, elm, "lounge", thursday)
    with unit_of_work(engines) as db:
        ids = {"resident_id": elm.residents["ada"].id, "activity_id": elm.activities["choir"].id}
        db.add(Refusal(community_id=elm.id, **ids))

    after = words(director.get(f"/week/{MONDAY}").text)

    assert "against it by now" not in before
    assert (
        "2 things stand against it by now. The next morning’s check mends what it can, within what you let it tell."
        in after
    )
    assert "Lounge is closed during Choir on Thursday at 10:00." in after
    assert "Ada Made-Up has said no to Choir and is invited to Choir on Thursday at 10:00." in after


def test_of_a_week_that_is_over_nothing_is_held_against_today(
    director: Browser, elm: CommunityBuilder, engines: Engines
) -> None:
    last = MONDAY - timedelta(days=7)
    publish(engines, elm, Held("choir", "lounge", 3, "10:00", ["finn"], ["ada", "ben"], ref="choir-0"), week=last)
    close(engines, elm, "lounge", last + timedelta(days=3))

    assert "against it by now" not in director.get(f"/week/{last}").text


def test_of_a_week_that_is_not_published_nothing_has_changed_yet(
    director: Browser, elm: CommunityBuilder, engines: Engines
) -> None:
    assert "This week is not published yet." in director.get(f"{WEEK}/changes").text

    publish(engines, elm, Held("choir", "lounge", 3, "10:00", ["finn"], ["ada", "ben"], ref="choir-1"))

    assert "This week is as it was first published." in director.get(f"{WEEK}/changes").text
