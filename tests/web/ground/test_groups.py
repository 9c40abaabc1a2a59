"""The living groups' pages: what they show, and what one tap on them does."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from milieu.database import Engines, unit_of_work
from milieu.models import ResidentRead, SuggestionAnswer, Tie
from tests.milieu.builders import MONDAY, NOW, CommunityBuilder, Held
from tests.milieu.queries.ties.test_living_group import mark
from tests.web.conftest import Browser
from tests.web.director.week.test_week import words


@pytest.fixture
def director(elm: CommunityBuilder, sign_in: Callable[..., Browser]) -> Browser:
    return sign_in(elm)


def address(elm: CommunityBuilder, group: str = "garden") -> str:
    return f"/living-groups/{elm.groups[group].id}"


def test_the_list_leads_to_each_living_group(director: Browser, elm: CommunityBuilder) -> None:
    page = director.get("/living-groups")

    assert "Garden wing 3 people live here. 1 of them knows nobody here, as far as is noted." in words(page.text)
    assert all(f'href="{address(elm, group)}"' in page.text for group in elm.groups)


def test_a_living_group_is_drawn_and_told_in_a_table(director: Browser, elm: CommunityBuilder) -> None:
    page = director.get(address(elm)).text

    assert "2 of 3 have somebody here." in words(page)
    assert page.count("<text x=") == 2
    assert 'class="tie-friend"' in page
    assert "Ada Made-Up 1 Ben Made-Up" in words(page).split("The same as a table", 1)[1]
    assert "Cleo Made-Up knows nobody here, as far as is noted" in words(page)
    assert "of other living groups." not in words(page)


def test_two_who_are_often_together_are_suggested_and_before_that_it_says_when(
    director: Browser, elm: CommunityBuilder, engines: Engines
) -> None:
    assert "Nobody to suggest now. Two people stand here when they were together to the end 4 times" in words(
        director.get(address(elm)).text
    )
    monday = MONDAY - timedelta(weeks=1)
    with unit_of_work(engines) as db:
        elm.db = db
        pair = ["ada", "cleo"]
        held = [Held("chess", "studio", day, "14:00", ["gita"], pair, ref=f"chess-{day}") for day in range(4)]
        elm.publication(held, week_start=monday)
        for day in range(4):
            for name in pair:
                mark(elm, f"chess-{day}", name, monday + timedelta(days=day), "attended")

    said = words(director.get(address(elm)).text)

    assert "Ada Made-Up and Cleo Made-Up Together to the end 4 times in eight weeks, in small groups;" in said
    assert "Nobody to suggest now." not in said


def test_ties_that_both_say_are_counted_week_by_week(
    director: Browser, elm: CommunityBuilder, engines: Engines
) -> None:
    assert "Said by both" not in director.get(address(elm)).text
    with unit_of_work(engines) as db:
        elm.db = db
        for name in ("gus", "hal", "ivy", "jon", "kim"):
            elm.resident(name, group="garden")
        days = ({"noted_on": NOW.date() - timedelta(days=days)} for days in (8, 1))
        elm.tie(elm.residents["gus"], elm.residents["hal"], 3, named_by="one", **next(days))
        elm.tie(elm.residents["ivy"], elm.residents["jon"], 3, named_by="both", **next(days))

    said = words(director.get(address(elm)).text)

    assert "1 of 2 ties are said by both" in said
    table = said.split("Know nobody here Said by both")[1]
    assert "23 November 8" in table, table
    assert re.findall(r"0 of 1|1 of 2|not known", table)[-2:] == ["0 of 1", "1 of 2"]


def test_unease_is_drawn_for_who_plans_and_marked_never_on_paper(
    director: Browser, elm: CommunityBuilder, engines: Engines
) -> None:
    with unit_of_work(engines) as db:
        elm.db = db
        elm.tie(elm.residents["dov"], elm.residents["esi"], 3)
        elm.tie(elm.residents["esi"], elm.residents["fay"], 3, kind="couple")

    page = director.get(address(elm, "river")).text

    assert 'class="tie-apart"' in page
    assert 'class="key-apart"' in page
    assert 'class="tie-couple-gap"' in page
    assert ">kept apart</a>" in page


def test_looking_at_a_living_group_is_a_look_at_its_people(
    director: Browser, elm: CommunityBuilder, engines: Engines
) -> None:
    with unit_of_work(engines) as db:
        elm.db = db
        elm.tie(elm.residents["cleo"], elm.residents["dov"], 3)

    page = director.get(address(elm)).text
    assert "Cleo Made-Up knows nobody here, as far as is noted Close to Dov of other living groups." in words(page)

    with unit_of_work(engines) as db:
        seen = set(db.scalars(select(ResidentRead.resident_id).where(ResidentRead.page == "ground.living_group")))
        assert seen == {elm.residents[name].id for name in ("ada", "ben", "cleo", "dov")}


def test_one_tap_makes_it_a_wish_and_another_takes_it_back(
    director: Browser, elm: CommunityBuilder, engines: Engines
) -> None:
    page, cleo = address(elm), elm.residents["cleo"].id
    others = [elm.residents[name].id for name in ("ada", "ben")]

    answer = director.send(f"{page}/meet/{cleo}", page, other=others)  # type: ignore[arg-type]

    told = words(director.get(answer.location).text)
    assert "Noted. The next plans are asked to bring them together." in told
    assert "Cleo Made-Up, together with Ada and Ben" in told
    assert "The plans until 27 January are asked to bring them together once a week." in told

    answer = director.send(f"{page}/meet/{cleo}/take-back", page)

    assert "Cleo Made-Up knows nobody here" in words(director.get(answer.location).text)
    with unit_of_work(engines) as db:
        assert db.scalars(select(Tie).where(Tie.kind == "meet")).all() == []


@pytest.mark.parametrize("said", ["not now", "never"])
def test_a_suggestion_that_is_declined_stands_no_longer(
    said: str, director: Browser, elm: CommunityBuilder, engines: Engines
) -> None:
    page, cleo = address(elm), elm.residents["cleo"].id

    answer = director.send(f"{page}/meet/{cleo}", page, answer=said)

    assert "Somebody answered that this is not the time." in words(director.get(answer.location).text)
    with unit_of_work(engines) as db:
        assert db.scalars(select(SuggestionAnswer.answer)).all() == [said]


def test_what_is_foreign_is_not_there(director: Browser, elm: CommunityBuilder, engines: Engines) -> None:
    assert director.get("/living-groups/none").status_code == 404
    cleo, ada = elm.residents["cleo"].id, elm.residents["ada"].id
    lost = director.send(f"/living-groups/none/meet/{cleo}", address(elm), other=ada)

    assert lost.status_code == 404
    with unit_of_work(engines) as db:
        assert db.scalars(select(Tie).where(Tie.kind == "meet")).all() == []


@pytest.mark.parametrize("role", ["staff", "family"])
def test_it_is_for_who_plans_alone(role: str, elm: CommunityBuilder, sign_in: Callable[..., Browser]) -> None:
    somebody = sign_in(elm, role)

    assert [somebody.get(path).status_code for path in ("/living-groups", address(elm))] == [404, 404]
