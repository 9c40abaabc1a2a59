"""Accounts on the director's page: made with consent, changed, ended at the next click; codes that work once."""

import html
import re
import threading
import time
from collections.abc import Callable

import pytest
from flask import Flask

from milieu.database import Engines, reading, unit_of_work
from milieu.models import Account, Change, HandledRequest, PasswordPass, Relative
from tests.milieu.builders import CommunityBuilder, FixedClock, small_community
from tests.patience import PATIENCE
from tests.web.conftest import PASSWORD, Browser
from web.account.hashing import hash_queue

NEW = "four words in a row"


@pytest.fixture
def ellen(engines: Engines, elm: CommunityBuilder) -> Relative:
    """Ada's daughter, with whom she shares her calendar."""
    with unit_of_work(engines) as db:
        elm.db = db
        elm.relative("abel", of=elm.residents["ben"])
        return elm.relative("ellen", of=elm.residents["ada"])


def make(director: Browser, role: str = "staff", **fields: str) -> tuple[str, str]:
    """Make an account on the page; its id and the code that is shown."""
    given = {"name": "Sam Made-Up", "email": "sam@home.local", "role": role, **fields}
    answer = director.send("/accounts/new", f"/accounts/new?for={role}", **given)
    assert answer.status_code == 200, answer.text
    found = re.search(r'class="code">([0-9A-Z-]+)<', answer.text)
    assert found is not None
    account_id = re.search(r'href="/accounts/([a-z0-9]{26})"', answer.text)
    assert account_id is not None
    return account_id[1], found[1]


def choose(app: Flask, code: str, password: str = NEW, again: str = "") -> tuple[int, Browser]:
    """Choose a password with a code, in a browser of one's own."""
    browser: Browser = app.test_client()  # type: ignore[assignment]
    answer = browser.send("/new-password", code=code, new=password, again=again or password)
    return answer.status_code, browser


def test_a_new_account_chooses_its_password_with_the_printed_code(
    app: Flask, elm: CommunityBuilder, sign_in: Callable[..., Browser], engines: Engines
) -> None:
    _, code = make(sign_in(elm))

    status, browser = choose(app, f" {code.lower().replace('-', ' ')} ")

    assert (status, browser.get("/today").status_code) == (302, 200)
    again: Browser = app.test_client()  # type: ignore[assignment]
    assert again.send("/sign-in", email="SAM@home.local", password=NEW).location == "/today"
    with reading(engines) as db:
        assert db.query(PasswordPass).count() == 0


def test_a_code_works_once_for_a_week_and_only_the_newest(
    app: Flask, elm: CommunityBuilder, sign_in: Callable[..., Browser], clock: FixedClock
) -> None:
    director = sign_in(elm)
    account_id, first = make(director)
    second = re.search(
        r'class="code">([0-9A-Z-]+)<',
        director.send(f"/accounts/{account_id}/code", f"/accounts/{account_id}").text,
    )
    assert second is not None

    assert choose(app, first)[0] == 422
    assert choose(app, second[1], "too short")[0] == 422
    assert choose(app, second[1], NEW, "not the same as that")[0] == 422
    assert choose(app, second[1])[0] == 302
    assert choose(app, second[1])[0] == 422
    _, third = make(director, email="late@home.local")
    clock.advance(days=7)
    assert choose(app, third)[0] == 422


def test_codes_are_kept_hashed_and_shown_once(
    elm: CommunityBuilder, sign_in: Callable[..., Browser], engines: Engines
) -> None:
    director = sign_in(elm)
    form = {"name": "Sam", "email": "sam@home.local", "role": "staff"}
    page = director.get("/accounts/new")
    hidden = dict(re.findall(r'name="(csrf_token|form_key)" value="([^"]+)"', page.text))

    first = director.post("/accounts/new", data={**hidden, **form})
    second = director.post("/accounts/new", data={**hidden, **form})

    code = re.search(r'class="code">([0-9A-Z-]+)<', first.text)
    assert code is not None
    assert (first.status_code, first.headers["Cache-Control"], second.status_code) == (200, "no-store", 303)
    assert "The code was shown once" in director.get(second.location).text
    with reading(engines) as db:
        kept = " ".join(f"{row.answer}" for row in db.query(HandledRequest))
        kept += " ".join(row.secret_hash for row in db.query(PasswordPass)) + str(
            [row.after for row in db.query(Change)]
        )
        assert db.query(Account).count() == 2
    assert code[1] not in kept
    assert code[1].replace("-", "") not in kept


