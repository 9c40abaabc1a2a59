"""A week's drafts: the better one stays, the other is set aside, and what is set aside can be taken back."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from milieu.database import Engines, make_engines, reading, unit_of_work
from milieu.errors import Conflict, NotFound
from milieu.models import Absence, Change, Plan, Run
from milieu.queries.week.drafts import count_set_aside, show_drafts
from milieu.queries.week.runs import find_run
from milieu.services.weeks.plans.drafts import take_back, weigh_all
from milieu.services.weeks.publishing import look_ahead
from milieu.solving.problem.document import make_problem
from solver.documents import exchange
from solver.model import check
from tests.milieu.builders import MONDAY
from tests.milieu.weeks import FRIDAY, Flow, answering, small_flow

pytestmark = pytest.mark.slow(0.6)


@pytest.fixture
def flow(engines: Engines) -> Flow:
    return small_flow(engines)


@pytest.fixture
def lite(sqlite_url: str) -> Iterator[Flow]:
    """On SQLite alone, where the database makes no difference."""
    engines = make_engines(sqlite_url)
    yield small_flow(engines)
    engines.dispose()


def states(flow: Flow) -> dict[str, str]:
    with reading(flow.engines) as db:
        return {row.id: row.state for row in db.execute(select(Plan.id, Plan.state))}


def plan_poorly(flow: Flow, tmp_path: Path) -> str:
    """Plan again with a search that ends with one session out of all of the draft's; the run."""
    with reading(flow.engines) as db:
        source = make_problem(db, flow.id, MONDAY, flow.clock.now(), repair=False)
        last = db.scalars(select(Run).where(Run.schedule.is_not(None))).first()
    assert last is not None
    whole = exchange.read_schedule((last.schedule or "").encode())
    choir = flow.elm.activities["choir"].id
    few = tuple(row for row in whole.sessions if row.activity == choir)[:1]
    assert not check.broken(source.document, few)
    terms = check.score(source.document, few)
    answer = exchange.ScheduleDocument(
        problem=source.digest, status="feasible", objective=sum(terms.values()), bound=None, sessions=few, terms=terms
    )
    run_id = flow.request()
    assert flow.execute(answering(tmp_path, exchange.write_schedule(answer)))
    return run_id


def back(flow: Flow, plan: Plan, instead_of: str = "", version: int | None = None) -> None:
    with unit_of_work(flow.engines) as db:
        take_back(
            db,
            flow.id,
            plan.id,
            version=plan.version if version is None else version,
            instead_of=instead_of,
            by=None,
            now=flow.clock.now(),
        )


def seen(flow: Flow, plan_id: str) -> Plan:
    with reading(flow.engines) as db:
        return db.get_one(Plan, {"community_id": flow.id, "id": plan_id})


def test_a_poorer_week_never_takes_the_place_of_a_better_draft(flow: Flow, tmp_path: Path) -> None:
    good = flow.plan()
    run = flow.run(plan_poorly(flow, tmp_path))

    assert run.plan_id is not None
    assert states(flow) == {good.id: "draft", run.plan_id: "set aside"}
    with reading(flow.engines) as db:
        shown = find_run(db, flow.id, run.id)
        weighed = weigh_all(db, flow.id, MONDAY, FRIDAY)
        both = show_drafts(db, flow.id, list(weighed))
    assert (shown.is_set_aside, count_set_aside_of(flow)) == (True, 1)
    assert [each.id for each in both] == [good.id, run.plan_id]
    assert (weighed[good.id].objective or 0) > (weighed[run.plan_id].objective or 0) > 0


def count_set_aside_of(flow: Flow) -> int:
    with reading(flow.engines) as db:
        return count_set_aside(db, flow.id, MONDAY)


def test_a_draft_that_breaks_a_rule_by_now_is_replaced_by_any_that_does_not(flow: Flow, tmp_path: Path) -> None:
    good = flow.plan()
    poor = flow.run(plan_poorly(flow, tmp_path)).plan_id
    with unit_of_work(flow.engines) as db:  # nobody can lead chess or a walk any more
        gita = flow.elm.facilitators["gita"].id
        db.add(Absence(community_id=flow.id, facilitator_id=gita, first_date=MONDAY, last_date=MONDAY + timedelta(6)))
    newest = flow.plan()

    assert states(flow) == {good.id: "set aside", poor: "set aside", newest.id: "draft"}


