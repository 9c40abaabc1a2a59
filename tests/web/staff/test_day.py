"""The staff's pages: now and next, whom to ask and how, by unit; as fresh as they say they are."""

import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from milieu.database import Engines, reading, unit_of_work
from milieu.models import LedgerEntry, ResidentRead
from milieu.services.attendance import mark, mark_uninvited
from tests.milieu.builders import CommunityBuilder, FixedClock, Held, small_community
from tests.web.builders import full_community
from tests.web.conftest import Browser
from tests.web.staff.floor import (
    ASKING,
    CHOIR,
    CHOIR_PAGE,
    PUBLISHED,
    WALK,
    WEDNESDAY,
    forms_of,
    minutes_after,
    text_of,
)

SignIn = Callable[..., Browser]


def test_today_is_where_staff_arrive(joe: Browser) -> None:
    assert joe.get("/").location == "/today"


def test_now_shows_who_to_ask_where_and_how(joe: Browser) -> None:
    told = text_of(joe.get("/today").text)

    assert "Wednesday 2 December, as of 10:20" in told
    assert "Making Choir 10:30 – 11:15 · Lounge · you lead" in told
    assert "Invite 3 people · begin 10:15 · 1 wheelchair, 2 helpers · in the order you pass their rooms" in told
    assert "Ada Made-Up Garden wing · 1 · wheelchair, 1 helper Ask softly; she hears better on her left." in told
    assert "Ben Made-Up Garden wing · 2 · walks, with 1 helper" in told
    assert "Esi Made-Up River wing · 5 · walks on her own" in told
    assert told.index("Ada Made-Up") < told.index("Ben Made-Up") < told.index("Esi Made-Up")
    assert "Sits well with Ben." in told
    assert "After that 14:00 Walk Body Studio 1 invited" in told
    assert "11:00 Fay Made-Up Company River wing · 6 · A visit · you lead" in told


def test_nothing_is_marked_beforehand(joe: Browser) -> None:
    forms = forms_of(joe.get("/today").text)

    assert forms.keys() == {"Ada Made-Up", "Ben Made-Up", "Esi Made-Up", "Fay Made-Up"}
    assert all(form.pressed == () for form in forms.values())
    assert [*forms["Ada Made-Up"].buttons] == [
        "attended",
        "declined",
        "asleep",
        "unwell",
        "in care",
        "away",
        "not found",
        "not invited",
        "attended/active",
        "attended/quiet",
        "attended/slept",
        "attended/distressed",
        "attended/left early",
    ]


def test_a_unit_is_chosen_and_remembered(joe: Browser, elm: CommunityBuilder) -> None:
    river = elm.groups["river"].id
    first = text_of(joe.get(f"/today?unit={river}").text)
    again = text_of(joe.get("/today").text)
    all_units = text_of(joe.get("/today?unit=all").text)

    assert "14:00 Walk" in first
    assert "River wing Garden wing" in again
    assert "Unit: River wing" in again
    assert "Unit: All units" in all_units


def test_who_does_not_lead_sees_her_own_unit_and_can_open_the_rest(elm: CommunityBuilder, sign_in: SignIn) -> None:
    page = sign_in(elm, "staff").get(f"/today?unit={elm.groups['river'].id}").text

    told = text_of(page)
    assert "1 person from another unit" not in told
    assert "2 people from other units" in told
    assert told.index("Esi Made-Up") < told.index("2 people from other units") < told.index("Ada Made-Up")


def test_with_all_units_the_own_session_is_open_and_others_are_lines(
    engines: Engines, elm: CommunityBuilder, joe: Browser, sign_in: SignIn
) -> None:
    with unit_of_work(engines) as db:
        elm.db = db
        elm.publication(
            [
                Held("choir", "lounge", 2, "10:30", ["finn"], ["ada"]),
                Held("chess", "studio", 2, "10:30", ["gita"], ["cleo"]),
            ],
            published_at=PUBLISHED,
        )
    leading, helping = joe.get("/today").text, sign_in(elm, "staff").get("/today").text

    assert forms_of(leading).keys() == {"Ada Made-Up"}
    assert "Also now 10:30 Chess" in text_of(leading)
    assert forms_of(helping) == {}
    assert "Now 10:30 Choir Making Lounge 1 invited 10:30 Chess Mind Studio 1 invited" in text_of(helping)


