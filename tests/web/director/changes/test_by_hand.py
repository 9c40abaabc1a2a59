"""A draft changed by hand on the pages: moved, invited, undone; what it would break is said first."""

import json
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from milieu.database import Engines, reading, unit_of_work
from milieu.models import Absence, Pin, Plan, PlanPlace, PlanSession, SpaceClosure
from milieu.solving.problem.document import make_problem
from tests.milieu.builders import NOW, CommunityBuilder, Held
from tests.web.builders import CHOIR, NEXT_MONDAY, draft
from tests.web.conftest import Browser
from tests.web.director.week.test_week import words

WEEK = f"/week/{NEXT_MONDAY}"


@pytest.fixture
def director(elm: CommunityBuilder, sign_in: Callable[..., Browser]) -> Browser:
    return sign_in(elm)


@pytest.fixture
def choir(engines: Engines, elm: CommunityBuilder) -> str:
    """The address of the choir in a draft of next week."""
    draft(engines, elm, [CHOIR])
    with reading(engines) as db:
        row = db.query(PlanSession).one()
    return f"{WEEK}/session/{row.ref}"


def sessions(engines: Engines) -> list[tuple[str, int, int]]:
    with reading(engines) as db:
        return sorted((str(row.on_date), row.start_minute, row.end_minute) for row in db.query(PlanSession))


def invited(engines: Engines) -> set[str]:
    with reading(engines) as db:
        return {row.resident_id for row in db.query(PlanPlace)}


def version(page: str) -> str:
    return re.findall(r'name="version" value="(\d+)"', page)[0]


def placing(page: str, **other: str) -> dict[str, str]:
    """What the form on a session's page of change holds, otherwise than it is."""
    form = page[page.index('aria-labelledby="place-head"') :]
    fields = dict(re.findall(r'<input [^>]*name="(start|version)"[^>]*value="([^"]*)"', form))
    fields["day"] = re.findall(r'<option value="(20[^"]+)" selected', form)[0]
    fields["space"] = re.findall(r'name="space".*?<option value="([^"]+)" selected', form, re.S)[0]
    fields["leader"] = re.findall(r'name="leader" value="([^"]+)" checked', form)[0]
    return {**fields, **other}


def test_a_card_that_is_held_is_told_what_each_day_offers_or_why_it_offers_nothing(
    director: Browser, engines: Engines, elm: CommunityBuilder
) -> None:
    draft(engines, elm, [CHOIR, Held("choir", "lounge", 2, "10:00", ["finn"], ["cleo", "dov"], ref="choir-2")])
    thursday, friday = (NEXT_MONDAY + timedelta(days=day) for day in (3, 4))
    with unit_of_work(engines) as db:
        elm.db = db
        db.add(Absence(community_id=elm.id, facilitator_id=elm.facilitators["finn"].id, **_on(thursday)))
        for space in elm.spaces.values():
            db.add(SpaceClosure(community_id=elm.id, space_id=space.id, kind="other", reason="", **_on(friday)))
    with reading(engines) as db:
        ref = db.query(PlanSession).filter(PlanSession.on_date == NEXT_MONDAY + timedelta(days=1)).one().ref

    told = json.loads(director.get(f"{WEEK}/session/{ref}/where").text)

    days = {each["day"][-2:]: each.get("said") or each["why"] for each in told}
    assert days["07"].endswith("Lounge: everybody can come")
    assert days["09"] == "it is held then already"
    assert days["10"] == "nobody who could lead it is free"
    assert days["11"] == "no space for it is open at its hours"


def _on(day: date) -> dict[str, Any]:
    return {"first_date": day, "last_date": day, "start_minute": 0, "end_minute": 1440}


def test_a_session_is_moved_and_that_is_undone_and_done_again(director: Browser, engines: Engines, choir: str) -> None:
    (before,) = sessions(engines)
    page = director.get(f"{choir}/change").text

    answer = director.send(f"{choir}/place", f"{choir}/change", **placing(page, start="11:00"))

    assert answer.status_code == 303
    assert sessions(engines) == [(before[0], 660, 660 + before[2] - before[1])]
    week = director.get(WEEK).text
    assert "1 change by hand; the last one: Choir, now Tue 8 11:00" in words(week)
    director.send(f"{WEEK}/undo", WEEK, version=version(week))
    assert sessions(engines) == [before]
    week = director.get(WEEK).text
    assert "Undone: Choir, now Tue 8 11:00." in words(week)
    director.send(f"{WEEK}/redo", WEEK, version=version(week))
    assert sessions(engines)[0][1] == 660
    assert director.get(f"{WEEK}/publish").status_code == 200


