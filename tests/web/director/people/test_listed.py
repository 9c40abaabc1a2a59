"""The list of people: found by every name, told apart by what there is to do, in one living group or everywhere."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from milieu.database import Engines, unit_of_work
from milieu.models import Attendance
from tests.milieu.builders import MONDAY, CommunityBuilder, Held
from tests.web.conftest import Browser

NAMES = ("Ada", "Ben", "Cleo", "Dov", "Esi", "Fay", "Nan")


@pytest.fixture
def director(engines: Engines, elm: CommunityBuilder, sign_in: Callable[..., Browser]) -> Browser:
    """Ada said no to the choir on two Mondays; she likes Ben; Dov and Fay are kept apart; Nan has just moved in."""
    with unit_of_work(engines) as db:
        elm.db = db
        elm.resident("nan", group="river", given_name="Anneliese", called="Nan", arrived_on=MONDAY - timedelta(days=3))
        for day in (MONDAY - timedelta(days=7), MONDAY):
            ref, at = f"choir-{day}", datetime.combine(day, time(11), tzinfo=ZoneInfo("Europe/London"))
            elm.publication([Held("choir", "lounge", 0, "10:00", ["finn"], ["ada", "ben"], ref=ref)], week_start=day)
            elm.add(
                Attendance(
                    community_id=elm.id,
                    session_ref=ref,
                    on_date=day,
                    resident_id=elm.residents["ada"].id,
                    outcome="declined",
                    key=ref,
                    number=1,
                    tapped_at=at,
                    marked_at=at,
                )
            )
    return sign_in(elm)


def shown(page: str) -> list[str]:
    return [name for name in NAMES if f">{name} " in page]


@pytest.mark.parametrize(
    ("band", "names"),
    [("rests", ["Ada"]), ("new", ["Nan"]), ("alone", ["Cleo", "Dov", "Esi", "Fay", "Nan"]), ("nonsense", list(NAMES))],
)
def test_what_is_good_to_know_is_a_filter(band: str, names: list[str], director: Browser) -> None:
    page = director.get(f"/people?week={MONDAY}&band={band}").text

    assert shown(page) == names
    assert ("Choir rests after two noes" in page) == ("Ada" in names)


def test_two_who_are_kept_apart_still_know_nobody_and_the_list_says_no_more(director: Browser) -> None:
    page = director.get(f"/people?week={MONDAY}&band=alone").text

    assert page.count("knows nobody here, as far as is known") == 5
    assert "apart" not in page.lower()


def test_one_living_group_is_shown_with_its_own_counts(director: Browser, elm: CommunityBuilder) -> None:
    river = elm.groups["river"].id

    page = director.get(f"/people?week={MONDAY}&unit={river}").text

    assert shown(page) == ["Dov", "Esi", "Fay", "Nan"]
    assert 'All <span class="num soft">4</span>' in page
    assert shown(director.get(f"/people?week={MONDAY}&unit={river}&band=rests").text) == []
    assert shown(director.get(f"/people?week={MONDAY}&unit=nowhere").text) == list(NAMES)


@pytest.mark.parametrize(
    ("sought", "names"), [("anneliese", ["Nan"]), ("NAN", ["Nan"]), ("river", ["Dov", "Esi", "Fay", "Nan"]), ("zz", [])]
)
def test_somebody_is_found_by_every_name_they_have(sought: str, names: list[str], director: Browser) -> None:
    """Also by the given name that they are not called by; everywhere, whatever was shown before."""
    assert shown(director.send("/people", q=sought).text) == names
