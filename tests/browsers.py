"""A real browser for tests: one Chromium a run, a context of its own for every visitor, and no fault overlooked.

    def test_a_week_is_planned(serve, visit):
        page = visit(serve(app), width=360)
        page.goto("/")

What a page does wrong while a test looks at it fails the test: a script's error, a broken content policy, a missing
file, and any request to elsewhere (which also reaches nobody: names other than this machine's do not resolve).
"""

import threading
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit
from weakref import WeakSet

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response, expect, sync_playwright
from waitress import create_server, wasyncore

import dev

_FLAGS = ["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost", "--font-render-hinting=none"]
_OFFLINE = "net::ERR_INTERNET_DISCONNECTED"  # as a test wanted that took the network from a page
_PHONE = 600  # px: narrower is a phone, touched
_TELL_POLICY = """addEventListener("securitypolicyviolation", event =>
    console.error(`content policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`))"""
_RULES = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}

expect.set_options(timeout=10_000)
_REFUSED: WeakSet[Page] = WeakSet()


def let_refuse(page: Page) -> None:
    """From now on a test wants its page's scripts to be answered with errors, and looks at what becomes of it."""
    _REFUSED.add(page)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One headless Chromium for the whole run."""
    try:
        executable = dev.find_chromium()
    except dev.Stopped as stopped:
        pytest.fail(str(stopped))
    if executable is None:
        pytest.fail("There is no Chromium for the browser tests: `python3 dev.py test` installs one or says how.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(executable), args=_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """`visit(origin, width=1280, height=900, **options)`: a page of a new visitor, addresses relative to `origin`.

    A phone where narrower than 600 px; `java_script_enabled=False` and the like go to Playwright's new_context. A test
    closes no page: one that is closed while the next is on its way may wait for ever (Playwright's issue 42366).
    What is open when the test ends is closed with its context, which does not wait for pages.
    """
    contexts, faults = [], []

    def do(origin: str, *, width: int = 1280, height: int = 900, **options: Any) -> Page:
        is_phone = width < _PHONE
        context = chromium.new_context(
            base_url=origin,
            viewport={"width": width, "height": height},
            has_touch=is_phone,
            is_mobile=is_phone,
            locale="en-GB",
            reduced_motion="reduce",
            **{"timezone_id": "Europe/London", **options},
        )
        context.set_default_timeout(10_000)
        context.add_init_script(_TELL_POLICY)
        contexts.append(context)
        page = context.new_page()
        _watch(page, origin, faults)
        return page

    yield do
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture
def accessible() -> Callable[[Page], None]:
    """`accessible(page)`: fails with every accessibility fault that axe finds on the page as it is now."""

    def check(page: Page) -> None:
        found = Axe().run(page, options=_RULES).response["violations"]
        told = [
            f"{fault['id']} ({fault['impact']}): {fault['help']}: {' '.join(node['target'])}: {node['html'][:120]}"
            for fault in found
            for node in fault["nodes"]
        ]
        assert told == [], f"{page.url} at {page.viewport_size}"

    return check


@pytest.fixture
def serve() -> Iterator[Callable[[Flask], str]]:
    """`serve(app)`: the address of a real server of an application, on a free port until the test ends."""
    running = []

    def do(app: Flask) -> str:
        sockets: dict[int, Any] = {}
        server = create_server(app, host="127.0.0.1", port=0, threads=8, map=sockets)
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        running.append((server, sockets, thread))
        return f"http://127.0.0.1:{server.effective_port}"

    yield do
    for server, sockets, thread in running:
        server.trigger.pull_trigger(
            lambda sockets=sockets: wasyncore.close_all(sockets)
        )  # in the thread that owns them
        thread.join(5)
        assert not thread.is_alive()
        server.task_dispatcher.shutdown()


def _watch(page: Page, origin: str, faults: list[str]) -> None:
    """Write down everything that should not happen on a page."""
    refused: set[str] = set()  # pages that were opened and answered with an error, as some tests want

    def answered(response: Response) -> None:
        if response.status >= 400 and response.request.is_navigation_request():
            refused.add(response.url)

    def said(message: ConsoleMessage) -> None:
        is_wanted = page in _REFUSED or message.location.get("url") in refused or _OFFLINE in message.text
        is_expected = "Failed to load resource" in message.text and is_wanted
        if message.type == "error" and not is_expected:
            faults.append(f"console: {message.text} ({message.location.get('url')})")

    def asked(request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in ("data", "blob") and f"{address.scheme}://{address.netloc}" != origin:
            faults.append(f"asked elsewhere: {request.url}")

    page.on("response", answered)
    page.on("console", said)
    page.on("request", asked)
    page.on("pageerror", lambda error: faults.append(f"script: {error}"))
