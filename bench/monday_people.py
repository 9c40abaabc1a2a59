"""python -m bench.monday_people --data DIR: what a Monday brings about people, by keyboard alone, counted and timed.

A server of its own is started on the folder, a copy of a demo's at the newest revision, which keeps what is told in it.
Printed: the keys of each task and its seconds, with what server and browser take and without reading or thinking.
"""

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from playwright.sync_api import Error, sync_playwright
from sqlalchemy import select

import dev
from bench.load import served
from bench.monday.keyboard import Keyboard, Stumbled
from milieu.database import make_engines, unit_of_work
from milieu.models import LivingGroup, Resident, Tie

WHO, PASSWORD = "director@linden.example", "choir-at-ten"  # the demo's own, which its sign-in page says too
IDA, ROSE = "Ida Osei", "Rose Lind"


@dataclass
class Hands(Keyboard):
    """Somebody who knows the ways: the link past the menu, and the search of the list of people."""

    def go(self, said: str, tag: str = "a") -> None:
        """Press Enter on a link or a button, and wait for the page."""
        self.follow(said, tag=tag)

    def past_the_menu(self) -> None:
        """By the link that is first on a page, to what it is about; an address may lead there already."""
        self.press("Tab")
        if "Skip to the page" in str(self.page.evaluate("() => document.activeElement.textContent")):
            self.press("Enter")

    def pick(self, name: str, said: str) -> None:
        """Type as much of a choice as tells it from those before it, in one go. Raises Stumbled."""
        self.to(name=name)
        options = self.page.evaluate("() => [...document.activeElement.options].map(each => each.text)")
        wanted = next((each for each in options if each.casefold().startswith(said.casefold())), None)
        if wanted is None:
            raise Stumbled(f"“{said}” cannot be chosen in {name} on {self.page.url}")
        lengths = (length for length in range(1, len(wanted) + 1) if _first(options, wanted[:length]) == wanted)
        begun = wanted[: next(lengths)]
        self.page.keyboard.type(begun)
        self.keys += len(begun)

    def reads(self, words: str) -> None:
        """Raises Stumbled where the page does not say so."""
        if words not in self.page.locator("main").inner_text():
            raise Stumbled(f"“{words}” is not said on {self.page.url}")

    def person(self, name: str) -> None:
        """To somebody's page, by the search of the list and its arrow key."""
        self.go("People")
        self.write("q", name)
        self.press("ArrowDown")
        with self.page.expect_navigation():
            self.press("Enter")
        if name not in self.page.locator("h1").inner_text():
            raise Stumbled(f"{name} is not found")
        self.past_the_menu()


Task = Callable[[Hands, date, Path], None]


def a_no(hands: Hands, _today: date, _folder: Path) -> None:
    """Somebody wants no bingo any more."""
    hands.person(IDA)
    hands.go("Said no to")
    hands.past_the_menu()
    hands.pick("what", "Bingo")
    hands.go("Note it", "button")
    hands.reads("It holds at once.")


def a_newcomer(hands: Hands, today: date, _folder: Path) -> None:
    """Somebody moves in: who, where, since when, how to ask them, what they love, whom they might meet."""
    hands.go("People")
    hands.go("Somebody moves in")
    hands.past_the_menu()
    for name, text in (("given_name", "Nora"), ("family_name", "Newcome")):
        hands.write(name, text)
    hands.pick("group", "Beech")
    hands.write("room", "B 40")
    hands.segments("first", _typed(today))
    hands.go("Note it", "button")
    if "Nora" not in hands.page.locator("h1").inner_text():  # a published week has to be looked at first
        hands.person("Nora Newcome")
    else:
        hands.past_the_menu()
    hands.go("how they like to be asked")
    hands.past_the_menu()
    hands.write("how_to_invite", "Ask twice, softly.")
    hands.go("Save", "button")
    hands.past_the_menu()
    hands.go("what they love")
    hands.past_the_menu()
    hands.pick("activity", "Choir")
    hands.pick("strength", "loves it most")
    hands.go("Add", "button")
    hands.reads("Saved.")


def a_quarrel(hands: Hands, _today: date, _folder: Path) -> None:
    """Two are to be kept apart."""
    hands.person(IDA)
    hands.go("Close to")
    hands.past_the_menu()
    hands.pick("other", "Karl Brandt")
    hands.pick("kind", "kept apart")
    hands.go("Note it", "button")
    hands.reads("Noted.")


def a_birthday(hands: Hands, _today: date, _folder: Path) -> None:
    """A birthday that was written down wrong."""
    hands.person(ROSE)
    hands.go("Who they are")
    hands.past_the_menu()
    hands.segments("born_on", "05121940")
    hands.go("Save", "button")
    hands.reads("Saved.")


