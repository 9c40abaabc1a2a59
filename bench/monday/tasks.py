"""The tasks of a Monday that tell what changed, keep the house and bring lists; each begins on the director's week."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from pathlib import Path

from openpyxl import Workbook

from bench.monday.keyboard import Keyboard, Stumbled

NEW = "birch-hof-garden-wing"
Task = Callable[[Keyboard, date, Path], None]


def colleague_sick(keyboard: Keyboard, today: date, _folder: Path) -> None:
    """Somebody of the team is away tomorrow."""
    _tell(keyboard, "Somebody of the team is away")
    keyboard.choose("who", "Rosa")
    keyboard.segments("first", _day(today + timedelta(days=1)))
    _note(keyboard)


def flood(keyboard: Keyboard, today: date, _folder: Path) -> None:
    """The hall cannot be used for three days."""
    _tell(keyboard, "A space cannot be used")
    keyboard.choose("who", "Hall")
    keyboard.segments("first", _day(today + timedelta(days=1)))
    keyboard.segments("last", _day(today + timedelta(days=3)))
    keyboard.choose("detail", "repairs")
    _note(keyboard)


def guest(keyboard: Keyboard, today: date, _folder: Path) -> None:
    """A fiddler comes for the choir's hour on Wednesday week."""
    _tell(keyboard, "A guest or something special")
    keyboard.choose("activity", "Choir")
    keyboard.choose("space", "Hall")
    keyboard.segments("first", _day(today + timedelta(days=10)))
    keyboard.segments("start", "0300PM")
    keyboard.write("guest", "Ida Fiddler")
    _note(keyboard)


def outbreak(keyboard: Keyboard, today: date, _folder: Path) -> None:
    """A living group meets nobody from outside it for a week."""
    _tell(keyboard, "An outbreak on a living group")
    keyboard.choose("who", "Elder")
    keyboard.segments("first", _day(today + timedelta(days=1)))
    keyboard.segments("last", _day(today + timedelta(days=7)))
    _note(keyboard)


def volunteer(keyboard: Keyboard, _today: date, _folder: Path) -> None:
    """Somebody new helps on Tuesday afternoons."""
    keyboard.follow("House", tag="a")
    keyboard.follow("The team", tag="a")
    keyboard.follow("New colleague or volunteer", tag="a")
    keyboard.write("name", "Vera Helper")
    keyboard.choose("kind", "Volunteer")
    keyboard.follow("Save", tag="button")
    keyboard.unfold("Add hours")
    _hours(keyboard, "Tuesday", "0200PM", "0400PM")
    keyboard.follow("Add hours", tag="button")
    _seen(keyboard, "Saved.")


def roster_change(keyboard: Keyboard, _today: date, _folder: Path) -> None:
    """The volunteer comes an hour later from now on."""
    keyboard.follow("House", tag="a")
    keyboard.follow("The team", tag="a")
    keyboard.follow("Vera Helper", tag="a")
    keyboard.follow("The weekly roster", tag="a")
    keyboard.unfold("Change")
    keyboard.segments("from", "0300PM")
    keyboard.segments("to", "0500PM")
    keyboard.follow("Save", tag="button")
    _seen(keyboard, "Saved.")


def residents_by_list(keyboard: Keyboard, today: date, folder: Path) -> None:
    """Twenty newcomers in a sheet of the director's own."""
    path = folder / "new.xlsx"
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "residents"
    sheet.append(["key", "given_name", "family_name", "living_group", "room", "arrived_on"])
    for number in range(20):
        sheet.append([f"n{number}", "Nora", f"Newcomer {number}", "elder", f"N{number}", today.isoformat()])
    book.save(path)
    keyboard.follow("Lists", tag="a")
    keyboard.bring("files", path)
    keyboard.follow("Look at", tag="button")
    _lists_to_the_end(keyboard)


def from_nothing(keyboard: Keyboard, today: date, _folder: Path) -> None:
    """A community on pages alone, up to its first published week; it begins on the page of the printed link."""
    for name, text in (
        ("name", "Birch Hof"),
        ("timezone", "Europe/London"),
        ("director", "Dee Made-Up"),
        ("email", "dee@birch.example"),
        ("new", NEW),
        ("again", NEW),
    ):
        keyboard.write(name, text)
    keyboard.send()
    keyboard.follow("Add one: Living groups", tag="a")
    keyboard.write("name", "Garden wing")
    keyboard.send()
    keyboard.follow("Add one: Spaces", tag="a")
    keyboard.write("name", "Lounge")
    keyboard.write("seats", "12")
    keyboard.send()
    keyboard.follow("Add one: The team", tag="a")
    keyboard.write("name", "Rosa Delgado")
    keyboard.send()
    keyboard.unfold("Add hours")
    keyboard.segments("from", "0900AM")
    keyboard.segments("to", "0500PM")
    keyboard.follow("Add hours", tag="button")
    keyboard.follow("To the library: Activities", tag="a")
    keyboard.follow("that your spaces and your team can hold", tag="button")
    keyboard.follow("Add one: People", tag="a")
    for number, given in enumerate(("Ada", "Ben", "Cleo", "Dov"), start=1):
        keyboard.write("given_name", given)
        keyboard.write("family_name", "Made-Up")
        keyboard.write("room", str(number))
        keyboard.send()
        _seen(keyboard, "Noted.")
    keyboard.follow("On to your first week", tag="a")
    keyboard.follow("To the week", tag="a")
    keyboard.follow("Plan this week", tag="button")
    keyboard.page.get_by_role("link", name="Look at the draft").wait_for(timeout=120_000)
    keyboard.follow("Look at the draft", tag="a")
    keyboard.follow("Publish…", tag="a")
    keyboard.follow("Publish this week", tag="button")
    _seen(keyboard, "Published.")


FROM_NOTHING = "a new community"
TASKS: Mapping[str, Task] = {
    "a colleague is sick": colleague_sick,
    "a flood": flood,
    "a guest": guest,
    "an outbreak": outbreak,
    "a new volunteer": volunteer,
    "a roster changes": roster_change,
    "residents by XLSX": residents_by_list,
    FROM_NOTHING: from_nothing,
}


def _tell(keyboard: Keyboard, kind: str) -> None:
    keyboard.follow("Changes", tag="a")
    keyboard.follow(kind, tag="a")


def _note(keyboard: Keyboard) -> None:
    keyboard.follow("Note it", tag="button")
    _seen(keyboard, "Noted.")


def _hours(keyboard: Keyboard, day: str, start: str, end: str) -> None:
    keyboard.tick(day)
    keyboard.segments("from", start)
    keyboard.segments("to", end)


def _lists_to_the_end(keyboard: Keyboard) -> None:
    keyboard.follow("Bring", tag="button")
    _seen(keyboard, "20")


def _seen(keyboard: Keyboard, words: str) -> None:
    """Raises Stumbled where the page does not say so."""
    said = keyboard.page.locator("main").inner_text()
    if words not in said:
        raise Stumbled(f"“{words}” is not on {keyboard.page.url}: {said[:400]}")


def _day(day: date) -> str:
    return f"{day:%m%d%Y}"
