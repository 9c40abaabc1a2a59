"""Somebody who was not invited came: found by name, room or unit, marked once, and nothing told that is not theirs."""

import re

import pytest

from milieu.database import Engines, unit_of_work
from tests.milieu.builders import CommunityBuilder
from tests.web.conftest import Browser
from tests.web.staff.floor import CHOIR_PAGE, forms_of, mark_of, press, published_day, rows_of, text_of

ASKS_FOR_CARD = {"X-Milieu-Fragment": "card"}


def test_someone_else_came(engines: Engines, elm: CommunityBuilder, joe: Browser) -> None:
    others = f"{CHOIR_PAGE}/others"
    look_for(joe, "cleo")
    answer = joe.send(others, others, resident=elm.residents["cleo"].id)
    page = joe.get(answer.location).text

    held = mark_of(engines, elm, "cleo")
    assert held is not None
    assert (held.outcome, held.was_invited, answer.status_code) == ("attended", False, 303)
    assert "Noted: Cleo Made-Up came." in text_of(page)
    assert forms_of(page)["Cleo Made-Up"].pressed == ("attended",)


def test_a_form_for_someone_else_that_arrives_twice_is_one_mark(
    engines: Engines, elm: CommunityBuilder, joe: Browser
) -> None:
    others = f"{CHOIR_PAGE}/others"
    look_for(joe, "cleo")
    fields = dict(re.findall(r'name="(csrf_token|form_key)" value="([^"]+)"', joe.get(others).text))
    answers = [joe.post(others, data={**fields, "resident": elm.residents["cleo"].id}) for _ in range(2)]

    assert [answer.location.split("#")[0] for answer in answers] == [CHOIR_PAGE] * 2
    assert rows_of(engines) == 1


def test_taking_it_back_takes_the_card_away(joe: Browser, elm: CommunityBuilder) -> None:
    others = f"{CHOIR_PAGE}/others"
    look_for(joe, "cleo")
    joe.send(others, others, resident=elm.residents["cleo"].id)
    card = press(joe, CHOIR_PAGE, "Cleo", "undo", **ASKS_FOR_CARD)

    assert (card.status_code, card.text) == (200, "")
    page = joe.get(CHOIR_PAGE).text
    assert "Cleo Made-Up" not in forms_of(page)
    assert "Cleo Made-Up" in page.split("Who else could come", 1)[1]  # and may be asked again


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        ("cleo", {"Cleo Made-Up"}),
        ("CLÉO made", {"Cleo Made-Up"}),
        ("river", {"Dov Made-Up", "Esi Made-Up", "Fay Made-Up"}),
        ("up 4", {"Dov Made-Up"}),
        ("ada", {"Ada Made-Up"}),  # invited already
        ("leo", set()),  # words match at their beginning
        ("iver", set()),
        ("nobody of that name", set()),
        ("c", set()),  # too short: those of the unit, and none is chosen
        ("%", set()),
        ("", set()),
    ],
)
def test_people_are_found_by_name_room_or_unit(joe: Browser, wanted: str, names: set[str]) -> None:
    page = look_for(joe, wanted)

    found = re.findall(r"<li>\s*<div><b>([^<]+)</b> <span class=\"room\">([^<]+)</span>", page)
    assert {name for name, _ in found} == names
    assert all(re.fullmatch(r"(Garden|River) wing · \d", second) for _, second in found)


def look_for(browser: Browser, wanted: str) -> str:
    """The page after looking for somebody; what was typed stands in no address."""
    others = f"{CHOIR_PAGE}/others"
    answer = browser.send(f"{others}/find", others, q=wanted)
    assert answer.location == others
    return browser.get(others).text


@pytest.mark.parametrize(
    ("wanted", "rooms"), [("E 1", ["E 1", "E 10", "E 15"]), ("E15", ["E 15"]), ("e1", ["E 1", "E 10", "E 15"])]
)
def test_a_room_is_found_however_it_is_written(
    engines: Engines, elm: CommunityBuilder, joe: Browser, wanted: str, rooms: list[str]
) -> None:
    with unit_of_work(engines) as db:
        elm.db = db
        for name, room in [("hal", "E 15"), ("ida", "E 10"), ("jon", "E 1"), ("ken", "W 1")]:
            elm.resident(name, room=room)

    assert re.findall(r'<span class="room">Garden wing · ([^<]+)</span>', look_for(joe, wanted)) == rooms


def test_looking_for_somebody_leaves_the_tablet_s_unit_as_it_is(joe: Browser, elm: CommunityBuilder) -> None:
    joe.get(f"/today?unit={elm.groups['garden'].id}")
    joe.get(f"{CHOIR_PAGE}/others?of={elm.groups['river'].id}")

    assert "Unit: Garden wing" in text_of(joe.get("/today").text)


def test_with_a_unit_chosen_its_people_are_there_at_once(joe: Browser, elm: CommunityBuilder) -> None:
    page = text_of(joe.get(f"{CHOIR_PAGE}/others?of={elm.groups['river'].id}").text)

    assert "Dov Made-Up River wing · 4 Came" in page
    assert "Cleo" not in page


def test_a_refusal_or_who_is_kept_apart_is_not_told(engines: Engines, elm: CommunityBuilder, joe: Browser) -> None:
    others = f"{CHOIR_PAGE}/others"
    look_for(joe, "cleo")
    before = text_of(joe.get(others).text)
    with unit_of_work(engines) as db:
        elm.db = db
        elm.refusal(elm.residents["cleo"], activity=elm.activities["choir"])
        elm.limit(elm.residents["cleo"], space=elm.spaces["lounge"], reason="charted")
        elm.tie(elm.residents["cleo"], elm.residents["ada"], None)
    after = text_of(joe.get(others).text)
    answer = joe.send(f"{CHOIR_PAGE}/others", others, resident=elm.residents["cleo"].id)

    assert before == after
    assert answer.status_code == 303
    assert mark_of(engines, elm, "cleo") is not None


def test_nobody_of_another_community_comes(engines: Engines, elm: CommunityBuilder, joe: Browser) -> None:
    oak = published_day(engines, "oak")
    others = f"{CHOIR_PAGE}/others"
    look_for(joe, "cleo")

    foreign = joe.send(others, others, resident=oak.residents["cleo"].id)
    missing = joe.send(others, others, resident="a" * 26)

    assert (foreign.status_code, foreign.data, rows_of(engines)) == (404, missing.data, 0)
