"""Who has just come has a small group, a neighbour's and a choice: each edge of it, and what comes first."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from milieu.database import DbSession, make_engines, unit_of_work
from milieu.models import CommunitySettings, Stay
from milieu.reasons import Reason
from milieu.solving.answer.answers import contents_of
from milieu.solving.problem.document import ProblemSource, make_problem
from milieu.solving.problem.people.newcomers import SMALL_GROUP
from solver.documents import exchange
from tests.milieu.builders import MONDAY, CommunityBuilder, community

BEFORE = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def db(sqlite_url: str) -> Iterator[DbSession]:
    engines = make_engines(sqlite_url)
    with unit_of_work(engines) as session:
        yield session
    engines.dispose()


@pytest.fixture
def elm(db: DbSession) -> CommunityBuilder:
    """Nan moved in a week ago, next door to Ada and Ben, not to Cleo. Chess is for eight, the choir for nine."""
    built = community(db)
    built.space("lounge")
    built.facilitator("finn")
    built.activity("choir", min_group=1, max_group=9)
    built.activity("chess", min_group=1, max_group=8)
    built.activity("visit", min_group=1, max_group=1)
    for name in ("ada", "ben"):
        built.resident(name)
    built.resident("cleo", group="river")
    built.resident("nan", arrived_on=MONDAY - 7 * DAY)
    return built


def problem(elm: CommunityBuilder) -> ProblemSource:
    elm.db.flush()
    return make_problem(elm.db, elm.id, MONDAY, BEFORE, repair=False)


def one(elm: CommunityBuilder, name: str) -> exchange.Resident:
    [found] = [row for row in problem(elm).document.residents if row.id == elm.residents[name].id]
    return found


def neighbours(elm: CommunityBuilder) -> set[frozenset[str]]:
    names = {row.id: name for name, row in elm.residents.items()}
    return {frozenset((names[tie.a], names[tie.b])) for tie in problem(elm).document.ties}


@pytest.mark.parametrize(("days", "is_new"), [(28, False), (27, True), (0, True), (-6, True)])
def test_somebody_is_new_for_four_weeks(elm: CommunityBuilder, days: int, is_new: bool) -> None:
    elm.residents["nan"].arrived_on = MONDAY - days * DAY

    assert bool(one(elm, "nan").targets) is is_new
    assert bool(neighbours(elm)) is is_new


def test_who_comes_back_is_new_again(elm: CommunityBuilder) -> None:
    nan = elm.residents["nan"]
    nan.arrived_on, nan.left_on, nan.left_reason = date(2026, 1, 5), date(2026, 3, 1), "moved"
    elm.add(Stay(community_id=elm.id, resident_id=nan.id, arrived_on=MONDAY - DAY))
    elm.db.refresh(nan)

    assert one(elm, "nan").targets


def test_they_have_a_small_group_a_neighbour_and_a_choice(elm: CommunityBuilder) -> None:
    nan = one(elm, "nan")
    domains = {row.id: row.domains for row in problem(elm).document.activities}

    assert nan.targets == (exchange.Target(domain=SMALL_GROUP, min=1, weight=4),)
    assert nan.sessions.min == 3
    assert neighbours(elm) == {frozenset(("nan", "ada")), frozenset(("nan", "ben"))}
    small = {key for key, row in elm.activities.items() if SMALL_GROUP in domains[row.id]}
    assert small == {"chess"}


def test_a_group_for_eight_is_small_though_more_are_asked(elm: CommunityBuilder) -> None:
    elm.db.get_one(CommunitySettings, elm.id).expected_turnout = 50
    most = {row.id: row for row in problem(elm).document.activities}
    chess = most[elm.activities["chess"].id]

    assert chess.max_group > 8
    assert SMALL_GROUP in chess.domains


def test_others_are_as_they_were(elm: CommunityBuilder) -> None:
    ada = one(elm, "ada")
    assert (ada.targets, ada.sessions.min) == ((), 0)

    elm.residents["nan"].arrived_on = MONDAY - 28 * DAY
    assert all(SMALL_GROUP not in row.domains for row in problem(elm).document.activities)


def test_what_they_said_comes_first(elm: CommunityBuilder) -> None:
    nan = elm.residents["nan"]
    nan.sessions_max = 2
    assert one(elm, "nan").sessions == exchange.WishBounds(min=2, max=2)

    nan.sessions_max, nan.sessions_min = None, 5
    assert one(elm, "nan").sessions.min == 5

    nan.sessions_max = 0
    assert (one(elm, "nan").targets, one(elm, "nan").sessions.min, neighbours(elm)) == ((), 0, set())


def test_of_a_part_of_a_week_it_is_that_part(elm: CommunityBuilder) -> None:
    elm.residents["nan"].arrived_on = MONDAY + 4 * DAY  # three days of seven

    assert one(elm, "nan").sessions.min == 1


def test_known_ties_stay_as_they_are_and_nobody_becomes_familiar(elm: CommunityBuilder) -> None:
    elm.tie(elm.residents["nan"], elm.residents["ada"], None)
    elm.residents["ben"].needs_familiar = True

    [tie] = problem(elm).document.ties
    assert tie.apart
    assert {tie.a, tie.b} == {elm.residents["nan"].id, elm.residents["ada"].id}


def test_it_is_told_as_that_and_never_as_somebody_they_like(elm: CommunityBuilder) -> None:
    source = problem(elm)
    session = exchange.Session(
        id="s1",
        activity=elm.activities["chess"].id,
        day=1,
        start="10:00",
        space=elm.spaces["lounge"].id,
        facilitators=(elm.facilitators["finn"].id,),
        residents=tuple(sorted(elm.residents[name].id for name in ("ada", "nan"))),
    )

    [content] = contents_of(source, (session,), "run")
    reasons = {place.resident_id: place.reasons for place in content.places}
    codes = {reason.code for each in reasons.values() for reason in each}

    assert Reason("new", 1) in reasons[elm.residents["nan"].id]
    assert not codes & {"company", "aim"}
