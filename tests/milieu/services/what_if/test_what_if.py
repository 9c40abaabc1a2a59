"""What if something were otherwise: planned beside the week, equal to what the referee counts, taken over or not."""

from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from milieu.database import Engines, reading, retrying
from milieu.errors import Conflict, Invalid
from milieu.models import Plan, PlanEdit, Run, SpaceClosure
from milieu.services.teller import Teller
from milieu.services.weeks.plans.planning import execute_next_run
from milieu.services.what_if import WHAT_IF
from milieu.services.what_if.asking import request_what_if, week_beside
from milieu.services.what_if.comparing import Comparison, Scenario, compare_scenarios
from milieu.services.what_if.finding import find_what_if, supposed_problem
from milieu.services.what_if.supposing import AWAY, CLOSED, COMES, EVENINGS, KINDS, OUTBREAK, RAIN, TIES, Supposed
from milieu.services.what_if.taking import take_parts, take_whole
from milieu.solving.answer.checking import Checked, check_week
from milieu.solving.contents import SessionContent, read_plan
from milieu.solving.problem.document import ProblemSource
from solver.documents.exchange import OF_CHANGES, ScheduleDocument, write_schedule
from tests.milieu.builders import MONDAY
from tests.milieu.weeks import FRIDAY, SETTINGS, Flow, quick, small_flow
from tests.referees import Referee, needs_referee

pytestmark = pytest.mark.slow(0.7)

DAYS = tuple(MONDAY + timedelta(days=day) for day in range(7))


@pytest.fixture
def flow(engines: Engines) -> Flow:
    """A draft of next week; it is Friday."""
    made = small_flow(engines)
    made.plan(MONDAY)
    return made


def supposed(flow: Flow, kind: str) -> Supposed:
    of = {
        CLOSED: flow.elm.spaces["lounge"].id,
        AWAY: flow.elm.facilitators["finn"].id,
        COMES: flow.elm.facilitators["gita"].id,
        OUTBREAK: flow.elm.groups["garden"].id,
    }
    days = {AWAY: DAYS[:2], COMES: DAYS[4:5], EVENINGS: DAYS[1:3]}.get(kind, DAYS)
    hours = (1080, 1200) if kind == COMES else (0, 1440)
    return Supposed(kind, of.get(kind, ""), days, *hours)


def ask(flow: Flow, kind: str = CLOSED) -> str:
    one = supposed(flow, kind)
    return retrying(flow.engines, lambda db: request_what_if(db, flow.id, MONDAY, one, by=None, now=FRIDAY))


def execute(flow: Flow) -> bool:
    return execute_next_run(flow.engines, SETTINGS, flow.clock, child=quick(), others={WHAT_IF: find_what_if})


def compare(flow: Flow) -> Comparison:
    with reading(flow.engines) as db:
        return compare_scenarios(db, flow.id, MONDAY, FRIDAY)


def found(flow: Flow, kind: str = CLOSED) -> Scenario:
    ask(flow, kind)
    assert execute(flow)
    return compare(flow).scenarios[0]


def draft(flow: Flow) -> Plan:
    with reading(flow.engines) as db:
        return db.scalars(select(Plan).where(Plan.state == "draft")).one()


def sessions(flow: Flow, plan_id: str) -> dict[str, SessionContent]:
    with reading(flow.engines) as db:
        return {each.ref: each for each in read_plan(db, db.get_one(Plan, (flow.id, plan_id)))}


def both(flow: Flow, scenario: Scenario) -> tuple[ProblemSource, Checked, Checked]:
    """The scenario's own problem, and the week beside and the scenario as it reads them."""
    with reading(flow.engines) as db:
        _which, beside = week_beside(db, flow.id, MONDAY)
        source = supposed_problem(db, db.get_one(Run, (flow.id, scenario.run_id)), beside, FRIDAY)
    return source, check_week(source, beside), check_week(source, sessions(flow, scenario.plan_id).values())


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != RAIN])
def test_a_scenario_keeps_every_rule_of_what_it_supposes_and_leaves_the_week_alone(flow: Flow, kind: str) -> None:
    before = draft(flow)

    scenario = found(flow, kind)

    assert scenario.state == "done", (scenario.message, scenario.because)
    assert both(flow, scenario)[2].breaches == ()
    assert (draft(flow).id, draft(flow).version) == (before.id, before.version)
    with reading(flow.engines) as db:
        assert db.query(SpaceClosure).count() == 0
    if kind == CLOSED:
        lounge = flow.elm.spaces["lounge"].id
        assert lounge not in {each.space_id for each in sessions(flow, scenario.plan_id).values()}
    if kind == AWAY:
        led = [each for each in sessions(flow, scenario.plan_id).values() if each.on_date in DAYS[:2]]
        assert flow.elm.facilitators["finn"].id not in {who for each in led for who in each.facilitators}