def test_what_a_change_would_break_is_said_and_nothing_is_changed(
    director: Browser, engines: Engines, choir: str
) -> None:
    before = sessions(engines)
    page = director.get(f"{choir}/change").text

    answer = director.send(f"{choir}/place", f"{choir}/change", **placing(page, start="03:00"))

    assert answer.status_code == 409
    assert "Nothing was changed yet. Finn Made-Up is not there for Choir" in words(answer.text)
    assert sessions(engines) == before
    kept = director.send(f"{choir}/place", f"{choir}/change", **placing(page, start="03:00", on_purpose="yes"))
    assert kept.status_code == 303
    assert sessions(engines)[0][1] == 180
    week = director.get(WEEK).text
    assert "look" in week
    assert "mend it by hand, or plan it again" in words(week)
    with reading(engines) as db:
        plan = db.query(Plan).one()
    published = director.send(f"{WEEK}/publish", WEEK, plan=plan.id, version=str(plan.version))
    assert published.status_code == 409


def test_somebodys_no_is_not_overruled_in_a_draft_either(
    director: Browser, engines: Engines, elm: CommunityBuilder, choir: str
) -> None:
    cleo = elm.residents["cleo"]
    with reading(engines) as db:
        assert cleo.id not in {row.resident_id for row in db.query(PlanPlace)}
    director.send(
        "/changed/refusal",
        "/changed?kind=refusal",
        who=cleo.id,
        what=f"activity:{elm.activities['choir'].id}",
        **{"for": "good"},
    )
    page = director.get(choir).text

    answer = director.send(f"{choir}/invite", choir, who=cleo.id, version=version(page), on_purpose="yes")

    assert answer.status_code == 409
    assert "that holds, in drafts too" in words(answer.text)
    assert "Do it all the same" not in answer.text
    assert cleo.id not in invited(engines)


def test_people_are_invited_taken_out_and_swapped(
    director: Browser, engines: Engines, elm: CommunityBuilder, choir: str
) -> None:
    cleo, dov = (elm.residents[name].id for name in ("cleo", "dov"))
    there = invited(engines)
    assert cleo not in there

    page = director.get(choir).text
    assert "Who else would like it" in page
    director.send(f"{choir}/invite", choir, who=cleo, version=version(page))
    assert invited(engines) == there | {cleo}
    page = director.get(choir).text
    director.send(f"{choir}/invite", choir, who=dov, instead_of=cleo, version=version(page))
    assert invited(engines) == there | {dov}
    page = director.get(choir).text
    director.send(f"{choir}/take-out", choir, who=dov, version=version(page))
    assert invited(engines) == there


@pytest.mark.slow(1.8)
def test_what_is_fixed_is_planned_as_it_is_and_follows_the_session(
    director: Browser, engines: Engines, elm: CommunityBuilder, choir: str
) -> None:
    ada = elm.residents["ada"].id
    page = director.get(choir).text
    director.send(f"{choir}/fix", choir, fixed="yes", who=ada, version=version(page))

    page = director.get(choir).text
    assert "Fixed: planning again leaves day, time, room and leaders as they are." in words(page)
    assert "No fact has changed since this was planned." in words(director.get(WEEK).text)
    with reading(engines) as db:
        pins = make_problem(db, elm.id, NEXT_MONDAY, NOW, repair=False).document.pins
    assert [each.model_dump(exclude_none=True) for each in pins] == [
        {"attend": ada, "session": "choir-1"},
        {
            "session": {
                "id": "choir-1",
                "activity": elm.activities["choir"].id,
                "day": 1,
                "start": "10:00",
                "space": elm.spaces["lounge"].id,
                "facilitators": (elm.facilitators["finn"].id,),
                "residents": (),
            }
        },
    ]
    change_page = director.get(f"{choir}/change").text
    director.send(f"{choir}/place", f"{choir}/change", **placing(change_page, start="11:00"))
    with reading(engines) as db:
        assert db.query(Pin).filter(Pin.kind == "session").one().fixed["start"] == "11:00"
    page = director.get(choir).text
    director.send(f"{choir}/take-out", choir, who=ada, version=version(page))
    page = director.get(choir).text
    with reading(engines) as db:
        assert [row.kind for row in db.query(Pin)] == ["session"]
    director.send(f"{choir}/fix", choir, fixed="no", version=version(page))
    with reading(engines) as db:
        assert db.query(Pin).count() == 0


def test_two_people_at_once_lose_nothing(director: Browser, engines: Engines, choir: str) -> None:
    page = director.get(f"{choir}/change").text
    director.send(f"{choir}/place", f"{choir}/change", **placing(page, start="11:00"))

    late = director.send(f"{choir}/place", f"{choir}/change", **placing(page, start="11:30"))

    assert late.status_code == 409
    assert "Your change was not made; nothing was overwritten." in words(late.text)
    assert "Changed last: Choir, now Tue 8 11:00" in words(late.text)
    assert sessions(engines)[0][1] == 660


