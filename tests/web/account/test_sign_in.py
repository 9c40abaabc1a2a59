"""Signing in and out: what is told, what is kept, and what a cookie is worth afterwards."""

import hashlib
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from argon2 import extract_parameters
from flask import Flask

from milieu.database import Engines, reading, unit_of_work
from milieu.models import Account, Note, SignInSession
from milieu.queries.demo import ACCOUNTS, AGENDA
from milieu.services.access import passwords
from milieu.services.access.accounts import close_account, create_account, set_roles
from milieu.services.access.holders import set_password
from milieu.settings import Settings
from tests.milieu.builders import NOW, CommunityBuilder, FixedClock
from tests.web.conftest import PASSWORD, Browser
from web.app import create_app
from web.guards.sessions import ACCOUNT, _contents, _signer

DANA = "dana@elm.example"


@pytest.fixture
def dana(engines: Engines, elm: CommunityBuilder) -> str:
    """A director's account."""
    with unit_of_work(engines) as db:
        return create_account(
            db, elm.id, email=DANA, name="Dana Made-Up", password=PASSWORD, roles=("director",), now=NOW
        )


def cookie(browser: Browser, name: str = "milieu") -> str:
    held = browser.get_cookie(name)
    assert held is not None
    return held.value


@pytest.mark.parametrize(
    ("role", "first"),
    [("director", "/week"), ("staff", "/today"), ("family", "/family"), ("administrator", "/communities")],
)
def test_each_role_comes_to_its_own_first_page(
    role: str, first: str, engines: Engines, elm: CommunityBuilder, browser: Browser
) -> None:
    with unit_of_work(engines) as db:
        elm.db = db
        relative_id = elm.relative("ellen", of=elm.residents["ada"]).id if role == "family" else None
        create_account(
            db, elm.id, email=DANA, name="Dana", password=PASSWORD, roles=(role,), now=NOW, relative_id=relative_id
        )

    answer = browser.send("/sign-in", email=f" {DANA.upper()} ", password=PASSWORD)

    assert (answer.status_code, answer.location) == (302, first)


def test_an_unknown_name_and_a_wrong_password_are_told_the_same(browser: Browser, dana: str) -> None:
    wrong = browser.send("/sign-in", email=DANA, password="not the password")
    unknown = browser.send("/sign-in", email="nobody@elm.example", password="not the password")

    told = [answer.text.replace(DANA, "…").replace("nobody@elm.example", "…") for answer in (wrong, unknown)]
    assert [wrong.status_code, unknown.status_code] == [422, 422]
    assert _without_token(told[0]) == _without_token(told[1])


def test_tries_become_slower_alike_for_known_and_unknown_names(browser: Browser, dana: str, clock: FixedClock) -> None:
    statuses: dict[str, list[int]] = {}
    for name in (DANA, "nobody@elm.example"):
        statuses[name] = [browser.send("/sign-in", email=name, password="wrong").status_code for _ in range(5)]

    assert statuses[DANA] == [422, 422, 422, 429, 429]
    assert statuses["nobody@elm.example"] == statuses[DANA]
    clock.advance(seconds=5)
    assert browser.send("/sign-in", email=DANA, password=PASSWORD).status_code == 302


@pytest.mark.parametrize("wanted", ["//evil.example", "/\\evil.example", "https://evil.example", "/%09/evil.example"])
def test_signing_in_leads_nowhere_else(wanted: str, browser: Browser, dana: str) -> None:
    assert browser.send("/sign-in", email=DANA, password=PASSWORD, next=wanted).location == "/week"


def test_signing_in_leads_back_to_where_one_wanted_to_go(browser: Browser, dana: str) -> None:
    assert (
        browser.send("/sign-in", email=DANA, password=PASSWORD, next="/people?band=few").location == "/people?band=few"
    )


