"""Who tries passwords, however they write a name, from however many places: and the owner always comes in."""

import re
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from milieu.database import Engines, reading, unit_of_work
from milieu.models import TryMeter
from milieu.services.access.accounts import create_account
from milieu.services.access.tries import MOST_METERS
from milieu.settings import Settings
from tests.milieu.builders import NOW, CommunityBuilder, FixedClock
from tests.web.conftest import PASSWORD, Browser
from web.account import views
from web.account.throttle import FROM_ANYWHERE, FROM_ONE_NETWORK, OF_A_NETWORK, OF_A_SITE, network_of
from web.app import create_app

pytestmark = pytest.mark.slow(0.5)

DANA = "dana@elm.example"
NOBODY = "nobody@elm.example"


def ways_of(name: str) -> list[str]:
    """One address, written in many ways."""
    local, domain = name.split("@")
    wide = {letter: chr(ord(letter) + 0xFEE0) for letter in "abcdefghijklmnopqrstuvwxyz"}
    wide_local, wide_domain = (part.translate(str.maketrans(wide)) for part in (local, domain))
    return [
        name,
        f" {name.upper()} ",
        f"{wide_local}@{domain}",
        f"{local}@{wide_domain}",
        f"{wide_local.upper()}＠{domain}",
        *(f"{local}@{domain.replace('.', dot)}" for dot in "。．｡"),
        f"{local}@{domain.replace('e', 'ℯ')}",
        f"{local.replace('a', '𝐚')}@{domain.replace('m', 'ⓜ')}",  # bold, in a circle
        f"{local}@{domain.replace('l', 'Ⅼ').replace('x', 'ⅹ')}",  # numerals of Rome
        f"\u2003{local}﹫{domain}\u3000",  # a small at, wide blanks
        f"{local[:2]}\u200b{local[2:]}@\u00ad{domain}",  # nothing that can be seen
    ]


@pytest.fixture
def dana(engines: Engines, elm: CommunityBuilder) -> str:
    with unit_of_work(engines) as db:
        return create_account(
            db, elm.id, email=DANA, name="Dana Made-Up", password=PASSWORD, roles=("director",), now=NOW
        )


