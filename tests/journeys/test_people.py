"""The list of people in a real browser: narrowed while one types as the server would, read and opened by keys."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page, expect

from milieu.database import Engines, unit_of_work
from tests.journeys.conftest import ALL_SIZES
from tests.milieu.builders import CommunityBuilder, Held
from web.words.spelling import find_people

GIVEN = {
    "ada": ("Ida", "Núñez"),
    "ben": ("Hal", "O’Hara"),
    "cleo": ("Jon", "Łaski-Møller"),
    "dov": ("Straße", "Νίκος"),
    "esi": ("Thị", "Tuyết Võ"),
    "fay": ("Æthel", "Ðorđević"),
}
SOUGHT = ("nunez", "o'hara", "ohara", "hara", "MOLLER jon", "strasse", "STRASSE", "νικος", "ΝΊΚΟΣ", "vo thi", "aethel")
MORE = ("ædor", "dordevic", "1", "e 1", "garden", "garden 2", "  ", "-", "zz", "ida jon")


@dataclass(frozen=True)
class Somebody:
    name: str
    unit: object
    room: str


def test_the_list_is_narrowed_as_one_types_and_opened_by_keys(
    enter: Callable[..., Page], elm: CommunityBuilder, engines: Engines, accessible: Callable[[Page], None]
) -> None:
    with unit_of_work(engines) as db:
        people = [db.merge(elm.residents[key]) for key in GIVEN]
        for row, (given, family) in zip(people, GIVEN.values(), strict=True):
            row.given_name, row.family_name, row.called = given, family, ""
        known = [
            Somebody(
                f"{row.given_name} {row.family_name}", elm.groups["garden" if int(row.room) < 4 else "river"], row.room
            )
            for row in sorted(people, key=lambda row: int(row.room))
        ]
    page = enter(elm, "director")
    page.goto("/people")
    field, rows = page.get_by_label("Find a name or a room"), page.locator(".people-table tbody tr:visible th")

    for sought in (*SOUGHT, *MORE):
        field.fill(sought)
        meant = (
            [each.name for each in find_people(sought, known)] if sought.strip(" -") else [each.name for each in known]
        )
        assert sorted(rows.all_text_contents()) == sorted(meant), sought
    expect(page.locator("#found")).to_have_text("Nobody is found.")
    field.fill("moller")
    expect(page.locator("#found")).to_have_text("1 found")
    accessible(page)
    for width in ALL_SIZES.values():
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width

    field.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    expect(field).to_be_focused()
    expect(rows).to_have_count(6)
    for _ in range(2):
        page.keyboard.press("ArrowDown")
    expect(page.get_by_role("link", name="Hal O’Hara")).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    field.fill("moller")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Jon Łaski-Møller")
    assert "moller" not in page.url


def test_new_bath_times_for_many_by_keyboard(
    enter: Callable[..., Page], elm: CommunityBuilder, engines: Engines, accessible: Callable[[Page], None]
) -> None:
    """Find the wing, choose all, write the times once, read what it does, save, undo: with the keyboard alone."""
    with unit_of_work(engines) as db:
        elm.db = db
        elm.busy(elm.residents["ada"], "09:00", "09:30", kind="bath", weekday=1)
        elm.publication([Held("choir", "lounge", 3, "10:00", ["finn"], ["cleo"], ref="thursday")])
    page = enter(elm, "director")
    page.goto("/people")
    page.get_by_label("Find a name or a room").fill("garden")
    page.get_by_label("All 3 shown").press("Space")
    expect(page.locator("#chosen")).to_have_text("3 chosen")
    page.get_by_role("button", name="a busy time").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("A busy time for 3 people")
    accessible(page)

    page.get_by_label("What", exact=True).select_option(label="Bath")
    for day in ("Mon", "Thu"):
        page.get_by_label(day, exact=True).press("Space")
    page.get_by_label("From", exact=True).fill("10:00")
    page.get_by_label("To", exact=True).fill("11:00")
    page.get_by_label("In turn, minutes each").fill("30")
    page.get_by_label("In place of what they have").press("Space")
    page.get_by_role("button", name="Show what it does").press("Enter")
    expect(page.get_by_text("It is new for 3 people.")).to_be_visible()
    expect(page.get_by_text("Mon, 10:00 to 10:30 · until now: Tue, 09:00 to 09:30")).to_be_visible()
    expect(page.get_by_text("meets Choir on Thursday 3 December at 10:00")).to_be_visible()
    accessible(page)
    for width in ALL_SIZES.values():
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_label("Cleo Made-Up").press("Space")
    page.get_by_role("button", name="Save for those ticked").press("Enter")
    expect(page.get_by_text("For 2 people")).to_be_visible()
    accessible(page)
    page.get_by_role("button", name="Undo for everybody").press("Enter")
    expect(page.get_by_text("3 entries are undone.")).to_be_visible()
    page.goto("/people")
    expect(page.get_by_role("link", name="Bath")).to_be_visible()
    expect(page.get_by_text("· undone")).to_be_visible()