def test_the_cookie_is_a_fresh_token_whose_row_holds_only_its_hash(
    browser: Browser, dana: str, engines: Engines
) -> None:
    browser.set_cookie("milieu", "a" * 43)  # somebody else's idea of a session

    browser.send("/sign-in", email=DANA, password=PASSWORD)

    token = cookie(browser)
    assert token != "a" * 43
    with reading(engines) as db:
        rows = db.query(SignInSession).all()
    assert [(row.token_hash, row.account_id) for row in rows] == [(hashlib.sha256(token.encode()).hexdigest(), dana)]


def test_the_cookie_cannot_be_read_by_scripts_or_sent_from_elsewhere(browser: Browser, dana: str) -> None:
    answer = browser.send("/sign-in", email=DANA, password=PASSWORD)

    session = next(each for each in answer.headers.getlist("Set-Cookie") if each.startswith("milieu="))
    assert all(part in session for part in ("HttpOnly", "SameSite=Lax", "Path=/"))
    assert "Secure" not in session


def test_over_https_the_cookie_belongs_to_this_host_alone(
    engines: Engines, dana: str, clock: FixedClock, tmp_path: Path
) -> None:
    app = create_app(Settings(data_dir=tmp_path, secret_key="tests", is_secure=True), engines, clock)
    app.test_client_class = Browser
    browser: Browser = app.test_client()  # type: ignore[assignment]
    at = {"base_url": "https://localhost"}
    page = browser.get("/sign-in", **at)
    token = page.text.split('name="csrf_token" value="')[1].split('"')[0]

    form = {"csrf_token": token, "email": DANA, "password": PASSWORD}
    answer = browser.post("/sign-in", data=form, headers={"Referer": "https://localhost/sign-in"}, **at)

    session = next(each for each in answer.headers.getlist("Set-Cookie") if each.startswith("__Host-milieu="))
    assert "Secure" in session
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_a_cookie_is_dead_after_signing_out(app: Flask, browser: Browser, dana: str) -> None:
    browser.send("/sign-in", email=DANA, password=PASSWORD)
    stolen = cookie(browser)

    browser.send("/sign-out", "/week/2026-11-30")

    thief = app.test_client()
    thief.set_cookie("milieu", stolen)
    assert thief.get("/week").location == "/sign-in?next=/week"


def test_signing_out_is_never_a_link(browser: Browser, dana: str) -> None:
    browser.send("/sign-in", email=DANA, password=PASSWORD)

    assert browser.get("/sign-out").status_code == 405
    assert browser.get("/week").status_code == 302


@pytest.mark.parametrize(("role", "page", "minutes"), [("staff", "/today", 15), ("director", "/people", 60)])
def test_a_sign_in_ends_when_nobody_clicks(
    role: str, page: str, minutes: int, sign_in: Callable[..., Browser], elm: CommunityBuilder, clock: FixedClock
) -> None:
    browser = sign_in(elm, role)

    clock.advance(minutes=minutes, seconds=-1)
    assert browser.get(page).status_code == 200
    clock.advance(minutes=minutes, seconds=-1)  # the click before pushed the end
    assert browser.get(page).status_code == 200
    clock.advance(minutes=minutes)
    assert browser.get(page).location == f"/sign-in?next={page}"


def test_a_sign_in_ends_at_last_in_any_case(
    sign_in: Callable[..., Browser], elm: CommunityBuilder, clock: FixedClock
) -> None:
    browser = sign_in(elm)

    for _ in range(14):
        clock.advance(minutes=50)
        assert browser.get("/people").status_code == 200
    clock.present = NOW + timedelta(hours=12, seconds=-1)
    assert browser.get("/people").status_code == 200
    clock.advance(seconds=1)
    assert browser.get("/people").status_code == 302


