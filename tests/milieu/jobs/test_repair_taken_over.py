"""A scheduler that dies in the middle of a repair: its heir goes on at once, and a living one is not disturbed."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from milieu.coordination import ledger
from milieu.coordination.due import Duty
from milieu.coordination.ledger import FenceLost
from milieu.database import Engines, make_engines, reading, retrying, unit_of_work
from milieu.errors import Busy
from milieu.jobs.daily import do_duty
from milieu.models import Absence, Fence, Lease, LedgerEntry, Publication, Run
from milieu.services.republishing import repair_day, repair_now
from milieu.solving.process.child import ChildResult, SolverChild
from tests.milieu.builders import MONDAY
from tests.milieu.weeks import FENCE, SETTINGS, WEDNESDAY, Flow, quick, small_flow

TODAY = MONDAY + timedelta(days=2)


class Died(BaseException):
    """The process ends here: nothing that it would still do is done."""


class Dying(SolverChild):
    """A solver during which the whole process is killed."""

    def solve(self, *given: Any, **more: Any) -> ChildResult:
        raise Died


@pytest.fixture
def flow(engines: Engines) -> Flow:
    return with_news(small_flow(engines))


@pytest.fixture
def lite(sqlite_url: str) -> Iterator[Flow]:
    engines = make_engines(sqlite_url)
    yield with_news(small_flow(engines))
    engines.dispose()


def with_news(flow: Flow) -> Flow:
    """A published week, and since then nobody who could lead on its last day."""
    flow.publish_week()
    last = max(each.on_date for each in flow.sessions().values())
    with unit_of_work(flow.engines) as db:
        for each in flow.elm.facilitators.values():
            db.add(Absence(community_id=flow.id, facilitator_id=each.id, first_date=last, last_date=last))
    return flow.at(WEDNESDAY)


def do(flow: Flow, child: SolverChild, *, fence: int) -> str:
    """The day's duty under a fence, as the clock does it; the ledger's state afterwards."""
    duty = Duty(flow.id, TODAY, flow.clock.now(), fence)
    repair = partial(repair_day, child=child)
    return do_duty(duty, engines=flow.engines, settings=SETTINGS, clock=flow.clock, repair=repair)


def die_in_the_middle(flow: Flow) -> None:
    with pytest.raises(Died):
        do(flow, Dying(), fence=FENCE)


def take_over(flow: Flow) -> int:
    with unit_of_work(flow.engines) as db:
        db.execute(update(Lease).values(holder="heir"))
        db.execute(update(Fence).values(fence=FENCE + 1))
    return FENCE + 1


@pytest.mark.slow(0.8)
def test_the_heir_goes_on_at_once_and_no_try_is_lost(flow: Flow) -> None:
    die_in_the_middle(flow)
    fence = take_over(flow)
    flow.clock.advance(seconds=2)  # far less than the silence after which a worker counts as dead

    assert do(flow, quick(), fence=fence) == "published"

    with reading(flow.engines) as db:
        entry = db.scalars(select(LedgerEntry)).one()
        runs = db.execute(select(Run.state, Run.fence).where(Run.kind == "repair").order_by(Run.requested_at)).all()
    assert (entry.state, entry.fence, entry.attempts, entry.message) == ("published", fence, 2, entry.message)
    assert "right now" not in entry.message
    assert [tuple(run) for run in runs] == [("failed", FENCE), ("done", fence)]


@pytest.mark.slow(0.8)
def test_who_asks_by_hand_need_not_wait_for_a_dead_one_either(lite: Flow) -> None:
    die_in_the_middle(lite)
    take_over(lite)

    outcome = repair_now(lite.engines, lite.id, MONDAY, settings=SETTINGS, clock=lite.clock, by=None, child=quick())

    assert outcome.state == "published"


def test_a_repair_under_the_fence_that_holds_is_left_alone(lite: Flow) -> None:
    die_in_the_middle(lite)  # for all that the lease tells it may still live

    with pytest.raises(Busy, match="right now"):
        repair_now(lite.engines, lite.id, MONDAY, settings=SETTINGS, clock=lite.clock, by=None, child=quick())


def test_a_repair_that_a_person_asked_for_is_no_heirs_to_end(lite: Flow) -> None:
    with unit_of_work(lite.engines) as db:
        db.execute(delete(Absence))
        db.add(
            Run(
                community_id=lite.id,
                kind="repair",
                state="running",
                week_start=MONDAY,
                open_week="r20261130",
                requested_at=WEDNESDAY,
                heartbeat_at=WEDNESDAY,
                worker="w",
                seconds_limit=9,
                seed=1,
            )
        )
        finn = lite.elm.facilitators["finn"].id
        db.add(Absence(community_id=lite.id, facilitator_id=finn, first_date=TODAY, last_date=TODAY))

    assert do(lite, quick(), fence=take_over(lite)) == "due"


@pytest.mark.slow(0.8)
def test_one_that_was_only_paused_writes_nothing_when_it_comes_back(lite: Flow) -> None:
    class Paused(SolverChild):
        def solve(self, *given: Any, **more: Any) -> ChildResult:
            assert do(lite, quick(), fence=take_over(lite)) == "published"
            return super().solve(*given, **more)

    real = quick()
    retrying(
        lite.engines,
        lambda db: ledger.claim(db, lite.id, TODAY, due_at=WEDNESDAY, fence=FENCE, now=WEDNESDAY),
    )
    with pytest.raises((Busy, FenceLost)):
        repair_day(
            lite.engines,
            Duty(lite.id, TODAY, lite.clock.now(), FENCE),
            SETTINGS,
            lite.clock,
            child=Paused(real.command, beat_seconds=0.05),
        )

    with reading(lite.engines) as db:
        fences = list(db.scalars(select(Publication.fence).order_by(Publication.number)))
    assert fences == [0, FENCE + 1]
