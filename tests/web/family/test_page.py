"""The family's letter: what it says, in warm plain words that are true."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from milieu.database import Engines, unit_of_work
from milieu.models import Absence, Consent, LedgerEntry
from milieu.services.attendance import mark, mark_held
from tests.milieu.builders import CommunityBuilder, FixedClock, Held
from tests.web.conftest import Browser
from tests.web.staff.floor import CHOIR, PUBLISHED, ada_of, change, lettered_day, text_of

LAST_MONDAY = date(2026, 11, 23)
SignIn = Callable[..., Browser]
MORNING = datetime(2026, 12, 2, 9, 5, tzinfo=UTC)


@pytest.fixture
def elm(engines: Engines, clock: FixedClock) -> CommunityBuilder:
    clock.present = MORNING
    return lettered_day(engines)


@pytest.fixture
def ellen(elm: CommunityBuilder, sign_in: SignIn) -> Browser:
    return sign_in(elm, "family", relative_id=elm.relatives["ellen"].id)


def test_the_letter_says_the_most_important_first(ellen: Browser) -> None:
    told = text_of(ellen.get("/family").text)

    assert (
        "Rosie’s week Good morning, Ellen. Today your mother is invited to two things. She decides on the day." in told
    )
    assert "Today, Wednesday 10:30 Choir Lounge, until 11:15. She likes it. 15:00 Chess Studio, until 16:00. " in told
    assert "Tomorrow, Thursday Nothing is planned." in told
    assert "The days after Friday 4 December 14:00 Choir Studio, until 14:45. What comes from" in told
    assert "What comes from Monday 7 December on is not out yet." in told
    assert "Published Sun 29 November 17:00." in told


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        (None, "This morning’s check has not come yet, so something may still change."),
        ("kept", "This morning’s check found no newer plan that fits, so something may still change."),
        ("unchanged", "Looked through today 05:31: the plan stands."),
    ],
)
def test_the_letter_says_what_the_mornings_check_came_to(
    ellen: Browser, elm: CommunityBuilder, engines: Engines, state: str | None, sentence: str
) -> None:
    if state is not None:
        at = datetime(2026, 12, 2, 5, 31, tzinfo=UTC)
        ids = {"community_id": elm.id, "local_day": MORNING.date(), "kind": "repair"}
        with unit_of_work(engines) as db:
            db.add(LedgerEntry(**ids, state=state, due_at=at, finished_at=at))

    assert sentence in text_of(ellen.get("/family").text)


def test_a_family_arrives_at_its_letter(ellen: Browser) -> None:
    assert ellen.get("/").location == "/family"


@pytest.mark.parametrize(
    ("hour", "greeting"), [(0, "morning"), (11, "morning"), (12, "afternoon"), (17, "afternoon"), (18, "evening")]
)
def test_the_greeting_goes_by_the_clock_on_the_wall(
    elm: CommunityBuilder, sign_in: SignIn, clock: FixedClock, hour: int, greeting: str
) -> None:
    clock.present = MORNING.replace(hour=hour)
    told = text_of(sign_in(elm, "family", relative_id=elm.relatives["ellen"].id).get("/family").text)

    assert f"Good {greeting}, Ellen." in told


def test_what_two_relatives_do_together_is_told_once(
    engines: Engines, elm: CommunityBuilder, ellen: Browser, clock: FixedClock
) -> None:
    change(engines, elm, lambda elm: elm.relative("ellen", of=elm.residents["ben"], resident_is="uncle"))
    both, one = text_of(ellen.get("/family").text), text_of(ellen.get(f"/family/{elm.residents['ben'].id}").text)
    with unit_of_work(engines) as db:
        for who in ("ada", "ben"):
            mark(db, elm.id, CHOIR, elm.residents[who].id, "attended", key=who, by=None, now=MORNING.replace(hour=11))
    clock.present = MORNING + timedelta(days=1)
    after = text_of(ellen.get("/family").text)

    assert (
        "Your family’s week Good morning, Ellen. Today Ben is invited to one thing. He decides on the day. "
        "Today Rosie is invited to two things. She decides on the day. Today, Wednesday 10:30 Choir both Lounge, "
        "until 11:15. Ben: he likes it. Rosie: she likes it. 15:00 Chess Rosie Studio, until 16:00. "
        "A good time to visit both today: 09:30 to 10:30 , 11:15 to 15:00 or 16:00 to 19:30 ."
    ) in both
    assert "Tomorrow, Thursday 14:00 Walk Ben Studio, until 14:30. He likes it." in both
    assert both.count("Good morning") == 1
    assert "Ben’s week Good morning, Ellen. Today your uncle is invited to one thing." in one
    assert "Rosie" not in one.replace("All Ben Rosie", "")
    assert "How the last seven days were Wednesday 2 December Both went to Choir." in after


def test_a_good_time_to_visit_says_nothing_of_care(engines: Engines, elm: CommunityBuilder, ellen: Browser) -> None:
    def be_busy(elm: CommunityBuilder) -> None:
        elm.busy(elm.residents["ada"], "12:00", "13:00", kind="bath")
        elm.busy(elm.residents["ada"], "16:00", "17:00", kind="therapy")

    change(engines, elm, be_busy)
    page = text_of(ellen.get("/family").text)

    assert "A good time to visit today: 09:30 to 10:30 , 13:00 to 15:00 or 17:00 to 19:30 ." in page
    assert "You are welcome at other times, too." in page
    for word in ("bath", "therapy", "busy", "care"):
        assert word not in page.lower()


@pytest.mark.parametrize(
    ("at", "told"),
    [
        ("09:29", "A good time to visit today: 09:30 to 10:30 , 11:15 to 15:00 or 16:00 to 19:30 ."),
        ("11:20", "A good time to visit today: from now until 15:00 or 16:00 to 19:30 ."),
        ("16:05", "A good time to visit today: from now until 19:30 ."),
    ],
)
def test_visiting_times_begin_now(
    elm: CommunityBuilder, sign_in: SignIn, clock: FixedClock, at: str, told: str
) -> None:
    clock.present = MORNING.replace(hour=int(at[:2]), minute=int(at[3:]))
    page = text_of(sign_in(elm, "family", relative_id=elm.relatives["ellen"].id).get("/family").text)

    assert told in page


def test_late_in_the_evening_no_visit_is_proposed(elm: CommunityBuilder, sign_in: SignIn, clock: FixedClock) -> None:
    clock.present = MORNING.replace(hour=19)
    page = text_of(sign_in(elm, "family", relative_id=elm.relatives["ellen"].id).get("/family").text)

    assert "A good time to visit today" not in page
    assert "Today your mother was invited to two things." in page


def test_what_she_came_to_is_told_where_she_shares_it(
    engines: Engines, elm: CommunityBuilder, clock: FixedClock, sign_in: SignIn
) -> None:
    clock.present = MORNING.replace(hour=12)
    with unit_of_work(engines) as db:
        mark(db, elm.id, CHOIR, elm.residents["ada"].id, "attended", key="1", by=None, now=clock.present)
    change(engines, elm, lambda elm: elm.relative("rosa", of=elm.residents["ada"], kinds=["calendar"], name="Rosa"))

    told = {
        name: text_of(sign_in(elm, "family", relative_id=elm.relatives[name].id).get("/family").text)
        for name in ("ellen", "rosa")
    }

    assert "10:30 Choir Lounge, until 11:15. She was there." in told["ellen"]
    assert "was there" not in told["rosa"]
    assert "How the last seven days were" in told["ellen"]
    assert "last seven days" not in told["rosa"]


def test_days_that_are_over_are_told_with_what_was_seen(
    engines: Engines, elm: CommunityBuilder, ellen: Browser
) -> None:
    silent = text_of(ellen.get("/family").text)
    outcomes = [
        ("choir", 3, "10:00", "attended"),
        ("chess", 3, "14:00", "attended"),
        ("visit", 3, "16:00", "attended"),
        ("choir", 4, "14:00", "declined"),
        ("chess", 4, "16:00", "asleep"),
        ("chess", 5, "14:00", "unwell"),
    ]

    def publish(elm: CommunityBuilder) -> None:
        elm.publication(
            [
                Held(name, "lounge", day, start, residents=["ada"], ref=f"{name} {day}")
                for name, day, start, _ in outcomes
            ],
            week_start=LAST_MONDAY,
            published_at=PUBLISHED - timedelta(weeks=1),
        )
        for name, day, _, outcome in outcomes:
            at = datetime(2026, 11, 23 + day, 18, 0, tzinfo=UTC)
            mark(
                elm.db, elm.id, f"{name} {day}", elm.residents["ada"].id, outcome, key=f"{name} {day}", by=None, now=at
            )

    change(engines, elm, publish)
    told = text_of(ellen.get("/family").text)

    assert "How the last seven days were There is nothing to tell of the last seven days." in silent
    assert (
        "How the last seven days were Friday 27 November She said no, thank you, to Choir. "
        "She was resting at the time of Chess. Thursday 26 November She went to Choir and Chess. "
        "One of the team was with her for A visit."
    ) in told
    assert "unwell" not in told.lower()
    assert "Saturday" not in told
    assert "quiet" not in told.lower()


def test_what_does_not_take_place_is_told_without_its_reason(
    engines: Engines, elm: CommunityBuilder, ellen: Browser
) -> None:
    with unit_of_work(engines) as db:
        mark_held(db, elm.id, CHOIR, False, "Finn has the flu", by=None, now=MORNING)

    told = text_of(ellen.get("/family").text)

    assert "Today your mother is invited to one thing. She decides on the day. Choir is off today." in told
    assert "10:30 Choir Lounge, until 11:15. It does not take place." in told
    assert "flu" not in told


def test_nothing_is_planned_never_stands_above_what_is_off(
    engines: Engines, elm: CommunityBuilder, ellen: Browser
) -> None:
    with unit_of_work(engines) as db:
        for ref in (CHOIR, "2026-W49-chess-2"):
            mark_held(db, elm.id, ref, False, by=None, now=MORNING)

    told = text_of(ellen.get("/family").text)

    assert "Choir is off today. Chess is off today. Nothing else is planned for your mother today:" in told
    assert "Nothing is planned for" not in told


def test_why_something_is_off_is_told_where_it_may_be(engines: Engines, elm: CommunityBuilder, ellen: Browser) -> None:
    def be_away(elm: CommunityBuilder) -> None:
        day = {"first_date": MORNING.date(), "last_date": MORNING.date()}
        elm.add(Absence(community_id=elm.id, facilitator_id=elm.facilitators["finn"].id, reason="flu", **day))
        mark_held(elm.db, elm.id, CHOIR, False, "Finn has the flu", by=None, now=MORNING)

    change(engines, elm, be_away)
    told = text_of(ellen.get("/family").text)

    assert "Choir is off today, because one of the staff is away." in told
    assert "Finn" not in told
    assert "flu" not in told


def test_the_days_after_never_stand_empty(elm: CommunityBuilder, sign_in: SignIn, clock: FixedClock) -> None:
    browser = sign_in(elm, "family", relative_id=elm.relatives["ellen"].id)
    told = {}
    for day in (4, 5, 6):  # Friday, Saturday, Sunday
        clock.present = MORNING + timedelta(days=day - 2)
        told[day] = text_of(browser.get("/family").text)

    assert "The days after Nothing more is planned up to Sunday 6 December. What comes from Monday 7 Dec" in told[4]
    assert "Tomorrow, Sunday Nothing is planned." in told[5]
    assert "The days after What comes from Monday 7 December on is not out yet." in told[5]
    assert "Tomorrow" not in told[6]
    assert "The days after What comes from Monday 7 December on is not out yet." in told[6]


def test_a_day_without_a_plan_invents_nothing(elm: CommunityBuilder, sign_in: SignIn, clock: FixedClock) -> None:
    clock.present = MORNING + timedelta(weeks=2)
    told = text_of(sign_in(elm, "family", relative_id=elm.relatives["ellen"].id).get("/family").text)

    assert "This week’s plan is not out yet. As soon as it is, you find it here." in told
    assert told.count("not out yet") == 1
    assert not any(words in told for words in ("The days after", "Tomorrow", "Published", "not published"))
    assert "A good time to visit" not in told


def test_a_day_with_nothing_planned_is_a_good_day(elm: CommunityBuilder, sign_in: SignIn, clock: FixedClock) -> None:
    clock.present = MORNING + timedelta(days=1)
    told = text_of(sign_in(elm, "family", relative_id=elm.relatives["ellen"].id).get("/family").text)

    assert "Nothing is planned for your mother today: a day to take as it comes." in told
    assert "A good time to visit today: any time from 09:30 to 19:30 ." in told


@pytest.mark.parametrize(
    ("pronoun", "sentences"),
    [
        ("he", ["He decides on the day.", "He likes it."]),
        ("they", ["They decide on the day.", "They like it."]),
    ],
)
def test_people_are_spoken_of_as_they_wish(
    engines: Engines, elm: CommunityBuilder, ellen: Browser, pronoun: str, sentences: list[str]
) -> None:
    def rename(elm: CommunityBuilder) -> None:
        ada_of(elm).pronoun = pronoun

    change(engines, elm, rename)
    told = text_of(ellen.get("/family").text)

    assert all(sentence in told for sentence in sentences)
    assert " she " not in told.lower()


def test_what_she_shares_is_told_with_its_dates(engines: Engines, elm: CommunityBuilder, ellen: Browser) -> None:
    def share(elm: CommunityBuilder) -> None:
        ids = {"relative_id": elm.relatives["ellen"].id, "resident_id": elm.residents["ada"].id}
        end = date(2026, 12, 24)
        for row in elm.db.query(Consent).where(Consent.kind == "attended"):
            row.valid_from, row.valid_until = date(2026, 12, 1), end
        elm.add(Consent(community_id=elm.id, kind="photo", valid_from=date(2026, 12, 1), valid_until=end, **ids))
        elm.add(
            Consent(
                community_id=elm.id,
                kind="notes",
                valid_from=date(2026, 1, 1),
                valid_until=MORNING.date() - timedelta(days=1),
                **ids,
            )
        )

    change(engines, elm, share)
    told = text_of(ellen.get(f"/family/{elm.residents['ada'].id}/shares").text)

    assert "What Rosie shares with you" in told
    assert "Plans What Rosie is invited to, when and where. Since 5 January 2026, until further notice." in told
    assert "How it was What Rosie went to, said no to, or slept through. From 1 December 2026 to 24 D" in told
    assert "Photos" not in told
    assert "Notes" not in told


def test_what_people_wrote_is_text(engines: Engines, elm: CommunityBuilder, ellen: Browser) -> None:
    def attack(elm: CommunityBuilder) -> None:
        ada_of(elm).called = "<script>alert(1)</script>"

    change(engines, elm, attack)

    for path in ("/family", f"/family/{elm.residents['ada'].id}/shares"):
        page = ellen.get(path).text
        assert "<script>alert" not in page
        assert "&lt;script&gt;" in page
