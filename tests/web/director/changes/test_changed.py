"""Something changed: told in a form, listed with what it stands against, refused at its field, gone at once."""

import re
from collections.abc import Callable

import pytest

from milieu.database import Engines, unit_of_work
from milieu.models import ActivityMember, ResidentRead
from tests.milieu.builders import CommunityBuilder, Held
from tests.web.conftest import Browser
from tests.web.director.week.test_week import words

THURSDAY, FRIDAY = "2026-12-03", "2026-12-04"
ABSENCE, REFUSAL, APART = (f"/changed?kind={kind}" for kind in ("absence", "refusal", "apart"))


@pytest.fixture
def director(engines: Engines, elm: CommunityBuilder, sign_in: Callable[..., Browser]) -> Browser:
    with unit_of_work(engines) as db:
        elm.db = db
        elm.publication(
            [
                Held("choir", "lounge", 3, "10:00", ["finn"], ["ada", "ben"], ref="thursday"),
                Held("chess", "studio", 4, "14:00", ["gita"], ["ada", "cleo"], ref="friday"),
            ]
        )
        elm.relative("una", of=elm.residents["ada"])
    return sign_in(elm)


def test_a_colleague_is_away_in_three_taps_and_the_page_says_what_stands_against_it(
    director: Browser, elm: CommunityBuilder
) -> None:
    finn = elm.facilitators["finn"].id

    answer = director.send("/changed/absence", ABSENCE, who=finn, first=THURSDAY, last=FRIDAY, part="", reason="")

    assert answer.status_code == 303
    assert answer.location == "/week/2026-11-30/choices"
    page = words(director.get("/changed").text)
    assert "Finn Made-Up is away from Thursday 3 December to Friday 4 December." in page
    assert "1 published session stands against it: Choir, Thu 3 10:00." in page
    assert "Looking for what can be done in the week of 30 November. Look at them" in page


def test_a_part_of_a_day_is_said_in_words(director: Browser, elm: CommunityBuilder) -> None:
    studio = elm.spaces["studio"].id
    given = {"who": studio, "first": FRIDAY, "last": "", "part": "morning", "detail": "repairs", "reason": ""}

    answer = director.send("/changed/closure", "/changed?kind=closure", **given)

    page = words(director.get(answer.location).text)
    assert "Studio cannot be used on Friday 4 December, in the morning, because of repairs." in page
    assert "No published session to come stands against it." in page


def test_hours_are_told_by_the_clock_and_stand_in_the_form_where_they_are_corrected(
    director: Browser, elm: CommunityBuilder
) -> None:
    form = "/changed?kind=closure"
    given = {"who": elm.spaces["studio"].id, "first": FRIDAY, "last": "", "detail": "repairs", "reason": ""}

    half = director.send("/changed/closure", form, **given, part="", start="10:30", end="")
    answer = director.send("/changed/closure", form, **given, part="", start="10:30", end="12:30")

    assert half.status_code == 422
    page = director.get(answer.location).text
    assert "Studio cannot be used on Friday 4 December, 10:30 to 12:30, because of repairs." in words(page)
    line = re.search(r'href="(/changed/line/[^"]+)"', page)
    assert line
    again = director.get(line[1]).text
    assert 'type="time" value="10:30"' in again
    assert 'type="time" value="12:30"' in again


def test_a_visit_is_offered_for_a_no_with_the_name_of_whom_it_is_for(
    engines: Engines, director: Browser, elm: CommunityBuilder
) -> None:
    with unit_of_work(engines) as db:
        elm.db = db
        for who in ("ada", "ben"):
            visit = elm.activity(f"visit-{who}", name="A visit", max_group=1, min_group=1, is_closed=True)
            elm.add(ActivityMember(community_id=elm.id, activity_id=visit.id, resident_id=elm.residents[who].id))

    page = director.get(REFUSAL).text

    assert re.findall(r">(A visit[^<]*)<", page) == ["A visit, Ada Made-Up", "A visit, Ben Made-Up"]


def test_an_outbreak_holds_for_whole_days(director: Browser, elm: CommunityBuilder) -> None:
    page = director.get("/changed?kind=outbreak").text
    assert 'name="part"' not in page

    given = {"who": elm.groups["garden"].id, "first": THURSDAY, "last": FRIDAY, "reason": ""}
    answer = director.send("/changed/outbreak", "/changed?kind=outbreak", **given)

    told = words(director.get(answer.location).text)
    assert "Garden wing has an outbreak from Thursday 3 December to Friday 4 December." in told


