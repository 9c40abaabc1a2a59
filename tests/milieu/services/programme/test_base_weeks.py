"""Base weeks with names: saved from a week, chosen for days, changed, ended; on both databases."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest

from milieu.database import DbSession, Engines, reading, unit_of_work
from milieu.errors import Conflict, Invalid, NotFound
from milieu.models import BaseSession, Plan
from milieu.queries.paper.programme import listed_days
from milieu.services.by_hand.beginning import BASE_WEEK, LAST_WEEK, begin_draft
from milieu.services.facts.visiting import Visit, tell_visit
from milieu.services.programme.base_weeks import choosing, saving
from milieu.services.programme.base_weeks.named import Named, base_weeks, lines_of
from milieu.services.programme.base_weeks.saving import Session
from milieu.services.teller import Teller
from milieu.solving.contents import read_plan
from milieu.solving.problem.document import make_problem
from tests.milieu.builders import MONDAY, NOW, CommunityBuilder, Held, small_community

WEEK, DAY = timedelta(weeks=1), timedelta(days=1)
NEXT, AFTER = MONDAY + WEEK, MONDAY + 2 * WEEK
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


@contextmanager
def told(engines: Engines, elm: CommunityBuilder) -> Iterator[tuple[DbSession, Teller]]:
    with unit_of_work(engines) as db:
        yield db, Teller(elm.id, None, NOW)


def save(engines: Engines, elm: CommunityBuilder, name: str = "Summer") -> str:
    with told(engines, elm) as (db, teller):
        return saving.save_week(db, teller, MONDAY, name, is_draft=False)


def shown(engines: Engines, elm: CommunityBuilder) -> tuple[Named, ...]:
    with reading(engines) as db:
        return base_weeks(db, elm.id, NOW.date())


def usual(engines: Engines, elm: CommunityBuilder, monday: date) -> set[tuple[int, str, int]]:
    """What the solver is told of a week: day, time, and how many lead it."""
    with reading(engines) as db:
        rows = make_problem(db, elm.id, monday, NOW, repair=False).document.usual
    return {(row.day, row.start, len(row.facilitators)) for row in rows}


def test_a_published_week_is_saved_and_a_second_time_filled_anew(engines: Engines, elm: CommunityBuilder) -> None:
    summer = save(engines, elm)
    save(engines, elm, "Short of staff")
    assert save(engines, elm, " summer ") == summer

    found = shown(engines, elm)
    assert [(each.name, each.count, each.choices) for each in found] == [("Short of staff", 2, ()), ("Summer", 2, ())]
    with reading(engines) as db:
        lines = lines_of(db, elm.id, summer)
    assert [(each.said.weekday, each.said.title, each.said.leaders) for each in lines] == [
        (1, "Chess", ()),
        (3, "Choir", ("Finn Made-Up",)),
    ]


def test_planning_starts_from_the_one_that_was_chosen_last_on_its_days_alone(
    engines: Engines, elm: CommunityBuilder
) -> None:
    summer, outbreak = save(engines, elm), save(engines, elm, "Outbreak")
    with told(engines, elm) as (db, teller):
        chess = db.query(BaseSession).filter_by(base_week_id=outbreak, weekday=1).one()
        saving.remove_session(db, teller, outbreak, 1, chess.id)
        choosing.choose(db, teller, summer, NEXT, None)
        later = Teller(elm.id, None, NOW + timedelta(minutes=1))
        last = choosing.choose(db, later, outbreak, AFTER, AFTER + 6 * DAY)

    assert usual(engines, elm, NEXT) == {(1, "14:00", 0), (3, "10:00", 1)}
    assert usual(engines, elm, AFTER) == {(3, "10:00", 1)}
    with told(engines, elm) as (db, teller):
        choosing.let_go_of(db, teller, outbreak, last)
    assert usual(engines, elm, AFTER) == usual(engines, elm, NEXT)


def test_chosen_in_the_middle_of_a_week_the_days_before_are_as_they_stood_last(
    engines: Engines, elm: CommunityBuilder
) -> None:
    summer = save(engines, elm)
    with told(engines, elm) as (db, teller):
        choosing.choose(db, teller, summer, NEXT + 2 * DAY, None)

    assert usual(engines, elm, NEXT) == {(1, "14:00", 2), (3, "10:00", 1)}


def test_ended_it_holds_no_more_and_its_name_is_free(engines: Engines, elm: CommunityBuilder) -> None:
    summer = save(engines, elm)
    with told(engines, elm) as (db, teller):
        choosing.choose(db, teller, summer, NEXT, None)
        saving.end(db, teller, summer, 1)

    assert shown(engines, elm) == ()
    assert usual(engines, elm, NEXT) == {(1, "14:00", 2), (3, "10:00", 1)}
    assert save(engines, elm) != summer


def test_its_sessions_are_changed_added_and_held_to_what_can_be(engines: Engines, elm: CommunityBuilder) -> None:
    summer, walk = save(engines, elm), elm.activities["walk"].id
    with told(engines, elm) as (db, teller):
        saving.add_session(db, teller, summer, 1, Session(5, 600, walk, elm.spaces["lounge"].id))
    with told(engines, elm) as (db, teller):
        added = next(each.id for each in lines_of(db, elm.id, summer) if each.said.weekday == 5)
        saving.change_session(db, teller, summer, 2, added, Session(6, 615, walk))
    with reading(engines) as db:
        assert [(each.said.weekday, each.said.start_minute) for each in lines_of(db, elm.id, summer)][-1] == (6, 615)

    for wrong, at in (
        (Session(7, 600, walk), "weekday"),
        (Session(0, 601, walk), "start"),
        (Session(0, 1425, walk), "start"),
        (Session(6, 615, walk), "start"),
        (Session(0, 600, "none"), "activity"),
        (Session(0, 600, walk, "none"), "space"),
        (Session(0, 600, walk, "", "none"), "leader"),
    ):
        with pytest.raises(Invalid) as refused, told(engines, elm) as (db, teller):
            saving.add_session(db, teller, summer, 3, wrong)
        assert refused.value.at == at
    with pytest.raises(Conflict), told(engines, elm) as (db, teller):
        saving.add_session(db, teller, summer, 1, Session(0, 600, walk))


def test_a_name_is_needed_and_is_nobody_elses(engines: Engines, elm: CommunityBuilder) -> None:
    summer = save(engines, elm)
    save(engines, elm, "Outbreak")
    for name in (" ", "x" * 81, "OUTBREAK"):
        with pytest.raises(Invalid), told(engines, elm) as (db, teller):
            saving.rename(db, teller, summer, 1, name)
    with pytest.raises(NotFound), told(engines, elm) as (db, teller):
        saving.save_week(db, teller, AFTER, "Empty", is_draft=True)


@pytest.mark.parametrize(
    ("first", "last"), [(NEXT, MONDAY), (NEXT - 4 * WEEK, NEXT - 3 * WEEK), (NEXT + 54 * WEEK, None)]
)
def test_days_that_cannot_be_are_refused(
    first: date, last: date | None, engines: Engines, elm: CommunityBuilder
) -> None:
    summer = save(engines, elm)
    with pytest.raises(Invalid), told(engines, elm) as (db, teller):
        choosing.choose(db, teller, summer, first, last)


def drafted(
    engines: Engines, elm: CommunityBuilder, source: str, base_week: str = ""
) -> list[tuple[str, int, int, int]]:
    """A draft of next week begun by hand: what, on which day, when, how many are invited."""
    with told(engines, elm) as (db, teller):
        plan = db.get_one(Plan, (elm.id, begin_draft(db, teller, NEXT, source, base_week)))
        return [
            (each.title, each.on_date.weekday(), each.start_minute, len(each.places)) for each in read_plan(db, plan)
        ]


def sing(engines: Engines, elm: CommunityBuilder, start_minute: int) -> None:
    """A singer comes on Thursday of next week, into the lounge."""
    visit = Visit(
        elm.activities["walk"].id, elm.spaces["lounge"].id, NEXT + 3 * DAY, start_minute, guest="A made-up singer"
    )
    with told(engines, elm) as (db, teller):
        tell_visit(db, teller, visit)


def test_an_empty_week_begins_from_one_and_a_special_day_takes_its_place(
    engines: Engines, elm: CommunityBuilder
) -> None:
    summer = save(engines, elm)
    sing(engines, elm, 10 * 60)

    assert drafted(engines, elm, BASE_WEEK, summer) == [("Chess", 1, 840, 0), ("Walk", 3, 600, 0)]


def test_like_last_week_a_special_day_beside_it_stands_too(engines: Engines, elm: CommunityBuilder) -> None:
    sing(engines, elm, 15 * 60)

    assert drafted(engines, elm, LAST_WEEK) == [("Chess", 1, 840, 2), ("Choir", 3, 600, 2), ("Walk", 3, 900, 0)]


def test_nothing_in_it_is_nothing_to_begin_from(engines: Engines, elm: CommunityBuilder) -> None:
    with pytest.raises(Conflict):
        drafted(engines, elm, BASE_WEEK)
    with pytest.raises(NotFound):
        drafted(engines, elm, BASE_WEEK, "none")


def test_paper_shows_the_chosen_one_with_its_special_days(engines: Engines, elm: CommunityBuilder) -> None:
    summer = save(engines, elm)
    with told(engines, elm) as (db, teller):
        chess = db.query(BaseSession).filter_by(base_week_id=summer, weekday=1).one()
        saving.remove_session(db, teller, summer, 1, chess.id)
        choosing.choose(db, teller, summer, NEXT, None)
    sing(engines, elm, 10 * 60)

    with reading(engines) as db:
        shown = listed_days(db, elm.id, [NEXT + DAY, NEXT + 3 * DAY], now=NOW)
    assert [[each.title for each in day.sessions] for day in shown.days] == [[], ["Walk"]]
