"""A browser that is worked by its keyboard alone, every key counted; nothing is clicked, no address is typed in."""

import time
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Page

MOST_TABS = 400
_HERE = """() => {
    const at = document.activeElement;
    if (!at || at === document.body) return ["", "", ""];
    const label = at.labels && at.labels.length ? at.labels[0].textContent : "";
    const said = at.getAttribute("aria-label") || label || at.textContent || at.value || "";
    return [at.tagName.toLowerCase(), at.name || "", said.replace(/\\s+/g, " ").trim()];
}"""


class Stumbled(Exception):
    """Something could not be reached by the keyboard; the sentence says what was looked for, and where."""


@dataclass
class Keyboard:
    """`keys` is how many were pressed since `begin`; a letter that is typed is one."""

    page: Page
    keys: int = 0
    began: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        """Have choosers of files waited for from the start: where that begins with the key, the key may be faster."""
        self.page.on("filechooser", lambda _chooser: None)

    def begin(self) -> None:
        """Count from here."""
        self.keys, self.began = 0, time.monotonic()

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.began

    def press(self, key: str, times: int = 1) -> None:
        """Press a key."""
        for _ in range(times):
            self.page.keyboard.press(key)
            self.keys += 1

    def to(self, said: str = "", *, tag: str = "", name: str = "") -> None:
        """Go on by Tab to what says so, is such a thing, or is a field of that name. Raises Stumbled."""
        self._skip_to_the_page(said)
        for _ in range(MOST_TABS):
            at_tag, at_name, at_said = self.page.evaluate(_HERE)
            if (
                at_tag
                and (not said or said in at_said)
                and (not tag or tag == at_tag)
                and (not name or name == at_name)
            ):
                return
            self.press("Tab")
        raise Stumbled(f"{tag or name or 'something'} “{said}” is not reached by Tab on {self.page.url}")

    def _skip_to_the_page(self, said: str) -> None:
        """On a page that has just come: past its navigation, where what is looked for does not stand there."""
        if self.page.evaluate(_HERE)[0] or "#" in self.page.url:
            return
        heads = self.page.locator("header a").all_text_contents()
        if not said or not any(said in each for each in heads):
            self.press("Tab")
            if "Skip" in self.page.evaluate(_HERE)[2]:
                self.press("Enter")

    def follow(self, said: str, *, tag: str = "") -> None:
        """Go to a link or a button, press it, and wait for the page that it leads to."""
        self.to(said, tag=tag)
        with self.page.expect_navigation():
            self.press("Enter")

    def send(self) -> None:
        """Enter in a line of text sends its form; wait for the page that it leads to."""
        with self.page.expect_navigation():
            self.press("Enter")

    def unfold(self, said: str) -> None:
        """Go to what is folded away, and open it."""
        self.to(said, tag="summary")
        self.press("Enter")

    def write(self, name: str, text: str) -> None:
        """Type into a field; of what stood there nothing is left."""
        self.to(name=name)
        if self.page.evaluate("() => document.activeElement.value") and not self._is_picked():
            self.press("Control+a")
        self.page.keyboard.type(text)
        self.keys += len(text)

    def segments(self, name: str, text: str) -> None:
        """A day or a time into its field, as a Chromium in English takes them: 12022026 is the second of December."""
        self.to(name=name)
        self.page.keyboard.type(text)
        self.keys += len(text)

    def choose(self, name: str, said: str) -> None:
        """Type into a list of choices until the one that begins so is chosen. Raises Stumbled."""
        self.to(name=name)
        for letter in said:
            if self._chosen().casefold().startswith(said.casefold()):
                return
            self.page.keyboard.type(letter)
            self.keys += 1
        if not self._chosen().casefold().startswith(said.casefold()):
            raise Stumbled(f"“{said}” is not among the choices of {name} on {self.page.url}")

    def tick(self, said: str) -> None:
        """Tick what says so."""
        self.to(said, tag="input")
        self.press("Space")

    def bring(self, name: str, path: Path) -> None:
        """Choose a file: the key that opens the chooser, and its name there."""
        self.to(name=name)
        with self.page.expect_file_chooser() as chooser:
            self.press("Enter")
        chooser.value.set_files(path)
        self.keys += len(path.name) + 1

    def _chosen(self) -> str:
        found = self.page.evaluate(
            "() => { const at = document.activeElement; return at.selectedOptions ? at.selectedOptions[0].text : ''; }"
        )
        return str(found)

    def _is_picked(self) -> bool:
        """Whether the field holds days, times or a choice, where letters replace what stood there."""
        kinds = ("date", "time", "select-one")
        return str(self.page.evaluate("() => document.activeElement.type")) in kinds
