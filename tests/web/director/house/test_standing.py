"""The page of a space, a colleague or a living group says what is told of it, and leads to the sessions it touches."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from milieu.database import Engines, unit_of_work
from milieu.models import Absence, Change, Outbreak
from milieu.services.facts.stretch import Stretch
from milieu.services.facts.telling import tell_closure
from milieu.services.teller import Teller
from tests.milieu.builders import MONDAY, NOW, CommunityBuilder, Held
from tests.web.conftest import Browser
from tests.web.director.week.test_week import words

TODAY = NOW.date()
THURSDAY = MONDAY + timedelta(days=3)
FRIDAY = MONDAY + timedelta(days=4)


@pytest.fixture
def director(engines: Engines, elm: CommunityBuilder, sign_in: Callable[..., Browser]) -> Browser:
    with unit_of_work(engines) as db:
        elm.db = db
        elm.publication(
            [
                Held("choir", "lounge", 3, "10:00", ["finn"], ["ada", "ben"], ref="thursday"),
                Held("chess", "studio", 4, "14:00", ["gita"], ["ada", "cleo"], ref="friday"),
            ]
        )
    return sign_in(elm)


def test_a_closed_space_says_so_with_its_sessions_and_the_form_that_corrects_it(
    engines: Engines, director: Browser, elm: CommunityBuilder
) -> None:
    lounge = elm.spaces["lounge"].id
    assert "What is told of it" not in director.get(f"/house/spaces/{lounge}").text
    with unit_of_work(engines) as db:
        tell_closure(db, Teller(elm.id, None, NOW), lounge, Stretch(TODAY, FRIDAY), "repairs", "new floor")
        line = db.scalars(select(Change.id).where(Change.noun == "closure")).one()

    page = director.get(f"/house/spaces/{lounge}").text
    assert "cannot be used from Wednesday 2 December to Friday 4 December, because of repairs: new floor." in words(
        page
    )
    assert f'href="/week/{MONDAY}/session/thursday?view=published"' in page
    assert "friday" not in page
    assert f'href="/changed/line/{line}"' in page
    assert director.get(f"/changed/line/{line}").status_code == 200


def test_what_came_with_a_list_is_told_without_a_way_to_correct_it(
    engines: Engines, director: Browser, elm: CommunityBuilder
) -> None:
    """What is over is not told; an outbreak without a first day holds, and touches what mixes the group with others."""
    finn, garden = elm.facilitators["finn"], elm.groups["garden"]
    with unit_of_work(engines) as db:
        for first, last in ((THURSDAY, THURSDAY), (MONDAY, MONDAY)):
            db.add(Absence(community_id=elm.id, facilitator_id=finn.id, first_date=first, last_date=last))
        db.add(Outbreak(community_id=elm.id, living_group_id=garden.id))

    page = director.get(f"/house/team/{finn.id}").text
    assert words(page).count("Finn Made-Up is away on ") == 1
    assert "Finn Made-Up is away on Thursday 3 December." in words(page)
    assert "/changed/line/" not in page
    group = words(director.get(f"/house/living-groups/{garden.id}").text)
    assert "has an outbreak." in group