def test_a_relatives_account_needs_a_residents_consent_of_today(
    elm: CommunityBuilder, sign_in: Callable[..., Browser], engines: Engines, ellen: Relative
) -> None:
    with unit_of_work(engines) as db:
        elm.db = db
        zoe = elm.relative("zoe", of=elm.residents["ben"], kinds=("photo",))
    director = sign_in(elm)

    page = html.unescape(director.get("/accounts/new?for=family").text)
    refused = director.send(
        "/accounts/new", "/accounts/new?for=family", role="family", name="Zoe", email="zoe@x.org", relative=zoe.id
    )
    nobody = director.send("/accounts/new", "/accounts/new?for=family", role="family", name="Zoe", email="zoe@x.org")
    account_id, _code = make(director, "family", relative=ellen.id, email="ellen@x.org")

    assert "Ellen Made-Up" in page
    assert "(mother), room" in page
    assert f'value="{zoe.id}"' not in page
    assert (refused.status_code, "consent comes first" in refused.text) == (422, True)
    assert (nobody.status_code, "say whose it is" in nobody.text) == (422, True)
    assert "has shared the calendar since" in director.get(f"/accounts/{account_id}").text
    assert "Ellen Made-Up" not in director.get("/accounts/new?for=family").text


@pytest.mark.slow(1.2)
def test_who_is_ended_is_out_at_the_next_click_and_may_come_back(
    app: Flask, elm: CommunityBuilder, sign_in: Callable[..., Browser]
) -> None:
    director = sign_in(elm)
    account_id, code = make(director)
    _, sam = choose(app, code)
    assert sam.get("/today").status_code == 200

    director.send(f"/accounts/{account_id}/end", f"/accounts/{account_id}")

    assert sam.get("/today").status_code == 302
    assert sam.send("/sign-in", email="sam@home.local", password=NEW).status_code == 422
    assert "cannot sign in" in director.get("/accounts").text
    director.send(f"/accounts/{account_id}/open", f"/accounts/{account_id}")
    assert sam.send("/sign-in", email="sam@home.local", password=NEW).status_code == 422


def test_signing_out_everywhere_leaves_the_password(
    app: Flask, elm: CommunityBuilder, sign_in: Callable[..., Browser]
) -> None:
    director = sign_in(elm)
    account_id, code = make(director)
    _, sam = choose(app, code)

    director.send(f"/accounts/{account_id}/sign-ins", f"/accounts/{account_id}")

    assert sam.get("/today").status_code == 302
    assert sam.send("/sign-in", email="sam@home.local", password=NEW).status_code == 302


def test_a_changed_address_holds_and_a_stale_form_does_not(
    elm: CommunityBuilder, sign_in: Callable[..., Browser], engines: Engines
) -> None:
    director = sign_in(elm)
    account_id, _ = make(director)
    change = {"name": "Sam Other", "email": "ＳＡＭ@other.local"}

    saved = director.send(f"/accounts/{account_id}", version="1", **change)
    stale = director.send(f"/accounts/{account_id}", version="1", name="Sam Third", email="sam@third.local")
    taken = director.send(f"/accounts/{account_id}", version="2", name="Sam", email="director0@elm.example")

    assert [each.status_code for each in (saved, stale, taken)] == [303, 409, 409]
    with reading(engines) as db:
        row = db.get_one(Account, account_id)
        assert (row.name, row.email) == ("Sam Other", "sam@other.local")
        verbs = [(each.verb, each.noun) for each in db.query(Change).order_by(Change.at, Change.id)]
    assert ("changed", "account") in verbs