def test_a_closed_account_is_out_at_its_next_click(
    browser: Browser, dana: str, engines: Engines, elm: CommunityBuilder
) -> None:
    browser.send("/sign-in", email=DANA, password=PASSWORD)

    with unit_of_work(engines) as db:
        close_account(db, dana)

    assert browser.get("/people").status_code == 302
    assert browser.send("/sign-in", email=DANA, password=PASSWORD).status_code == 422


def test_another_role_or_password_ends_what_was_signed_in(browser: Browser, dana: str, engines: Engines) -> None:
    for change in (
        lambda db: set_roles(db, dana, ("director",)),
        lambda db: set_password(db, db.get_one(Account, dana).holder_id, PASSWORD),
    ):
        browser.send("/sign-in", email=DANA, password=PASSWORD)
        assert browser.get("/people").status_code == 200

        with unit_of_work(engines) as db:
            change(db)

        assert browser.get("/people").status_code == 302


def test_a_visitors_cookie_can_never_sign_in(app: Flask, browser: Browser, dana: str, engines: Engines) -> None:
    with reading(engines) as db:
        account = db.get_one(Account, dana)
    contents = {ACCOUNT: dana, "_user_id": account.fs_uniquifier, "_fresh": True}
    browser.set_cookie("milieu", "v." + _signer(app).dumps(_contents.dumps(contents)))

    assert browser.get("/people").status_code == 302


@pytest.mark.parametrize("value", ["", "v.", "v.forged", "x" * 43, "x" * 500, "v." + "x" * 4000])
def test_a_broken_cookie_is_a_visitors(browser: Browser, value: str) -> None:
    browser.set_cookie("milieu", value)

    assert browser.get("/sign-in").status_code == 200


def test_passwords_are_kept_as_argon2id_of_owasps_parameters(true_hashes: None, engines: Engines, dana: str) -> None:
    with reading(engines) as db:
        kept = db.get_one(Account, dana).holder.password or ""

    for each in map(extract_parameters, (kept, passwords._NOBODYS)):  # an unknown name takes as long as a known one
        assert (each.type.name, each.memory_cost, each.time_cost, each.parallelism) == ("ID", 19_456, 2, 1)


def test_signing_in_leaves_the_hash_as_it_is(browser: Browser, dana: str, engines: Engines) -> None:
    def password() -> str | None:
        with reading(engines) as db:
            return db.get_one(Account, dana).holder.password

    before = password()
    browser.send("/sign-in", email=DANA, password=PASSWORD)
    assert password() == before


def _without_token(text: str) -> str:
    return text.split('name="csrf_token" value="')[0] + text.split('name="csrf_token" value="')[1].split('"', 1)[1]


def test_a_demo_lets_one_look_at_it_with_one_click(browser: Browser, dana: str, engines: Engines) -> None:
    with unit_of_work(engines) as db:
        accounts = [{"email": DANA, "about": "Dana Made-Up, director"}]
        db.add(Note(name=ACCOUNTS, value={"password": PASSWORD, "accounts": accounts}))
        step = {"kind": "plan", "seconds": 14, "began": "", "ended": "", "fault": ""}
        db.add(Note(name=AGENDA, value=[step | {"weeks": ["2026-11-30", "2026-12-07"]}]))

    page = browser.get("/sign-in").text

    assert '<button class="quiet">Dana Made-Up, director</button>' in page
    shown = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]+)"', page))
    assert browser.post("/sign-in", data=shown).location == "/week"
    assert "Still being planned: this week, next week." in browser.get("/people").text


def test_elsewhere_no_password_is_on_the_page(browser: Browser, dana: str) -> None:
    page = browser.get("/sign-in").text

    assert "demonstration" not in page
    assert 'name="password" value' not in page


def test_a_form_that_came_too_late_is_told_not_to_be_saved(browser: Browser, dana: str) -> None:
    answer = browser.post("/week/2026-11-30/plan", data={"form_key": "k" * 22})

    assert (answer.status_code, answer.location) == (303, "/sign-in?ended=1")
    assert "what you sent was not saved" in browser.get(answer.location).text
