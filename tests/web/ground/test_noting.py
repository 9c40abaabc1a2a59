"""A tie noted on the page of its living group, changed, asked about and ended."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from milieu.database import Engines, unit_of_work
from milieu.models import Account, Tie
from tests.milieu.builders import MONDAY, NOW, CommunityBuilder, FixedClock, Held
from tests.web.conftest import Browser
from tests.web.director.week.test_week import words


@pytest.fixture
def director(elm: CommunityBuilder, sign_in: Callable[..., Browser]) -> Browser:
    return sign_in(elm)


def address(elm: CommunityBuilder) -> str:
    return f"/living-groups/{elm.groups['garden'].id}"


def note(director: Browser, elm: CommunityBuilder, **fields: str) -> str:
    """A tie of cleo and ada as the form sends it; the page after it."""
    page = address(elm)
    given = {"one": elm.residents["cleo"].id, "other": elm.residents["ada"].id, "kind": "friend", "seen_by": "team"}
    answer = director.send(f"{page}/ties", page, **{**given, **fields})
    return director.get(answer.location).text if answer.status_code == 303 else answer.text


def test_a_tie_is_noted_with_its_author_and_drawn(director: Browser, elm: CommunityBuilder, engines: Engines) -> None:
    page = note(director, elm, kind="shares", named_by="one")

    assert "Everybody has somebody here." in words(page)
    assert 'class="tie-shares"' in page
    assert "said by one" in words(page)
    with unit_of_work(engines) as db:
        row = db.scalars(select(Tie).where(Tie.kind == "shares")).one()
        assert (row.author, row.source, row.noted_on) == (db.query(Account).one().name, "told", NOW.date())


def test_what_is_wrong_stands_at_its_field_and_what_was_typed_stays(director: Browser, elm: CommunityBuilder) -> None:
    page = note(director, elm, other=elm.residents["cleo"].id, kind="helps")

    assert re.search(r'id="fault-other">Please choose two people\.', page)
    assert re.search(r'value="helps" selected', page)


def test_somebody_of_another_living_group_is_found_on_demand(director: Browser, elm: CommunityBuilder) -> None:
    esi = f'value="{elm.residents["esi"].id}"'
    assert esi not in director.get(address(elm)).text
    assert esi in director.get(f"{address(elm)}?beyond=1").text

    page = note(director, elm, other=elm.residents["esi"].id)

    assert "Esi Made-Up" in page


def test_a_tie_is_changed_and_ended_on_its_own_page(
    director: Browser, elm: CommunityBuilder, engines: Engines, clock: FixedClock
) -> None:
    note(director, elm, kind="uneasy", seen_by="director")
    with unit_of_work(engines) as db:
        tie_id = db.scalars(select(Tie.id).where(Tie.kind == "uneasy")).one()
    page = f"{address(elm)}/ties/{tie_id}"
    assert "Noted as: uneasy with each other. By Director Made-Up on Wednesday 2 December 2026." in words(
        director.get(page).text
    )

    version = re.search(r'name="version" value="(\d+)"', director.get(page).text)
    assert version is not None
    answer = director.send(page, page, kind="relative", seen_by="team", version=version[1])
    assert "Changed." in words(director.get(answer.location).text)
    stale = director.send(page, page, kind="friend", seen_by="team", version=version[1])
    assert stale.status_code == 409
    answer = director.send(f"{page}/end", page, version=str(int(version[1]) + 1))
    assert "Taken back." in words(director.get(answer.location).text)
    assert director.get(page).status_code == 404


def test_after_90_days_it_is_asked_here_and_in_to_look_at(
    director: Browser, elm: CommunityBuilder, engines: Engines, clock: FixedClock, sign_in: Callable[..., Browser]
) -> None:
    note(director, elm, kind="uneasy")
    assert "Does it still hold?" not in director.get(address(elm)).text
    clock.advance(days=90)
    later = sign_in(elm)

    with unit_of_work(engines) as db:
        elm.db = db
        elm.publication(
            [Held("choir", "lounge", 4, "10:00", ["finn"], ["ada", "ben"], ref="friday")],
            week_start=MONDAY + timedelta(weeks=13),
        )

    asked = words(later.get(address(elm)).text)
    assert re.search(r"(Ada|Cleo) Made-Up and (Ada|Cleo) Made-Up: still uneasy with each other\?", asked)
    week = words(later.get("/week", follow_redirects=True).text)
    assert "1 note about two people is to be looked at again: does it still hold?" in week
    with unit_of_work(engines) as db:
        row = db.scalars(select(Tie).where(Tie.kind == "uneasy")).one()
        tie_id, version = row.id, str(row.version)
    answer = later.send(f"{address(elm)}/ties/{tie_id}/still", address(elm), version=version)
    assert "Noted. It is asked again in 90 days." in words(later.get(answer.location).text)
    assert "Does it still hold?" not in later.get(address(elm)).text
    with unit_of_work(engines) as db:
        assert db.get_one(Tie, (elm.id, tie_id)).asks_on == NOW.date() + timedelta(days=180)


def test_ties_of_elsewhere_and_of_nobody_are_not_there(
    director: Browser, elm: CommunityBuilder, engines: Engines
) -> None:
    with unit_of_work(engines) as db:
        apart = db.scalars(select(Tie.id).where(Tie.is_apart)).one()  # of two in the other living group

    assert [director.get(f"{address(elm)}/ties/{each}").status_code for each in (apart, "none")] == [404, 404]


@pytest.mark.parametrize("said", ["yes", "not now", "never"])
def test_a_suggestion_is_a_fact_only_when_somebody_says_yes(
    said: str, director: Browser, elm: CommunityBuilder, engines: Engines
) -> None:
    pair = {"one": elm.residents["cleo"].id, "other": elm.residents["ada"].id}

    answer = director.send(f"{address(elm)}/likely", address(elm), answer=said, **pair)

    told = {"yes": "They are friends.", "not now": "again in four weeks.", "never": "not suggested again."}
    assert told[said] in words(director.get(answer.location).text)
    with unit_of_work(engines) as db:
        assert len(db.scalars(select(Tie).where(Tie.source == "suggested")).all()) == (said == "yes")
