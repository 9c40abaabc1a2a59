"""A real browser for tests: one Chromium a process, a context of its own for every visitor, and no fault overlooked.

    def test_a_week_is_planned(serve, visit):
        page = visit(serve(app), width=360)
        page.goto("/")

What a page does wrong while a test looks at it fails the test: a script's error, a broken content policy, a missing
file, and any request to elsewhere (which also reaches nobody: names other than this machine's do not resolve). A test
that kills the browser fails itself, not those that come after it.
"""

import contextlib
import signal
import threading
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from weakref import WeakSet

import psutil
import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Error,
    Page,
    Playwright,
    Request,
    Response,
    expect,
    sync_playwright,
)
from waitress import create_server, wasyncore

import dev
from tests.patience import PATIENCE

_FLAGS = ["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost", "--font-render-hinting=none"]
_OFFLINE = "net::ERR_INTERNET_DISCONNECTED"  # as a test wanted that took the network from a page
_FROM_OUTSIDE = {-signal.SIGKILL, -signal.SIGTERM, -signal.SIGINT, -signal.SIGHUP}
_kept = pytest.StashKey["Chromium"]()
_PAGES = 5  # that may follow one another while axe looks
_PHONE = 600  # px: narrower is a phone, touched
_TELL_POLICY = """addEventListener("securitypolicyviolation", event =>
    console.error(`content policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`))"""
_AXE = Axe().axe_script
_RULES = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}

expect.set_options(timeout=PATIENCE * 1000)
_REFUSED: WeakSet[Page] = WeakSet()


def let_refuse(page: Page) -> None:
    """From now on a test wants its page's scripts to be answered with errors, and looks at what becomes of it."""
    _REFUSED.add(page)


class Lost(UserWarning):
    """The run's browser had gone when a test asked for it; a new one was begun."""


class Chromium:
    """The run's one headless Chromium, begun with the first test that looks at a page; another where it has gone.

    Between Python and the browser stands Playwright's driver, a process of its own. Whoever ends it, or makes it fall,
    would otherwise fail every later test of pages. `folder` keeps what each driver said on its standard error.
    """

    def __init__(self, executable: Path, folder: Path) -> None:
        self._executable, self._folder = executable, folder
        self._begun = 0
        self._playwright: Playwright | None = None
        self._browser: Browser | None = None
        self._driver: Any = None

    def living(self) -> Browser:
        """A browser that answers. Warns where it is not the one of before, and why that has gone."""
        if self._browser is not None and not self._answers(self._browser):
            warnings.warn(f"the browser had gone: {self.words()}", Lost, stacklevel=2)
            self.end()
        if self._browser is None:
            self._browser = self._begin()
        return self._browser

    def was_killed(self) -> bool:
        """Whether the driver was ended from outside: by a signal that no process sends to itself when it falls."""
        if self._driver is None or self._browser is None or _is_running(self._driver.pid):
            return False
        self._answers(self._browser)  # its status is known when somebody has listened
        return self._driver.returncode in _FROM_OUTSIDE

    def words(self) -> str:
        """How the driver ended and the last of what it said."""
        status = self._driver.returncode
        said = self._said().read_text("utf-8", "replace").strip()[-2_000:]
        how = "Chromium ended" if status is None else f"Playwright's driver ended with status {status}"
        return f"{how}. It said: {said or 'nothing'}"

    def end(self) -> None:
        """Leave nothing running."""
        with contextlib.suppress(Error):
            if self._browser is not None:
                self._browser.close()
        if self._playwright is not None:
            self._playwright.stop()
        self._playwright = self._browser = self._driver = None

    def _begin(self) -> Browser:
        self._begun += 1
        manager = sync_playwright()
        with self._said().open("w") as file, contextlib.redirect_stderr(file):
            self._playwright = manager.start()
        self._driver = manager._client._transport._proc  # type: ignore[union-attr]
        return self._playwright.chromium.launch(executable_path=str(self._executable), args=_FLAGS)

    def _said(self) -> Path:
        return self._folder / f"driver-{self._begun}.log"

    @staticmethod
    def _answers(browser: Browser) -> bool:
        try:
            browser.new_browser_cdp_session().detach()
        except Error:
            return False
        return True


