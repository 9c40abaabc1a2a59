"""What changed, as a family reads it: one sentence each, the reason where it may be told, all day long."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from milieu.causes import SPACE, WEATHER, Cause
from milieu.database import Engines, unit_of_work
from milieu.models import Absence, Consent
from milieu.services.attendance import mark_held
from tests.milieu.builders import CommunityBuilder, FixedClock, Held
from tests.web.conftest import Browser
from tests.web.staff.floor import CHOIR, change, lettered_day, text_of

SignIn = Callable[..., Browser]
TUESDAY_EVENING = datetime(2026, 12, 1, 18, 20, tzinfo=UTC)
MORNING = datetime(2026, 12, 2, 9, 5, tzinfo=UTC)


@pytest.fixture
def elm(engines: Engines, clock: FixedClock) -> CommunityBuilder:
    clock.present = TUESDAY_EVENING
    return lettered_day(engines)


@pytest.fixture
def ellen(elm: CommunityBuilder, sign_in: SignIn, clock: FixedClock) -> Browser:
    """Ellen, who looked on Tuesday evening, on Wednesday morning."""
    browser = sign_in(elm, "family", relative_id=elm.relatives["ellen"].id)
    browser.get("/family")
    clock.present = MORNING
    return browser


def republish(engines: Engines, elm: CommunityBuilder, kind: str = "repair") -> None:
    def repair(elm: CommunityBuilder) -> None:
        elm.publication(
            [
                Held("choir", "lounge", 3, "11:30", ["finn"], ["ada", "ben"], ref=CHOIR),
                Held("walk", "studio", 3, "14:00", ["gita"], ["ada", "ben", "dov"], ref="2026-W49-walk-3"),
                Held("choir", "lounge", 4, "14:00", ["finn"], ["ada"], ref="friday"),
            ],
            kind=kind,
            published_at=datetime(2026, 12, 2, 5, 31, tzinfo=UTC),
            days=range(2, 7),
            why={"friday": ("relocated", [Cause(SPACE, elm.spaces["studio"].id, detail="outbreak", said="norovirus")])},
        )

    change(engines, elm, repair)


@pytest.mark.parametrize("kind", ["week", "repair"])
def test_what_changed_is_one_sentence_each(engines: Engines, elm: CommunityBuilder, ellen: Browser, kind: str) -> None:
    republish(engines, elm, kind)
    told = text_of(ellen.get("/family").text)

    assert (
        "Changed since you looked yesterday 18:20 Chess is off today. "
        "Choir moved from today at 10:30 to tomorrow at 11:30. New: Walk tomorrow at 14:00. "
        "Choir on Friday at 14:00 is in Lounge now, because Studio is closed then."
    ) in told
    assert "norovirus" not in told
    assert told.count("Choir moved") == 1  # not again under what changed since the week began
    assert "Changed since the week began" not in told
    assert "Published today 05:31." in told


def test_news_stay_for_the_day_however_often_she_looks(
    engines: Engines, elm: CommunityBuilder, ellen: Browser, clock: FixedClock
) -> None:
    republish(engines, elm)
    looks = []
    for hour in (9, 9, 14, 22):
        clock.present = MORNING.replace(hour=hour)
        looks.append("Changed since you looked yesterday 18:20" in text_of(ellen.get("/family").text))
    clock.present = MORNING + timedelta(days=1)
    next_day = text_of(ellen.get("/family").text)

    assert looks == [True] * 4
    assert "Changed since you looked" not in next_day
    assert (
        "Changed since the week began Choir moved from Wednesday 2 December at 10:30 to today at 11:30. "
        "New: Walk today at 14:00."
    ) in next_day


def test_two_of_the_family_have_news_of_their_own(
    engines: Engines, elm: CommunityBuilder, ellen: Browser, sign_in: SignIn
) -> None:
    republish(engines, elm)
    first_look = text_of(sign_in(elm, "family", relative_id=elm.relatives["ellen"].id).get("/family").text)

    assert "Changed since you looked" not in first_look
    assert "Changed since the week began" in first_look


def test_what_is_off_today_stands_first_and_not_twice(engines: Engines, elm: CommunityBuilder, ellen: Browser) -> None:
    with unit_of_work(engines) as db:
        mark_held(db, elm.id, CHOIR, False, "the pianist is ill", by=None, now=MORNING)

    told = text_of(ellen.get("/family").text)

    assert told.count("Choir is off today") == 1
    assert told.index("Choir is off today") < told.index("Today, Wednesday")
    assert "Changed since" not in told
    assert "pianist" not in told


def test_why_it_is_off_is_what_stood_against_it_then(engines: Engines, elm: CommunityBuilder, ellen: Browser) -> None:
    def be_away(elm: CommunityBuilder) -> None:
        ids = {"community_id": elm.id, "facilitator_id": elm.facilitators["finn"].id}
        elm.add(Absence(first_date=MORNING.date(), last_date=MORNING.date(), reason="flu", **ids))

    def call_off(was_held: bool | None) -> str:
        with unit_of_work(engines) as db:
            mark_held(db, elm.id, CHOIR, was_held, by=None, now=MORNING)
        return text_of(ellen.get("/family").text)

    before = call_off(False)
    change(engines, elm, be_away)
    later = text_of(ellen.get("/family").text)
    call_off(None)
    again = call_off(False)

    assert "Choir is off today." in before
    assert "Choir is off today." in later
    assert "Choir is off today, because one of the staff is away." in again


def test_the_weather_may_be_told(engines: Engines, elm: CommunityBuilder, ellen: Browser) -> None:
    def rain(elm: CommunityBuilder) -> None:
        elm.publication(
            [Held("choir", "lounge", 3, "10:30", ["finn"], ["ada"], ref=CHOIR)],
            published_at=MORNING,
            days=range(2, 7),
            why={CHOIR: ("moved", [Cause(WEATHER, elm.spaces["lounge"].id)])},
        )

    change(engines, elm, rain)
    told = text_of(ellen.get("/family").text)

    assert "Choir moved from today at 10:30 to tomorrow at 10:30, because of the weather." in told


def test_what_both_hear_is_told_once(
    engines: Engines, elm: CommunityBuilder, sign_in: SignIn, clock: FixedClock
) -> None:
    change(engines, elm, lambda elm: elm.relative("ellen", of=elm.residents["ben"], resident_is="uncle"))
    browser = sign_in(elm, "family", relative_id=elm.relatives["ellen"].id)
    browser.get("/family")
    clock.present = MORNING
    republish(engines, elm)
    told = text_of(browser.get("/family").text)

    assert "Both: Choir moved from today at 10:30 to tomorrow at 11:30." in told
    assert told.count("Choir moved") == 1
    assert "Rosie: New: Walk tomorrow at 14:00." in told


def test_a_week_that_has_come_out_is_told(engines: Engines, elm: CommunityBuilder, ellen: Browser) -> None:
    def publish(elm: CommunityBuilder) -> None:
        elm.publication(
            [Held("choir", "lounge", 0, "10:30", ["finn"], ["ada"])],
            week_start=date(2026, 12, 7),
            published_at=MORNING - timedelta(minutes=30),
        )

    change(engines, elm, publish)
    told = text_of(ellen.get("/family").text)

    assert "The plan for the week from Monday 7 December is out." in told
    assert "Published Sun 29 November 17:00." in told
    assert "The plan from Monday 7 December on was published today 08:35." in told


@pytest.mark.parametrize("kinds", [("calendar", "attended"), ("calendar",)])
def test_what_was_off_is_told_for_a_week(
    engines: Engines, elm: CommunityBuilder, sign_in: SignIn, clock: FixedClock, kinds: tuple[str, ...]
) -> None:
    def share_and_cancel(elm: CommunityBuilder) -> None:
        elm.relative("rosa", of=elm.residents["ada"], kinds=list(kinds), name="Rosa")
        elm.relative("rosa", of=elm.residents["ben"], kinds=list(kinds), resident_is="uncle")
        elm.publication(
            [Held("choir", "lounge", 2, "10:30", ["finn"], ["ada", "ben"], ref=CHOIR)],
            published_at=MORNING,
            days=[2],
            why={"2026-W49-chess-2": ("cancelled", [Cause(SPACE, elm.spaces["studio"].id, detail="repairs")])},
        )

    change(engines, elm, share_and_cancel)
    with unit_of_work(engines) as db:
        mark_held(db, elm.id, CHOIR, False, "the pianist is ill", by=None, now=MORNING)
    rosa = sign_in(elm, "family", relative_id=elm.relatives["rosa"].id)
    told = {}
    for days in (0, 1, 3, 7, 8):
        clock.present = MORNING + timedelta(days=days)
        told[days] = text_of(rosa.get("/family").text)

    off = (
        "How the last seven days were Wednesday 2 December Both: Choir was off. "
        "Rosie: Chess was off, because Studio was closed then."
    )
    assert [days for days, said in told.items() if off in said] == [1, 3, 7]
    assert "was off" not in told[0] + told[8]


def test_what_was_off_before_she_shared_it_is_not_told(
    engines: Engines, elm: CommunityBuilder, sign_in: SignIn, clock: FixedClock
) -> None:
    def share(elm: CommunityBuilder) -> None:
        elm.relative("rosa", of=elm.residents["ada"], kinds=["calendar"], name="Rosa")
        for row in elm.db.query(Consent).where(Consent.relative_id == elm.relatives["rosa"].id):
            row.valid_from = MORNING.date() + timedelta(days=1)

    with unit_of_work(engines) as db:
        mark_held(db, elm.id, CHOIR, False, by=None, now=MORNING)
    change(engines, elm, share)
    clock.present = MORNING + timedelta(days=2)

    told = text_of(sign_in(elm, "family", relative_id=elm.relatives["rosa"].id).get("/family").text)

    assert "was off" not in told
    assert "last seven days" not in told
