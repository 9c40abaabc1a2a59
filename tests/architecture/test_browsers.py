"""The browser's fixtures see what they should: each fault is planted once."""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask, Response
from playwright.sync_api import Browser, Error, Page

from tests import browsers
from tests.architecture.sources import ROOT, files, name

GOOD = "<!doctype html><html lang='en'><title>A page</title><main><h1>A page</h1><p>Words.</p></main></html>"


def app_of(body: str, status: int = 200) -> Flask:
    app = Flask("planted", static_folder=None)

    @app.get("/")
    def page() -> Response:
        return Response(body, status, {"Content-Security-Policy": "default-src 'none'; script-src 'self'; img-src *"})

    @app.get("/wrong.js")
    def script() -> Response:
        return Response("nothing.there", mimetype="text/javascript")

    @app.get("/favicon.ico")
    def icon() -> Response:
        return Response(status=204)

    return app


def faults_of(chromium: Browser, origin: str) -> list[str]:
    context = chromium.new_context()
    context.add_init_script(browsers._TELL_POLICY)
    page, faults = context.new_page(), []
    browsers._watch(page, origin, faults)
    page.goto(origin, wait_until="networkidle")
    context.close()
    return faults


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (f"{GOOD}<script src='/wrong.js'></script>", "script: nothing is not defined"),
        (f"{GOOD}<script>1</script>", "content policy: script-src-elem inline"),
        (f"{GOOD}<p style='color: red'>Red</p>", "content policy: style-src-attr inline"),
        (f"{GOOD}<img alt='' src='http://elsewhere.example/pixel.png'>", "asked elsewhere: http://elsewhere.example"),
        (f"{GOOD}<script src='/missing.js'></script>", "console: Failed to load resource"),
    ],
)
def test_a_fault_on_a_page_is_told(chromium: Browser, serve: Callable[[Flask], str], body: str, told: str) -> None:
    faults = faults_of(chromium, serve(app_of(body)))

    assert any(told in fault for fault in faults), faults


@pytest.mark.parametrize("status", [200, 404])
def test_a_page_without_faults_is_left_in_peace(chromium: Browser, serve: Callable[[Flask], str], status: int) -> None:
    assert faults_of(chromium, serve(app_of(GOOD, status))) == []


def test_axe_looks_at_the_page(
    visit: Callable[..., Page], serve: Callable[[Flask], str], accessible: Callable[[Page], None]
) -> None:
    page = visit(serve(app_of(GOOD.replace(" lang='en'", ""))), width=360)
    page.goto("/")

    with pytest.raises(AssertionError, match="html-has-lang"):
        accessible(page)


def test_an_accessible_page_passes(
    visit: Callable[..., Page], serve: Callable[[Flask], str], accessible: Callable[[Page], None]
) -> None:
    page = visit(serve(app_of(GOOD)))
    page.goto("/")

    accessible(page)


GIVES_WAY = """<script>Object.defineProperty(window, "axe", {
    get: () => ({run: () => new Promise(() => location.replace("/%s"))}), set() {}})</script>"""


def following(pages: list[str]) -> Flask:
    """Pages of which each but the last gives way to the next while axe looks at it."""
    app = Flask("following", static_folder=None)

    @app.get("/<int:k>")
    def page(k: int) -> str:
        return pages[k] + GIVES_WAY % (k + 1) if k < len(pages) - 1 else pages[k]

    @app.get("/favicon.ico")
    def icon() -> Response:
        return Response(status=204)

    return app


def test_axe_looks_at_the_page_that_takes_the_place_of_another(
    visit: Callable[..., Page], serve: Callable[[Flask], str], accessible: Callable[[Page], None]
) -> None:
    bad = GOOD.replace(" lang='en'", "")
    page = visit(serve(following([GOOD, GOOD, bad])))
    page.goto("/0")

    with pytest.raises(AssertionError, match=r"/2 at (.|\n)*html-has-lang"):
        accessible(page)


