"""python -m bench.monday --data DIR: a director's Monday by keyboard alone, on a copy of a demo's data folder.

A server of its own is started on the folder, which keeps what is told in it. Printed: keys and seconds of each task,
the seconds with what the server and the browser take and without the time in which a person reads and thinks.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from playwright.sync_api import Error, sync_playwright

import dev
from bench.load import served
from bench.monday.keyboard import Keyboard, Stumbled
from bench.monday.tasks import FROM_NOTHING, TASKS
from milieu.database import make_engines, unit_of_work
from milieu.services.house.founding import offer_set_up

WHO, PASSWORD = "director@linden.example", "choir-at-ten"  # the demo's own, which its sign-in page says too


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.monday", description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--zone", default="Europe/London", help="of the community, for its day")
    parser.add_argument("--tasks", nargs="+", choices=TASKS, default=list(TASKS))
    options = parser.parse_args()
    told = [name for name in options.tasks if name != FROM_NOTHING]
    print(f"{'task':<22}{'keys':>6}{'seconds':>9}")
    stumbled = 0
    if told:
        with worked(options.data, options.zone) as (keyboard, address):
            _sign_in(keyboard, address)
            stumbled += sum(not _done(keyboard, name, f"{address}/week", options) for name in told)
    if FROM_NOTHING in options.tasks:
        with tempfile.TemporaryDirectory() as folder, worked(Path(folder), options.zone) as (keyboard, address):
            start = f"{address}/set-up/{_secret(Path(folder))}"
            stumbled += not _done(keyboard, FROM_NOTHING, start, options)
    return 1 if stumbled else 0


@contextmanager
def worked(data: Path, zone: str) -> Iterator[tuple[Keyboard, str]]:
    """A server on a folder, a browser before it, and where it is."""
    with served(data) as ((host, port), _process), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(dev.find_chromium()))
        yield Keyboard(browser.new_context(locale="en-GB", timezone_id=zone).new_page()), f"http://{host}:{port}"
        browser.close()


def _sign_in(keyboard: Keyboard, address: str) -> None:
    keyboard.page.goto(f"{address}/sign-in")
    keyboard.write("email", WHO)
    keyboard.write("password", PASSWORD)
    with keyboard.page.expect_navigation():
        keyboard.press("Enter")


def _done(keyboard: Keyboard, name: str, start: str, options: argparse.Namespace) -> bool:
    """Do a task, and print what it took; whether it was done."""
    keyboard.page.goto(start)
    keyboard.begin()
    try:
        TASKS[name](keyboard, datetime.now(ZoneInfo(options.zone)).date(), options.data)
    except (Stumbled, Error) as trouble:
        print(f"{name:<22}{'–':>6}{'–':>9}  {str(trouble).splitlines()[0]}", flush=True)
        return False
    print(f"{name:<22}{keyboard.keys:>6}{keyboard.seconds:>9.1f}", flush=True)
    return True


def _secret(folder: Path) -> str:
    """That of a link that makes the community of a database with nobody in it."""
    with unit_of_work(make_engines(f"sqlite:///{folder / 'milieu.sqlite'}")) as db:
        secret = offer_set_up(db, datetime.now(UTC))
    assert secret is not None, "an empty database offers its set-up"
    return secret


if __name__ == "__main__":
    sys.exit(main())