def test_a_no_is_gone_from_every_page_when_it_is_noted(
    director: Browser, elm: CommunityBuilder, sign_in: Callable[..., Browser]
) -> None:
    ada, choir = elm.residents["ada"].id, elm.activities["choir"].id
    family = sign_in(elm, "family", relative_id=elm.relatives["una"].id)
    pages = ((director, "/week/2026-11-30/session/thursday"), (director, f"/people/{ada}"), (family, "/family"))
    named = ("Ada", "Choir", "Choir")
    assert all(name in browser.get(path).text for (browser, path), name in zip(pages, named, strict=True))

    given = {"who": ada, "what": f"activity:{choir}", "for": "good", "last": ""}
    answer = director.send("/changed/refusal", REFUSAL, **given)

    assert "Ada Made-Up" not in words(director.get(pages[0][1]).text).split("Invited", 1)[-1].split("Who else", 1)[0]
    assert "Thursday 3 December: Choir" not in words(family.get("/family").text)
    page = words(director.get(answer.location).text)
    assert "Ada Made-Up said no to Choir, for good. 1 invitation was gone at once. Nobody was moved up." in page


def test_two_are_kept_apart_until_a_day(director: Browser, elm: CommunityBuilder) -> None:
    ids = {"who": elm.residents["cleo"].id, "other": elm.residents["ada"].id}

    answer = director.send("/changed/apart", APART, **ids, **{"for": "days", "last": "2026-12-31"})

    page = words(director.get(answer.location).text)
    assert "Cleo Made-Up and Ada Made-Up are to be kept apart, until Thursday 31 December." in page


def test_what_is_wrong_stands_at_its_field_and_nothing_typed_is_lost(director: Browser, elm: CommunityBuilder) -> None:
    finn = elm.facilitators["finn"].id
    given = {"who": finn, "first": FRIDAY, "last": THURSDAY, "part": "evening", "reason": "At a <course>"}

    answer = director.send("/changed/absence", ABSENCE, **given)

    assert answer.status_code == 422
    assert "The last day is before the first." in answer.text
    assert 'name="last" type="date" value="2026-12-03" aria-invalid="true"' in answer.text
    assert f'<option value="{finn}" selected>' in answer.text
    assert 'value="At a &lt;course&gt;"' in answer.text
    assert "Nothing was told today." in answer.text

    badly = director.send("/changed/absence", ABSENCE, who=finn, first="soon")
    assert badly.status_code == 422
    assert "Please write the day as 2026-12-31." in badly.text
    known = {"who": elm.residents["ada"].id, "what": f"activity:{elm.activities['walk'].id}", "for": "good"}
    assert director.send("/changed/refusal", REFUSAL, **known).status_code == 303
    again = director.send("/changed/refusal", REFUSAL, **known)
    assert again.status_code == 409
    assert "This no is known already, and it holds." in again.text


def test_a_double_click_tells_it_once_and_what_was_a_slip_is_taken_back(
    director: Browser, elm: CommunityBuilder
) -> None:
    given = {"who": elm.facilitators["gita"].id, "first": FRIDAY, "form_key": "one-click-of-somebody"}
    for _ in range(2):
        assert director.send("/changed/absence", ABSENCE, **given).status_code == 303
    page = director.get("/changed").text
    assert page.count("is away on Friday 4 December.") == 1
    path = page.split('action="/changed/line/')[1].split('"')[0]

    director.send(f"/changed/line/{path}", "/changed", day="2026-12-02")

    page = words(director.get("/changed").text)
    assert "Gita Made-Up is away on Friday 4 December. Taken back today 09:00." in page
    assert "Take back:" not in page


def test_unknown_kinds_days_and_lines_are_no_faults_of_ours(director: Browser) -> None:
    assert director.get("/changed?kind=ghosts&day=someday").status_code == 200
    assert director.send("/changed/ghosts", "/changed").status_code == 404
    assert director.send("/changed/line/nothing/take-back", "/changed").status_code == 404


def test_each_resident_that_the_page_names_is_in_the_record_of_reads(
    director: Browser, elm: CommunityBuilder, engines: Engines
) -> None:
    director.get(ABSENCE)
    director.get(REFUSAL)

    with unit_of_work(engines) as db:
        read = {row.resident_id for row in db.query(ResidentRead).filter(ResidentRead.page == "director.changed")}
    assert read == {row.id for row in elm.residents.values()}


