"""Photograph the pages for the documentation: python docs/pictures.py [--data DIR]

Plans a made-up community as `milieu demo` does, or takes a copy of a demo's data folder (DIR holds `linden`), makes it
ten past ten on the coming Wednesday (or today, where it is one), and writes the pictures of its pages into a folder
beside this file. Needs a Chromium.
"""

import argparse
import logging
import sqlite3
import struct
import sys
import tempfile
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import dev
from milieu.clock import local_day
from milieu.clockwork import make_scheduler
from milieu.database import Engines, reading
from milieu.demo.accounts import PASSWORD
from milieu.demo.folder import find_folder
from milieu.demo.steps import Demo
from milieu.installation.logs import set_up_logs
from milieu.installation.serving import open_engines, with_secret_key
from milieu.models import Community
from milieu.queries.published.freshness import freshness
from milieu.settings import Settings
from web.app import create_app
from web.server.listening import address_of, listen, take_port

COMMUNITY, ACCOUNTS, ZONE = "linden", "linden.example", ZoneInfo("Europe/London")
LONGEST_CHECK = 180  # seconds for the morning's check, on a busy machine
LONGEST_PAGE = 60  # seconds, likewise
FLAGS = ["--font-render-hinting=none"]
LABEL = b"Description\0All people in this picture are invented."


class SetClock:
    """Stands where it was set, on the coming weekday (0 = Monday), so that every picture is of one moment."""

    def __init__(self, weekday: int, hour: int, minute: int) -> None:
        today = datetime.now(ZONE)
        ahead = timedelta(days=(weekday - today.weekday()) % 7)  # never back: days that are over have their marks
        self._day = (today + ahead).replace(second=20, microsecond=0)
        self.set(hour, minute)

    def set(self, hour: int, minute: int) -> None:
        """Make it that time on the wall."""
        self._now = self._day.replace(hour=hour, minute=minute).astimezone(UTC)

    def now(self) -> datetime:
        return self._now

    def wait(self, event: threading.Event, seconds: float) -> bool:
        return event.wait(seconds)


@contextmanager
def serve(base: Path) -> Iterator[str]:
    """The address of a demo whose data lie below `base`, checked this morning, at ten past ten on Wednesday."""
    folder = find_folder(COMMUNITY, base, Settings())
    with folder.held():
        settings, clock = with_secret_key(folder.settings(Settings())), SetClock(2, 5, 30)
        engines = open_engines(settings)
        demo = Demo(folder, settings, engines, clock, print)
        try:
            demo.prepare()
            demo.catch_up()
            wait_until(lambda: not demo.missing(), 600)
            check_morning(engines, settings, clock)
            clock.set(10, 10)
            taken = take_port("127.0.0.1", 0)
            server = listen(create_app(settings, engines, clock), taken, settings)
            threading.Thread(target=server.run, daemon=True).start()
            yield address_of(taken)
        finally:
            demo.end()
            engines.dispose()


def check_morning(engines: Engines, settings: Settings, clock: SetClock) -> None:
    """Let the clock do the day's duty, as a server that ran at that time would have done."""
    scheduler = make_scheduler(engines, settings, clock)

    def is_checked() -> bool:
        with reading(engines) as db:
            community = db.query(Community).one()
            today = local_day(clock.now(), community.timezone)
            fresh = freshness(db, community.id, today, today, clock.now())
        return fresh is not None and fresh.check not in ("under way", "not due", "late")

    try:
        scheduler.tick()
        wait_until(is_checked, LONGEST_CHECK)
    finally:
        scheduler.stop()


def wait_until(is_so: Callable[[], bool], seconds: float) -> None:
    """Raises TimeoutError where it takes longer."""
    end = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > end:
            raise TimeoutError(f"{is_so.__name__} took more than {seconds} s")
        time.sleep(0.2)


def copy_data(data: Path, base: Path) -> None:
    """A demo's database, copied whole even while the demo runs; its own folder is left as it was."""
    (base / COMMUNITY).mkdir()
    source = f"{(data / COMMUNITY / 'milieu.sqlite').resolve().as_uri()}?mode=ro"
    with (
        closing(sqlite3.connect(source, uri=True)) as there,
        closing(sqlite3.connect(base / COMMUNITY / "milieu.sqlite")) as here,
    ):
        there.backup(here)