@pytest.mark.slow(0.6)
@pytest.mark.parametrize(
    ("minutes", "is_open"), [(-36, False), (-35, True), (54.9, True), (55, False)]
)  # asked from 10:15, half an hour before that it is near; over at 11:15
def test_the_own_session_is_open_from_a_little_before_to_its_end(
    sign_in: SignIn, clock: FixedClock, engines: Engines, elm: CommunityBuilder, minutes: float, is_open: bool
) -> None:
    with unit_of_work(engines) as db:
        elm.db = db
        elm.publication(
            [
                Held("choir", "lounge", 2, "10:30", ["finn"], ["ada"]),
                Held("walk", "studio", 2, "09:30", ["gita"], ["cleo"]),
                Held("walk", "lounge", 2, "09:30", ["gita"], ["dov"], ref="other walk"),
                Held("chess", "studio", 2, "17:00", ["gita"], ["cleo"]),
                Held("chess", "lounge", 2, "17:00", ["gita"], ["dov"], ref="other chess"),
            ],
            published_at=PUBLISHED,
        )
    clock.present = minutes_after(minutes)
    joe = sign_in(elm, "staff", facilitator_id=elm.facilitators["finn"].id)

    assert ("Ada Made-Up" in forms_of(joe.get("/today").text)) == is_open


def test_a_unit_that_ended_is_forgotten_and_a_foreign_one_is_not_there(
    engines: Engines, elm: CommunityBuilder, joe: Browser
) -> None:
    with unit_of_work(engines) as db:
        oak = small_community(db, "oak")
    joe.get(f"/today?unit={elm.groups['river'].id}")
    with unit_of_work(engines) as db:
        db.merge(elm.groups["river"]).ended_on = date(2026, 12, 1)
    foreign, missing = joe.get(f"/today?unit={oak.groups['river'].id}"), joe.get(f"/today?unit={'a' * 26}")

    assert "Unit: All units" not in text_of(joe.get("/today").text)  # one unit is left: nothing to choose
    assert joe.get("/today").status_code == 200
    assert (foreign.status_code, foreign.data) == (404, missing.data)


def test_a_session_has_a_page_of_its_own(joe: Browser) -> None:
    page = joe.get(f"/today/2026-12-02/session/{WALK}")

    told = text_of(page.text)
    assert "Walk 14:00 – 14:30 · Studio · Gita Made-Up leads" in told
    assert "begin 13:50" in told
    assert forms_of(page.text).keys() == {"Dov Made-Up"}


@pytest.mark.parametrize(
    "path",
    [
        "/today/2026-12-02/session/nothing",
        f"/today/2026-12-03/session/{CHOIR}",
        "/today/2026-02-30",
        f"{CHOIR_PAGE}/held/more",
        "/today/2026-12-02/session/nothing/held",
        "/today/2026-12-02/session/nothing/others",
    ],
)
def test_what_is_not_there_is_a_plain_404(joe: Browser, path: str) -> None:
    assert joe.get(path).status_code == 404


def test_another_community_s_day_is_as_absent_as_none(engines: Engines, elm: CommunityBuilder, sign_in: SignIn) -> None:
    with unit_of_work(engines) as db:
        oak = small_community(db, "oak")
    stranger = sign_in(oak, "staff")

    foreign, missing = stranger.get(CHOIR_PAGE), stranger.get("/today/2026-12-02/session/nothing")

    assert (foreign.status_code, foreign.data) == (404, missing.data)
    assert "Choir" not in stranger.get("/today").text


@pytest.mark.parametrize("role", ["family", "administrator"])
def test_the_floor_is_for_staff_and_director_alone(elm: CommunityBuilder, sign_in: SignIn, role: str) -> None:
    browser = sign_in(elm, role)
    absent = browser.get("/nothing").data

    for path in ("/today", "/today/2026-12-02", "/today/2026-12-02/sheet", CHOIR_PAGE, f"{CHOIR_PAGE}/others"):
        answer = browser.get(path)
        assert (answer.status_code, answer.data) == (404, absent)


def test_the_director_sees_the_floor_too(elm: CommunityBuilder, sign_in: SignIn) -> None:
    assert sign_in(elm, "director").get("/today").status_code == 200


def test_who_was_looked_at_is_written_down(engines: Engines, elm: CommunityBuilder, joe: Browser) -> None:
    joe.get("/today")
    joe.get(f"/today/2026-12-02/session/{WALK}")
    with reading(engines) as db:
        seen = {(row.page, row.resident_id) for row in db.query(ResidentRead)}

    who = elm.residents
    assert seen == {
        *(("staff.today", who[name].id) for name in ("ada", "ben", "esi", "fay")),
        # beside who is invited, who else could come; Fay and Dov are kept apart
        *(("staff.one_session", who[name].id) for name in ("dov", "ada", "ben", "cleo", "esi")),
    }