def test_an_error_of_axe_on_a_page_that_stays_is_told(
    visit: Callable[..., Page], serve: Callable[[Flask], str], accessible: Callable[[Page], None]
) -> None:
    failing = GIVES_WAY.replace("new Promise", "Promise.reject").replace('() => location.replace("/%s")', "'broken'")
    page = visit(serve(following([GOOD + failing])))
    page.goto("/0")

    with pytest.raises(Error, match="broken"):
        accessible(page)


def test_no_journey_looks_with_axe_before_the_next_page_is_there() -> None:
    """What is there right after a click may still be the page before. A fold that opens leads to no other."""
    begins = re.compile(
        r"^(?!.*summary).*\.(click|press|dblclick|tap)\(.*\)\n+ *(accessible|looks_right)\(", re.MULTILINE
    )
    found = [
        f"{name(path)}:{text.count(chr(10), 0, each.start()) + 1}"
        for path in files(".py")
        if name(path).startswith("tests/")
        for text in [path.read_text("utf-8")]
        for each in begins.finditer(text)
    ]

    assert found == [], "first expect(…) something that only the next page shows"


def test_a_page_that_never_stays_is_told(
    chromium: Browser, serve: Callable[[Flask], str], accessible: Callable[[Page], None]
) -> None:
    origin, context = serve(following([GOOD] * (browsers._PAGES + 1))), chromium.new_context()
    page = context.new_page()
    page.goto(f"{origin}/0")

    with pytest.raises(AssertionError, match="gives way to other pages again and again"):
        accessible(page)

    context.close()  # whatever is on its way is of no interest


ASKING = """
import time
import pytest
from flask import Flask
app = Flask("asking", static_folder=None)
@app.get("/")
def page(): return "<!doctype html><html lang='en'><title>A page</title><script src='/ask.js'></script>"
@app.get("/ask.js")
def script(): return app.response_class("setInterval(() => fetch('/more'), 1)", mimetype="text/javascript")
@app.get("/more")
def more(): return "", 204
@app.get("/favicon.ico")
def icon(): return "", 204
@pytest.fixture
def lingering():
    yield
    time.sleep(0.3)
def test_asks_on_and_on(visit, lingering, serve):
    page = visit(serve(app))
    page.goto("/")
    page.wait_for_event("request")
"""


@pytest.mark.slow
def test_a_page_that_asks_until_the_end_still_finds_its_server(tmp_path: Path) -> None:
    (tmp_path / "test_asking.py").write_text(ASKING)
    command = [sys.executable, "-m", "pytest", "--disable-plugin-autoload", "-p", "tests.browsers", "-q", str(tmp_path)]

    done = subprocess.run([*command, "-c", "/dev/null"], cwd=ROOT, capture_output=True, text=True)

    assert done.returncode == 0, done.stdout


ENDING = """
import contextlib, os, signal, time
import psutil
def find(name):
    found = []
    for each in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):
            if name in each.name() and each.status() != psutil.STATUS_ZOMBIE:
                found.append(each.pid)
    return found
def test_before(visit): visit("http://127.0.0.1")
def test_ends_what_is_not_its_own():
    for process in find({!r}): os.kill(process, signal.SIGKILL)
    while find({!r}): time.sleep(0.1)
def test_after(visit): visit("http://127.0.0.1")
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("node", "The browser was killed in this test, which ends processes that are not its own: Playwright's driver"),
        ("chrom", "Lost: the browser had gone: Chromium ended"),
    ],
)
def test_a_browser_that_is_killed_fails_at_most_the_test_that_kills_it(tmp_path: Path, name: str, told: str) -> None:
    (tmp_path / "test_ending.py").write_text(ENDING.format(name, name))
    command = [sys.executable, "-m", "pytest", "--disable-plugin-autoload", "-p", "tests.browsers", "-v", str(tmp_path)]

    done = subprocess.run([*command, "-c", "/dev/null"], cwd=ROOT, capture_output=True, text=True)

    assert told in done.stdout
    assert "test_after PASSED" in done.stdout
    assert ("ERROR at teardown of test_ends_what_is_not_its_own" in done.stdout) == (name == "node")