def test_a_refused_form_keeps_what_was_typed_and_says_where(
    elm: CommunityBuilder, sign_in: Callable[..., Browser], ellen: Relative, engines: Engines
) -> None:
    director = sign_in(elm)
    account_id, _ = make(director)
    typed = {"name": "Zoë “Z” Made-Up", "email": "zoe <zoe@x.org>"}

    new = director.send("/accounts/new", role="staff", facilitator=elm.facilitators["finn"].id, **typed)
    family = director.send("/accounts/new", "/accounts/new?for=family", role="family", relative=ellen.id, **typed)
    changed = director.send(f"/accounts/{account_id}", version="1", **typed)
    taken = director.send("/accounts/new", role="staff", name="Zoë", email="sam@home.local")
    unnamed = director.send(f"/accounts/{account_id}", version="1", name="  ", email="sam@other.local")

    assert [each.status_code for each in (new, family, changed, taken, unnamed)] == [422, 422, 422, 409, 422]
    for answer in (new, family, changed):
        told = html.unescape(answer.text)
        assert 'id="fault-email">Write the e-mail address alone' in told
        assert 'value="zoe <zoe@x.org>" aria-invalid="true" aria-describedby="fault-email"' in told
        assert 'value="Zoë “Z” Made-Up"' in told
    assert f'value="{elm.facilitators["finn"].id}" selected' in new.text
    radios = re.findall(r'type="radio" name="relative" value="(\w+)" required( checked)?', family.text)
    assert len(radios) == 2
    assert radios[0] == (ellen.id, " checked")  # above Abel, who comes first in the list
    assert 'id="fault-email">There is an account with this address already.' in taken.text
    assert 'id="fault-name">A name has' in unnamed.text
    assert 'value="sam@other.local"' in unnamed.text
    with reading(engines) as db:
        assert {row.email for row in db.query(Account)} == {"director0@elm.example", "sam@home.local"}


def test_a_relative_is_named_as_in_the_list_where_nothing_is_typed(
    elm: CommunityBuilder, sign_in: Callable[..., Browser], ellen: Relative, engines: Engines
) -> None:
    with unit_of_work(engines) as db:
        row = db.get_one(Relative, (ellen.community_id, ellen.id))
        row.email = "Ellen@X.example"

    account_id, _ = make(sign_in(elm), "family", relative=ellen.id, name="", email=" ")

    with reading(engines) as db:
        made = db.get_one(Account, account_id)
    assert (made.name, made.email) == ("Ellen Made-Up", "ellen@x.example")


@pytest.mark.parametrize(("browsers", "said"), [(1, "signed in on 1 browser"), (2, "signed in on 2 browsers")])
def test_the_list_says_on_how_many_browsers(
    app: Flask, elm: CommunityBuilder, sign_in: Callable[..., Browser], browsers: int, said: str
) -> None:
    director = sign_in(elm)
    account_id, code = make(director)
    choose(app, code)
    for _ in range(browsers - 1):
        app.test_client().send("/sign-in", email="sam@home.local", password=NEW)  # type: ignore[attr-defined]

    lines = re.findall(r"signed in [a-z0-9 ]+", director.get(f"/accounts/{account_id}").text)
    assert lines == [said]
    assert f"{said}</span>" in director.get("/accounts").text


def test_directors_and_foreign_accounts_are_not_there(
    elm: CommunityBuilder, sign_in: Callable[..., Browser], engines: Engines
) -> None:
    director = sign_in(elm)
    sign_in(elm, "administrator")
    with unit_of_work(engines) as db:
        oak = small_community(db, "oak")
    sign_in(oak, "staff")
    with reading(engines) as db:
        ids = [row.id for row in db.query(Account)]

    for account_id in ids:
        assert director.get(f"/accounts/{account_id}").status_code == 404
        for verb in ("", "/code", "/end", "/open", "/sign-ins"):
            assert (
                director.send(f"/accounts/{account_id}{verb}", "/accounts/new", name="x", email="x@y").status_code
                == 404
            )
    with reading(engines) as db:
        assert db.query(Account).filter(Account.active).count() == len(ids)