class Photographer:
    """Visits the pages of one server and keeps what it sees in a folder."""

    def __init__(self, browser: Browser, address: str, folder: Path) -> None:
        self._browser, self._address, self._folder = browser, address, folder

    def take_all(self) -> None:
        """Every picture that the documentation shows."""
        week = self._visit("director", 1440, 900)
        week.goto("/tour")
        week.get_by_role("button", name="Show it").first.click()
        week.set_viewport_size({"width": 1100, "height": 520})
        self._keep(week, "tour")
        week.get_by_role("button", name="Skip the tour").click()
        week.goto("/week")
        week.set_viewport_size({"width": 1440, "height": 900})
        self._keep(week, "week")
        programme = week.get_by_role("link", name="Programme for the wall").get_attribute("href")
        card = week.locator(".day.is-today .part:nth-of-type(1) .card a").last.get_attribute("href")
        week.get_by_role("link", name="Week after").click()
        week.get_by_role("link", name="Publish…").click()
        week.set_viewport_size({"width": 900, "height": 400})
        self._keep(week, "publish")
        week.set_viewport_size({"width": 900, "height": 860})
        week.goto(card or "")
        self._keep(week, "session")
        week.goto("/accounts")
        week.set_viewport_size({"width": 900, "height": 660})
        self._keep(week, "accounts")
        week.set_viewport_size({"width": 820, "height": 1100})
        week.goto(programme or "")
        self._keep(week, "programme")
        self._keep(self._floor(), "today")
        self.take_insight()
        family = self._visit("family-of-two", 390, 900)
        family.locator(".whose a").last.click()
        family.wait_for_url("**/family/*")
        self._keep(family, "family", is_whole=True)

    def take_insight(self) -> None:
        """What is read of a week: who is left out, who waits, how it is shared out, and what was published."""
        page = self._visit("director", 900, 860)
        week = page.url.rstrip("/") if "/week/" in page.url else ""
        monday = date.fromisoformat(week.rpartition("/")[2]) if week else None
        for name in ("left-out", "waits", "balance", "history"):
            of = f"/week/{monday + timedelta(weeks=1)}" if monday and name == "waits" else week  # is yet to be held
            page.goto(f"{of}/{name}")
            if name == "balance":  # its charts stand below what is said in sentences
                page.locator("figure, svg").first.evaluate("each => each.closest('section').scrollIntoView()")
            self._keep(page, name)

    def _floor(self) -> Page:
        """Today of one unit, with two people already asked."""
        page = self._visit("staff", 820, 1180)
        page.locator(".units summary").click()
        page.locator(".units a").nth(1).click()
        page.wait_for_url("**unit=**")
        for number, outcome in enumerate(("Came", "Said no")):
            page.locator(".person").filter(visible=True).nth(number).get_by_role(
                "button", name=outcome, exact=True
            ).click()
        return page

    def _visit(self, account: str, width: int, height: int) -> Page:
        """The first page of a demo account, in a browser of its own."""
        size = ViewportSize(width=width, height=height)
        context = self._browser.new_context(
            base_url=self._address, viewport=size, locale="en-GB", timezone_id=ZONE.key, reduced_motion="reduce"
        )
        context.set_default_timeout(1000 * LONGEST_PAGE)
        page = context.new_page()
        page.goto("/sign-in")
        page.get_by_label("E-mail address").fill(f"{account}@{ACCOUNTS}")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(lambda url: "sign-in" not in url)
        return page

    def _keep(self, page: Page, name: str, *, is_whole: bool = False) -> None:
        page.wait_for_load_state("networkidle")
        page.evaluate("document.fonts.ready")
        path = self._folder / f"{name}.png"
        path.write_bytes(pack(page.screenshot(full_page=is_whole)))
        print(f"{path.name:<16} {path.stat().st_size // 1024:>5} KB")


def pack(png: bytes) -> bytes:
    """A PNG packed as small as it goes, with a label that travels along."""
    start, packed, chunks = 8, b"", []
    while start < len(png):
        (length,) = struct.unpack(">I", png[start : start + 4])
        kind, body = png[start + 4 : start + 8], png[start + 8 : start + 8 + length]
        start += length + 12
        if kind == b"IDAT":
            packed += body
        elif kind in (b"IHDR", b"PLTE"):
            chunks.append((kind, body))
    chunks += [(b"tEXt", LABEL), (b"IDAT", zlib.compress(zlib.decompress(packed), 9)), (b"IEND", b"")]
    return png[:8] + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in chunks
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--data", type=Path, metavar="DIR", help="a demo's data, as `milieu demo --data DIR` keeps them"
    )
    data: Path | None = parser.parse_args().data
    folder = Path(__file__).parent / "pictures"
    folder.mkdir(exist_ok=True)
    set_up_logs(logging.ERROR)
    with tempfile.TemporaryDirectory() as base, sync_playwright() as playwright:
        if data is not None:
            copy_data(data, Path(base))
        with serve(Path(base)) as address:
            browser = playwright.chromium.launch(executable_path=dev.find_chromium(), args=FLAGS)
            Photographer(browser, address, folder).take_all()
            browser.close()


if __name__ == "__main__":
    main()
