"""What comes in by a page: no NUL on either database, nothing unseen in what others read, every letter as it was."""

import json
import re
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from milieu.database import Engines, make_engines, reading, unit_of_work
from milieu.models import SessionHeld
from milieu.services.access.accounts import create_account
from milieu.services.access.sign_ins import begin_sign_in
from milieu.settings import Settings
from tests.milieu.builders import NOW, CommunityBuilder, FixedClock, Held, small_community
from tests.web.conftest import DESK, Browser
from web.app import create_app
from web.guards.letters import seen_letters
from web.guards.sessions import ACCOUNT

pytestmark = pytest.mark.slow(0.2)

BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"
UNSEEN = (
    "\u034f\u200b\u2060\u2061\u2062\u2063\u2064\ufeff\u00ad\u180e\u206a\u206f\ufff9\ufffa\ufffb\U000e0001\U000e0041"
)
BREAKING = "\u0085\u2028\u2029\x07\x1b\x9b"


@pytest.mark.parametrize("sign", BIDI + UNSEEN + BREAKING, ids=lambda sign: f"U+{ord(sign):04X}")
def test_what_cannot_be_seen_is_left_out(sign: str) -> None:
    assert seen_letters(f"Mrs{sign} Osei{sign}") == "Mrs Osei"


def test_every_sign_of_format_in_unicode_is_left_out_of_latin_words() -> None:
    signs = [chr(number) for number in range(0x110000) if unicodedata.category(chr(number)) in ("Cf", "Cc", "Cs")]
    kept = [sign for sign in signs if seen_letters(f"a{sign}b") != "ab"]

    assert kept == ["\t", "\n", "\r"]


@pytest.mark.parametrize(
    "text",
    [
        "שלום עולם",
        "السلام عليكم",
        "می\u200cخواهم",
        "क्\u200dष",
        "ශ්\u200dරී",
        "Zoë Brontë",
        "Bronte\u0308",
        "日本語",
        "👩\u200d🍳",
        "❤️",
        "one line\r\nand another\tone",
        "20 °C – “warm”",
        "ܫܠܡܐ",
        "ދިވެހި",
    ],
)
def test_letters_of_every_script_stay(text: str) -> None:
    assert seen_letters(text) == text


def test_what_others_read_of_a_form_holds_nothing_unseen(
    elm: CommunityBuilder, engines: Engines, sign_in: Callable[..., Browser]
) -> None:
    with unit_of_work(engines) as db:
        elm.db = db
        elm.publication([Held("choir", "lounge", 2, "10:00", ["finn"], ["ada"], ref="choir-1")])
    path = "/today/2026-12-02/session/choir-1/held"

    sign_in(elm, "staff").send(path, held="no", reason=f"The {BIDI}piano{UNSEEN} is away, שלום")

    with reading(engines) as db:
        assert db.scalars(select(SessionHeld.reason)).all() == ["The piano is away, שלום"]


def test_what_is_typed_into_a_search_finds_who_is_meant(
    elm: CommunityBuilder, engines: Engines, sign_in: Callable[..., Browser]
) -> None:
    with unit_of_work(engines) as db:
        elm.db = db
        elm.publication([Held("choir", "lounge", 2, "10:00", ["finn"], ["ada"], ref="choir-1")])

    browser, others = sign_in(elm, "staff"), "/today/2026-12-02/session/choir-1/others"
    browser.send(f"{others}/find", others, q="\u202efay\u200b")
    answer = browser.get(others)

    assert "Fay Made-Up" in answer.text
    assert not set(answer.text) & set(BIDI)


def test_passwords_are_left_as_they_are(app: Flask) -> None:
    with app.test_request_context("/sign-in", method="POST", data={"password": "a\u200bb", "email": "a\u200bb"}):
        from flask import request

        assert (request.form["password"], request.form["email"]) == ("a\u200bb", "ab")


@pytest.fixture(params=["sqlite", "postgresql"])
def anywhere(request: pytest.FixtureRequest, clock: FixedClock, tmp_path: Path) -> Iterator[tuple[Flask, Engines]]:
    engines = make_engines(request.getfixturevalue(f"{request.param}_url"))
    app = create_app(Settings(data_dir=tmp_path, secret_key="for tests only"), engines, clock)
    app.test_client_class = Browser
    app.config["TESTING"], app.config["PROPAGATE_EXCEPTIONS"] = True, False
    yield app, engines
    engines.dispose()


def browser_of(app: Flask, engines: Engines, role: str) -> Browser:
    browser: Browser = app.test_client()  # type: ignore[assignment]
    if role == "visitor":
        return browser
    with unit_of_work(engines) as db:
        elm = small_community(db)
        account_id = create_account(
            db, elm.id, email="one@elm.example", name="One", password=None, roles=(role,), now=NOW
        )
        contents = json.dumps({ACCOUNT: account_id}).encode()
        browser.set_cookie("milieu", begin_sign_in(db, account_id, contents, lifetime=DESK, now=NOW).token)
    return browser


@pytest.mark.parametrize("role", ["visitor", "director", "staff"])
def test_nul_in_any_address_is_no_address(anywhere: tuple[Flask, Engines], role: str) -> None:
    app, engines = anywhere
    browser = browser_of(app, engines, role)
    for rule in app.url_map.iter_rules():
        address = re.sub("<day:[a-z_]+>", "2026-12-02", rule.rule)
        address = re.sub("<(?:[a-z]+:)?[a-z_]+>", "x", address)
        odd = [f"{address}?{name}=a%00b" for name in ("next", "x%00")]
        odd += [
            f"{address}%00",
            *(address.replace(part, f"{part}%00") for part in ("/x", "2026-12-02") if part in address),
        ]
        assert {path: browser.get(path).status_code for path in odd} == dict.fromkeys(odd, 404)


@pytest.mark.parametrize("role", ["visitor", "director", "staff"])
def test_nul_in_any_field_is_refused(anywhere: tuple[Flask, Engines], role: str) -> None:
    app, engines = anywhere
    browser = browser_of(app, engines, role)
    for path in ("/sign-in", "/sign-out", "/week/2026-11-30/plan", "/today/2026-12-02/session/x/held"):
        for name in ("email", "password", "next", "csrf_token", "form_key", "reason", "odd\0name"):
            assert browser.post(path, data={name: "a\0b"}).status_code == 422, (path, name)