def test_what_people_wrote_is_text(engines: Engines, elm: CommunityBuilder, joe: Browser) -> None:
    with unit_of_work(engines) as db:
        ada = db.merge(elm.residents["ada"])
        ada.given_name = ada.invite_how = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"

    for path in (
        "/today",
        CHOIR_PAGE,
        "/today/2026-12-02/sheet",
        f"/today/2026-12-02/session/{WALK}/others?of={elm.groups['garden'].id}",
    ):
        page = joe.get(path).text
        assert "<script>alert" not in page
        assert "<img" not in page
        assert "&lt;script&gt;" in page


def test_a_day_without_a_publication_says_what_to_do(elm: CommunityBuilder, sign_in: SignIn, clock: FixedClock) -> None:
    clock.present = ASKING + timedelta(weeks=1)
    told = text_of(sign_in(elm, "staff").get("/today").text)

    assert "Nothing is published for this day yet. Please ask whoever plans the week." in told
    assert "What there was on Wednesday 2 December" in told
    assert "10:30 Choir Lounge 14:00 Walk Studio" in told
    assert "Ada" not in told
    clock.present = ASKING + timedelta(weeks=8)
    assert "What there was" not in sign_in(elm, "staff").get("/today").text


def test_a_day_on_which_nothing_is_planned_for_a_unit_says_so(
    engines: Engines, elm: CommunityBuilder, joe: Browser
) -> None:
    with unit_of_work(engines) as db:
        elm.db = db
        elm.group("attic", sort=3)

    told = text_of(joe.get(f"/today?unit={elm.groups['attic'].id}").text)

    assert "Nothing is planned for Attic wing on this day. See all units" in told
    assert "Nothing is planned on this day." in text_of(joe.get("/today/2026-11-30?unit=all").text)


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        (
            None,
            "This morning’s check has not come. You see the plan that was published Sun 29 November 17:00, 3 days ago.",
        ),
        ("kept", "This morning no better plan was found, so the last good one stands: published Sun 29 November 17:00"),
        ("unchanged", "Published Sun 29 November 17:00. Checked today 05:31, nothing has changed."),
    ],
)
def test_a_day_says_how_fresh_it_is(
    engines: Engines, elm: CommunityBuilder, joe: Browser, state: str | None, sentence: str
) -> None:
    if state is not None:
        at = datetime(2026, 12, 2, 5, 31, tzinfo=UTC)
        with unit_of_work(engines) as db:
            db.add(
                LedgerEntry(
                    community_id=elm.id, local_day=WEDNESDAY, kind="repair", state=state, due_at=at, finished_at=at
                )
            )

    assert sentence in text_of(joe.get("/today").text)


def test_what_was_published_today_is_told_in_sentences(engines: Engines, elm: CommunityBuilder, joe: Browser) -> None:
    with unit_of_work(engines) as db:
        elm.db = db
        elm.activity("bingo", name="Bingo")
        elm.publication(
            [
                Held("choir", "studio", 2, "11:00", ["finn"], ["ada"], ref=CHOIR),
                Held("bingo", "lounge", 2, "16:00", [], ["cleo"], ref="new"),
                Held("chess", "studio", 2, "15:00", ["finn"], ["ada"], ref="2026-W49-chess-3"),
                Held("visit", "lounge", 2, "11:00", ["finn"], ["fay"], ref="2026-W49-visit-2"),
            ],
            kind="repair",
            published_at=datetime(2026, 12, 2, 5, 31, tzinfo=UTC),
        )

    told = text_of(joe.get("/today").text)

    assert "Choir is at 11:00 instead of 10:30, in Studio." in told
    assert "New: Bingo at 16:00, Lounge." in told
    assert "Chess moved to today, 15:00, Studio." in told
    assert "Walk is not on today any more." in told
    assert "A visit (Fay Made-Up, 6) is in Lounge instead of Studio." in told


def test_marks_stay_with_a_session_that_moved(
    engines: Engines, elm: CommunityBuilder, joe: Browser, clock: FixedClock
) -> None:
    with unit_of_work(engines) as db:
        elm.db = db
        mark(db, elm.id, CHOIR, elm.residents["ada"].id, "declined", key="1", by=None, now=ASKING)
        moved = Held("choir", "lounge", 4, "15:00", ["finn"], ["ada", "ben"], ref=CHOIR)
        elm.publication([moved], kind="repair", published_at=minutes_after(2))
    clock.present = minutes_after(5)

    today = joe.get("/today").text
    alone = joe.get(CHOIR_PAGE).text
    friday = joe.get(f"/today/2026-12-04/session/{CHOIR}").text

    told = "Now on Friday 15:00. What was marked stays with it."
    assert f"Changed since, with marks Choir 10:30 · {told} Ada Made-Up" in text_of(today)
    assert forms_of(today)["Ada Made-Up"].pressed == ("declined",)
    assert told in text_of(alone)
    assert "Said no · Wednesday 10:20" in text_of(friday)
    assert "Marks can be made on the day itself and the day after." in text_of(friday)


