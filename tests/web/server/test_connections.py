"""The embedded server keeps thousands of connections, and ends those that stand about, trickle or send too much.

The server's own rounds are turned by hand and its clock is set, so nothing here depends on how quick the machine is.
"""

import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, suppress
from typing import Any

import pytest
from waitress import wasyncore

from milieu.settings import Settings
from tests.patience import PATIENCE
from web.server.connections import AHEAD, Limits, Server
from web.server.listening import adjustments, take_port

ASK = b"GET /today HTTP/1.1\r\nHost: elm.example\r\n\r\n"


class Turned:
    """A server, its clock, and the connections that a test opened to it."""

    def __init__(self, limits: Limits, threads: int = 2, app: Callable[..., Iterable[bytes]] | None = None) -> None:
        self.moment, self.stack = 0.0, ExitStack()
        self.taken = self.stack.enter_context(take_port("127.0.0.1", 0))
        settings = Settings(threads=threads)
        self.server = Server(app or answer, self.taken, adjustments(settings, limits), limits, lambda: self.moment)
        self.address = self.taken.getsockname()
        self.stack.callback(self.server.watching.shutdown)
        self.stack.callback(self.server.task_dispatcher.shutdown)

    def turn(self, times: int = 3) -> None:
        for _round in range(times):
            wasyncore.poll2(0, self.server._map)

    def turn_until(self, is_so: Callable[[], bool]) -> None:
        until = time.monotonic() + PATIENCE
        while True:
            wasyncore.poll2(0.01, self.server._map)
            if is_so():
                return
            assert time.monotonic() < until, "it never came to be so"

    def open(self, sent: bytes = b"") -> socket.socket:
        count = self.taken_in()
        browser = self.stack.enter_context(socket.create_connection(self.address, timeout=PATIENCE))
        browser.setblocking(False)
        self.turn_until(lambda: self.taken_in() != count or self.taken_in() == self.server.limits.connections)
        self.send(browser, sent)
        return browser

    def send(self, browser: socket.socket, sent: bytes) -> None:
        browser.send(sent)
        self.turn()

    def fetch(self, browsers: Iterable[socket.socket]) -> None:
        """A letter each, where one has come."""
        for each in browsers:
            with suppress(BlockingIOError):
                each.recv(1)

    def taken_in(self) -> int:
        return len(self.server.active_channels)

    def later(self, seconds: float) -> None:
        self.moment += seconds
        self.server.maintenance(0)
        self.turn()

    def told(self, browser: socket.socket) -> bytes:
        """Everything that comes until an answer is whole or the connection ends."""
        heard = bytearray()

        def is_whole() -> bool:
            try:
                part = browser.recv(65_536)
            except BlockingIOError:
                return False
            heard.extend(part)
            return not part or heard.endswith(b"answered")

        self.turn_until(is_whole)
        return bytes(heard)

    def is_open(self, browser: socket.socket) -> bool:
        self.turn()
        try:
            return browser.recv(1, socket.MSG_PEEK) != b""
        except BlockingIOError:
            return True
        except ConnectionResetError:
            return False


