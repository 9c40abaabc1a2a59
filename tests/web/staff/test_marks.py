"""Marks from the pages: one tap, one row; taken back, never on somebody else; what cannot be held."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask

from milieu.database import Engines, reading
from milieu.models import Account, Attendance, SessionHeld
from tests.milieu.builders import CommunityBuilder, FixedClock
from tests.web.conftest import Browser
from tests.web.staff.floor import (
    ASKING,
    CHOIR,
    CHOIR_PAGE,
    WALK,
    forms_of,
    mark_of,
    minutes_after,
    press,
    published_day,
    rows_of,
    text_of,
)

SignIn = Callable[..., Browser]
ASKS_FOR_CARD = {"X-Milieu-Fragment": "card"}


def test_a_tap_is_saved_and_the_page_comes_back_to_its_place(
    engines: Engines, elm: CommunityBuilder, joe: Browser
) -> None:
    answer = press(joe, "/today", "Ada", "attended")
    page = joe.get("/today").text

    held = mark_of(engines, elm, "ada")
    assert held is not None
    assert (held.outcome, held.by, held.at) == ("attended", "Staff Made-Up", ASKING)
    assert answer.status_code == 303
    path, anchor = answer.location.split("#")
    assert path == "/today"
    assert f'id="{anchor}"' in page
    assert anchor.endswith(elm.residents["ada"].id)
    assert forms_of(page)["Ada Made-Up"].pressed == ("attended",)
    assert "Came · 10:20 · Staff Made-Up Take back" in text_of(page)
    assert "2 still to mark" in text_of(page)


def test_from_a_session_s_own_page_it_comes_back_there(joe: Browser) -> None:
    assert press(joe, CHOIR_PAGE, "Ada", "declined").location.split("#")[0] == CHOIR_PAGE


def test_tapping_again_says_the_same_and_only_take_back_takes_it_back(
    engines: Engines, elm: CommunityBuilder, joe: Browser
) -> None:
    press(joe, "/today", "Ada", "in care")
    press(joe, "/today", "Ada", "attended")
    press(joe, "/today", "Ada", "attended")
    twice = mark_of(engines, elm, "ada")
    press(joe, "/today", "Ada", "undo")
    back = mark_of(engines, elm, "ada")
    press(joe, "/today", "Ada", "undo")
    empty = mark_of(engines, elm, "ada")

    assert [each and each.outcome for each in (twice, back, empty)] == ["attended", "in care", None]
    assert rows_of(engines) == 4
    assert forms_of(joe.get("/today").text)["Ada Made-Up"].pressed == ()


def test_what_a_colleague_marked_is_corrected_but_not_taken_back(
    engines: Engines, elm: CommunityBuilder, joe: Browser, sign_in: SignIn
) -> None:
    mei = sign_in(elm, "staff")
    press(joe, CHOIR_PAGE, "Ada", "attended")
    old = forms_of(joe.get(CHOIR_PAGE).text)["Ada Made-Up"]
    hers = forms_of(mei.get(CHOIR_PAGE).text)["Ada Made-Up"]
    press(mei, CHOIR_PAGE, "Ada", "unwell")
    forged = mei.post(hers.action, data={**hers.fields, "mark": old.buttons["undo"]}, headers=ASKS_FOR_CARD)
    stale = joe.post(old.action, data={**old.fields, "mark": old.buttons["undo"]}, headers=ASKS_FOR_CARD)

    held = mark_of(engines, elm, "ada")
    assert held is not None
    assert held.outcome == "unwell"
    assert "undo" not in hers.buttons
    assert (forged.status_code, stale.status_code) == (409, 200)
    assert "Only one’s own last mark can be taken back" in text_of(forged.text)
    assert "Staff Made-Up marked “Unwell” later, at 10:20: that counts." in text_of(stale.text)


def test_what_was_tapped_earlier_does_not_replace_what_came_before_it_arrived(
    engines: Engines, elm: CommunityBuilder, joe: Browser, sign_in: SignIn
) -> None:
    mei = sign_in(elm, "staff")
    form = forms_of(joe.get(CHOIR_PAGE).text)["Ada Made-Up"]
    press(mei, CHOIR_PAGE, "Ada", "unwell")
    before = {
        "tapped_at": str(int((ASKING - timedelta(seconds=4)).timestamp() * 1000)),
        "mark": "asleep",
        "form_key": "k" * 32,
    }
    card = joe.post(form.action, data={**form.fields, **before}, headers=ASKS_FOR_CARD)

    told = text_of(card.text)
    assert forms_of(card.text)["Ada Made-Up"].pressed == ("unwell",)
    assert "Unwell · 10:20 · Staff Made-Up" in told
    assert "Within the same minute Staff Made-Up marked “Asleep” (10:19). What was tapped last counts." in told
    assert rows_of(engines) == 2


@pytest.mark.parametrize("moment", ["", "-1", "x", "1" * 14, "9" * 40, "1.5"])
def test_a_moment_that_is_none_is_the_arrival(
    engines: Engines, elm: CommunityBuilder, joe: Browser, moment: str
) -> None:
    form = forms_of(joe.get(CHOIR_PAGE).text)["Ada Made-Up"]
    answer = joe.post(form.action, data={**form.fields, "mark": "asleep", "tapped_at": moment})

    held = mark_of(engines, elm, "ada")
    assert held is not None
    assert answer.status_code == 303
    assert held.at == ASKING


def test_a_colleague_who_sends_marks_leaves_them_the_name_of_who_tapped(
    engines: Engines, elm: CommunityBuilder, joe: Browser, sign_in: SignIn
) -> None:
    [tapper] = re.findall(r'data-tapper="([^"]+)"', joe.get(CHOIR_PAGE).text)
    mei = sign_in(elm, "staff")
    oak = published_day(engines, "oak")
    [foreign] = re.findall(r'data-tapper="([^"]+)"', sign_in(oak, "staff").get("/today").text)
    form = forms_of(mei.get(CHOIR_PAGE).text)["Ada Made-Up"]
    forged = tapper[:-9] + ("a" if tapper[-9] != "a" else "b") + tapper[-8:]  # the last letter's bits do not all count
    sent = {
        who: mei.post(form.action, data={**form.fields, "mark": "asleep", "tapper": who}, headers=ASKS_FOR_CARD)
        for who in (foreign, forged, tapper)
    }

    assert [answer.status_code for answer in sent.values()] == [409, 409, 200]
    assert "It cannot be told any more who tapped this. Please mark it anew." in text_of(sent[foreign].text)
    with reading(engines) as db:
        [row] = db.query(Attendance).all()
        names = {each.id: each.email for each in db.query(Account)}
    assert (names[row.marked_by].split("@")[0], names[row.sent_by].split("@")[0]) == ("staff0", "staff1")


def test_another_tap_replaces_the_one_before(joe: Browser) -> None:
    press(joe, "/today", "Ada", "declined")
    press(joe, "/today", "Ada", "attended/quiet")
    page = joe.get("/today").text

    assert forms_of(page)["Ada Made-Up"].pressed == ("attended", "attended/quiet")
    assert "Came, quiet · 10:20" in text_of(page)


def test_a_double_tap_is_one_mark_and_no_undo(engines: Engines, elm: CommunityBuilder, joe: Browser) -> None:
    form = forms_of(joe.get("/today").text)["Ada Made-Up"]
    for _ in range(2):
        joe.post(form.action, data={**form.fields, "mark": form.buttons["attended"]})

    held = mark_of(engines, elm, "ada")
    assert held is not None
    assert (held.outcome, rows_of(engines)) == ("attended", 1)


def test_two_buttons_of_an_old_page_are_two_marks(engines: Engines, elm: CommunityBuilder, joe: Browser) -> None:
    form = forms_of(joe.get("/today").text)["Ada Made-Up"]
    for outcome in ("attended", "declined"):
        joe.post(form.action, data={**form.fields, "mark": form.buttons[outcome]})

    held = mark_of(engines, elm, "ada")
    assert held is not None
    assert (held.outcome, rows_of(engines)) == ("declined", 2)


def test_twenty_posts_of_one_tap_at_once_are_one_mark(
    app: Flask, engines: Engines, elm: CommunityBuilder, joe: Browser
) -> None:
    form = forms_of(joe.get("/today").text)["Ada Made-Up"]
    cookie = joe.get_cookie("milieu")
    assert cookie is not None

    def post(_number: int) -> int:
        browser = app.test_client()
        browser.set_cookie("milieu", cookie.value)
        return browser.post(form.action, data={**form.fields, "mark": "attended"}).status_code

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(post, range(20)))

    assert answers == [303] * 20
    assert rows_of(engines) == 1


def test_two_tablets_mark_one_person_and_both_are_kept(
    engines: Engines, elm: CommunityBuilder, joe: Browser, sign_in: SignIn
) -> None:
    mei = sign_in(elm, "staff")
    page = CHOIR_PAGE
    form_of_joe, form_of_mei = (forms_of(each.get(page).text)["Ada Made-Up"] for each in (joe, mei))
    joe.post(form_of_joe.action, data={**form_of_joe.fields, "mark": "attended"})
    mei.post(form_of_mei.action, data={**form_of_mei.fields, "mark": "declined"})

    held = mark_of(engines, elm, "ada")
    assert held is not None
    assert (held.outcome, rows_of(engines)) == ("declined", 2)
    assert forms_of(joe.get(page).text)["Ada Made-Up"].pressed == ("declined",)


def test_a_script_is_answered_with_the_card_alone(joe: Browser, elm: CommunityBuilder) -> None:
    answer = press(joe, "/today", "Ada", "attended", **ASKS_FOR_CARD)

    assert answer.status_code == 200
    assert answer.text.strip().startswith("<li")
    assert "<html" not in answer.text
    assert forms_of(answer.text)["Ada Made-Up"].pressed == ("attended",)
    assert "Ben" not in answer.text.replace("Sits well with Ben.", "")


@pytest.mark.parametrize("mark", ["came", "attended/lively", "declined/quiet", "", "attended/", "undo", "undo/quiet"])
def test_a_word_that_is_none_is_refused_in_words(engines: Engines, joe: Browser, mark: str) -> None:
    form = forms_of(joe.get("/today").text)["Ada Made-Up"]
    page = joe.post(form.action, data={**form.fields, "mark": mark})
    card = joe.post(form.action, data={**form.fields, "mark": mark}, headers=ASKS_FOR_CARD)

    if mark == "attended/":  # no level
        assert (page.status_code, card.status_code, rows_of(engines)) == (303, 200, 1)
        return
    assert (page.status_code, card.status_code, rows_of(engines)) == (422, 422, 0)
    assert "That could not be taken" in page.text
    assert forms_of(card.text)["Ada Made-Up"].pressed == ()
    assert 'class="problem"' in card.text


def test_nobody_can_have_come_hours_before(engines: Engines, joe: Browser) -> None:
    page = f"/today/2026-12-02/session/{WALK}"
    refused = press(joe, page, "Dov", "attended", **ASKS_FOR_CARD)
    taken = press(joe, page, "Dov", "declined", **ASKS_FOR_CARD)

    assert refused.status_code == 422
    assert "Walk has not begun, so nobody can have come yet." in text_of(refused.text)
    assert taken.status_code == 200
    assert rows_of(engines) == 1


def test_a_form_without_a_token_does_nothing(engines: Engines, joe: Browser) -> None:
    form = forms_of(joe.get("/today").text)["Ada Made-Up"]
    without = {name: value for name, value in form.fields.items() if name != "csrf_token"}

    answer = joe.post(form.action, data={**without, "mark": "attended"})

    assert (answer.status_code, rows_of(engines)) == (400, 0)


@pytest.mark.parametrize("key", ["", "k" * 65])
def test_a_form_without_a_key_of_its_own_does_nothing(engines: Engines, joe: Browser, key: str) -> None:
    form = forms_of(joe.get("/today").text)["Ada Made-Up"]

    answer = joe.post(form.action, data={**form.fields, "form_key": key, "mark": "attended"})

    assert (answer.status_code, rows_of(engines)) == (422, 0)


def test_what_is_foreign_is_as_absent_as_what_never_was(
    engines: Engines, elm: CommunityBuilder, joe: Browser, sign_in: SignIn
) -> None:
    oak = published_day(engines, "oak")
    form = forms_of(joe.get("/today").text)["Ada Made-Up"]
    stranger = sign_in(oak, "staff")
    fields = forms_of(stranger.get("/today?unit=all").text)["Ada Made-Up"].fields
    ours, theirs, nobody = elm.residents["ada"].id, oak.residents["ada"].id, "a" * 26
    root = "/today/2026-12-02/session"

    answers = [
        joe.post(f"{root}/{ref}/mark/{who}", data={**form.fields, "mark": "declined"})
        for ref, who in [(CHOIR, theirs), (CHOIR, nobody), ("nothing", ours)]
    ] + [stranger.post(f"{root}/{CHOIR}/mark/{who}", data={**fields, "mark": "declined"}) for who in (ours, nobody)]

    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.data for answer in answers}) == 1
    assert rows_of(engines) == 0


@pytest.mark.slow(1.2)
def test_who_is_not_invited_cannot_be_marked_by_a_forged_form(
    engines: Engines, elm: CommunityBuilder, joe: Browser
) -> None:
    form = forms_of(joe.get("/today").text)["Ada Made-Up"]
    forged = form.action.replace(elm.residents["ada"].id, elm.residents["cleo"].id)

    answer = joe.post(forged, data={**form.fields, "mark": "attended"})

    assert (answer.status_code, rows_of(engines)) == (409, 0)


@pytest.mark.parametrize("role", ["family", "administrator"])
def test_only_staff_and_director_mark(engines: Engines, elm: CommunityBuilder, sign_in: SignIn, role: str) -> None:
    browser = sign_in(elm, role)
    page = browser.get("/", follow_redirects=True).text
    [token, *_more] = re.findall(r'name="csrf_token" value="([^"]+)"', page)
    address = f"/today/2026-12-02/session/{CHOIR}/mark/{elm.residents['ada'].id}"

    answer = browser.post(address, data={"csrf_token": token, "form_key": "k" * 20, "mark": "attended"})

    assert (answer.status_code, rows_of(engines)) == (404, 0)


def test_what_cannot_be_held_is_said_everywhere_and_taken_back(engines: Engines, joe: Browser) -> None:
    press(joe, "/today", "Ada", "declined")
    told = joe.send(f"{CHOIR_PAGE}/held", held="no", reason="Nobody to lead it")
    session_page, today = joe.get(told.location).text, joe.get("/today").text
    session = text_of(session_page)
    back = joe.send(f"{CHOIR_PAGE}/held", held="yes")
    after = text_of(joe.get(back.location).text)

    assert (told.status_code, told.location) == (303, CHOIR_PAGE)
    assert "Noted: it cannot be held." in session
    assert "This will not be held. Nobody to lead it. 10:20, Staff Made-Up" in session
    assert "It is held after all" in session
    assert "Said no · 10:20 · Staff Made-Up" in text_of(session)  # what was marked is kept
    assert forms_of(session_page)["Ada Made-Up"].buttons == {}
    assert "3 people were invited · it is not held, so they are free until 11:15" in session
    for page in (session, text_of(today)):
        assert not re.search(r"Invite 3 p|begin 10|still to mark", page)
    assert "Next Body Walk 14:00" in text_of(today)  # what comes next is shown in its place
    assert "Also now 10:30 Choir Making Lounge · you lead not held" in text_of(today)
    assert "Noted: it is held after all." in after
    assert "This will not be held." not in after
    with reading(engines) as db:
        assert db.query(SessionHeld).count() == 2


def test_a_reason_that_is_too_long_is_told(engines: Engines, joe: Browser) -> None:
    answer = joe.send(f"{CHOIR_PAGE}/held", held="no", reason="x" * 201)

    assert (answer.status_code, "in at most 200 characters" in text_of(answer.text)) == (422, True)
    with reading(engines) as db:
        assert db.query(SessionHeld).count() == 0


def test_late_marks_are_taken_the_day_after_and_not_later(
    engines: Engines, elm: CommunityBuilder, clock: FixedClock, sign_in: SignIn
) -> None:
    clock.present = minutes_after(24 * 60)
    joe = sign_in(elm, "staff")
    taken = press(joe, CHOIR_PAGE, "Ada", "attended")
    form = forms_of(joe.get(CHOIR_PAGE).text)["Ben Made-Up"]
    clock.present = minutes_after(2 * 24 * 60)
    joe = sign_in(elm, "staff")
    token = dict(re.findall(r'name="(csrf_token)" value="([^"]+)"', joe.get("/today").text))
    refused = joe.post(form.action, data={**form.fields, **token, "mark": "attended"})

    assert taken.status_code == 303
    assert refused.status_code == 422
    assert "Choir was more than a day ago. Marks can be made until the day after." in text_of(refused.text)
    assert "Marks can be made on the day itself and the day after." in joe.get(CHOIR_PAGE).text
    assert rows_of(engines) == 1
