"""Fewer lead for a while, without a name: who is missed least is proposed, and holds once it is agreed to."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import select

from milieu.database import Engines, reading, unit_of_work
from milieu.models import Absence
from tests.milieu.builders import CommunityBuilder, Held
from tests.web.conftest import Browser
from tests.web.director.week.test_week import words

THURSDAY, FRIDAY = "2026-12-03", "2026-12-04"
CHOIR = Held("choir", "lounge", 3, "10:00", ["finn"], ["ada", "ben"], ref="choir")
WALK = Held("walk", "studio", 3, "15:00", ["gita"], ["cleo", "dov", "esi"], ref="walk")


@pytest.fixture
def director(engines: Engines, elm: CommunityBuilder, sign_in: Callable[..., Browser]) -> Browser:
    with unit_of_work(engines) as db:
        elm.db = db
        elm.publication([CHOIR, WALK])
    return sign_in(elm)


def asked(
    director: Browser, fewer: str, *, part: str = "", leaders: tuple[str, ...] = (), first: str = THURSDAY
) -> str:
    """The form as it comes back, which has told nothing."""
    answer = director.send(
        "/changed/hands",
        "/changed?kind=hands",
        first=first,
        last="",
        part=part,
        helpers="",
        fewer=fewer,
        leaders=list(leaders),
        reason="Flu",
    )
    assert answer.status_code == 422, words(answer.text)
    return str(answer.text)


def ticked(page: str) -> set[str]:
    return set(re.findall(r'name="leaders" value="([^"]+)" checked', page))


def test_who_is_missed_least_is_proposed_and_noted_once_it_is_sent_again(
    director: Browser, engines: Engines, elm: CommunityBuilder
) -> None:
    finn, gita = elm.facilitators["finn"].id, elm.facilitators["gita"].id

    page = asked(director, "1")
    assert ticked(page) == {finn}
    said = "Fewest are told otherwise without Finn Made-Up (1 session, 2 invited)."
    assert f"{said} Please note it once more, or tick others first." in words(page)
    assert re.search(r'<button class="main" autofocus>Note it', page)
    assert ticked(asked(director, "2", leaders=(gita,))) == {finn, gita}
    with reading(engines) as db:
        assert db.scalars(select(Absence.id)).all() == []

    sent = {"first": THURSDAY, "last": "", "part": "", "helpers": "", "fewer": "1", "leaders": [finn], "reason": "Flu"}
    assert director.send("/changed/hands", "/changed?kind=hands", **sent).status_code == 303
    told = words(director.get("/changed").text)
    assert "Hands are short on Thursday 3 December: Finn Made-Up leads nothing." in told
    assert "1 published session stands against it: Choir, Thu 3 10:00." in told


def test_only_who_is_on_duty_can_be_spared(director: Browser, elm: CommunityBuilder) -> None:
    finn, gita = elm.facilitators["finn"].id, elm.facilitators["gita"].id
    page = asked(director, "2", part="morning")
    assert "Only 1 of the team is on duty then." in words(page)
    assert ticked(page) == set()
    assert ticked(asked(director, "1", part="afternoon")) == {finn}
    assert "Only 2 of the team are on duty then." in words(asked(director, "3"))
    assert ticked(asked(director, "2")) == {finn, gita}


def test_volunteers_are_spared_after_all_of_the_staff(director: Browser, elm: CommunityBuilder) -> None:
    """On a day of which nothing is published nobody leads anything; it is the staff who are needed on the floor."""
    finn, gita = elm.facilitators["finn"].id, elm.facilitators["gita"].id
    assert ticked(asked(director, "1", part="afternoon", first=FRIDAY)) == {finn}
    assert ticked(asked(director, "2", part="afternoon", first=FRIDAY)) == {finn, gita}
