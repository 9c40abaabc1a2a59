"""How many come of those asked, and how many are asked: against the sums by hand, and each edge of what counts."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from math import comb

import pytest

from milieu.database import Engines, reading, unit_of_work
from milieu.models import Attendance, CommunitySettings, SessionHeld
from milieu.queries.programme.turnout import (
    FIRST_WEIGHT,
    MOST_WEIGHT,
    OWN_WEIGHT,
    RISK,
    Asking,
    Turnout,
    asking_of,
    weight_of_all,
)
from milieu.solving.problem.document import make_problem
from tests.milieu.builders import MONDAY, NOW, CommunityBuilder, Held, community

WEEK = timedelta(weeks=1)
TODAY = NOW.date()
PEOPLE = ("ada", "ben", "cleo", "dov")


def rising(start: Fraction, times: int) -> Fraction:
    """start (start + 1) …, so many factors."""
    product = Fraction(1)
    for step in range(times):
        product *= start + step
    return product


def more_than(size: int, asked: int, yes: Fraction, no: Fraction) -> Fraction:
    """The chance that more than `size` of `asked` come, beta-binomial, without rounding."""
    return sum(
        (
            comb(asked, come) * rising(yes, come) * rising(no, asked - come) / rising(yes + no, asked)
            for come in range(size + 1, asked + 1)
        ),
        Fraction(0),
    )


@pytest.mark.parametrize(
    ("size", "asked", "came"), [(4, 40, 20), (8, 40, 22), (8, 0, 0), (15, 100, 30), (25, 400, 220)]
)
def test_most_are_asked_with_which_no_more_come_19_times_of_20(size: int, asked: int, came: int) -> None:
    turnout = Turnout(asked, came, 0.5)
    yes = Fraction(came) + OWN_WEIGHT * Fraction(1, 2)
    no = Fraction(asked + OWN_WEIGHT) - yes

    most = turnout.most_to_ask(size, limit=200)

    assert more_than(size, most, yes, no) <= RISK < more_than(size, most + 1, yes, no)
    assert turnout.share == pytest.approx(float(yes / (yes + no)))


def test_no_more_are_asked_than_the_largest_space_holds() -> None:
    turnout = Turnout(100, 50, 0.5)

    assert turnout.most_to_ask(8, 200) == 11
    assert [turnout.most_to_ask(8, seats) for seats in (12, 11, 10, 8, 6)] == [11, 11, 10, 8, 8]


def test_where_all_come_no_more_are_asked() -> None:
    assert Turnout(0, 0, 1.0).most_to_ask(8, 50) == 8
    assert Turnout(50, 50, 1.0).most_to_ask(8, 50) == 8


def mark(
    elm: CommunityBuilder, ref: str, who: str, day: date, outcome: str | None, number: int = 1, **more: object
) -> None:
    at = datetime.combine(day, time(12, number), tzinfo=UTC)
    elm.add(
        Attendance(
            community_id=elm.id,
            session_ref=ref,
            on_date=day,
            resident_id=elm.residents[who].id,
            outcome=outcome,
            key=f"{ref}-{who}-{number}",
            number=number,
            tapped_at=at,
            marked_at=at,
            **more,
        )
    )


@pytest.fixture
def elm(engines: Engines) -> CommunityBuilder:
    """A lounge of twelve seats, the choir for eight, chess for four, and a visit; four people."""
    with unit_of_work(engines) as db:
        built = community(db)
        built.space("lounge", capacity=12)
        built.facilitator("finn")
        built.activity("choir", max_group=8)
        built.activity("chess", max_group=4)
        built.activity("visit", min_group=1, max_group=1)
        for name in PEOPLE:
            built.resident(name)
    return built


def held(elm: CommunityBuilder, monday: date, *, comes: Callable[[int], str] = lambda number: "attended") -> str:
    """The choir on a Monday, asked to all four, and what became of each."""
    ref = f"choir-{monday}"
    elm.publication([Held("choir", "lounge", 0, "10:00", ["finn"], PEOPLE, ref=ref)], week_start=monday)
    for number, who in enumerate(PEOPLE):
        mark(elm, ref, who, monday, comes(number))
    return ref


def choir(engines: Engines, elm: CommunityBuilder, today: date = TODAY) -> Asking:
    with reading(engines) as db:
        return asking_of(db, elm.id, MONDAY, today=today)[elm.activities["choir"].id]


def counts(engines: Engines, elm: CommunityBuilder, today: date = TODAY) -> tuple[int, int]:
    turnout = choir(engines, elm, today).turnout
    return turnout.asked, turnout.came


@pytest.mark.parametrize(("weeks", "count"), [(0, 0), (1, 0), (2, 4), (8, 4), (9, 0)])
def test_seven_settled_weeks_count(engines: Engines, elm: CommunityBuilder, weeks: int, count: int) -> None:
    with unit_of_work(engines) as db:
        elm.db = db
        held(elm, MONDAY - weeks * WEEK)

    assert counts(engines, elm) == (count, count)


def test_marks_of_today_count_from_tomorrow_on(engines: Engines, elm: CommunityBuilder) -> None:
    day = MONDAY - 2 * WEEK
    with unit_of_work(engines) as db:
        elm.db = db
        held(elm, day)

    assert counts(engines, elm, today=day) == (0, 0)
    assert counts(engines, elm, today=day + timedelta(days=1)) == (4, 4)


def test_what_became_last_counts_and_only_of_those_asked(engines: Engines, elm: CommunityBuilder) -> None:
    day = MONDAY - 2 * WEEK
    said = ("attended", "declined", "not invited", "asleep")
    with unit_of_work(engines) as db:
        elm.db = db
        ref = held(elm, day, comes=lambda number: said[number])
        assert counts_in(elm) == (3, 1)
        mark(elm, ref, "ben", day, "attended", 2)
        assert counts_in(elm) == (3, 2)
        mark(elm, ref, "ben", day, None, 3, takes_back=2)
        assert counts_in(elm) == (3, 1)
        elm.resident("esi")
        mark(elm, ref, "esi", day, "attended", was_invited=False)
        assert counts_in(elm) == (3, 1)


def counts_in(elm: CommunityBuilder) -> tuple[int, int]:
    turnout = asking_of(elm.db, elm.id, MONDAY, today=TODAY)[elm.activities["choir"].id].turnout
    return turnout.asked, turnout.came


def test_what_was_not_held_does_not_count(engines: Engines, elm: CommunityBuilder) -> None:
    day = MONDAY - 2 * WEEK
    with unit_of_work(engines) as db:
        elm.db = db
        ref = held(elm, day)
        row = {"session_ref": ref, "on_date": day, "was_held": False, "number": 1, "marked_at": NOW}
        elm.add(SessionHeld(community_id=elm.id, **row))

    assert counts(engines, elm) == (0, 0)


def test_the_more_alike_activities_prove_the_more_each_leans_on_all() -> None:
    few, many = ({f"a{number}": each for number in range(20)} for each in (10, 200))
    half = {key: each // 2 for key, each in many.items()}
    apart = {key: each // 4 if place % 2 else each // 2 for place, (key, each) in enumerate(many.items())}

    assert weight_of_all({}, {}) == weight_of_all({"a0": 200}, {"a0": 100}) == OWN_WEIGHT
    assert weight_of_all(few, dict.fromkeys(few, 5)) == OWN_WEIGHT
    assert weight_of_all(many, half) == MOST_WEIGHT
    assert weight_of_all(many, apart) == OWN_WEIGHT
    assert Turnout(0, 0, 0.55, MOST_WEIGHT).most_to_ask(8, 50) == 10
    assert Turnout(0, 0, 0.55).most_to_ask(8, 50) == 9


def test_it_leans_on_the_community_and_that_on_what_it_expects(engines: Engines, elm: CommunityBuilder) -> None:
    with unit_of_work(engines) as db:
        elm.db = db
        held(elm, MONDAY - 2 * WEEK, comes=lambda number: "attended" if number else "declined")
        assert choir_and_chess(elm)[1].mean == pytest.approx((3 + FIRST_WEIGHT) / (4 + FIRST_WEIGHT))

        db.get_one(CommunitySettings, elm.id).expected_turnout = 50
        db.flush()
        own, other = choir_and_chess(elm)

    assert own.mean == other.mean == other.share == pytest.approx((3 + FIRST_WEIGHT / 2) / (4 + FIRST_WEIGHT))
    assert own.share == pytest.approx((3 + OWN_WEIGHT * own.mean) / (4 + OWN_WEIGHT))


def choir_and_chess(elm: CommunityBuilder) -> tuple[Turnout, Turnout]:
    asking = asking_of(elm.db, elm.id, MONDAY, today=TODAY)
    return asking[elm.activities["choir"].id].turnout, asking[elm.activities["chess"].id].turnout


def sizes(elm: CommunityBuilder) -> dict[str, int]:
    """The largest group of each activity, as the solver is asked."""
    elm.db.flush()
    keys = {row.id: key for key, row in elm.activities.items()}
    document = make_problem(elm.db, elm.id, MONDAY, NOW, repair=False).document
    return {keys[row.id]: row.max_group for row in document.activities}


def test_solver_is_asked_for_larger_groups_unless_somebody_says_otherwise(
    engines: Engines, elm: CommunityBuilder
) -> None:
    with unit_of_work(engines) as db:
        elm.db = db
        settings = db.get_one(CommunitySettings, elm.id)
        assert sizes(elm) == {"choir": 8, "chess": 4, "visit": 1}

        settings.expected_turnout = 50
        assert sizes(elm) == {"choir": 10, "chess": 5, "visit": 1}

        db.merge(elm.activities["choir"]).is_booked = True
        assert sizes(elm) == {"choir": 8, "chess": 5, "visit": 1}

        settings.asks_more = False
        assert sizes(elm) == {"choir": 8, "chess": 4, "visit": 1}
