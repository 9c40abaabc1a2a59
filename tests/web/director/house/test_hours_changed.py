"""Hours of somebody of the team are changed where they stand: one row, one line of the history, and undone there."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from milieu.database import Engines, reading
from milieu.models import Roster
from tests.milieu.builders import CommunityBuilder
from tests.web.conftest import Browser
from tests.web.director.week.test_week import words


@pytest.fixture
def director(elm: CommunityBuilder, sign_in: Callable[..., Browser]) -> Browser:
    return sign_in(elm)


def roster_of(engines: Engines, elm: CommunityBuilder) -> list[tuple[str, int | None, int, int]]:
    with reading(engines) as db:
        rows = db.scalars(select(Roster).where(Roster.facilitator_id == elm.facilitators["gita"].id))
        return sorted((row.id, row.weekday, row.start_minute, row.end_minute) for row in rows)


def test_hours_become_others_in_place(director: Browser, engines: Engines, elm: CommunityBuilder) -> None:
    page = f"/house/team/{elm.facilitators['gita'].id}"
    ((row_id, _day, _start, _end),) = roster_of(engines, elm)
    path, seen = f"{page}/roster/{row_id}", director.get(page).text.split('name="seen" value="')[1].split('"')[0]

    wrong = director.send(path, page, **{"days": "Mon", "from": "12:00", "to": "09:00", "seen": seen})
    assert wrong.status_code == 422
    assert '<details class="no-print more" open>' in wrong.text
    saved = director.send(path, page, **{"days": "Mon", "from": "09:00", "to": "12:00", "seen": seen})
    assert saved.status_code == 303
    assert roster_of(engines, elm) == [(row_id, 0, 540, 720)]
    assert "09:00" in words(director.get(page).text)

    late = director.send(path, page, **{"days": "Tue", "from": "09:00", "to": "12:00", "seen": seen})
    assert late.status_code == 409
    assert roster_of(engines, elm) == [(row_id, 0, 540, 720)]

    undo = director.get(page).text.split("/undo/")[1].split('"')[0]
    assert director.send(f"{page}/undo/{undo}", page).status_code == 303
    assert roster_of(engines, elm) == [(row_id, None, 780, 1020)]


def test_a_mere_link_is_not_changed(director: Browser, elm: CommunityBuilder) -> None:
    page = f"/house/team/{elm.facilitators['gita'].id}"
    answer = director.send(f"{page}/familiar/nothing", page, resident=elm.residents["ada"].id, seen="")
    assert answer.status_code == 404