def a_wrong_entry(hands: Hands, _today: date, _folder: Path) -> None:
    """It was right before: undone."""
    hands.person(ROSE)
    hands.go("What changed, who looked")
    hands.past_the_menu()
    hands.go("Undo", "button")
    hands.reads("Undone")


def bath_times(hands: Hands, _today: date, _folder: Path) -> None:
    """A living group of twenty gets new bath times, one after another."""
    hands.go("People")
    hands.pick("unit", "Beech")
    hands.go("Show", "button")
    hands.past_the_menu()
    hands.tick("shown")
    hands.go("a busy time", "button")
    hands.past_the_menu()
    hands.pick("kind", "Bath")
    for day in ("Mon", "Tue", "Wed", "Thu"):
        hands.tick(day)
    hands.segments("from", "0845AM")
    hands.segments("to", "1145AM")
    hands.write("minutes", "30")
    hands.tick("In place of")
    hands.go("Show what it does", "button")
    hands.past_the_menu()
    hands.go("Save for those ticked", "button")
    hands.reads("Saved.")


def an_unmet_wish(hands: Hands, _today: date, _folder: Path) -> None:
    """Going outside is important to somebody and cannot be; then it is made possible."""
    hands.person(ROSE)
    hands.go("What matters")
    hands.past_the_menu()
    hands.pick("music", "1")
    hands.pick("outdoors", "5")
    hands.go("Save", "button")
    hands.reads("Saved.")
    hands.past_the_menu()
    hands.go("Answer it")
    hands.write("how", "A chair on the balcony each morning")
    hands.go("Answer it", "button")
    hands.reads("It is kept with its answer.")


def an_unease(hands: Hands, today: date, folder: Path) -> None:
    """What was noted of two is asked again, and answered."""
    group = _let_ask(folder, today)
    hands.page.reload()
    hands.begin()
    hands.past_the_menu()
    hands.follow("Past the cards", tag="a")
    hands.go(f"To {group}")
    hands.past_the_menu()
    hands.go("No longer", "button")
    hands.reads("It holds no longer.")


def a_death(hands: Hands, _today: date, _folder: Path) -> None:
    """Somebody has died today."""
    hands.go("Changes")
    hands.past_the_menu()
    hands.go("has died")
    hands.past_the_menu()
    hands.pick("who", "Tom Ashby")
    hands.go("Note it", "button")
    hands.reads("Noted.")


TASKS: Mapping[str, Task] = {
    "a no": a_no,
    "a newcomer": a_newcomer,
    "a quarrel": a_quarrel,
    "a birthday": a_birthday,
    "a wrong entry undone": a_wrong_entry,
    "twenty bath times": bath_times,
    "an unmet wish": an_unmet_wish,
    "an unease": an_unease,
    "a death": a_death,
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.monday_people", description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--zone", default="Europe/London", help="of the community, for its day")
    parser.add_argument("--tasks", nargs="+", choices=TASKS, default=list(TASKS))
    options = parser.parse_args()
    today, lost = datetime.now(ZoneInfo(options.zone)).date(), 0
    with served(options.data) as ((host, port), _process), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=dev.find_chromium())
        page = browser.new_context(locale="en-GB", timezone_id=options.zone).new_page()
        page.goto(f"http://{host}:{port}/sign-in")
        hands = Hands(page)
        hands.write("email", WHO)
        hands.write("password", PASSWORD)
        with page.expect_navigation():
            hands.press("Enter")
        print(f"{'task':<22}{'keys':>6}{'seconds':>9}")
        for name in options.tasks:
            page.goto(f"http://{host}:{port}/week")
            hands.begin()
            try:
                TASKS[name](hands, today, options.data)
            except (Stumbled, Error) as trouble:
                lost += 1
                print(f"{name:<22}{'–':>6}{'–':>9}  {str(trouble).splitlines()[0]}", flush=True)
            else:
                print(f"{name:<22}{hands.keys:>6}{hands.seconds:>9.1f}", flush=True)
        browser.close()
    return 1 if lost else 0


def _let_ask(folder: Path, today: date) -> str:
    """Let it be time to ask whether the oldest unease still holds; the living group on whose page it is asked."""
    with unit_of_work(make_engines(f"sqlite:///{folder / 'milieu.sqlite'}")) as db:
        rows = db.scalars(select(Tie).where(Tie.strength < 0, Tie.is_apart.is_(False)).order_by(Tie.noted_on, Tie.id))
        row = next(each for each in rows if each.expires_on is None or each.expires_on >= today)
        row.asks_on = today
        one = db.get_one(Resident, (row.community_id, row.resident_id))
        return db.get_one(LivingGroup, (row.community_id, one.living_group_id)).name


def _first(options: Sequence[str], begun: str) -> str:
    return next(each for each in options if each.casefold().startswith(begun.casefold()))


def _typed(day: date) -> str:
    """A day as it is typed into a Chromium's field."""
    return f"{day:%m%d%Y}"


if __name__ == "__main__":
    sys.exit(main())
