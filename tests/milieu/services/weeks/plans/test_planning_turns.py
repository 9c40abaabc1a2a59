"""Many communities on one installation: nobody's many weeks make the others wait."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from milieu.database import Engines, make_engines, unit_of_work
from milieu.errors import Conflict
from milieu.services.weeks.plans.planning import MOST_OPEN_RUNS, request_run
from tests.milieu.builders import MONDAY, small_community
from tests.milieu.weeks import FRIDAY, Flow, crashing, small_flow

WEEKS = [MONDAY + timedelta(days=7 * number) for number in range(60)]


@pytest.fixture
def flow(engines: Engines) -> Flow:
    return small_flow(engines)


@pytest.fixture
def lite(sqlite_url: str) -> Iterator[Flow]:
    """On SQLite alone, where the database makes no difference."""
    engines = make_engines(sqlite_url)
    yield small_flow(engines)
    engines.dispose()


def neighbour(flow: Flow, key: str) -> Flow:
    """Another community on the same database, by the same clock."""
    with unit_of_work(flow.engines) as db:
        return Flow(flow.engines, small_community(db, key), flow.clock)


def ask(flow: Flow, count: int) -> list[str]:
    """Ask for so many weeks, one a second; the runs."""
    asked = []
    for week in WEEKS[:count]:
        flow.clock.advance(seconds=1)
        asked.append(flow.request(week))
    return asked


def begun(flow: Flow) -> list[str]:
    """The ids of the runs in the order in which they are begun, each a minute after the one before."""
    order: list[str] = []
    while True:
        flow.clock.advance(minutes=1)
        if not flow.execute(crashing()):
            return order
        [last] = [run.id for run in flow.runs() if run.started_at == flow.clock.now()]
        order.append(last)


def test_communities_take_turns_however_many_weeks_one_asks_for(flow: Flow) -> None:
    many = ask(flow, 4)
    few = ask(neighbour(flow, "oak"), 2)

    assert begun(flow) == [many[0], few[0], many[1], few[1], many[2], many[3]]


def test_who_comes_last_waits_for_one_run_at_most(lite: Flow) -> None:
    ask(lite, 3)
    lite.clock.advance(minutes=1)
    lite.execute(crashing())
    late = neighbour(lite, "oak").request(WEEKS[0])

    assert begun(lite)[0] == late


def test_at_most_so_many_weeks_of_a_community_wait_at_a_time(flow: Flow) -> None:
    asked = ask(flow, MOST_OPEN_RUNS)

    with pytest.raises(Conflict, match="4 weeks are being planned or wait for it already"):
        flow.request(WEEKS[MOST_OPEN_RUNS])

    assert flow.request(WEEKS[0]) == asked[0]  # what waits is still led to
    assert neighbour(flow, "oak").request(WEEKS[MOST_OPEN_RUNS])
    flow.execute(crashing())
    assert flow.request(WEEKS[MOST_OPEN_RUNS])


def test_weeks_can_be_planned_for_up_to_a_year(lite: Flow) -> None:
    assert lite.request(WEEKS[51])  # Monday 22 November of the next year; it is Friday 27 November

    with pytest.raises(Conflict, match="more than a year away"):
        lite.request(WEEKS[52])

    with unit_of_work(lite.engines) as db, pytest.raises(Conflict, match="more than a year away"):
        request_run(db, lite.id, WEEKS[0].replace(year=9999, month=12, day=27), by=None, now=FRIDAY)
