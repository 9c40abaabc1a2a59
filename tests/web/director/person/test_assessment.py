"""What matters to somebody: one sitting on a page, and what cannot be on To look at and in the list until answered."""

import re
from collections.abc import Callable
from datetime import timedelta

from milieu.database import Engines, unit_of_work
from milieu.models import Activity
from tests.milieu.builders import CommunityBuilder, FixedClock, Held
from tests.web.conftest import Browser


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_from_the_sitting_to_its_answer_and_back(
    elm: CommunityBuilder, engines: Engines, sign_in: Callable[..., Browser], clock: FixedClock
) -> None:
    with unit_of_work(engines) as db:
        elm.db = db
        db.get_one(Activity, (elm.id, elm.activities["choir"].id)).answers = ["music"]
        zoe = elm.resident("zoe").id
        elm.publication([Held("choir", "lounge", 3, "10:00", ["finn"], ["ada"])])
    browser = sign_in(elm)
    page = f"/people/{zoe}/preferences"

    wrong = browser.send(page, page, asked_on="", said_by="resident", music="1")
    assert (wrong.status_code, "Please fill this in" in wrong.text) == (422, True)
    saved = browser.send(page, page, asked_on="2026-12-02", said_by="relative", speaker="Una", music="1", outdoors="5")

    assert saved.status_code in (302, 303)
    whole = browser.get(f"/people/{zoe}").text
    own = words(whole)
    assert '<a href="#matters">What cannot be yet</a>' in whole
    assert "Choir Making a relative, until Zoe says so, when asked what matters" in own
    assert "Unmet Go outside when the weather is good important, but cannot be" in own
    assert "Very important Listen to music they like Answered by Una on Wednesday 2 December 2026." in own
    week = words(browser.get("/week/2026-11-30").text)
    assert "It is important to Zoe Made-Up to go outside when the weather is good, and it cannot be" in week
    listed = words(browser.get("/people?band=unmet").text)
    assert "Zoe Made-Up" in listed
    assert "Ada Made-Up" not in listed

    clock.present += timedelta(minutes=1)  # what happens at one moment has no order
    refused = browser.send(f"{page}/answer", page, question="outdoors", answer="visit", activity="")
    assert (refused.status_code, "A visit needs the activity" in refused.text) == (422, True)
    assert re.findall(r'name="(\w+)"[^>]* autofocus', refused.text) == ["activity"]
    assert "What was made possible, and how Of a visit it may stay empty." in words(refused.text)
    browser.send(f"{page}/answer", page, question="outdoors", answer="adaptation", how="The balcony door stays open")

    own = words(browser.get(f"/people/{zoe}").text)
    assert "Unmet" not in own
    assert "Go outside when the weather is good : made possible. The balcony door stays open" in own
    assert "Zoe Made-Up" not in words(browser.get("/people?band=unmet").text)
    history = browser.get(f"/people/{zoe}/history").text
    assert "What was done about a wish, new" in words(history)
    undo = re.findall(rf"/people/{zoe}/history/\w+/undo", history)
    browser.send(undo[-1], f"/people/{zoe}/history")
    assert "Choir" not in words(browser.get(f"/people/{zoe}").text).partition("Said no to")[0]


def test_the_floor_and_families_read_none_of_it(elm: CommunityBuilder, sign_in: Callable[..., Browser]) -> None:
    fay = elm.residents["fay"].id
    page = f"/people/{fay}/preferences"
    sign_in(elm).send(page, page, asked_on="2026-12-02", said_by="resident", religion="5")

    assert "religion" not in sign_in(elm, "staff").get(f"/people/{fay}").text
    assert sign_in(elm, "staff").get(page).status_code == 404
