"""A day of the week with its times: by space, by who leads, by living group; the week with a line each."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from milieu.database import Engines, reading, unit_of_work
from milieu.models import ResidentBusy
from milieu.queries.week.meals import meals_of
from tests.milieu.builders import CommunityBuilder, Held
from tests.web.builders import NEXT_MONDAY, draft
from tests.web.conftest import Browser
from tests.web.director.week.test_week import words

TUESDAY = NEXT_MONDAY + timedelta(days=1)
DAY = f"/week/{NEXT_MONDAY}/day?on={TUESDAY}"
HELD = [
    Held("choir", "lounge", 1, "10:00", ["finn"], ["ada", "ben", "dov"], ref="choir-1"),
    Held("chess", "studio", 1, "10:30", ["gita"], ["cleo"], ref="chess-1", minutes=60),
    Held("walk", "lounge", 2, "15:00", ["finn"], ["esi"], ref="walk-1"),
]


@pytest.fixture
def director(elm: CommunityBuilder, engines: Engines, sign_in: Callable[..., Browser]) -> Browser:
    draft(engines, elm, HELD)
    return sign_in(elm)


def read(director: Browser, by: str) -> str:
    return words(director.get(f"{DAY}&by={by}").text).replace(" –", "–")


def test_a_day_is_told_by_space_by_leader_and_by_living_group(director: Browser) -> None:
    assert "Lounge 10:00–10:45 Choir Finn · 3 of 10" in read(director, "space")
    assert "Studio 10:30–11:30 Chess Gita · 1 of 4" in read(director, "space")
    assert "Walk" not in read(director, "space")
    assert "Finn Made-Up 10:00–10:45 Choir Lounge · 3 of 10" in read(director, "leader")
    assert "Garden wing 10:00–10:45 Choir 2 of them · Lounge" in read(director, "group")
    assert "River wing 10:00–10:45 Choir 1 of them · Lounge" in read(director, "group")


def test_sessions_at_one_time_stand_beside_each_other(director: Browser) -> None:
    page = director.get(f"{DAY}&by=group").text

    assert 'class="slot d-creative at-40 for-3 lane-1"' in page
    assert 'class="slot d-mind at-42 for-4 lane-2"' in page
    assert 'class="column lanes-2 first-36 over-36"' in page


def test_a_day_that_is_none_of_the_week_and_an_unknown_view_are_answered_with_what_there_is(director: Browser) -> None:
    page = words(director.get(f"/week/{NEXT_MONDAY}/day?on=2031-01-01&by=shoe").text)

    assert "Monday 7 December" in page
    assert "Nothing planned" in page
    assert director.get(f"/week/{NEXT_MONDAY + timedelta(days=7)}/day").status_code == 404


def test_meals_are_those_of_half_of_the_people_or_more(engines: Engines, elm: CommunityBuilder) -> None:
    with unit_of_work(engines) as db:
        for number, resident in enumerate(elm.residents.values()):
            for start, end in ((720, 760 if number < 3 else 750), (1020, 1050)) if number < 4 else ():
                until = end if start == 720 or number < 2 else start + 10
                db.add(
                    ResidentBusy(
                        community_id=elm.id,
                        resident_id=resident.id,
                        kind="meal",
                        weekday=1,
                        start_minute=start,
                        end_minute=until,
                    )
                )
    with reading(engines) as db:
        assert meals_of(db, elm.id, TUESDAY) == ((720, 765), (1020, 1035))
        assert meals_of(db, elm.id, NEXT_MONDAY) == ()


def test_a_week_can_be_read_with_a_line_each_and_says_what_its_colours_mean(director: Browser) -> None:
    page = director.get(f"/week/{NEXT_MONDAY}?cards=lines").text

    assert 'class="week-page is-lines"' in page
    assert '<span class="brief num" aria-hidden="true">3/10</span>' in page
    assert "What the colours say Body Company Making Mind" in words(page)