def test_its_figures_are_what_can_be_counted_from_the_two_weeks(flow: Flow) -> None:
    scenario = found(flow)
    was, now = sessions(flow, draft(flow).id), sessions(flow, scenario.plan_id)

    assert {part.ref for part in scenario.parts} == {
        ref for ref in was.keys() | now.keys() if _face(was.get(ref)) != _face(now.get(ref))
    }
    assert scenario.figures is not None
    counts = Counter(who for each in now.values() for who in each.residents)
    assert scenario.figures.invitations == sum(counts.values())
    assert sum(scenario.figures.domains.values()) == scenario.figures.groups == len(now)
    minutes = Counter[str]()
    for each in now.values():
        for who in each.facilitators:
            minutes[who] += each.end_minute - each.start_minute
    assert scenario.figures.minutes == dict(minutes)
    # of a session whose space is closed everybody is told otherwise: it moves, or it is gone
    moved = {who for ref, each in was.items() if _place(each) != _place(now.get(ref)) for who in each.residents}
    assert moved <= {who.id for who in scenario.told}


@needs_referee
@pytest.mark.parametrize("kind", [TIES, COMES, CLOSED])
def test_the_difference_is_the_referees(flow: Flow, referee: Referee, tmp_path: Path, kind: str) -> None:
    scenario = found(flow, kind)
    source, *weeks = both(flow, scenario)
    (tmp_path / "problem.json").write_bytes(source.raw)
    terms = []
    for checked in weeks:
        document = ScheduleDocument(
            problem=source.digest,
            status="feasible",
            objective=checked.objective,
            bound=None,
            sessions=checked.sessions,
            terms=checked.terms,
        )
        (tmp_path / "schedule.json").write_bytes(write_schedule(document))
        verdict = referee.judge(tmp_path / "problem.json", tmp_path / "schedule.json")
        assert verdict.terms is not None
        terms.append(verdict.terms)

    before, after = terms
    difference = {name: after[name] - before[name] for name in after if name not in OF_CHANGES}
    assert scenario.terms == {name: amount for name, amount in difference.items() if amount}
    assert scenario.gain == sum(difference.values())


def test_taken_over_whole_it_is_the_draft_and_the_other_is_set_aside(flow: Flow) -> None:
    scenario, before = found(flow), draft(flow)
    teller = Teller(flow.id, None, FRIDAY)

    with pytest.raises(Conflict, match="Somebody else has changed this draft"):
        retrying(flow.engines, lambda db: take_whole(db, teller, scenario.run_id, before.version + 1))
    retrying(flow.engines, lambda db: take_whole(db, teller, scenario.run_id, before.version))

    assert draft(flow).id != before.id
    assert {ref: _face(each) for ref, each in sessions(flow, draft(flow).id).items()} == {
        ref: _face(each) for ref, each in sessions(flow, scenario.plan_id).items()
    }
    with reading(flow.engines) as db:
        assert db.get_one(Plan, (flow.id, before.id)).state == "set aside"


def test_taken_over_in_parts_each_part_is_a_change_by_hand(flow: Flow) -> None:
    scenario, before = found(flow), draft(flow)
    teller, refs = Teller(flow.id, None, FRIDAY), [part.ref for part in scenario.parts]

    count = retrying(
        flow.engines,
        lambda db: take_parts(db, teller, scenario.run_id, before.version, refs, on_purpose=True),
    )

    assert count == len(refs) > 0
    assert draft(flow).id == before.id
    assert {ref: _face(each) for ref, each in sessions(flow, before.id).items()} == {
        ref: _face(each) for ref, each in sessions(flow, scenario.plan_id).items()
    }
    with reading(flow.engines) as db:
        assert db.query(PlanEdit).count() == count
    assert compare(flow).scenarios[0].parts == ()


def test_what_cannot_be_supposed_is_refused(flow: Flow) -> None:
    for one in (
        Supposed(CLOSED, "nowhere", DAYS),
        Supposed(AWAY, "nobody", DAYS),
        Supposed(OUTBREAK, "none"),
        Supposed(RAIN, "", DAYS),  # nothing here is held outdoors that has a twin
        Supposed(CLOSED, flow.elm.spaces["lounge"].id, ()),
        Supposed(CLOSED, flow.elm.spaces["lounge"].id, (MONDAY + timedelta(days=7),)),
    ):
        with pytest.raises(Invalid):
            retrying(flow.engines, lambda db, one=one: request_what_if(db, flow.id, MONDAY, one, by=None, now=FRIDAY))
    later = MONDAY + timedelta(days=7)
    with pytest.raises(Conflict, match="nothing to compare with"):
        retrying(flow.engines, lambda db: request_what_if(db, flow.id, later, Supposed(TIES), by=None, now=FRIDAY))


def _face(session: SessionContent | None) -> object:
    return None if session is None else (*_place(session), session.facilitators, session.residents)  # type: ignore[misc]


def _place(session: SessionContent | None) -> object:
    return None if session is None else (session.on_date, session.start_minute, session.space_id)
