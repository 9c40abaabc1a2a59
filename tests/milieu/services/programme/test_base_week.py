"""The base week: what is shown, kept by hand, let go of; on both databases."""

from datetime import timedelta

import pytest

from milieu.database import Engines, reading, unit_of_work
from milieu.errors import Conflict
from milieu.models import Change
from milieu.services.programme.base_weeks.unnamed import BaseWeekShown, keep_by_hand, let_go, show_base_week
from milieu.solving.problem.document import make_problem
from tests.milieu.builders import MONDAY, NOW, CommunityBuilder, Held, small_community

WEEK, DAY = timedelta(weeks=1), timedelta(days=1)
NEXT = MONDAY + WEEK
THIS_WEEK = [
    Held("choir", "lounge", 3, "10:00", ["finn"], ["ada", "ben"]),
    Held("chess", "studio", 1, "14:00", ["finn", "gita"], ["cleo", "dov"]),
]


@pytest.fixture
def elm(engines: Engines) -> CommunityBuilder:
    with unit_of_work(engines) as db:
        made = small_community(db)
        made.publication(THIS_WEEK)
        return made


def shown(engines: Engines, elm: CommunityBuilder) -> BaseWeekShown:
    with reading(engines) as db:
        return show_base_week(db, elm.id, NOW)


def keep(engines: Engines, elm: CommunityBuilder) -> int:
    with unit_of_work(engines) as db:
        return keep_by_hand(db, elm.id, by=None, now=NOW)


def usual(engines: Engines, elm: CommunityBuilder) -> set[tuple[int, str, int]]:
    """What the solver is told of next week: day, time, and how many lead it."""
    with reading(engines) as db:
        rows = make_problem(db, elm.id, NEXT, NOW, repair=False).document.usual
    return {(row.day, row.start, len(row.facilitators)) for row in rows}


def test_what_was_published_last_is_shown_by_time(engines: Engines, elm: CommunityBuilder) -> None:
    found = shown(engines, elm)

    assert (found.is_by_hand, found.published) == (False, MONDAY)
    assert [(each.weekday, each.start_minute, each.title) for each in found.habits] == [
        (1, 14 * 60, "Chess"),
        (3, 10 * 60, "Choir"),
    ]
    assert found.habits[1].space == "Lounge"
    assert found.habits[1].leaders == ("Finn Made-Up",)


def test_a_week_kept_by_hand_stays_whatever_is_published(engines: Engines, elm: CommunityBuilder) -> None:
    assert keep(engines, elm) == 2
    with unit_of_work(engines) as db:
        elm.db = db
        elm.publication([Held("walk", "lounge", 5, "11:00", ["gita"], ["ada"])], week_start=MONDAY, kind="week")

    found = shown(engines, elm)

    assert found.is_by_hand
    assert [each.title for each in found.habits] == ["Chess", "Choir"]
    assert usual(engines, elm) == {(1, "14:00", 0), (3, "10:00", 1)}


def test_kept_again_it_is_the_new_week_alone(engines: Engines, elm: CommunityBuilder) -> None:
    keep(engines, elm)
    with unit_of_work(engines) as db:
        elm.db = db
        elm.publication([Held("walk", "lounge", 5, "11:00", ["gita"], ["ada"])], week_start=MONDAY, kind="week")
    keep(engines, elm)

    assert usual(engines, elm) == {(5, "11:00", 1)}


def test_let_go_each_week_stands_as_the_one_before(engines: Engines, elm: CommunityBuilder) -> None:
    keep(engines, elm)
    with unit_of_work(engines) as db:
        let_go(db, elm.id, by=None, now=NOW)

    assert not shown(engines, elm).is_by_hand
    assert usual(engines, elm) == {(1, "14:00", 2), (3, "10:00", 1)}


def test_what_was_kept_before_today_is_ended_and_not_lost(engines: Engines, elm: CommunityBuilder) -> None:
    keep(engines, elm)
    later = NOW + 3 * DAY
    with unit_of_work(engines) as db:
        let_go(db, elm.id, by=None, now=later)
    with reading(engines) as db:
        kept = make_problem(db, elm.id, MONDAY, NOW, repair=False).rows.base_sessions
        left = make_problem(db, elm.id, NEXT, NOW, repair=False).rows.base_sessions
        journal = [(row.verb, row.noun) for row in db.query(Change).order_by(Change.at)]

    assert {row.valid_until for row in kept} == {(later - DAY).date()}
    assert left == []
    assert journal == [("kept", "base week"), ("let go", "base week")]


def test_with_nothing_published_there_is_nothing_to_keep(engines: Engines) -> None:
    with unit_of_work(engines) as db:
        oak = small_community(db, "oak")
    with pytest.raises(Conflict), unit_of_work(engines) as db:
        keep_by_hand(db, oak.id, by=None, now=NOW)

    assert shown(engines, oak) == BaseWeekShown(False, None, ())