def test_a_session_is_added_copied_and_removed(
    director: Browser, engines: Engines, elm: CommunityBuilder, choir: str
) -> None:
    page = director.get(f"{WEEK}/add").text
    fields = {
        "activity": elm.activities["walk"].id,
        "day": str(NEXT_MONDAY),
        "start": "15:00",
        "space": elm.spaces["lounge"].id,
        "leader": elm.facilitators["finn"].id,
        "version": version(page),
        "on_purpose": "yes",
    }
    added = director.send(f"{WEEK}/add", f"{WEEK}/add", **fields)
    assert added.status_code == 303
    assert len(sessions(engines)) == 2
    page = director.get(f"{choir}/change").text
    day = f"{NEXT_MONDAY:%Y-%m-}{NEXT_MONDAY.day + 3:02}"
    copied = director.send(f"{choir}/copy", f"{choir}/change", day=day, start="10:00", version=version(page))
    assert copied.status_code == 303
    assert (day, 600) in [(each[0], each[1]) for each in sessions(engines)]
    page = director.get(f"{choir}/change").text
    director.send(f"{choir}/remove", f"{choir}/change", version=version(page))
    assert len(sessions(engines)) == 2
    assert director.get(choir).status_code == 404


def test_wrong_fields_say_so_and_keep_what_was_typed(director: Browser, engines: Engines, choir: str) -> None:
    page = director.get(f"{choir}/change").text

    answer = director.send(f"{choir}/place", f"{choir}/change", **placing(page, start="noon"))

    assert answer.status_code == 422
    assert "Please write the time as 14:30." in words(answer.text)
    assert 'value="noon"' in answer.text


def test_a_week_begins_by_hand_from_what_is_published_and_like_last_week(
    director: Browser, engines: Engines, elm: CommunityBuilder
) -> None:
    assert "Begin like last week" not in director.get(WEEK).text  # there was none
    with unit_of_work(engines) as db:
        elm.db = db
        elm.publication([Held("choir", "lounge", 3, "10:00", ["finn"], ["ada", "ben"], ref="thursday")])
    assert "Begin like last week" in director.get(WEEK).text

    director.send(f"{WEEK}/by-hand", WEEK, **{"from": "last week"})
    assert "Draft, begun by hand today 09:00" in words(director.get(WEEK).text)
    assert "There is a draft already, begun by hand today 09:00" in words(director.get(f"{WEEK}/plan").text)

    assert [each[1] for each in sessions(engines)] == [600]
    with reading(engines) as db:
        assert db.query(Plan).one().week_start == NEXT_MONDAY
    director.send("/week/2026-11-30/by-hand", "/week/2026-11-30", **{"from": "published"})
    assert len(sessions(engines)) == 2


def test_who_changes_a_card_or_a_person_is_led_back_to_it(director: Browser, elm: CommunityBuilder, choir: str) -> None:
    """Each on its own page of many: nobody looks for the place again."""
    ref, ada = choir.rsplit("/", 1)[1], elm.residents["ada"].id
    change_page = director.get(f"{choir}/change").text

    moved = director.send(
        f"{choir}/place", f"{choir}/change", **placing(change_page, start="11:00", back_to_week="cards")
    )
    page = director.get(choir).text
    fixed = director.send(f"{choir}/fix", choir, fixed="yes", who=ada, version=version(page))

    assert moved.headers["Location"] == f"{WEEK}?view=draft#session-{ref}"
    assert f'id="session-{ref}"' in director.get(f"{WEEK}?view=draft").text
    assert fixed.headers["Location"] == f"{choir}?view=draft#who-{ada}"
    assert f'id="who-{ada}"' in director.get(choir).text


def test_a_published_session_leads_to_its_own_change(
    director: Browser, engines: Engines, elm: CommunityBuilder
) -> None:
    with unit_of_work(engines) as db:
        elm.db = db
        elm.publication([CHOIR], week_start=NEXT_MONDAY)
    address = f"{WEEK}/session/{CHOIR.ref}"
    form = re.findall(r'name="(from|ref)" value="([^"]+)"', director.get(f"{address}?view=published").text)

    answer = director.send(f"{WEEK}/by-hand", f"{address}?view=published", **dict(form))

    assert answer.location == f"{address}/change"
    assert "Change it in the draft…" in director.get(f"{address}?view=published").text
    page = director.get(f"{address}/change").text
    director.send(f"{address}/place", f"{address}/change", **placing(page, start="11:00"))
    assert f'href="{WEEK}/publish"' in director.get(f"{address}?view=draft").text
