"""The walls' page and what hangs at their addresses: closed groups of one living group, until the address is ended."""

import html
import re
from collections.abc import Callable

import pytest
from flask import Flask
from itsdangerous import URLSafeSerializer

from milieu.database import Engines, reading, unit_of_work
from milieu.ids import new_id
from milieu.models import ActivityMember, Wall
from milieu.services.access.walls import open_wall
from milieu.services.attendance import mark_held
from tests.milieu.builders import NOW, CommunityBuilder, FixedClock, Held, small_community
from tests.web.conftest import Browser
from tests.web.director.week.test_week import words


@pytest.fixture
def elm(engines: Engines) -> CommunityBuilder:
    """Choir for everybody; a circle for Ada of Garden, a café for Dov of River, a visit to Ada."""
    with unit_of_work(engines) as db:
        elm = small_community(db)
        for key, name, member in (("circle", "Memory circle", "ada"), ("cafe", "Grief café", "dov")):
            activity = elm.activity(key, name=name, is_closed=True)
            ids = {"activity_id": activity.id, "resident_id": elm.residents[member].id}
            elm.add(ActivityMember(community_id=elm.id, **ids))
        elm.activity("visit", name="Visit to Ada", max_group=1, min_group=1)
        elm.publication(
            [
                Held("choir", "lounge", 2, "10:00", ["finn"], ["ada", "dov"]),
                Held("circle", "studio", 2, "11:00", ["gita"], ["ada"]),
                Held("cafe", "studio", 3, "11:00", ["gita"], ["dov"]),
                Held("visit", "lounge", 3, "12:00", ["gita"], ["ada"]),
            ]
        )
        return elm


def make(director: Browser, elm: CommunityBuilder, group: str = "garden") -> str:
    """Make a living group's address on the page; its path."""
    answer = director.send(f"/walls/{elm.groups[group].id}/open", "/walls")
    assert (answer.status_code, answer.location) == (303, "/walls")
    part = director.get("/walls").text.split(f'id="wall-{elm.groups[group].id}"')[1].split("</li>")[0]
    found = re.search(r'href="http://localhost(/wall/[^"?]+)"', html.unescape(part))
    assert found is not None
    return found[1]


def end(director: Browser, engines: Engines) -> None:
    with reading(engines) as db:
        wall_id = db.query(Wall).filter(Wall.ended_at.is_(None)).one().id
    assert director.send(f"/walls/{wall_id}/end", "/walls").status_code == 303


def test_the_page_says_whose_closed_groups_would_appear(elm: CommunityBuilder, sign_in: Callable[..., Browser]) -> None:
    page = words(sign_in(elm).get("/walls").text)

    assert "Closed groups appear there under their own names." in page
    assert "show it only on that living group’s own wall" in page
    garden, river = page.index("Garden wing Closed groups"), page.index("River wing Closed groups")
    assert garden < page.index("Memory circle") < river < page.index("Grief café")


def test_the_week_leads_to_the_walls(elm: CommunityBuilder, sign_in: Callable[..., Browser]) -> None:
    assert 'href="/walls">Walls</a>' in sign_in(elm).get("/week/2026-11-30").text


@pytest.mark.parametrize("form", ["", "?screen"])
def test_a_wall_shows_its_own_closed_groups_and_nobodys_name(
    form: str, browser: Browser, elm: CommunityBuilder, sign_in: Callable[..., Browser]
) -> None:
    path = make(sign_in(elm), elm)

    page = browser.get(path + form).text

    assert "Elm Cottage · Garden wing" in words(page)
    assert ("Choir" in page, "Memory circle" in page) == (True, True)
    people = [*elm.residents.values(), *elm.facilitators.values()]
    named = {name for row in people for name in (row.id, getattr(row, "given_name", row.key).title(), "Made-Up")}
    assert [name for name in (*named, "Grief", "Visit", "/programme/") if name in page] == []


def test_a_televisions_next_slide_is_at_the_same_address(
    browser: Browser, elm: CommunityBuilder, sign_in: Callable[..., Browser]
) -> None:
    path = make(sign_in(elm), elm)

    assert f'content="20;url={path}?screen=2"' in browser.get(f"{path}?screen").text


def test_what_cannot_be_held_is_off(
    browser: Browser, engines: Engines, elm: CommunityBuilder, sign_in: Callable[..., Browser]
) -> None:
    path = make(sign_in(elm), elm)
    with unit_of_work(engines) as db:
        mark_held(db, elm.id, "2026-W49-circle-2", was_held=False, reason="Gita is unwell.", by=None, now=NOW)

    assert "Memory circle is not held" in words(browser.get(path).text)
    assert "Memory circle not held" in words(browser.get(f"{path}?screen").text)