def test_yesterday_can_be_finished_and_tomorrow_looked_at(joe: Browser) -> None:
    yesterday = joe.get("/today/2026-12-01").text
    session = joe.get("/today/2026-12-01/session/2026-W49-chess-1").text
    tomorrow = joe.get("/today/2026-12-03").text

    assert "What there was 15:00 Chess Mind Lounge" not in text_of(yesterday)
    assert "Yesterday Tuesday 1 December" in text_of(yesterday)
    assert "1 not marked" in text_of(yesterday)
    assert "This morning’s check" in text_of(joe.get("/today").text)
    assert "This morning’s check" not in text_of(yesterday), "nothing of it can change any more"
    assert [*forms_of(session)["Ada Made-Up"].buttons][:2] == ["attended", "declined"]
    assert "Planned 15:00 Chess" in text_of(tomorrow)
    assert forms_of(joe.get("/today/2026-12-03/session/2026-W49-chess-3").text)["Ada Made-Up"].buttons == {}


def test_the_sheet_has_everybody_of_the_unit_with_boxes(
    engines: Engines, elm: CommunityBuilder, sign_in: SignIn
) -> None:
    with unit_of_work(engines) as db:
        mark(db, elm.id, CHOIR, elm.residents["ben"].id, "declined", key="1", by=None, now=ASKING)
    page = sign_in(elm, "staff").get(f"/today/2026-12-02/sheet?unit={elm.groups['garden'].id}").text

    told = text_of(page)
    assert "Garden wing, Wednesday 2 December" in told
    assert "as of 10:20 · Published" in told
    assert "10:30–11:15 Choir Lounge · Finn Made-Up leads · Making" in told
    assert "Ada Made-Up 1 · wheelchair, 1 helper Ask softly" in told
    assert "and 1 person from another unit" in told
    assert "Dov" not in told
    assert page.count('<td class="tick">') == 2 * 5
    assert page.count("✓") == 1


def test_who_came_uninvited_says_so(engines: Engines, elm: CommunityBuilder, joe: Browser) -> None:
    with unit_of_work(engines) as db:
        mark_uninvited(db, elm.id, CHOIR, elm.residents["cleo"].id, key="1", by=None, now=ASKING)

    page = joe.get("/today").text

    assert "Cleo Made-Up Garden wing · 3 · walks on her own Came without an invitation" in text_of(page)
    assert forms_of(page)["Cleo Made-Up"].pressed == ("attended",)


@pytest.mark.slow(1.4)
def test_the_day_of_three_hundred_beds_is_quick(engines: Engines, sign_in: SignIn, clock: FixedClock) -> None:
    with unit_of_work(engines) as db:
        rowan = full_community(db, "rowan", residents=255, groups=12, weekday=16, weekend=9, visits=90)
    clock.present = datetime(2026, 12, 2, 10, 0, tzinfo=UTC)
    browser = sign_in(rowan, "staff", facilitator_id=rowan.facilitators["f1"].id)
    unit = rowan.groups["g3"].id

    took = {}  # seconds of computing: other work on the machine does not count, and waiting for a disk is a few ms
    for path in ("/today?unit=all", f"/today?unit={unit}", f"/today/2026-12-02/sheet?unit={unit}"):
        browser.get(path)
        tries = []
        for _ in range(5):
            start = time.thread_time()
            assert browser.get(path).status_code == 200
            tries.append(time.thread_time() - start)
        took[path] = min(tries)

    assert max(took.values()) < 0.2, took


def test_the_app_says_today_in_the_community_s_zone(engines: Engines, sign_in: SignIn, clock: FixedClock) -> None:
    with unit_of_work(engines) as db:
        rimu = small_community(db, "rimu", timezone="Pacific/Auckland")
        rimu.publication([Held("choir", "lounge", 2, "10:30", residents=["ada"])], published_at=PUBLISHED)
    clock.present = datetime(2026, 12, 1, 21, 16, tzinfo=UTC)

    told = text_of(sign_in(rimu, "staff").get("/today").text)

    assert "Wednesday 2 December, as of 10:16" in told
    assert "Choir 10:30 – 11:15" in told
