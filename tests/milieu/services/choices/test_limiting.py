"""How far the clock goes by itself: above the limit a person is asked, and rights hold all the same."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from milieu.coordination import ledger
from milieu.coordination.due import Duty
from milieu.database import DbSession, Engines, reading, retrying, unit_of_work
from milieu.errors import Invalid
from milieu.models import Absence, Change, LedgerEntry, Publication, Refusal, Run
from milieu.queries.published.freshness import freshness
from milieu.queries.week.choices import waiting_choices
from milieu.services.choices import CHOICES
from milieu.services.choices.finding import find_choices
from milieu.services.choices.limiting import limit_clock, told_at_most
from milieu.services.republishing import Outcome, repair_day
from milieu.services.teller import Teller
from milieu.services.weeks.plans.planning import execute_next_run
from milieu.solving.contents import SessionContent
from tests.milieu.builders import MONDAY
from tests.milieu.weeks import FENCE, SETTINGS, WEDNESDAY, Flow, quick, small_flow

pytestmark = pytest.mark.slow(0.6)

DAY = timedelta(days=1)
TODAY = WEDNESDAY.date()


@pytest.fixture
def flow(engines: Engines) -> Flow:
    made = small_flow(engines)
    made.publish_week()
    return made.at(WEDNESDAY)


def limit(flow: Flow, most: int | None) -> None:
    retrying(flow.engines, lambda db: limit_clock(db, Teller(flow.id, None, WEDNESDAY), most))


def away(flow: Flow) -> None:
    with unit_of_work(flow.engines) as db:
        ids = {"community_id": flow.id, "facilitator_id": flow.elm.facilitators["finn"].id}
        db.add(Absence(**ids, first_date=TODAY, last_date=MONDAY + 6 * DAY))


def repair(flow: Flow) -> Outcome:
    def claim(db: DbSession) -> bool:
        return ledger.claim(db, flow.id, TODAY, due_at=flow.clock.now(), fence=FENCE, now=flow.clock.now())

    retrying(flow.engines, claim)
    return repair_day(flow.engines, Duty(flow.id, TODAY, WEDNESDAY, FENCE), SETTINGS, flow.clock, child=quick())


def count(flow: Flow) -> int:
    with reading(flow.engines) as db:
        return len(db.scalars(select(Publication)).all())


def test_above_the_limit_a_person_is_asked_and_nothing_is_published(flow: Flow) -> None:
    limit(flow, 0)
    away(flow)

    outcome = repair(flow)

    assert (outcome.state, count(flow)) == ("asked", 1)
    assert outcome.message.endswith(
        "would be told otherwise, more than the clock may tell by itself. A person decides."
    )
    with reading(flow.engines) as db:
        assert [(each.week_start, each.is_open) for each in waiting_choices(db, flow.id, TODAY)] == [(MONDAY, True)]
        assert db.scalars(select(Run.state).where(Run.kind == "repair")).one() == "stopped"
    assert execute_next_run(flow.engines, SETTINGS, flow.clock, child=quick(), others={CHOICES: find_choices})
    with reading(flow.engines) as db:
        assert [each.is_open for each in waiting_choices(db, flow.id, TODAY)] == [False]


def test_the_day_says_that_somebody_is_asked_and_the_next_morning_asks_again(flow: Flow) -> None:
    limit(flow, 0)
    away(flow)
    outcome = repair(flow)

    def settle(db: DbSession) -> None:
        ledger.finish(db, flow.id, TODAY, state=outcome.state, fence=FENCE, now=WEDNESDAY, message=outcome.message)

    retrying(flow.engines, settle)

    with reading(flow.engines) as db:
        assert db.scalars(select(LedgerEntry.state)).one() == "asked"
        fresh = freshness(db, flow.id, TODAY, TODAY, WEDNESDAY + timedelta(hours=1))
    assert fresh is not None
    assert (fresh.check, fresh.is_stale) == ("asked", True)
    assert repair(flow).state == "asked"


@pytest.mark.parametrize("most", [None, 999])
def test_within_the_limit_the_clock_mends(flow: Flow, most: int | None) -> None:
    limit(flow, most)
    away(flow)

    assert (repair(flow).state, count(flow)) == ("published", 2)


def test_a_no_holds_though_a_person_is_asked_for_the_rest(flow: Flow) -> None:
    limit(flow, 0)
    away(flow)
    before = flow.sessions()
    ref, session = next((ref, each) for ref, each in before.items() if each.on_date > TODAY)
    who = session.residents[0]
    with unit_of_work(flow.engines) as db:
        db.add(Refusal(community_id=flow.id, resident_id=who, activity_id=session.activity_id, said_on=TODAY))

    assert repair(flow).state == "asked"

    def invited(week: dict[str, SessionContent]) -> dict[str, set[str]]:
        return {key: set(each.residents) for key, each in week.items()}

    same = {key for key, each in before.items() if each.activity_id == session.activity_id and each.on_date >= TODAY}
    assert ref in same
    assert invited(flow.sessions()) == {
        key: people - {who} if key in same else people for key, people in invited(before).items()
    }


@pytest.mark.parametrize("most", [-1, 1000])
def test_a_limit_that_is_none_is_refused(flow: Flow, most: int) -> None:
    with pytest.raises(Invalid) as refused:
        limit(flow, most)

    assert refused.value.at == "most"


def test_a_limit_is_kept_with_who_set_it(flow: Flow) -> None:
    limit(flow, 5)
    limit(flow, 5)

    with reading(flow.engines) as db:
        assert told_at_most(db, flow.id) == 5
        line = db.scalars(select(Change).where(Change.verb == "set", Change.noun == "settings")).one()
    assert (line.before, line.after) == ({"told_at_most": None}, {"told_at_most": 5})