def test_it_is_kept_by_nobody_and_told_to_nobody(
    browser: Browser, elm: CommunityBuilder, sign_in: Callable[..., Browser]
) -> None:
    headers = browser.get(make(sign_in(elm), elm)).headers

    told = [headers[name] for name in ("Cache-Control", "Referrer-Policy", "X-Robots-Tag")]
    assert told == ["no-store", "no-referrer", "noindex, nofollow"]
    assert headers.getlist("Set-Cookie") == []


def test_ended_unknown_and_foreign_addresses_are_told_alike(
    app: Flask, browser: Browser, engines: Engines, elm: CommunityBuilder, sign_in: Callable[..., Browser]
) -> None:
    director = sign_in(elm)
    ended = make(director, elm)
    end(director, engines)
    again = make(director, elm)
    with reading(engines) as db:
        there = db.query(Wall).filter(Wall.ended_at.is_(None)).one().id
    key = app.config["SECRET_KEY"]
    made = {
        "never made": URLSafeSerializer(key, salt="milieu-wall").dumps(new_id()),
        "of another installation": URLSafeSerializer("another key", salt="milieu-wall").dumps(there),
        "signed for something else": URLSafeSerializer(key, salt="milieu-tapper").dumps(there),
        "of another kind": URLSafeSerializer(key, salt="milieu-wall").dumps([there]),
        "a row's id": there,
        "changed": again.removeprefix("/wall/")[:-1],
    }
    nowhere = browser.get("/nowhere").data

    for path in (ended, *(f"/wall/{token}" for token in made.values())):
        answer = browser.get(path)
        assert (answer.status_code, answer.data, answer.headers["Cache-Control"]) == (404, nowhere, "no-store"), path
    assert browser.get(again).status_code == 200


def test_a_form_that_arrives_twice_is_done_once(
    engines: Engines, elm: CommunityBuilder, sign_in: Callable[..., Browser]
) -> None:
    director = sign_in(elm)
    hidden = dict(re.findall(r'name="(csrf_token|form_key)" value="([^"]+)"', director.get("/walls").text))
    path = f"/walls/{elm.groups['garden'].id}/open"
    director.post(path, data=hidden)
    end(director, engines)

    assert director.post(path, data=hidden).status_code == 303
    assert director.post(path, data={"form_key": "x" * 22}).status_code == 400
    with reading(engines) as db:
        assert [wall.ended_at for wall in db.query(Wall)] == [NOW]


def test_nobody_makes_ends_or_sees_walls_of_others(
    engines: Engines, elm: CommunityBuilder, sign_in: Callable[..., Browser]
) -> None:
    director = sign_in(elm)
    with unit_of_work(engines) as db:
        oak = small_community(db, "oak")
        theirs = open_wall(db, oak.id, oak.groups["garden"].id, by=None, now=NOW)

    for path in (f"/walls/{oak.groups['river'].id}/open", f"/walls/{theirs}/end", f"/walls/{new_id()}/end"):
        assert director.send(path, "/walls").status_code == 404, path
    assert "/wall/" not in director.get("/walls").text
    assert sign_in(elm, "staff").get("/walls").status_code == 404
    with reading(engines) as db:
        assert [wall.ended_at for wall in db.query(Wall)] == [None]


def short_of(director: Browser) -> str:
    """The only short address on the page; its path."""
    [found] = re.findall(r'href="http://localhost(/w/[^"]+)"', director.get("/walls").text)
    return str(found)


def test_a_short_address_leads_to_the_television(
    browser: Browser, elm: CommunityBuilder, sign_in: Callable[..., Browser]
) -> None:
    director = sign_in(elm)
    path = make(director, elm)
    short = short_of(director)

    assert re.fullmatch("/w/[2-9B-Z]{4}-[2-9B-Z]{4}", short)
    for typed in (short, short.lower(), short.replace("-", ""), short.replace("-", " ")):
        answer = browser.get(typed)
        assert (answer.status_code, answer.location) == (302, f"{path}?screen=")
        assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "Memory circle" in browser.get(f"{path}?screen=").text


def test_a_short_address_ends_with_the_long_one_and_another_follows(
    browser: Browser, elm: CommunityBuilder, engines: Engines, sign_in: Callable[..., Browser]
) -> None:
    director = sign_in(elm)
    make(director, elm)
    ended = short_of(director)
    end(director, engines)

    missing = browser.get("/w/2222-2222")
    assert missing.status_code == 404
    assert browser.get(ended).data == missing.data
    make(director, elm)
    assert short_of(director) != ended


def test_codes_cannot_be_tried_out_and_a_right_one_is_no_try(
    browser: Browser, elm: CommunityBuilder, sign_in: Callable[..., Browser], clock: FixedClock
) -> None:
    director = sign_in(elm)
    make(director, elm)
    right = short_of(director)
    for _turn in range(30):
        assert browser.get(right).status_code == 302
    wrong = [browser.get(f"/w/BCDF-{number:04d}").status_code for number in range(2222, 2243)]

    assert wrong == [404] * 20 + [429]
    assert browser.get(right).status_code == 429
    clock.advance(minutes=1)
    assert browser.get(right).status_code == 302
