"""What attendance teaches, on its page: said with how many answers, answered in a tap, and all that marks touch."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import select

from milieu.database import Engines, reading, unit_of_work
from milieu.models import Attendance, Wish
from tests.milieu.builders import MONDAY, CommunityBuilder, Held
from tests.web.conftest import Browser
from tests.web.director.week.test_week import words

PAGE = "/people/learnt"


@pytest.fixture
def director(engines: Engines, elm: CommunityBuilder, sign_in: Callable[..., Browser]) -> Browser:
    with unit_of_work(engines) as db:
        elm.db = db
        for wish in db.scalars(select(Wish)):
            db.delete(wish)
        elm.wish(elm.residents["ben"], elm.activities["choir"], 4)
        for back in range(1, 7):
            week, ref = MONDAY - timedelta(weeks=back), f"choir-{back}"
            elm.publication([Held("choir", "lounge", 0, "10:00", ["finn"], ["ada", "ben"], ref=ref)], week_start=week)
            at = datetime.combine(week, time(11), tzinfo=UTC)
            for name, outcome, level in (("ada", "attended", "active"), ("ben", "declined", None)):
                who = elm.residents[name].id
                about = {"session_ref": ref, "on_date": week, "resident_id": who, "key": f"{name}{back}", "number": 1}
                given = {"outcome": outcome, "level": level, "tapped_at": at, "marked_at": at}
                elm.add(Attendance(community_id=elm.id, **about, **given))
    return sign_in(elm)


def test_a_suggestion_says_what_was_seen_and_one_tap_makes_it_a_wish(
    director: Browser, elm: CommunityBuilder, engines: Engines
) -> None:
    page = words(director.get(PAGE).text)
    assert "Ada Made-Up : Choir Came to 6 of 6, 6 of them lively. By that they come to 7 to 10 of ten." in page
    assert "Noted: nothing is noted → likes it very much" in page
    assert "Ben Made-Up : Choir Said no to 6 of 6. By that they come to 0 to 3 of ten." in page
    assert "Noted: loves it → does not mind It is their own word: please ask them first." in page
    assert "No mark lowers another activity, or another person." in page
    ada, ben, choir = elm.residents["ada"].id, elm.residents["ben"].id, elm.activities["choir"].id
    assert "Attendance suggests to change a wish: Choir" in words(director.get(f"/people/{ada}").text)

    answer = director.send(f"/people/{ada}/learnt/{choir}", PAGE, answer="yes", strength="3")
    assert answer.location == PAGE
    later = director.send(f"/people/{ben}/learnt/{choir}", PAGE, answer="not now", strength="0")
    assert later.status_code == 303
    assert "Nothing is suggested now." in words(director.get(PAGE).text)
    with reading(engines) as db:
        assert {(row.resident_id, row.strength) for row in db.scalars(select(Wish))} == {(ada, 3), (ben, 4)}

    again = director.send(f"/people/{ada}/learnt/{choir}", "/changed", answer="yes", strength="3")
    assert again.status_code == 409
    assert director.send(f"/people/{ada}/learnt/nothing", "/changed", answer="yes", strength="x").status_code == 409


def test_it_is_the_directors_alone(elm: CommunityBuilder, sign_in: Callable[..., Browser]) -> None:
    assert sign_in(elm, "staff").get(PAGE).status_code == 404