def test_what_is_set_aside_is_taken_back_and_can_be_published(flow: Flow) -> None:
    older, newer = flow.plan(), flow.plan()
    older = seen(flow, older.id)

    back(flow, older, instead_of=newer.id)

    assert states(flow) == {older.id: "draft", newer.id: "set aside"}
    with reading(flow.engines) as db:
        change = db.scalars(select(Change).where(Change.noun == "plan")).one()
        assert look_ahead(db, flow.id, older.id, FRIDAY).because == ()
    assert (change.verb, change.before, change.after) == ("taken back", {"draft": newer.id}, {"draft": older.id})
    assert flow.publish(seen(flow, older.id))
    assert states(flow) == {older.id: "published", newer.id: "set aside"}


def test_what_is_taken_back_is_held_against_todays_facts(lite: Flow) -> None:
    older, newer = lite.plan(), lite.plan()
    with unit_of_work(lite.engines) as db:
        finn = lite.elm.facilitators["finn"].id
        db.add(Absence(community_id=lite.id, facilitator_id=finn, first_date=MONDAY, last_date=MONDAY + timedelta(6)))
    back(lite, seen(lite, older.id), instead_of=newer.id)

    with reading(lite.engines) as db:
        assert any("Finn Made-Up is not there" in each for each in look_ahead(db, lite.id, older.id, FRIDAY).because)
    with pytest.raises(Conflict):
        lite.publish(seen(lite, older.id))


def test_taken_back_twice_is_taken_back_once(lite: Flow) -> None:
    older, newer = lite.plan(), lite.plan()
    older = seen(lite, older.id)
    back(lite, older, instead_of=newer.id)
    back(lite, older, instead_of=newer.id)

    assert states(lite) == {older.id: "draft", newer.id: "set aside"}


def test_two_directors_do_not_undo_each_other_unseen(lite: Flow) -> None:
    first, second, third = lite.plan(), lite.plan(), lite.plan()
    first, second = seen(lite, first.id), seen(lite, second.id)
    back(lite, first, instead_of=third.id)

    with pytest.raises(Conflict, match="Another draft has been made"):
        back(lite, second, instead_of=third.id)
    with pytest.raises(Conflict, match="not as it was"):
        back(lite, second, instead_of=first.id, version=second.version + 1)

    assert states(lite) == {first.id: "draft", second.id: "set aside", third.id: "set aside"}


def test_without_a_draft_one_is_taken_back_all_the_same(lite: Flow) -> None:
    older, newer = lite.plan(), lite.plan()
    lite.publish(seen(lite, newer.id))
    back(lite, seen(lite, older.id))

    assert states(lite) == {older.id: "draft", newer.id: "published"}


def test_what_was_published_what_is_foreign_and_what_is_over_is_not_taken_back(lite: Flow) -> None:
    older, newer = lite.plan(), lite.plan()
    lite.publish(seen(lite, newer.id))
    with unit_of_work(lite.engines) as db, pytest.raises(NotFound):
        take_back(db, "another community", older.id, version=1, instead_of="", by=None, now=FRIDAY)
    with pytest.raises(NotFound):
        back(lite, Plan(id="nothing", version=1))
    with pytest.raises(Conflict):
        back(lite, seen(lite, newer.id))
    lite.at(FRIDAY + timedelta(days=20))
    with pytest.raises(Conflict, match="over"):
        back(lite, seen(lite, older.id))


def test_drafts_are_shown_the_present_one_first_then_the_newest(lite: Flow) -> None:
    plans = [lite.plan() for _ in range(3)]
    with unit_of_work(lite.engines) as db:
        for number, plan in enumerate(plans):
            at = FRIDAY + timedelta(minutes=number)
            db.execute(update(Plan).where(Plan.id == plan.id).values(created_at=at))
        db.execute(update(Run).where(Run.plan_id == plans[0].id).values(state="stopped"))
    with reading(lite.engines) as db:
        shown = show_drafts(db, lite.id, [plan.id for plan in plans])

    assert [each.id for each in shown] == [plans[2].id, plans[1].id, plans[0].id]
    assert [each.is_set_aside for each in shown] == [False, True, True]
    assert [each.was_stopped for each in shown] == [False, False, True]
    assert all(each.groups > 0 and each.visits == 0 and 0 < each.people <= 6 for each in shown)