def answer(_environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
    start("200 OK", [("Content-Length", "8")])
    return [b"answered"]


@pytest.fixture
def make() -> Iterator[Callable[..., Turned]]:
    with ExitStack() as stack:

        def do(limits: Limits | None = None, **how: Any) -> Turned:
            turned = Turned(limits or Limits(), **how)
            stack.enter_context(turned.stack)
            return turned

        yield do


def test_150_silent_connections_keep_nobody_out(make: Callable[..., Turned]) -> None:
    server = make()
    silent = [server.open() for _number in range(150)]

    assert server.told(server.open(ASK)).startswith(b"HTTP/1.1 200 OK")
    assert all(server.is_open(each) for each in silent)


def test_more_than_there_is_room_for_ends_the_one_that_has_waited_longest(make: Callable[..., Turned]) -> None:
    server = make(Limits(connections=4))
    first, *others = [server.open(b"GET / HTTP/1.1\r\nX-Sl") for _number in range(4) if not server.later(1)]

    newcomer = server.open()
    server.send(newcomer, ASK)

    assert server.told(newcomer).startswith(b"HTTP/1.1 200 OK")
    assert not server.is_open(first)
    assert all(server.is_open(each) for each in others)


def test_idle_connection_ends_after_its_seconds_and_not_before(make: Callable[..., Turned]) -> None:
    server = make(Limits(idle_seconds=30))
    browser = server.open()

    server.later(30)
    assert server.is_open(browser)
    server.later(0.1)
    assert not server.is_open(browser)


def test_connection_that_asked_is_idle_from_its_answer_on(make: Callable[..., Turned]) -> None:
    server = make(Limits(idle_seconds=30))
    browser = server.open()
    server.later(29)
    server.send(browser, ASK)
    server.told(browser)

    server.later(29)
    assert server.is_open(browser)
    server.later(2)
    assert not server.is_open(browser)


@pytest.mark.parametrize(
    "begun",
    [
        b"GET / HTTP/1.1\r\nX-Slow: ",
        b"POST / HTTP/1.1\r\nContent-Length: 900\r\n\r\n",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n384\r\n",
    ],
)
def test_request_that_trickles_in_ends_however_lively_it_is(make: Callable[..., Turned], begun: bytes) -> None:
    server = make(Limits(request_seconds=20))
    browser = server.open(begun)

    for _second in range(20):
        server.later(1)
        server.send(browser, b"a")
    assert server.is_open(browser)
    server.later(0.1)
    assert not server.is_open(browser)


def test_blank_lines_are_no_request(make: Callable[..., Turned]) -> None:
    server = make(Limits(idle_seconds=30))
    browser = server.open()

    for _second in range(30):
        server.later(1)
        server.send(browser, b"\r\n\r\n")
    server.later(0.1)

    assert not server.is_open(browser)


def test_answer_that_nobody_fetches_ends(make: Callable[..., Turned]) -> None:
    def long(_environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        start("200 OK", [])
        return [b"x" * 12_000_000]

    server = make(Limits(answer_seconds=120), app=long)
    server.open(ASK)
    (channel,) = server.server.active_channels.values()
    server.turn_until(lambda: channel.total_outbufs_len > 0 and not channel.requests)

    server.later(120)
    assert server.taken_in() == 1
    server.later(0.1)
    assert server.taken_in() == 0


def test_answer_that_is_fetched_letter_by_letter_ends_and_holds_no_thread(make: Callable[..., Turned]) -> None:
    def large(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        if environ["PATH_INFO"] != "/large":
            return answer(environ, start)
        start("200 OK", [])
        return [b"x" * 12_000_000]

    server = make(Limits(answer_seconds=120), threads=2, app=large)
    slow = [server.open(b"GET /large HTTP/1.1\r\nHost: elm.example\r\n\r\n") for _number in range(3)]
    channels, at_work = server.server.active_channels, server.server.task_dispatcher
    server.turn_until(lambda: all(each.total_outbufs_len for each in channels.values()) and not at_work.active_count)

    for _second in range(120):
        server.later(1)
        server.fetch(slow)
    other = server.open(ASK)
    assert server.told(other).endswith(b"answered")
    assert server.taken_in() == 4
    server.later(0.1)
    assert server.taken_in() == 1


def test_hundreds_of_questions_at_once_whose_answers_nobody_fetches_take_no_thread(
    make: Callable[..., Turned],
) -> None:
    def page(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        if environ["PATH_INFO"] != "/page":
            return answer(environ, start)
        start("200 OK", [("Content-Length", "200000")])
        return [b"x" * 200_000]

    server = make(threads=2, app=page)
    for _number in range(4):
        server.open(b"GET /page HTTP/1.1\r\nHost: e\r\n\r\n" * 200)

    server.turn_until(lambda: server.taken_in() == 0)  # else their answers fill 16 MB, and the threads wait for room
    assert server.told(server.open(ASK)).endswith(b"answered")


def test_a_few_questions_at_once_are_answered_in_their_order(make: Callable[..., Turned]) -> None:
    server = make()
    heard = server.told(server.open(ASK * AHEAD))

    assert heard.count(b"answered") <= AHEAD
    assert server.taken_in() == 1


def test_request_that_is_being_answered_is_not_ended(make: Callable[..., Turned]) -> None:
    going_on = threading.Event()

    def slow(environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        going_on.wait(PATIENCE)
        return answer(environ, start)

    server = make(app=slow)
    browser = server.open(ASK)
    server.later(1000)
    going_on.set()

    assert server.told(browser).endswith(b"answered")


@pytest.mark.parametrize("path", [b"/healthz", b"/readyz"])
def test_who_watches_is_answered_while_every_thread_is_taken(make: Callable[..., Turned], path: bytes) -> None:
    going_on = threading.Event()

    def stuck(environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        if environ["PATH_INFO"] == "/today":
            going_on.wait(PATIENCE)
        return answer(environ, start)

    server = make(threads=2, app=stuck)
    for _number in range(5):
        server.open(ASK)

    told = server.told(server.open(b"GET %b HTTP/1.1\r\nHost: elm.example\r\n\r\n" % path))

    going_on.set()
    assert told.endswith(b"answered")


def test_large_body_is_refused_before_any_of_it_is_kept(make: Callable[..., Turned]) -> None:
    server = make()
    browser = server.open(b"POST /sign-in HTTP/1.1\r\nHost: e\r\nContent-Length: 1000000000\r\n\r\n")

    told = server.told(browser)

    assert told.startswith(b"HTTP/1.1 413 ")
    assert told.endswith(b"That was too large. Nothing was saved. Please send less at once.")


def test_endless_chunks_are_refused_at_the_same_size(make: Callable[..., Turned]) -> None:
    server = make()
    browser = server.open(b"POST /sign-in HTTP/1.1\r\nHost: e\r\nTransfer-Encoding: chunked\r\n\r\n")
    sent = 0
    while server.taken_in() and server.server._held <= 1_100_000 and sent < 3_000_000:
        try:
            sent += browser.send(b"8000\r\n" + b"x" * 0x8000 + b"\r\n")
        except (BrokenPipeError, ConnectionResetError):
            break
        except BlockingIOError:
            pass
        server.turn()
    server.turn_until(lambda: server.taken_in() == 0)

    assert sent < 3_000_000
    assert server.server._held == 0


def test_all_that_is_held_at_once_has_a_limit(make: Callable[..., Turned]) -> None:
    server = make(Limits(held_bytes=100_000))
    begun = b"POST / HTTP/1.1\r\nContent-Length: 900000\r\n\r\n"
    browsers = [server.open(begun) for _number in range(3)]

    for browser in browsers:
        server.send(browser, b"x" * 40_000)
        server.turn(20)

    assert [server.is_open(each) for each in browsers] == [True, True, False]
    assert server.server._held == 80_000
    assert server.told(server.open(ASK)).startswith(b"HTTP/1.1 200 OK")


@pytest.mark.parametrize(
    ("sent", "status"),
    [(b"GET / HTTP/1.1\r\nCookie: " + b"x" * (4 * 8192 - 24), b"431"), (b"odd\r\n\r\n", b"400")],
)
def test_what_is_no_request_is_told_in_words(make: Callable[..., Turned], sent: bytes, status: bytes) -> None:
    server = make()

    told = server.told(server.open(sent))

    assert told.startswith(b"HTTP/1.0 %b " % status)
    assert b"The browser sent " in told
    assert b"generated by" not in told