def test_a_role_beyond_staff_and_family_is_made_on_no_page(
    elm: CommunityBuilder, sign_in: Callable[..., Browser], engines: Engines
) -> None:
    answer = sign_in(elm).send("/accounts/new", role="director", name="X", email="x@elm.example")

    assert answer.status_code == 422


def test_ones_own_password_is_changed_with_the_present_one(
    app: Flask, elm: CommunityBuilder, sign_in: Callable[..., Browser]
) -> None:
    _, code = make(sign_in(elm))
    _, sam = choose(app, code, PASSWORD)
    other: Browser = app.test_client()  # type: ignore[assignment]
    other.send("/sign-in", email="sam@home.local", password=PASSWORD)

    wrong = sam.send("/password", present="not that at all", new=NEW, again=NEW)
    uneven = sam.send("/password", present=PASSWORD, new=NEW, again=NEW + "x")
    right = sam.send("/password", present=PASSWORD, new=NEW, again=NEW)

    assert [each.status_code for each in (wrong, uneven, right)] == [422, 422, 302]
    assert (sam.get("/today").status_code, other.get("/today").status_code) == (200, 302)
    assert other.send("/sign-in", email="sam@home.local", password=PASSWORD).status_code == 422
    assert other.send("/sign-in", email="sam@home.local", password=NEW).status_code == 302


@pytest.mark.parametrize(("other", "opened"), [(NEW, 2), ("another password, too", 1)])
def test_a_second_click_on_the_button_of_a_code_is_the_first_one_again(
    app: Flask, elm: CommunityBuilder, sign_in: Callable[..., Browser], other: str, opened: int
) -> None:
    _, code = make(sign_in(elm))
    browser: Browser = app.test_client()  # type: ignore[assignment]
    token = re.findall(r'name="csrf_token" value="([^"]+)"', browser.get("/new-password").text)[0]
    cookie = browser.get_cookie("milieu")
    assert cookie is not None
    places: list[str | None] = []

    def click(new: str) -> None:
        window = app.test_client()
        window.set_cookie("milieu", cookie.value)
        fields = {"csrf_token": token, "code": code, "new": new, "again": new}
        places.append(window.post("/new-password", data=fields).location)

    with app.app_context():
        hashing = hash_queue()._pool
    may_go_on = threading.Event()
    holds = [hashing.submit(may_go_on.wait, PATIENCE) for _worker in range(hashing._max_workers)]
    clicks = [threading.Thread(target=click, args=(new,)) for new in (NEW, other)]
    for each in clicks:
        each.start()
    deadline = time.monotonic() + PATIENCE
    while hashing._work_queue.qsize() < len(clicks):  # both have found the code good and wait for their hash
        assert time.monotonic() < deadline
        time.sleep(0.01)
    may_go_on.set()
    for each in clicks:
        each.join()

    assert all(hold.result() for hold in holds)
    assert (len(places), places.count("/today")) == (2, opened)


@pytest.mark.parametrize("password", ["Grüße an Zoë", "drei½ Semmeln", "x" * 200])
def test_what_can_be_chosen_can_be_signed_in_with(
    app: Flask, elm: CommunityBuilder, sign_in: Callable[..., Browser], password: str
) -> None:
    _, code = make(sign_in(elm))

    assert choose(app, code, password)[0] == 302
    again: Browser = app.test_client()  # type: ignore[assignment]
    assert again.send("/sign-in", email="sam@home.local", password=password).status_code == 302


def test_guesses_of_a_code_are_few_and_touch_nobodys_sign_in(
    app: Flask, elm: CommunityBuilder, sign_in: Callable[..., Browser]
) -> None:
    _, code = make(sign_in(elm))

    statuses = [choose(app, f"0000-0000-0000-{number:04}")[0] for number in range(25)]

    assert statuses == [422] * 20 + [429] * 5
    elsewhere: Browser = app.test_client()  # type: ignore[assignment]
    elsewhere.environ_base["REMOTE_ADDR"] = "192.0.2.8"
    assert elsewhere.send("/new-password", code=code, new=NEW, again=NEW).status_code == 302
