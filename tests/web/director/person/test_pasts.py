"""Languages, origins and trades: entered as data of a person, read by whom they are for and by nobody else."""

import re
from collections.abc import Callable

from milieu.database import Engines, unit_of_work
from tests.milieu.builders import MONDAY, CommunityBuilder, Held
from tests.web.conftest import Browser

ORIGIN, LANGUAGE, TRADE = CANARIES = ("Isle of Canaries", "Whistled speech", "keeping canaries")


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_entered_on_the_page_and_read_by_few(
    elm: CommunityBuilder, engines: Engines, sign_in: Callable[..., Browser]
) -> None:
    with unit_of_work(engines) as db:
        elm.db = db
        elm.publication([Held("choir", "lounge", 3, "10:00", ["finn"], ["ada", "ben"], ref="choir-1")])
        elm.relative("una", of=elm.residents["ada"], kinds=("calendar",))
    browser, ada = sign_in(elm), elm.residents["ada"].id
    form = f"/people/{ada}/change/past"

    saved = browser.send(form, form, version="1", languages=f"{LANGUAGE}, English", origins=ORIGIN, trades=TRADE)

    assert saved.status_code in (302, 303)
    assert f"Speaks {LANGUAGE}, English Comes from {ORIGIN} Did {TRADE}" in words(browser.get(f"/people/{ada}").text)
    history = words(browser.get(f"/people/{ada}/history").text)
    assert f"speaks: from nothing to {LANGUAGE}, English" in history

    for path in (f"/week/{MONDAY}", f"/week/{MONDAY}/session/choir-1", "/programme/elm", "/records"):
        assert not any(word in browser.get(path).text for word in CANARIES), path
    staff = sign_in(elm, "staff")
    assert LANGUAGE in staff.get(f"/people/{ada}").text
    for path in (f"/people/{ada}", "/today", f"/today/{MONDAY}", f"/today/{MONDAY}/sheet"):
        assert not any(word in staff.get(path).text for word in (ORIGIN, TRADE)), path
    family = sign_in(elm, "family")
    assert not any(word in family.get("/family").text for word in CANARIES)
