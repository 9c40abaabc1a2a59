"""Two pairs of hands for the same task: what each counts as a step, what is too small for a finger, where it ends."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page

from bench.monday.keyboard import Stumbled
from bench.tasks.hands import Finger, Hands, Keys

PAGE = """<title>One</title><style>input, select { height: 50px }</style><a href="#main">Skip to the page</a>
<main id="main"><label>Name <input name="name"></label>
<label>Kind <select name="kind"><option>a staff member</option><option>a volunteer</option></select></label>
<a href="/two" style="display: inline-block; width: 90px; height: 20px">Plan again</a></main>"""


@pytest.fixture(params=["keyboard", "touch"])
def hands(request: pytest.FixtureRequest, chromium: Browser) -> Hands:
    page = chromium.new_context(locale="en-GB", has_touch=True).new_page()
    page.route("**/one", lambda route: route.fulfill(content_type="text/html", body=PAGE))
    page.route("**/two", lambda route: route.fulfill(content_type="text/html", body="<title>Two</title>"))
    page.goto("http://community.example/one")
    return Keys(page) if request.param == "keyboard" else Finger(page)


def steps(hands: Hands, does: Callable[[], None]) -> int:
    hands.begin()
    does()
    return hands.steps


def test_both_do_the_same_and_count_each_step(hands: Hands) -> None:
    page: Page = hands.page
    is_touch = isinstance(hands, Finger)

    written = steps(hands, lambda: hands.write("name", "Vera"))
    chosen = steps(hands, lambda: hands.pick("kind", "a volunteer"))

    assert (page.locator("input").input_value(), page.locator("select").input_value()) == ("Vera", "a volunteer")
    assert written == (1 + 4 if is_touch else 2 + 1 + 4)  # a tap; or to the skip link and over it, to the field
    assert chosen == 2 if is_touch else chosen > 1
    hands.go("Plan again")
    assert page.title() == "Two"
    if isinstance(hands, Finger):
        assert list(hands.small.values()) == [(90, 20)], "the link alone is under 44 pixels"


def test_what_is_not_there_ends_it_with_a_sentence(hands: Hands) -> None:
    with pytest.raises(Stumbled, match="Publish"):
        hands.go("Publish", "button")
    with pytest.raises(Stumbled, match="nobody"):
        hands.pick("kind", "nobody")
