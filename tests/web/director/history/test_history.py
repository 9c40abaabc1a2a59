"""What was published of a week, as it was then; two versions compared; a week withdrawn, and published again."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from milieu.causes import SPACE, Cause
from milieu.database import Engines, unit_of_work
from milieu.models import ResidentRead
from tests.milieu.builders import MONDAY, NOW, CommunityBuilder, Held
from tests.web.builders import NEXT_MONDAY, draft
from tests.web.conftest import Browser
from tests.web.director.week.test_week import words

WEEK = f"/week/{NEXT_MONDAY}"
FIRST = Held("choir", "lounge", 2, "10:00", ["finn"], ["ada", "ben"], ref="choir-1")
MOVED = Held("choir", "studio", 2, "11:00", ["finn"], ["ada", "cleo"], ref="choir-1")
CHESS = Held("chess", "studio", 4, "14:00", ["gita"], ["dov", "esi"], ref="chess-1")
CLOSED = Cause(SPACE, said="Lounge is closed during Choir: the floor is being laid.")


@pytest.fixture
def director(elm: CommunityBuilder, sign_in: Callable[..., Browser], engines: Engines) -> Browser:
    with unit_of_work(engines) as db:
        elm.db = db
        first = elm.publication([FIRST, CHESS], week_start=NEXT_MONDAY, published_at=NOW - timedelta(days=1))
        elm.publication(
            [MOVED, CHESS],
            week_start=NEXT_MONDAY,
            kind="repair",
            published_at=NOW - timedelta(hours=1),
            why={"choir-1": ("moved", [CLOSED])},
            changes={"told_otherwise": 2},
        )
        assert first.previous_id is None
    return sign_in(elm)


def test_each_publication_says_when_by_whom_why_and_how_many_were_told(director: Browser) -> None:
    told = words(director.get(f"{WEEK}/history").text)

    assert "2 publications, the newest first." in told
    assert "Mended by the clock today 08:00 · number 2 2 sessions · 1 changed · 2 people told otherwise" in told
    assert "Lounge is closed during Choir: the floor is being laid." in told
    assert "First published yesterday 09:00 · number 1 2 sessions" in told


def test_the_page_of_an_earlier_hour_is_plainly_past(director: Browser, engines: Engines) -> None:
    yesterday, today = NOW.date() - timedelta(days=1), NOW.date()

    before = words(director.get(f"{WEEK}/as-of?day={yesterday}&time=08:59").text)
    first = words(director.get(f"{WEEK}/as-of?day={yesterday}&time=09:00").text)
    mended = words(director.get(f"{WEEK}/as-of?day={today}&time=08:00").text)

    assert "Nothing was published for this week then." in before
    assert "This is past: how the page was on" in first
    assert "10:00–10:45 Choir Lounge · Finn Made-Up 2 invited" in first
    assert "Ada Made-Up, Ben Made-Up" in first
    assert "11:00–11:45 Choir Studio · Finn Made-Up" in mended
    with unit_of_work(engines) as db:
        looked = {row.resident_id for row in db.query(ResidentRead).filter(ResidentRead.page == "director.as_of")}
    assert len(looked) == 5  # ada, ben, cleo, dov, esi: whoever was named


def test_two_versions_are_compared_by_session_and_by_person(
    director: Browser, elm: CommunityBuilder, engines: Engines
) -> None:
    two = words(director.get(f"{WEEK}/compare").text)
    draft(engines, elm, [MOVED], week_start=NEXT_MONDAY)
    with_draft = words(director.get(f"{WEEK}/compare").text)

    assert "1 session differs, for 3 people. By the second, 1 person is invited to more, 1 to less." in two
    assert "moved Choir Wed 9 10:00 → Wed 9 11:00 1 person stays · 1 new · 1 no longer invited · Lounge → Studio" in two
    assert "Cleo Made-Up invitations: 0 → 1 new Choir, Wed 9 11:00 , Studio" in two
    assert "Groups 2 1" in with_draft
    assert "falls away Chess Fri 11 14:00" in with_draft
    assert director.get(f"{WEEK}/compare?before=x&after=y").status_code == 404


def test_a_week_is_withdrawn_with_a_reason_and_published_again(
    director: Browser, elm: CommunityBuilder, engines: Engines, sign_in: Callable[..., Browser]
) -> None:
    page = words(director.get(f"{WEEK}/withdraw").text)
    without = director.send(f"{WEEK}/withdraw", reason=" ")
    done = director.send(f"{WEEK}/withdraw", reason="The bus is not booked.")
    week = words(director.get(WEEK).text)

    assert "2 sessions that are still to come fall away; 4 people are told so." in page
    assert (without.status_code, "Please say in a sentence why" in words(without.text)) == (422, True)
    assert (done.status_code, done.location) == (303, WEEK)
    assert "Withdrawn today 09:00 by Director Made-Up. The bus is not booked." in week
    assert "This week is still empty." in week
    assert ("Nothing is published any more" in week, "Nothing is planned yet" in week) == (True, False)
    assert director.get(f"{WEEK}/withdraw").location == f"{WEEK}/history"

    again = director.send(f"{WEEK}/publish-again", WEEK)

    assert (again.status_code, again.location) == (303, f"{WEEK}?view=published")
    assert "Choir" in words(director.get(f"{WEEK}?view=published").text)
    history = words(director.get(f"{WEEK}/history").text)
    assert "Published anew by Director Made-Up today 09:00 · number 4" in history
    assert (
        "Withdrawn by Director Made-Up today 09:00 · number 3 The bus is not booked. 0 sessions · 2 changed" in history
    )


def test_the_family_reads_a_kind_sentence(
    director: Browser, elm: CommunityBuilder, engines: Engines, sign_in: Callable[..., Browser]
) -> None:
    with unit_of_work(engines) as db:
        elm.db = db
        maya = elm.relative("maya", of=elm.residents["ada"])
        elm.publication([Held("walk", "lounge", 3, "14:00", ["gita"], ["ada"], ref="walk-9")], week_start=MONDAY)
    family = sign_in(elm, "family", relative_id=maya.id)
    director.send(f"/week/{MONDAY}/withdraw", reason="Too early.")

    letter = words(family.get("/family").text)

    assert "The team has taken back what was still to come of this week’s plan, to look at it again." in letter
    assert "not out yet for" not in letter
    assert "Too early" not in letter
    assert "This week’s plan is not out yet" not in letter
