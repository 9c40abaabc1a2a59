"""Two pairs of hands for the same tasks: a keyboard, whose every key is a step, and a finger, whose every tap is.

Nothing else is used: no address is typed in, no mouse. A letter is a step on either; for the finger so is each look
into a list or a calendar and each choice there. The finger also notes what is too small for it.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, Protocol

from playwright.sync_api import Locator, Page, Response

from bench.monday.keyboard import Stumbled
from bench.monday_people import Hands as KnownWays

FINGER = 44  # CSS pixels: what a finger needs (WCAG 2.5.5); WCAG 2.5.8 asks for 24
HELD = 450  # milliseconds until a card that a finger rests on is taken up
SHOWN = 500  # milliseconds until the browser shows a PDF
PATIENCE = 180_000  # milliseconds: a week is planned in one to two minutes
MOST_ARROWS = 60
_ON_A_CARD = "() => !!document.activeElement.closest('.card')"
_HAS_FOCUS = "() => document.activeElement !== document.body"
_NEXT_ARROW = """(title) => {
    const here = document.activeElement, links = [...document.querySelectorAll('.card a')];
    const wanted = links.find((each) => each.textContent.includes(title));
    if (!wanted || here === wanted) return '';
    const days = [...document.querySelectorAll('.day')], dayOf = (each) => days.indexOf(each.closest('.day'));
    if (dayOf(wanted) !== dayOf(here)) return dayOf(wanted) > dayOf(here) ? 'ArrowRight' : 'ArrowLeft';
    return links.indexOf(wanted) > links.indexOf(here) ? 'ArrowDown' : 'ArrowUp';
}"""
"""The arrow key that leads from the card in focus towards the first one of a title."""


class Hands(Protocol):
    """What a director does to a page."""

    page: Page

    def begin(self) -> None:
        """Count from here."""

    @property
    def steps(self) -> int: ...

    @property
    def seconds(self) -> float: ...

    def go(self, said: str, tag: str = "a") -> None:
        """Follow a link or press a button that leads to a page."""

    def card(self, title: str) -> None:
        """On the board: to the page of the first session of a title."""

    def jump(self, said: str) -> None:
        """Follow a link within the page."""

    def open(self, said: str) -> None:
        """Open what is folded away."""

    def tick(self, said: str) -> None:
        """Tick a box."""

    def write(self, name: str, text: str) -> None:
        """Type into a field."""

    def pick(self, name: str, said: str) -> None:
        """Choose from a list what begins so."""

    def set_day(self, name: str, day: date) -> None:
        """Put a day into its field."""

    def set_time(self, name: str, minute: int) -> None:
        """Put a time into its field."""

    def move(self, title: str) -> None:
        """Move the first card of a title to the best time on a day that has one for it."""

    def take(self, said: str) -> None:
        """Open a PDF, and come back from it."""

    def past_the_board(self) -> None:
        """On the week: from its cards to what stands beside them."""


@dataclass
class Keys(KnownWays):
    """The keyboard."""

    name = "keyboard"

    @property
    def steps(self) -> int:
        return self.keys

    def go(self, said: str, tag: str = "a") -> None:
        self.follow(said, tag=tag)

    def card(self, title: str) -> None:
        self._to_card(title)
        with self.page.expect_navigation():
            self.press("Enter")

    def jump(self, said: str) -> None:
        self.to(said, tag="a")
        self.press("Enter")

    def open(self, said: str) -> None:
        self.unfold(said)

    def set_day(self, name: str, day: date) -> None:
        self.segments(name, f"{day:%m%d%Y}")

    def set_time(self, name: str, minute: int) -> None:
        self.segments(name, _twelve_hours(minute))

    def move(self, title: str) -> None:
        self._to_card(title)
        self.press("m")
        self.page.locator(".place-note").first.wait_for()
        for _ in range(6):
            if self.page.locator(".day.is-chosen.can-go").count():
                break
            self.press("ArrowRight")
        with self.page.expect_navigation():
            self.press("Enter")

    def take(self, said: str) -> None:
        self.to(said)
        with _pdf_of(self.page):
            self.press("Enter")
        self.keys += 1

    def past_the_board(self) -> None:
        self.jump("Past the cards")

    def _to_card(self, title: str) -> None:
        """Past what stands above the board, then by arrow keys: to the side as far as its day, up or down to it."""
        if "#" in self.page.url and not self.page.evaluate(_HAS_FOCUS):
            self.press("Tab")  # the address leads to a card, and Tab to the first after it
        if not self.page.evaluate(_ON_A_CARD):
            self.to("Past the cards", tag="a")
            self.press("Tab")
        for _ in range(MOST_ARROWS):
            arrow = self.page.evaluate(_NEXT_ARROW, title)
            if not arrow:
                return
            self.press(str(arrow))
        raise Stumbled(f"the card “{title}” is not reached by arrow keys on {self.page.url}")


@dataclass
class Finger:
    """A finger on a tablet. `small` is what it met that is under 44 CSS pixels high or wide, each with its size."""

    page: Page
    taps: int = 0
    began: float = field(default_factory=time.monotonic)
    small: dict[str, tuple[int, int]] = field(default_factory=dict)
    name = "touch"

    def begin(self) -> None:
        self.taps, self.began = 0, time.monotonic()

    @property
    def steps(self) -> int:
        return self.taps

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.began

    def go(self, said: str, tag: str = "a") -> None:
        role: Literal["link", "button"] = "link" if tag == "a" else "button"
        named = self.page.locator(tag).and_(self.page.get_by_role(role, name=said))
        worded = self.page.locator(tag).filter(has_text=said)  # what is said to a reader alone has a space before it
        target = self._find(named.or_(worded) if said else self.page.locator(f"main {tag}"), said)
        with self.page.expect_navigation():
            self._tap(target, said)

    def card(self, title: str) -> None:
        self.go(title)

    def jump(self, said: str) -> None:
        self._tap(self._find(self.page.get_by_role("link", name=said), said), said)

    def open(self, said: str) -> None:
        self._tap(self._find(self.page.locator("summary").filter(has_text=said), said), said)

    def tick(self, said: str) -> None:
        self._tap(self._find(self.page.locator("label:has(input)").filter(has_text=said), said), said)

    def write(self, name: str, text: str) -> None:
        at = self._field(name)
        self._tap(at, name)
        at.fill(text)
        self.taps += len(text)

    def pick(self, name: str, said: str) -> None:
        at = self._field(name)
        options = at.locator("option").all_text_contents()
        wanted = next((each for each in options if each.casefold().startswith(said.casefold())), None)
        if wanted is None:
            raise Stumbled(f"“{said}” cannot be chosen in {name} on {self.page.url}")
        self._measure(at, name)
        at.select_option(label=wanted)
        self.taps += 2

    def set_day(self, name: str, day: date) -> None:
        self._set(name, day.isoformat())

    def set_time(self, name: str, minute: int) -> None:
        self._set(name, f"{minute // 60:02d}:{minute % 60:02d}")

    def move(self, title: str) -> None:
        card = self._find(self.page.locator(".card a").filter(has_text=title), title)
        card.scroll_into_view_if_needed()
        begin = _middle(card)
        touch = self.page.context.new_cdp_session(self.page)

        def send(kind: str, *points: tuple[float, float]) -> None:
            touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]})

        send("touchStart", begin)
        self.page.wait_for_timeout(HELD)
        self.page.locator(".place-note").first.wait_for()
        end = _middle(self._find(self.page.locator(".day.can-go h2"), "a day with a place"))
        for part in (0.2, 0.5, 0.8, 1.0):
            x = begin[0] + part * (end[0] - begin[0])
            send("touchMove", (x, begin[1]))  # a day is as high as the board
        with self.page.expect_navigation():
            send("touchEnd")
        self.taps += 1

    def take(self, said: str) -> None:
        target = self._find(self.page.locator("a, button").filter(has_text=said), said)
        with _pdf_of(self.page):
            self._tap(target, said)
        self.taps += 1

    def past_the_board(self) -> None:
        """A finger is there already."""

    def _set(self, name: str, value: str) -> None:
        at = self._field(name)
        self._measure(at, name)
        at.fill(value)
        self.taps += 2

    def _field(self, name: str) -> Locator:
        """The field of a name; where the address leads into the page, the one that stands there."""
        fields = self.page.locator(f"[name='{name}']:not([type=hidden])").filter(visible=True)
        anchor = self.page.url.partition("#")[2]
        there = self.page.locator(f"[aria-labelledby='{anchor}']") if anchor else None
        inside = there.locator(f"[name='{name}']:not([type=hidden])") if there is not None else fields
        return self._find(inside if there is not None and inside.count() else fields, name)

    def _find(self, those: Locator, said: str) -> Locator:
        seen = those.filter(visible=True)
        if not seen.count():
            raise Stumbled(f"“{said}” is not to be seen on {self.page.url}")
        return seen.first

    def _tap(self, target: Locator, said: str) -> None:
        self._measure(target, said)
        target.tap()
        self.taps += 1

    def _measure(self, target: Locator, said: str) -> None:
        box = target.bounding_box()
        if box is not None and min(box["width"], box["height"]) < FINGER - 0.5:
            self.small[f"{said} ({self.page.url.partition('?')[0].rsplit('/', 1)[-1]})"] = (
                round(box["width"]),
                round(box["height"]),
            )


def wait_for(hands: Hands, said: str) -> None:
    """Wait until the page says so, however long a plan takes. Raises Stumbled."""
    try:
        hands.page.get_by_text(said).filter(visible=True).first.wait_for(timeout=PATIENCE)
    except Exception as late:
        main = hands.page.locator("main").inner_text()
        raise Stumbled(f"“{said}” does not come on {hands.page.url}: {main[:300]}") from late


def _twelve_hours(minute: int) -> str:
    """A time as it is typed into a Chromium's field in English: 0300PM."""
    hour = minute // 60
    return f"{hour % 12 or 12:02d}{minute % 60:02d}{'AM' if hour < 12 else 'PM'}"


def _middle(of: Locator) -> tuple[float, float]:
    box = of.bounding_box()
    assert box is not None, "what is to be touched is shown"
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


@contextmanager
def _pdf_of(page: Page) -> Iterator[None]:
    """See that what is done leads to a PDF, and come back from where the browser shows it. Raises Stumbled."""
    before = page.url

    def is_answer(answer: Response) -> bool:
        return answer.url.startswith("http") and "/static/" not in answer.url

    with page.expect_response(is_answer, timeout=PATIENCE) as answered:
        yield
    if answered.value.headers.get("content-type") != "application/pdf":
        raise Stumbled(f"{answered.value.url} is no PDF")
    page.wait_for_timeout(SHOWN)
    page.goto(before.partition("#")[0])  # as coming back does: from the top
