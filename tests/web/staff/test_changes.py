""" "Changed today" on the floor: whom it concerns, in one line until it is opened."""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

import pytest

from milieu.database import Engines, reading, unit_of_work
from milieu.models import ResidentRead
from tests.milieu.builders import CommunityBuilder, FixedClock, Held
from tests.web.conftest import Browser
from tests.web.staff.floor import ASKING, WEDNESDAY, text_of

MORNING = datetime(2026, 12, 2, 5, 31, tzinfo=UTC)

WALKED = Held("walk", "studio", 2, "14:00", ["gita"], ["dov"])
VISITED = Held("visit", "studio", 2, "11:00", ["finn"], ["fay"])


def publish(engines: Engines, elm: CommunityBuilder, sessions: Sequence[Held], kind: str = "repair") -> None:
    with unit_of_work(engines) as db:
        elm.db = db
        elm.publication(sessions, kind=kind, published_at=MORNING)


def changed(browser: Browser, path: str = "/today") -> str:
    """What stands in the box, its one line first."""
    found = re.search(r'<details class="note changed".*?</details>', browser.get(path).text, re.DOTALL)
    return text_of(found[0]).strip() if found else ""


@pytest.mark.parametrize("kind", ["week", "repair"])  # a director's, and the clock's
def test_who_falls_out_and_who_is_new_is_named(
    engines: Engines, elm: CommunityBuilder, joe: Browser, kind: str
) -> None:
    choir = Held("choir", "lounge", 2, "10:30", ["finn"], ["ada", "esi", "cleo"])
    publish(engines, elm, [choir, WALKED, VISITED], kind)

    assert changed(joe) == (
        "Changed today 1 session, 2 people Choir at 10:30: the list of people has changed. "
        "Not expected any more: Ben Made-Up Garden wing · 2 Newly invited: Cleo Made-Up Garden wing · 3"
    )


def test_a_unit_hears_of_its_own_people_alone(engines: Engines, elm: CommunityBuilder, joe: Browser) -> None:
    choir = Held("choir", "lounge", 2, "10:45", ["finn"], ["ada", "esi"])
    walk = Held("walk", "studio", 2, "14:00", ["gita"], ["dov", "fay"])
    publish(engines, elm, [choir, walk, VISITED])
    garden, river = (changed(joe, f"/today?unit={elm.groups[unit].id}") for unit in ("garden", "river"))

    assert garden == (
        "Changed today 1 session, 2 people Choir is at 10:45 instead of 10:30. "
        "Not expected any more: Ben Made-Up 2 Moving with it: Ada Made-Up 1"
    )
    assert river == (
        "Changed today 2 sessions, 2 people "
        "Choir is at 10:45 instead of 10:30. Moving with it: Esi Made-Up 5 "
        "Walk at 14:00: the list of people has changed. Newly invited: Fay Made-Up 6"
    )


def test_what_is_new_and_what_is_gone_names_everybody(engines: Engines, elm: CommunityBuilder, joe: Browser) -> None:
    choir = Held("choir", "lounge", 2, "10:30", ["finn"], ["ada", "ben", "esi"])
    tomorrow = Held("chess", "studio", 3, "15:00", ["finn"], ["ada"])
    chess = Held("chess", "lounge", 2, "15:00", ["finn"], ["cleo"], ref="new")
    publish(engines, elm, [choir, tomorrow, chess, VISITED])  # yesterday's chess is over, not gone

    assert changed(joe) == (
        "Changed today 2 sessions, 2 people "
        "Walk is not on today any more. Not expected any more: Dov Made-Up River wing · 4 "
        "New: Chess at 15:00, Lounge. Newly invited: Cleo Made-Up Garden wing · 3"
    )


@pytest.mark.slow(0.8)
@pytest.mark.parametrize(
    ("visits", "told"),
    [
        (
            [Held("visit", "studio", 2, "11:30", ["finn"], ["fay"])],
            "1 session, 1 person A visit (Fay Made-Up, 6) is at 11:30 instead of 11:00.",
        ),
        ([], "1 session, 1 person A visit (Fay Made-Up, 6) is not on today any more."),
        (
            [Held("visit", "studio", 2, "11:00", ["finn"], ["esi"])],
            "1 session, 2 people A visit at 11:00 is for somebody else. "
            "Not expected any more: Fay Made-Up River wing · 6 Newly invited: Esi Made-Up River wing · 5",
        ),
        (
            [VISITED, Held("visit", "studio", 2, "11:30", ["finn"], ["esi"], ref="new")],
            "1 session, 1 person New: A visit (Esi Made-Up, 5) at 11:30, Studio.",
        ),
    ],
)
def test_visits_say_to_whom(
    engines: Engines, elm: CommunityBuilder, joe: Browser, visits: list[Held], told: str
) -> None:
    choir = Held("choir", "lounge", 2, "10:30", ["finn"], ["ada", "ben", "esi"])
    publish(engines, elm, [choir, WALKED, *visits])

    assert changed(joe) == f"Changed today {told}"


def test_a_week_planned_anew_with_the_same_sessions_changes_nothing(
    engines: Engines, elm: CommunityBuilder, joe: Browser
) -> None:
    same = [
        Held("choir", "lounge", 2, "10:30", ["finn"], ["ada", "ben", "esi"], ref="choir anew"),
        Held("walk", "studio", 2, "14:00", ["gita"], ["dov"], ref="walk anew"),
        Held("visit", "studio", 2, "11:00", ["finn"], ["fay"], ref="visit anew"),
    ]
    publish(engines, elm, same, "week")

    assert changed(joe) == ""


def test_who_has_left_overnight_is_named_as_not_expected(engines: Engines, elm: CommunityBuilder, joe: Browser) -> None:
    with unit_of_work(engines) as db:
        elm.db = db
        ben = db.merge(elm.residents["ben"])
        ben.left_on, ben.left_reason = WEDNESDAY - timedelta(days=1), "moved"
    publish(engines, elm, [Held("choir", "lounge", 2, "10:30", ["finn"], ["ada", "esi"]), WALKED, VISITED])

    assert "Not expected any more: Ben Made-Up" in changed(joe)


def test_another_day_s_page_does_not_say_today(
    engines: Engines, elm: CommunityBuilder, sign_in: Callable[..., Browser], clock: FixedClock
) -> None:
    publish(engines, elm, [Held("choir", "lounge", 2, "10:30", ["finn"], ["ada", "ben", "esi"]), VISITED])
    clock.present = ASKING + timedelta(days=1)
    helping = sign_in(elm, "staff")

    assert changed(helping) == ""
    assert changed(helping, "/today/2026-12-02") == (
        "Changed on the day 1 session, 1 person "
        "Walk is not on any more. Not expected any more: Dov Made-Up River wing · 4"
    )


def test_everybody_named_is_written_down(engines: Engines, elm: CommunityBuilder, joe: Browser) -> None:
    publish(engines, elm, [Held("choir", "lounge", 2, "10:30", ["finn"], ["ada", "esi"]), VISITED])
    joe.get("/today")
    with reading(engines) as db:
        seen = {row.resident_id for row in db.query(ResidentRead)}

    assert seen == {elm.residents[name].id for name in ("ada", "ben", "dov", "esi", "fay")}
