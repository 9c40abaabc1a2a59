"""The counting of keys: one a letter, one a Tab, past the navigation by its skip link, and a sentence where it ends."""

import pytest
from playwright.sync_api import Browser

from bench.monday.keyboard import Keyboard, Stumbled

PAGE = """<a href="#main">Skip to the page</a><header><a href="#one">House</a><a href="#two">Lists</a></header>
<main id="main"><label>Name <input name="name" value="old"></label>
<label>Kind <select name="kind"><option>a staff member</option><option>a volunteer</option></select></label>
<details><summary>More</summary><button>Save</button></details></main>"""


@pytest.fixture
def keyboard(chromium: Browser) -> Keyboard:
    page = chromium.new_context(locale="en-GB").new_page()
    page.set_content(PAGE)
    return Keyboard(page)


def test_every_key_is_counted(keyboard: Keyboard) -> None:
    keyboard.write("name", "Vera")
    assert keyboard.keys == 2 + 1 + 1 + 4  # to the skip link and over it, to the field, all of it, the letters
    assert keyboard.page.locator("[name=name]").input_value() == "Vera"
    keyboard.choose("kind", "a volunteer")
    assert keyboard.page.locator("[name=kind]").input_value() == "a volunteer"
    keyboard.unfold("More")
    keyboard.to("Save", tag="button")
    before = keyboard.keys
    keyboard.begin()
    assert (before > 8, keyboard.keys) == (True, 0)


def test_what_is_not_there_is_told(keyboard: Keyboard) -> None:
    with pytest.raises(Stumbled, match="“Publish” is not reached"):
        keyboard.to("Publish", tag="button")
    with pytest.raises(Stumbled, match="not among the choices of kind"):
        keyboard.choose("kind", "nobody")
