"""What became of a week, who is new in it, and who has few invitations: each sentence held against the rows."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from milieu.database import Engines, unit_of_work
from milieu.services.attendance import mark, mark_held, mark_uninvited
from tests.milieu.builders import MONDAY, NOW, CommunityBuilder, FixedClock, Held
from tests.web.builders import NEXT_MONDAY, draft
from tests.web.conftest import Browser
from tests.web.director.week.test_week import words

THIS_WEEK = f"/week/{MONDAY}"
SESSIONS = [
    Held("choir", "lounge", 1, "10:00", ["finn"], ["ada", "ben"], ref="choir-1"),
    Held("chess", "studio", 2, "14:00", ["gita"], ["cleo", "dov"], ref="chess-1"),
    Held("walk", "lounge", 3, "15:00", ["gita"], ["esi", "fay"], ref="walk-1"),
]


@pytest.fixture
def director(elm: CommunityBuilder, sign_in: Callable[..., Browser]) -> Browser:
    return sign_in(elm)


@pytest.fixture
def published(engines: Engines, elm: CommunityBuilder) -> CommunityBuilder:
    with unit_of_work(engines) as db:
        elm.db = db
        elm.activity("visit", name="A visit: songs", max_group=1, min_group=1)
        elm.publication([*SESSIONS, Held("visit", "studio", 1, "16:00", ["finn"], ["cleo"], ref="visit-1")])
    return elm


def call_off(engines: Engines, made: CommunityBuilder, ref: str) -> None:
    with unit_of_work(engines) as db:
        mark_held(db, made.id, ref, was_held=False, reason="The room is wet.", by=None, now=NOW)


def test_a_session_that_cannot_be_held_is_not_held_on_the_board(
    director: Browser, published: CommunityBuilder, engines: Engines
) -> None:
    call_off(engines, published, "chess-1")

    board = director.get(THIS_WEEK).text
    session = words(director.get(f"{THIS_WEEK}/session/chess-1").text)

    assert "14:00 not held Chess Studio · Gita 2/4 Mind 2 were invited" in words(board)
    assert re.search(r"1 thing stands against it by now\..*Chess", words(board))
    assert "1 person is invited to nothing." in words(board)  # an invitation to what is off is none
    assert "The staff have said that this session cannot be held. The room is wet." in session
    assert "2 people were invited" in session


def test_what_was_called_off_is_off_in_a_draft_as_well_until_the_floor_says_otherwise(
    director: Browser, published: CommunityBuilder, engines: Engines
) -> None:
    call_off(engines, published, "chess-1")
    later = [replace(each, start="15:00") if each.ref == "chess-1" else each for each in SESSIONS]
    draft(engines, published, later, week_start=MONDAY)
    told = "The staff have said that this cannot be held. It stays so when you publish, until they say otherwise: Chess"

    assert "15:00 not held Chess" in words(director.get(f"{THIS_WEEK}?view=draft").text)
    assert "cannot be held" in words(director.get(f"{THIS_WEEK}/session/chess-1?view=draft").text)
    assert told in words(director.get(f"{THIS_WEEK}/publish").text)
    with unit_of_work(engines) as db:
        mark_held(db, published.id, "chess-1", was_held=None, by=None, now=NOW)
    assert "not held" not in words(director.get(f"{THIS_WEEK}?view=draft").text).replace("“not held”", "")  # the legend
    assert "stays so when you publish" not in words(director.get(f"{THIS_WEEK}/publish").text)


def test_the_past_shows_who_came(director: Browser, published: CommunityBuilder, engines: Engines) -> None:
    ada, ben, fay = (published.residents[name].id for name in ("ada", "ben", "fay"))
    with unit_of_work(engines) as db:
        mark(db, published.id, "choir-1", ada, "attended", key="a" * 20, by=None, now=NOW)
        mark(db, published.id, "choir-1", ben, "declined", key="b" * 20, by=None, now=NOW)
        mark_uninvited(db, published.id, "choir-1", fay, key="c" * 20, by=None, now=NOW)

    session = words(director.get(f"{THIS_WEEK}/session/choir-1").text)

    assert "10:00 Choir Lounge · Finn 2 Making 2 came" in words(director.get(THIS_WEEK).text)
    assert "2 people were invited 2 came" in session
    assert "Ada Made-Up Garden wing · 1 Came" in session
    assert "Ben Made-Up Garden wing · 2 Said no" in session
    assert "Also there Fay Made-Up Came" in session
    assert "Choir Lounge · Finn Made-Up Came" in words(director.get(f"/people/{ada}?week={MONDAY}").text)


PRESENT = (
    r"(is|are) invited|nobody leads|How good is|could be\.|meets? someone|(is|are) served|Invitations this|yet|free\b"
)


@pytest.mark.slow(1.9)
def test_a_week_that_is_over_is_told_as_what_was(
    sign_in: Callable[..., Browser], published: CommunityBuilder, engines: Engines, clock: FixedClock
) -> None:
    """Every page of a week, while it runs and when it is over; a draft of it that nobody published too."""
    with unit_of_work(engines) as db:
        published.db = db
        published.resident("gil", sessions_min=3)
        published.resident("hal", sessions_max=0)
    draft(engines, published, SESSIONS[:2], week_start=MONDAY)
    draft(engines, published)
    pages = [
        f"{week}{page}"
        for week in (THIS_WEEK, f"/week/{NEXT_MONDAY}")
        for page in ("", "?view=draft", "/changes", "/session/choir-1", "/session/choir-1?view=draft")
    ]
    pages += [f"/people?week={MONDAY}", f"/people/{published.residents['gil'].id}?week={MONDAY}"]
    running = [_present(sign_in(published), page) for page in pages]
    clock.present = NOW + timedelta(days=21)
    director = sign_in(published)

    assert sum(map(bool, running)) >= 8, running
    assert {page: _present(director, page) for page in pages} == {page: [] for page in pages}
    assert "How good was this week?" in director.get(THIS_WEEK).text
    assert "it was not published" in director.get(f"/week/{NEXT_MONDAY}").text
    assert "Publish…" not in director.get(f"/week/{NEXT_MONDAY}").text


def _present(director: Browser, page: str) -> list[str]:
    main = words(director.get(page).text.split("<main", 1)[1].split("</main>")[0])
    return [found[0] for found in re.finditer(PRESENT, main)]


def test_a_visit_names_whom_it_visits(director: Browser, published: CommunityBuilder) -> None:
    assert "16:00 Cleo Made-Up A visit: songs · Finn" in words(director.get(THIS_WEEK).text)


def test_somebody_who_said_nothing_did_not_ask_for_quiet(
    director: Browser, published: CommunityBuilder, engines: Engines
) -> None:
    with unit_of_work(engines) as db:
        published.db = db
        published.resident("gil", wheelchair=False)
        published.resident("hal", sessions_max=0)

    page = words(director.get(f"/people?week={MONDAY}&band=none").text)

    assert "Gil Made-Up 7 0 none of the 3 group activities of the week is known to be liked" in page
    assert "Hal Made-Up 8 0 asked for quiet" in page
    assert "1 of them asked for quiet." in words(director.get(THIS_WEEK).text)


def test_who_arrives_in_a_week_is_not_in_its_figures(
    sign_in: Callable[..., Browser], published: CommunityBuilder, engines: Engines, clock: FixedClock
) -> None:
    with unit_of_work(engines) as db:
        published.db = db
        published.resident("gil", arrived_on=MONDAY + timedelta(days=5), sessions_min=3)
    clock.present = NOW + timedelta(days=3)  # that Saturday
    director = sign_in(published)

    now_it_is = words(director.get(THIS_WEEK).text)
    listed = words(director.get(f"/people?week={MONDAY}").text)

    assert "Gil Made-Up came on Saturday and is invited to nothing yet." in now_it_is
    assert "invited to nothing." not in now_it_is
    assert "All 7 None 0 1–4 6 5–9 0 10+ 0 Less than wished 0 Three days with nothing 6 Part of the week 1" in listed
    assert "Gil Made-Up 7 0 came on Saturday 5 December new, we know little yet" in listed

    clock.present = NOW + timedelta(days=7)
    director = sign_in(published)
    assert "Gil" not in director.get(THIS_WEEK).text  # last week is over: nothing can be done about it


def test_everybody_invited_is_no_good_news_beside_few(director: Browser, published: CommunityBuilder) -> None:
    page = words(director.get(THIS_WEEK).text)

    assert "Everybody is invited" not in page
    assert "6 people have only one to four invitations." in page


def test_why_somebody_has_few_is_told(director: Browser, published: CommunityBuilder, engines: Engines) -> None:
    with unit_of_work(engines) as db:
        published.db = db
        db.merge(published.residents["ada"]).sessions_max = 1
        published.refusal(db.merge(published.residents["ben"]), activity=published.activities["walk"])
    call_off(engines, published, "chess-1")

    page = words(director.get(f"/people?week={MONDAY}").text)

    assert "Ada Made-Up 1 1 wants at most 1 a week" in page
    assert "Ben Made-Up 2 1 said no to 1 of the 2 group activities of the week" in page
    assert "Dov Made-Up 4 0 1 invitation to something that cannot be held" in page


@pytest.mark.parametrize(("sought", "found"), [("AD", "Ada"), ("made ben", "Ben"), ("3", "Cleo"), ("da", "")])
def test_people_are_found_by_how_words_begin(
    sought: str, found: str, director: Browser, published: CommunityBuilder
) -> None:
    answer = director.send("/people", q=sought)

    assert [name for name in ("Ada", "Ben", "Cleo", "Dov", "Esi", "Fay") if f">{name} Made" in answer.text] == (
        [found] if found else []
    )
    assert answer.status_code == 200  # no address holds what was typed
    assert (f"Nobody is found under “{sought}”." in answer.text) is not bool(found)


@pytest.mark.parametrize(
    ("is_drafted", "told"),
    [
        (False, "Tomorrow’s week is not published yet. Plan it"),
        (True, "Tomorrow’s week is not published yet. Look at its draft"),
    ],
)
def test_on_sunday_the_week_to_come_is_missed(
    is_drafted: bool,
    told: str,
    sign_in: Callable[..., Browser],
    published: CommunityBuilder,
    engines: Engines,
    clock: FixedClock,
) -> None:
    if is_drafted:
        draft(engines, published)
    clock.present = datetime(2026, 12, 5, 23, 59, tzinfo=ZoneInfo("Europe/London"))
    director = sign_in(published)
    assert "not published yet" not in director.get(THIS_WEEK).text

    clock.advance(minutes=2)
    assert told in words(director.get(THIS_WEEK).text)

    with unit_of_work(engines) as db:
        published.db = db
        published.publication([Held("choir", "lounge", 1, "10:00")], week_start=NEXT_MONDAY)
    assert "not published yet" not in director.get(THIS_WEEK).text
