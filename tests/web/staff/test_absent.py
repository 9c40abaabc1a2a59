"""Who is away or in bed since the week was published: nobody is sent to ask them, and no family reads that they go."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from milieu.database import Engines
from milieu.models import Attendance
from milieu.prints.sheets import ABSENT
from milieu.queries.published.absent import ABSENT_KINDS
from tests.milieu.builders import CommunityBuilder, FixedClock
from tests.web.conftest import Browser
from tests.web.staff.floor import CHOIR, WEDNESDAY, change, lettered_day, text_of
from web.staff.words import absent_said

SignIn = Callable[..., Browser]
EARLY = datetime(2026, 12, 2, 9, 5, tzinfo=UTC)


@pytest.fixture
def told(engines: Engines, clock: FixedClock) -> Callable[..., CommunityBuilder]:
    """`told(kind, start, end, who="ada")`: Wednesday's published day, and what is known of somebody since then."""

    def do(kind: str, start: str, end: str, who: str = "ada") -> CommunityBuilder:
        clock.present = EARLY
        elm = lettered_day(engines)
        change(
            engines,
            elm,
            lambda elm: elm.busy(
                elm.residents[who], start, end, kind=kind, valid_from=WEDNESDAY, valid_until=WEDNESDAY
            ),
        )
        return elm

    return do


def test_the_sheet_says_it_as_the_page_does() -> None:
    """Of every kind that there is."""
    assert {kind: f"{ABSENT[kind]}: do not ask." for kind in ABSENT} == {k: absent_said(k) for k in ABSENT_KINDS}


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("hospital", "In hospital: do not ask."),
        ("outing", "Out then: do not ask."),
        ("appointment", "At an appointment then: do not ask."),
        ("bed", "In bed then: do not ask."),
    ],
)
def test_nobody_is_sent_to_ask_them(
    told: Callable[..., CommunityBuilder], sign_in: SignIn, clock: FixedClock, kind: str, said: str
) -> None:
    elm = told(kind, "09:00", "12:00")
    clock.present = datetime(2026, 12, 2, 10, 20, tzinfo=UTC)
    staff = sign_in(elm, "staff")
    today, sheet = text_of(staff.get("/today").text), text_of(staff.get(f"/today/{WEDNESDAY}/sheet").text)

    assert "Invite 1 person · begin 10:15 · 1 helper" in today  # Ben alone; Ada's wheelchair need not be fetched
    assert said in today
    assert said in sheet
    assert "15:00 Chess" in today
    assert today.count(said) == sheet.count(said) == 1  # at chess she is back


@pytest.mark.parametrize(("kind", "who"), [("bed", "fay"), ("visit", "ada"), ("bath", "ada")])
def test_who_can_be_asked_is_asked(told: Callable[..., CommunityBuilder], sign_in: SignIn, kind: str, who: str) -> None:
    today = text_of(sign_in(told(kind, "09:00", "12:00", who), "staff").get("/today").text)

    assert "do not ask" not in today


def test_all_are_away(told: Callable[..., CommunityBuilder], sign_in: SignIn, clock: FixedClock) -> None:
    elm = told("hospital", "00:00", "24:00")
    clock.present = datetime(2026, 12, 2, 14, 50, tzinfo=UTC)
    staff = sign_in(elm, "staff")

    assert "Nobody to invite: all are away or in bed" in text_of(staff.get("/today").text)


def test_a_family_reads_that_she_is_not_free_and_not_why(
    told: Callable[..., CommunityBuilder], sign_in: SignIn, clock: FixedClock
) -> None:
    elm = told("hospital", "09:00", "12:00")
    ellen = sign_in(elm, "family", relative_id=elm.relatives["ellen"].id)
    before = text_of(ellen.get("/family").text)
    clock.present = datetime(2026, 12, 2, 13, 0, tzinfo=UTC)
    after = text_of(ellen.get("/family").text)

    assert "is invited to one thing" in before
    assert "For Choir your mother is not free today." in before
    assert "Lounge, until 11:15. She is not free then." in before
    assert "She was not free then." in after
    assert "ospital" not in before + after


def test_whoever_came_all_the_same_was_free(
    told: Callable[..., CommunityBuilder], sign_in: SignIn, clock: FixedClock, engines: Engines
) -> None:
    elm = told("outing", "09:00", "12:00")
    given = {"session_ref": CHOIR, "on_date": WEDNESDAY, "outcome": "attended", "key": "tap", "number": 1}
    tap = Attendance(
        community_id=elm.id, resident_id=elm.residents["ada"].id, **given, tapped_at=EARLY, marked_at=EARLY
    )
    change(engines, elm, lambda elm: elm.add(tap))
    clock.present = datetime(2026, 12, 2, 13, 0, tzinfo=UTC)
    letter = text_of(sign_in(elm, "family", relative_id=elm.relatives["ellen"].id).get("/family").text)
    sheet = text_of(sign_in(elm, "staff").get(f"/today/{WEDNESDAY}/sheet").text)

    assert "Today your mother is invited to two things." in letter
    assert "not free" not in letter
    assert "do not ask" not in sheet


def test_a_day_away_promises_nothing(told: Callable[..., CommunityBuilder], sign_in: SignIn) -> None:
    elm = told("outing", "00:00", "24:00")
    told_her = text_of(sign_in(elm, "family", relative_id=elm.relatives["ellen"].id).get("/family").text)

    assert (
        "For Choir and Chess your mother is not free today. Nothing else is planned for your mother today." in told_her
    )
    assert "She decides" not in told_her
