"""Someone else came: who is in the list already, where the page leads back to, and who is free at that hour."""

import re
from collections.abc import Callable

import pytest

from milieu.database import Engines, unit_of_work
from milieu.services.attendance import mark, mark_held
from tests.milieu.builders import CommunityBuilder, Held
from tests.web.conftest import Browser
from tests.web.staff.floor import ASKING, CHOIR_PAGE, PUBLISHED, VISIT, mark_of, text_of

OTHERS = f"{CHOIR_PAGE}/others"
CHESS = "2026-W49-chess-2"


def look_for(browser: Browser, wanted: str, way: str = "") -> str:
    answer = browser.send(f"{OTHERS}/find", f"{OTHERS}{way}", q=wanted, **({"back": "day"} if way else {}))
    assert answer.location == f"{OTHERS}{way}"
    return browser.get(answer.location).text


@pytest.mark.slow(0.7)
@pytest.mark.parametrize(("way", "page"), [("", CHOIR_PAGE), ("?back=day", "/today")])
def test_who_is_in_the_list_leads_to_the_card(elm: CommunityBuilder, joe: Browser, way: str, page: str) -> None:
    found = look_for(joe, "ada", way)
    [(path, anchor)] = re.findall(r'<a class="button quiet" href="([^"#]+)#([^"]+)">In the list already', found)

    assert path == page
    assert f'<li class="person" id="{anchor}">' in joe.get(path).text
    assert anchor.endswith(elm.residents["ada"].id)
    assert "Nobody was found" not in found
    assert "Came" not in text_of(found[found.index("who-came") :])


def test_who_is_in_nobody_s_list_is_told(joe: Browser) -> None:
    assert "Nobody was found for “zoe”. Try the room, or part of the name." in text_of(look_for(joe, "zoe"))


@pytest.mark.parametrize(("way", "page"), [("", CHOIR_PAGE), ("?back=day", "/today")])
def test_it_leads_back_to_where_it_was_opened(
    engines: Engines, elm: CommunityBuilder, joe: Browser, way: str, page: str
) -> None:
    joe.get(f"/today?unit={elm.groups['river'].id}")
    opened = joe.get(page).text
    assert f'href="{OTHERS}{way}">Someone else came' in opened
    found = look_for(joe, "cleo", way)
    assert f'<p class="back"><a href="{page}">' in found

    answer = joe.send(OTHERS, f"{OTHERS}{way}", resident=elm.residents["cleo"].id, **({"back": "day"} if way else {}))
    path, _, anchor = answer.location.partition("#")
    back = joe.get(path).text

    assert path == page
    assert f'id="{anchor}"' in back
    assert "Noted: Cleo Made-Up came." in text_of(back)
    assert mark_of(engines, elm, "cleo") is not None
    assert "Unit: River wing" in text_of(joe.get("/today").text)


def call_off_chess(engines: Engines, elm: CommunityBuilder, start: str = "10:30") -> None:
    """Chess of Cleo, Dov and Fay, marked as not held."""
    with unit_of_work(engines) as db:
        elm.db = db
        elm.publication(
            [
                Held("choir", "lounge", 2, "10:30", ["finn"], ["ada", "ben", "esi"]),
                Held("chess", "studio", 2, start, ["gita"], ["cleo", "dov", "fay"], ref=CHESS),
            ],
            published_at=PUBLISHED,
        )
        mark_held(db, elm.id, CHESS, False, "", by=None, now=ASKING)


def names(page: str) -> list[str]:
    """Whom the page offers, and whether it says that they are free."""
    return [text_of(each).strip() for each in re.findall(r"<div><b>(.*?)</div>", page, re.DOTALL)]


FREE = "Free at this time: Chess is not held."


def test_nobody_is_proposed_for_a_visit_to_somebody_else(
    engines: Engines, elm: CommunityBuilder, sign_in: Callable[..., Browser]
) -> None:
    with unit_of_work(engines) as db:
        elm.db = db
        elm.publication(
            [
                Held("chess", "studio", 2, "10:30", ["gita"], ["cleo", "dov"], ref=CHESS),
                Held("visit", "lounge", 2, "10:30", ["finn"], ["ada"], ref=VISIT),
            ],
            published_at=PUBLISHED,
        )
        mark_held(db, elm.id, CHESS, False, "", by=None, now=ASKING)

    page = sign_in(elm, "staff").get(f"/today/2026-12-02/session/{VISIT}/others?of=all").text

    assert names(page) == []


def test_who_was_invited_to_what_is_off_comes_first(engines: Engines, elm: CommunityBuilder, joe: Browser) -> None:
    call_off_chess(engines, elm)
    with unit_of_work(engines) as db:
        elm.db = db
        elm.resident("abe", group="river", room="1")
        mark(db, elm.id, CHESS, elm.residents["fay"].id, "asleep", key="f", by=None, now=ASKING)
    river = names(joe.get(f"{OTHERS}?of={elm.groups['river'].id}").text)
    everybody = names(joe.get(OTHERS).text)
    typed = names(look_for(joe, "cleo"))

    cleo, dov = f"Cleo Made-Up Garden wing · 3 {FREE}", f"Dov Made-Up River wing · 4 {FREE}"
    assert river == [dov, "Abe Made-Up River wing · 1", "Fay Made-Up River wing · 6"]
    assert everybody == [cleo, dov]
    assert typed == [cleo]


@pytest.mark.parametrize(("start", "is_free"), [("11:14", True), ("11:15", False), ("09:30", False), ("09:31", True)])
def test_only_what_is_at_that_hour_sets_anybody_free(
    engines: Engines, elm: CommunityBuilder, joe: Browser, start: str, is_free: bool
) -> None:  # the choir is from 10:30 to 11:15, chess takes an hour
    call_off_chess(engines, elm, start)

    assert (FREE in text_of(joe.get(OTHERS).text)) == is_free
