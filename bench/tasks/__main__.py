"""python -m bench.tasks --data DIR: a director's twelve tasks, by keyboard alone and by touch, on copies of a demo.

DIR is a demo's data folder at the newest revision; it is copied for each pair of hands and left as it was. Printed:
steps and seconds of each task, with what server, browser and planning take and without the time in which a person
reads and thinks; and what was too small for a finger.
"""

import argparse
import shutil
import sys
import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from playwright.sync_api import BrowserContext, Error, sync_playwright

import dev
from bench.load import served
from bench.monday.keyboard import Stumbled
from bench.tasks.hands import Finger, Keys
from bench.tasks.tasks import TASKS, Around

WHO, PASSWORD = "director@linden.example", "choir-at-ten"  # the demo's own, which its sign-in page says too
WAYS = ("keyboard", "touch")
DESK = {"viewport": {"width": 1440, "height": 900}}
TABLET = {"viewport": {"width": 820, "height": 1180}, "has_touch": True, "is_mobile": True}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.tasks", description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--zone", default="Europe/London", help="of the community, for its day")
    parser.add_argument("--by", nargs="+", choices=WAYS, default=list(WAYS))
    parser.add_argument("--tasks", nargs="+", choices=TASKS, default=list(TASKS))
    options = parser.parse_args()
    lost = sum(_all_by(way, options) for way in options.by)
    return 1 if lost else 0


def _all_by(way: str, options: argparse.Namespace) -> int:
    """Do the tasks with one pair of hands, on a copy; how many could not be done."""
    lost = 0
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        shutil.copytree(options.data, data)
        with served(data) as ((host, port), _process), sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=dev.find_chromium())
            size = DESK if way == "keyboard" else TABLET
            context = browser.new_context(locale="en-GB", timezone_id=options.zone, accept_downloads=True, **size)
            address = f"http://{host}:{port}"
            hands = Keys(context.new_page()) if way == "keyboard" else Finger(context.new_page())
            around = _sign_in(context, hands, address, options.zone)
            print(f"by {way:<24}{'steps':>6}{'seconds':>9}")
            for name in options.tasks:
                lost += not _done(hands, name, f"{address}/week/{around.week}", around)
            if isinstance(hands, Finger):
                for said, (width, height) in sorted(hands.small.items()):
                    print(f"small for a finger: {width} x {height}  {said}")
            browser.close()
    return lost


def _sign_in(context: BrowserContext, hands: Keys | Finger, address: str, zone: str) -> Around:
    """Sign in, leave the tour, and find the week with the draft."""
    page = hands.page
    page.goto(f"{address}/sign-in")
    page.get_by_label("E-mail address").fill(WHO)
    page.get_by_label("Password").fill(PASSWORD)
    with page.expect_navigation():
        page.get_by_role("button", name="Sign in").click()
    skip = page.get_by_role("button", name="Skip the tour")
    if skip.count():
        with page.expect_navigation():
            skip.click()
    today = datetime.now(ZoneInfo(zone)).date()
    monday = today - timedelta(days=today.weekday())
    for week in (monday, monday + timedelta(days=7)):
        page.goto(f"{address}/week/{week}")
        if page.get_by_role("link", name="Publish…").count():
            return Around(today, week)
    raise Stumbled("neither this week nor the next has a draft")


def _done(hands: Keys | Finger, name: str, start: str, around: Around) -> bool:
    hands.page.goto(start)
    hands.begin()
    try:
        TASKS[name](hands, around)
    except (Stumbled, Error) as trouble:
        print(f"{name:<27}{'–':>6}{'–':>9}  {str(trouble).splitlines()[0][:200]}", flush=True)
        return False
    print(f"{name:<27}{hands.steps:>6}{hands.seconds:>9.1f}", flush=True)
    return True


if __name__ == "__main__":
    sys.exit(main())