@pytest.fixture(scope="session")
def chromiums(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    """The run's browser, whoever asks for it first."""
    try:
        executable = dev.find_chromium()
    except dev.Stopped as stopped:
        pytest.fail(str(stopped))
    if executable is None:
        pytest.fail("There is no Chromium for the browser tests: `python3 dev.py test` installs one or says how.")
    kept = request.config.stash[_kept] = Chromium(executable, tmp_path_factory.mktemp("chromium"))
    yield kept
    kept.end()


@pytest.fixture
def chromium(chromiums: Chromium) -> Browser:
    """A headless Chromium that answers: the same for the whole run, unless it has gone before this test began."""
    return chromiums.living()


@pytest.fixture(autouse=True)
def _is_left_in_peace(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail the test in whose time the browser's driver was killed: it ended what it had not begun."""
    yield
    kept = request.config.stash.get(_kept, None)
    if kept is not None and kept.was_killed():
        told = kept.words()
        kept.end()
        pytest.fail(f"The browser was killed in this test, which ends processes that are not its own: {told}")


def _is_running(process_id: int) -> bool:
    with contextlib.suppress(psutil.NoSuchProcess):
        return bool(psutil.Process(process_id).status() != psutil.STATUS_ZOMBIE)
    return False


@pytest.fixture
def visit(chromium: Browser, serve: Callable[[Flask], str]) -> Iterator[Callable[..., Page]]:
    """`visit(origin, width=1280, height=900, **options)`: a page of a new visitor, addresses relative to `origin`.

    A phone where narrower than 600 px; `java_script_enabled=False` and the like go to Playwright's new_context. A test
    closes no page: one that is closed while the next is on its way may wait for ever (Playwright's issue 42366).
    What is open when the test ends is closed with its context, which does not wait for pages. It asks for `serve` so
    that pages are closed before their servers: a browser asks for a page's icon whenever it likes.
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
        context.set_default_timeout(PATIENCE * 1000)
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
    """`accessible(page)`: fails with every accessibility fault that axe finds on the page as it is when it has loaded.

    After a click wait first for something that only the next page shows: the one before would pass in its place.
    """

    def check(page: Page) -> None:
        found = _looked_at(page)
        told = [
            f"{fault['id']} ({fault['impact']}): {fault['help']}: {' '.join(node['target'])}: {node['html'][:120]}"
            for fault in found
            for node in fault["nodes"]
        ]
        assert told == [], f"{page.url} at {page.viewport_size}"

    return check


def _looked_at(page: Page) -> list[dict[str, Any]]:
    """What axe finds on a page that has loaded; of a page that another took the place of meanwhile, on that one."""
    for _ in range(_PAGES):
        page.wait_for_load_state()
        before = _document(page)
        try:
            found = _violations(page)
        except Error:
            page.wait_for_load_state()
            if before is not None and _document(page) == before:
                raise
        else:
            if before is not None and _document(page) == before:
                return found
    raise AssertionError(f"{page.url} gives way to other pages again and again")


def _violations(page: Page) -> list[dict[str, Any]]:
    """What axe finds; it is loaded once into each document, which takes longer than a look."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(_AXE)
    found: list[dict[str, Any]] = page.evaluate("async rules => (await axe.run(rules)).violations", _RULES)
    return found


def _document(page: Page) -> float | None:
    """The moment when the page's document began, which no other of the page shares; None where it is giving way."""
    with contextlib.suppress(Error):
        began: float = page.evaluate("performance.timeOrigin")
        return began
    return None


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
        with contextlib.suppress(OSError):  # a request that ends meanwhile has woken it already, and all is closed
            server.trigger.pull_trigger(
                lambda sockets=sockets: wasyncore.close_all(sockets)
            )  # in the thread that owns them
        thread.join(PATIENCE)
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
