"""Forgotten passwords: a link by mail where mail is set up, the same answer for every address, a code elsewhere."""

import re
import socketserver
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from milieu.database import Engines, unit_of_work
from milieu.services.access.accounts import close_account, create_account
from milieu.settings import Settings
from tests.milieu.builders import NOW, CommunityBuilder, FixedClock
from tests.web.conftest import PASSWORD, Browser
from web.app import create_app

DANA = "dana@elm.example"
NEW = "four words in a row"


class Postbox(socketserver.ThreadingTCPServer):
    """A mail server that keeps what it is given."""

    allow_reuse_address = daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Talk)
        self.letters: list[str] = []


class Talk(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self.wfile.write(b"220 ready\r\n")
        while line := self.rfile.readline():
            if line.upper().startswith(b"DATA"):
                self.wfile.write(b"354 go on\r\n")
                letter = []
                while (part := self.rfile.readline()) not in (b".\r\n", b""):
                    letter.append(part.decode())
                self.server.letters.append("".join(letter))  # type: ignore[attr-defined]
            elif line.upper().startswith(b"QUIT"):
                self.wfile.write(b"221 bye\r\n")
                return
            self.wfile.write(b"250 ok\r\n")


@pytest.fixture
def postbox() -> Iterator[Postbox]:
    with Postbox() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield server
        server.shutdown()


@pytest.fixture
def app(engines: Engines, clock: FixedClock, tmp_path: Path, postbox: Postbox) -> Flask:
    settings = Settings(
        data_dir=tmp_path,
        secret_key="for tests only",
        smtp_host="127.0.0.1",
        smtp_port=postbox.server_address[1],
        smtp_security="none",
        mail_from="milieu@elm.example",
        public_url="https://milieu.elm.example/",
    )
    made = create_app(settings, engines, clock)
    made.test_client_class = Browser
    return made


@pytest.fixture
def dana(engines: Engines, elm: CommunityBuilder) -> str:
    with unit_of_work(engines) as db:
        return create_account(
            db, elm.id, email=DANA, name="Dana Made-Up", password=PASSWORD, roles=("director",), now=NOW
        )


def ask(app: Flask, address: str, network: str = "192.0.2.1") -> tuple[int, str, str]:
    """Ask for a link and wait until what follows is done: status, where it leads, what is told there."""
    browser: Browser = app.test_client()  # type: ignore[assignment]
    browser.environ_base["REMOTE_ADDR"] = network
    answer = browser.send("/forgotten-password", email=address)
    room = app.extensions.get("milieu_post")
    if room is not None and room.last is not None:
        room.last.result(20)
    told = re.sub(r'name="csrf_token" value="[^"]+"', "", browser.get(answer.location or "/sign-in").text)
    return answer.status_code, answer.location or "", told


def links(postbox: Postbox) -> list[str]:
    plain = [letter.replace("=\r\n", "").replace("=3D", "=") for letter in postbox.letters]
    return [found for letter in plain for found in re.findall(r"https://milieu\.elm\.example(/\S+)", letter)]


def test_a_link_opens_the_account_once(app: Flask, postbox: Postbox, dana: str) -> None:
    ask(app, "ＤＡＮＡ@elm.example")
    (link,) = links(postbox)
    browser: Browser = app.test_client()  # type: ignore[assignment]
    code = link.partition("code=")[2]

    looked = [browser.get(link).status_code for _ in range(3)]  # as scanners of mail do
    chosen = browser.send("/new-password", link, code=code, new=NEW, again=NEW)
    again = browser.send("/new-password", "/sign-in", code=code, new=NEW, again=NEW)

    assert (looked, chosen.location, again.status_code) == ([200] * 3, "/week", 400)
    other: Browser = app.test_client()  # type: ignore[assignment]
    assert other.send("/new-password", code=code, new=NEW, again=NEW).status_code == 422
    assert other.send("/sign-in", email=DANA, password=NEW).location == "/week"


def test_a_link_ends_after_an_hour(app: Flask, postbox: Postbox, dana: str, clock: FixedClock) -> None:
    ask(app, DANA)
    code = links(postbox)[0].partition("code=")[2]
    clock.advance(hours=1)
    browser: Browser = app.test_client()  # type: ignore[assignment]

    assert browser.send("/new-password", code=code, new=NEW, again=NEW).status_code == 422


def test_every_address_is_answered_alike(
    app: Flask, postbox: Postbox, dana: str, engines: Engines, elm: CommunityBuilder
) -> None:
    with unit_of_work(engines) as db:
        gone = create_account(db, elm.id, email="gone@x.org", name="G", password=None, roles=("staff",), now=NOW)
        close_account(db, gone)

    answers = [ask(app, address) for address in (DANA, "nobody@elm.example", "gone@x.org", "no address", "")]

    assert [(status, place) for status, place, _ in answers] == [(303, "/forgotten-password?sent=1")] * 5
    assert len({told for _, _, told in answers}) == 1
    assert len(postbox.letters) == 1


def test_nobodys_mail_is_filled_and_whoever_asked_before_has_a_link(
    app: Flask, postbox: Postbox, dana: str, clock: FixedClock
) -> None:
    statuses = []
    for number in range(8):
        statuses.append(ask(app, DANA, f"192.0.2.{number}")[0])
        clock.advance(minutes=1)

    assert (statuses, len(postbox.letters)) == ([303] * 8, 3)
    browser: Browser = app.test_client()  # type: ignore[assignment]
    code = links(postbox)[0].partition("code=")[2]
    assert browser.send("/new-password", code=code, new=NEW, again=NEW).status_code == 302


def test_a_second_click_is_no_second_letter(app: Flask, postbox: Postbox, dana: str, clock: FixedClock) -> None:
    first, second = ask(app, DANA), ask(app, DANA.upper())
    assert (first, len(postbox.letters)) == (second, 1)

    clock.advance(minutes=1)
    ask(app, DANA)
    assert len(postbox.letters) == 2


def test_one_network_asks_ten_times(app: Flask, postbox: Postbox) -> None:
    assert [ask(app, f"name{number}@elm.example")[0] for number in range(12)] == [303] * 10 + [429] * 2


def test_a_mail_server_that_is_away_changes_no_answer(
    engines: Engines, clock: FixedClock, dana: str, tmp_path: Path
) -> None:
    settings = Settings(
        data_dir=tmp_path,
        secret_key="tests",
        smtp_host="127.0.0.1",
        smtp_port=1,
        mail_from="m@elm.example",
        public_url="https://milieu.elm.example",
    )
    app = create_app(settings, engines, clock)
    app.test_client_class = Browser

    assert ask(app, DANA)[:2] == (303, "/forgotten-password?sent=1")


def test_without_mail_the_page_says_whom_to_ask(engines: Engines, clock: FixedClock, tmp_path: Path) -> None:
    app = create_app(Settings(data_dir=tmp_path, secret_key="tests"), engines, clock)
    app.test_client_class = Browser
    browser: Browser = app.test_client()  # type: ignore[assignment]

    page = browser.get("/forgotten-password").text

    assert "one-time code" in page
    assert 'name="email"' not in page
    assert browser.post("/forgotten-password").status_code == 400