@pytest.fixture
def checks(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The passwords that were really held against a hash; none is right, and none takes time."""
    done: list[str] = []

    def checked(_stored: str | None, typed: str) -> bool:
        done.append(typed)
        return False

    monkeypatch.setattr(views, "is_right", checked)
    return done


def try_from(app: Flask, network: str, name: str, password: str = "wrong") -> int:
    """One try of a browser of its own in a network; its status."""
    browser: Browser = app.test_client()  # type: ignore[assignment]
    browser.environ_base["REMOTE_ADDR"] = network
    return browser.send("/sign-in", email=name, password=password).status_code


def tries_of(app: Flask) -> Callable[[str, str], int]:
    """Tries of one browser that takes its form from network to network, for tests of hundreds: half the pages.

    It reads the form again where it has grown too old.
    """
    browser: Browser = app.test_client()  # type: ignore[assignment]
    form = {"csrf_token": ""}

    def one(network: str, name: str) -> int:
        there = {"REMOTE_ADDR": network}
        fields = {"email": name, "password": "wrong"}
        status = browser.post("/sign-in", data={**form, **fields}, environ_overrides=there).status_code
        if status == 400:
            page = browser.get("/sign-in", environ_overrides=there).text
            form.update(re.findall(r'name="(csrf_token)" value="([^"]+)"', page))
            status = browser.post("/sign-in", data={**form, **fields}, environ_overrides=there).status_code
        assert status in (422, 429)
        return status

    return one


def test_who_has_to_wait_is_told_how_long_in_words_and_in_the_head(app: Flask, dana: str, checks: list[str]) -> None:
    browser: Browser = app.test_client()  # type: ignore[assignment]
    answers = [browser.send("/sign-in", email=DANA, password="wrong") for _ in range(4)]

    assert [answer.headers.get("Retry-After") for answer in answers[:3]] == [None] * 3
    assert f"Please wait {answers[3].headers['Retry-After']} second" in answers[3].text


@pytest.mark.parametrize("name", [DANA, NOBODY])
def test_one_name_has_one_count_however_it_is_written(app: Flask, dana: str, checks: list[str], name: str) -> None:
    ways = ways_of(name)

    assert [try_from(app, "192.0.2.1", way) for way in ways] == [422] * 3 + [429] * (len(ways) - 3)
    assert len(checks) == 3


@pytest.mark.parametrize("way", ways_of(DANA))
def test_each_way_of_writing_opens_the_account_or_none_does(app: Flask, dana: str, way: str) -> None:
    assert try_from(app, "192.0.2.1", way, PASSWORD) == 302


def test_of_sixty_tries_at_once_three_are_checked(app: Flask, dana: str, checks: list[str]) -> None:
    statuses: list[int] = []
    browsers = [app.test_client() for _ in range(60)]
    token = browsers[0].get("/sign-in").text.split('name="csrf_token" value="')[1].split('"')[0]
    cookie = browsers[0].get_cookie("milieu")
    assert cookie is not None

    def attack(browser: Browser) -> None:
        browser.set_cookie("milieu", cookie.value)
        form = {"csrf_token": token, "email": DANA, "password": "wrong"}
        statuses.append(browser.post("/sign-in", data=form).status_code)

    threads = [threading.Thread(target=attack, args=(each,)) for each in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(checks) <= 3
    assert statuses.count(422) == len(checks)
    assert set(statuses) <= {422, 429, 503}


def test_counts_survive_a_restart_and_tell_nobody_who_exists(
    app: Flask, engines: Engines, clock: FixedClock, dana: str, checks: list[str], tmp_path: Path
) -> None:
    for name in (DANA, NOBODY):
        assert [try_from(app, "192.0.2.1", name) for _ in range(3)] == [422] * 3

    again = create_app(Settings(data_dir=tmp_path, secret_key="for tests only"), engines, clock)
    again.test_client_class = Browser

    assert [try_from(again, "192.0.2.1", name) for name in (DANA, NOBODY)] == [429, 429]


def test_a_try_that_had_to_wait_leaves_nothing(app: Flask, clock: FixedClock, dana: str, checks: list[str]) -> None:
    statuses = [try_from(app, "192.0.2.1", DANA) for _ in range(30)]

    clock.advance(seconds=5)

    assert statuses == [422] * 3 + [429] * 27
    assert try_from(app, "192.0.2.1", DANA) == 422


def test_hundreds_of_tries_from_one_place_are_few_checks(
    app: Flask, clock: FixedClock, dana: str, checks: list[str], engines: Engines
) -> None:
    many = tries_of(app)
    for number in range(400):  # as many more tell no more
        many("192.0.2.1", (DANA, NOBODY)[number % 2])
        clock.advance(seconds=6)

    assert len(checks) <= 2 * (FROM_ONE_NETWORK.tries + 3)
    assert _rows(engines) <= 8


def test_a_thousand_places_try_one_name_at_most_a_hundred_times_a_day(
    app: Flask, clock: FixedClock, dana: str, checks: list[str]
) -> None:
    many = tries_of(app)
    for number in range(400):
        many(f"198.51.{number // 200}.{number % 200}", DANA)
        clock.advance(seconds=215)  # a day and a little less

    assert FROM_ANYWHERE.tries < len(checks) <= 100


def test_a_network_is_counted_whatever_names_it_tries(
    app: Flask, dana: str, checks: list[str], engines: Engines
) -> None:
    many = tries_of(app)
    statuses = [many("192.0.2.1", f"name{number}@elm.example") for number in range(120)]

    assert statuses == [422] * OF_A_NETWORK.tries + [429] * (120 - OF_A_NETWORK.tries)
    assert try_from(app, "192.0.2.2", DANA) == 422
    assert _rows(engines) <= 4 * 102 < MOST_METERS


def test_who_has_many_networks_of_ipv6_is_counted_as_one_site(app: Flask, dana: str, checks: list[str]) -> None:
    many = tries_of(app)
    for number in range(OF_A_SITE.tries + 20):
        many(f"2001:db8:7:{number:x}::{number + 1:x}", f"name{number}@elm.example")

    assert len(checks) == OF_A_SITE.tries
    assert try_from(app, "2001:db8:8:1::1", DANA) == 422


def test_who_signs_in_rightly_uses_up_nothing(app: Flask, dana: str, engines: Engines) -> None:
    for _ in range(5):
        assert try_from(app, "192.0.2.1", DANA, PASSWORD) == 302

    with reading(engines) as db:
        assert all(row.full_ms <= NOW.timestamp() * 1000 for row in db.query(TryMeter))


@pytest.mark.parametrize("attacker", ["192.0.2.1", "203.0.113.9"])
def test_one_wrong_try_a_minute_keeps_no_owner_out(app: Flask, clock: FixedClock, dana: str, attacker: str) -> None:
    for _ in range(35):
        try_from(app, attacker, DANA)
        clock.advance(minutes=1)

    assert try_from(app, "192.0.2.1", DANA, PASSWORD) == 302


def test_days_of_tries_from_elsewhere_keep_no_owner_out(
    app: Flask, clock: FixedClock, dana: str, checks: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    many = tries_of(app)
    for _ in range(300):
        many("203.0.113.9", DANA)
        clock.advance(minutes=10)
    monkeypatch.undo()

    assert try_from(app, "203.0.113.9", DANA, PASSWORD) in (302, 429)
    assert try_from(app, "192.0.2.1", DANA, PASSWORD) == 302


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("192.0.2.7:50123", "192.0.2.7"),
        ("[2001:db8:1:2::9]:50123", "2001:db8:1:2::/64"),
        ("[::ffff:192.0.2.7]:1", "192.0.2.7"),
        ("[fe80::1%eth0]", "fe80::/64"),
        ("192.0.2.7:50123:1", ""),
        ("１９２.0.2.7", ""),
        ("[192.0.2.7", ""),
        ("[]", ""),
        (None, ""),
        ("socket", ""),
    ],
)
def test_a_network_is_what_one_subscriber_has(address: str | None, network: str) -> None:
    assert network_of(address) == network


def test_the_network_behind_a_proxy_is_the_visitors(
    engines: Engines, clock: FixedClock, dana: str, checks: list[str], tmp_path: Path
) -> None:
    app = create_app(Settings(data_dir=tmp_path, secret_key="tests", trusted_proxies=1), engines, clock)
    app.test_client_class = Browser

    def try_as(visitor: str) -> int:
        browser: Browser = app.test_client()  # type: ignore[assignment]
        browser.environ_base["HTTP_X_FORWARDED_FOR"] = f"10.9.9.9, {visitor}"
        return browser.send("/sign-in", email=DANA, password="wrong").status_code

    assert [try_as("192.0.2.1") for _ in range(4)] == [422, 422, 422, 429]
    assert try_as("192.0.2.2") == 422


@pytest.mark.parametrize("password", ["x" * 201, "x" * 4_096, "x" * 5_000, "½" * 100])
def test_an_endless_password_is_wrong_and_counted(app: Flask, dana: str, password: str) -> None:
    assert [try_from(app, "192.0.2.1", DANA, password) for _ in range(4)] == [422, 422, 422, 429]


def test_looking_at_the_head_of_the_form_is_no_try(browser: Browser, engines: Engines, dana: str) -> None:
    assert [browser.head("/sign-in").status_code for _ in range(5)] == [200] * 5
    assert _rows(engines) == 0


def test_the_head_of_a_closed_page_is_sent_to_the_door_like_the_page(browser: Browser) -> None:
    head, page = browser.head("/people"), browser.get("/people")

    assert (head.status_code, head.location) == (page.status_code, page.location)


def test_a_full_queue_says_when_to_come_again_and_counts_nothing(
    app: Flask, browser: Browser, dana: str, engines: Engines, sign_in: Callable[..., Browser]
) -> None:
    with app.app_context():
        queue = views.hash_queue()
    taken = []
    while queue._places.acquire(blocking=False):
        taken.append(1)

    answer = browser.send("/sign-in", email=DANA, password=PASSWORD)

    assert (answer.status_code, answer.headers["Retry-After"], _rows(engines)) == (503, "5", 0)
    for _ in taken:
        queue._places.release()
    assert browser.send("/sign-in", email=DANA, password=PASSWORD).status_code == 302


def _rows(engines: Engines) -> int:
    with reading(engines) as db:
        return db.scalar(select(func.count()).select_from(TryMeter)) or 0