def test_somebody_has_died_and_no_page_invites_them_any_more(
    director: Browser, elm: CommunityBuilder, sign_in: Callable[..., Browser]
) -> None:
    family = sign_in(elm, "family", relative_id=elm.relatives["una"].id)
    assert "Choir" in words(family.get("/family").text)

    given = {"who": elm.residents["ada"].id, "first": "2026-12-02"}
    answer = director.send("/changed/death", "/changed?kind=death", **given)

    page = words(director.get(answer.location).text)
    assert "Ada Made-Up died on Wednesday 2 December. 2 invitations were gone at once. Nobody was moved up." in page
    letter = words(family.get("/family").text)
    assert "please ring the team" in letter
    for word in ("Choir", "invited", "Good morning", "looking forward"):
        assert word not in letter
    assert "Ada" not in words(director.get("/week/2026-11-30/session/thursday").text)


def test_a_newcomer_moves_in_and_a_guest_comes(director: Browser, elm: CommunityBuilder) -> None:
    given = {"given_name": "Gus", "family_name": "Okoro", "group": elm.groups["river"].id, "room": "9"}
    answer = director.send("/changed/arrival", "/changed?kind=arrival", **given, first=THURSDAY)
    assert "Day 1 here. Still to be asked: how they like to be asked" not in (
        own := words(director.get(answer.location).text)
    )
    assert "Gus Okoro" in own  # they come tomorrow
    page = words(director.get("/changed").text)
    assert "Gus Okoro moves in on Thursday 3 December: River wing, room 9." in page

    director.send("/changed/arrival", "/changed?kind=arrival", **given | {"given_name": "Una"}, first="2019-03-01")
    assert "Una Okoro lives here since 1 March 2019: River wing, room 9." in words(director.get("/changed").text)

    what = {"activity": elm.activities["choir"].id, "space": elm.spaces["lounge"].id, "guest": "Ida Fiddler"}
    answer = director.send("/changed/guest", "/changed?kind=guest", **what, first=FRIDAY, start="15:00")
    assert answer.location == "/week/2026-11-30/choices"
    page = words(director.get("/changed").text)
    assert "Choir is fixed for Friday 4 December at 15:00: Lounge, Ida Fiddler." in page
    assert "What is published does not hold it yet. What can be done" in page

    odd = director.send("/changed/guest", "/changed?kind=guest", **what, first=FRIDAY, start="15:07")
    assert odd.status_code == 422
    assert "Please choose a time on the 15 minutes, such as 14:00." in odd.text
    assert "Please write the time as 14:30." in director.send("/changed/guest", "/changed", **what, first=FRIDAY).text
    both = {**what, "leader": elm.facilitators["finn"].id, "start": "15:00"}
    assert director.send("/changed/guest", "/changed", **both, first=FRIDAY).status_code == 422


def test_it_is_too_wet_and_somebody_moves_rooms_or_out(
    director: Browser, elm: CommunityBuilder, engines: Engines
) -> None:
    with unit_of_work(engines) as db:
        elm.db = db
        elm.space("garden", features=["garden"])
        elm.activity("bowls", needs_features=["garden"], wet_twin="chess")
    form = director.get("/changed?kind=weather").text
    assert f'value="{elm.spaces["garden"].id}" checked' in form
    assert elm.spaces["lounge"].id not in form

    director.send("/changed/weather", "/changed?kind=weather", spaces=elm.spaces["garden"].id, first=THURSDAY)
    ben = elm.residents["ben"].id
    director.send("/changed/move", "/changed?kind=move", who=ben, group=elm.groups["river"].id, room="20")
    director.send("/changed/departure", "/changed?kind=departure", who=ben, first=FRIDAY, detail="moved")
    to_come = {"who": elm.residents["ada"].id, "group": elm.groups["river"].id, "room": "21", "first": FRIDAY}
    director.send("/changed/move", "/changed?kind=move", **to_come)
    ada = words(director.get(f"/people/{elm.residents['ada'].id}").text)
    assert "Moves to River wing, room 21, on Friday 4 December." in ada

    page = words(director.get("/changed").text)
    assert "It is too wet outside on Thursday 3 December: Garden." in page
    assert "Ben Made-Up lives in River wing, room 20, from Wednesday 2 December on." in page
    assert "Ben Made-Up moves out on Friday 4 December." in page
    nothing = director.send("/changed/weather", "/changed?kind=weather", first=THURSDAY)
    assert "Please choose what cannot be used." in nothing.text


def test_the_morning_is_told_how_far_it_may_go_by_itself(director: Browser) -> None:
    assert director.send("/changed/limit", "/changed", most="5").status_code == 303
    assert 'name="most" inputmode="numeric" maxlength="3" autocomplete="off" value="5"' in director.get("/changed").text
    refused = director.send("/changed/limit", "/changed", most="many")
    assert refused.status_code == 422
    assert "Please write a number from 0 to 999, or nothing." in refused.text
    assert director.send("/changed/limit", "/changed", most="").status_code == 303
    assert 'autocomplete="off" value=""' in director.get("/changed").text
