"""A week planned again around what stands: outside the part nothing may change, inside anything may."""

from dataclasses import replace
from datetime import timedelta

import pytest

from milieu.database import Engines, reading, retrying
from milieu.models import Plan
from milieu.services.weeks.plans.again import NEARNESS, Again, Only, around, read_again
from milieu.services.weeks.plans.planning import request_run
from milieu.solving.answer.checking import check_week
from milieu.solving.contents import Place, SessionContent, read_plan
from milieu.solving.problem.document import ProblemSource, make_problem
from solver.documents.exchange import OF_CHANGES
from tests.milieu.builders import MONDAY
from tests.milieu.weeks import FRIDAY, Flow, small_flow, solver
from tests.patience import PROVING

TUESDAY = MONDAY + timedelta(days=1)


@pytest.fixture
def flow(engines: Engines) -> Flow:
    """A draft of next week; it is Friday."""
    made = small_flow(engines)
    made.plan(MONDAY)
    return made


def drafted(flow: Flow) -> tuple[ProblemSource, tuple[SessionContent, ...]]:
    with reading(flow.engines) as db:
        plan = db.query(Plan).filter(Plan.state == "draft").one()
        return make_problem(db, flow.id, MONDAY, FRIDAY, repair=False), read_plan(db, plan)


def broken(source: ProblemSource, sessions: list[SessionContent]) -> bool:
    return bool(check_week(source, sessions).breaches)


def test_outside_the_part_nobody_comes_or_goes_and_nothing_moves(flow: Flow) -> None:
    plain, sessions = drafted(flow)
    one, day = sessions[0], sessions[0].on_date
    others = [each for each in sessions if each.ref != one.ref]
    elsewhere = Only(days=tuple(each for each in plain.week.days if each != day))
    fixed = around(plain, sessions, Again(only=elsewhere))
    outside = next(who for who in plain.rows.residents if who not in one.residents)

    assert not broken(fixed, list(sessions))
    assert broken(fixed, others)
    assert broken(fixed, [*others, replace(one, places=one.places[1:])])
    assert broken(fixed, [*others, replace(one, places=(*one.places, Place(outside)))])
    assert broken(fixed, [*others, replace(one, start_minute=one.start_minute + 15, end_minute=one.end_minute + 15)])
    assert broken(fixed, [*sessions, replace(one, ref="one-more", start_minute=1140, end_minute=1185, places=())])


def test_inside_the_part_what_the_rules_allow_is_allowed(flow: Flow) -> None:
    plain, sessions = drafted(flow)
    one = next(each for each in sessions if len(each.places) > 1)
    others = [each for each in sessions if each.ref != one.ref]
    fewer = [*others, replace(one, places=one.places[1:])]
    assert not broken(plain, fewer)

    for only in (Only(days=(one.on_date,)), Only(spaces=(one.space_id,)), Only(people=(one.places[0].resident_id,))):
        assert not broken(around(plain, sessions, Again(only=only)), fewer), only
    somebody_else = Only(people=(one.places[1].resident_id,))
    assert broken(around(plain, sessions, Again(only=somebody_else)), fewer)
    with_people = around(plain, sessions, Again(only=Only(people=one.residents)))
    assert broken(with_people, others)  # with people no session goes


def test_what_the_facts_stand_against_is_free_to_change(flow: Flow) -> None:
    plain, sessions = drafted(flow)
    one = sessions[0]
    moved = [replace(each, start_minute=180, end_minute=225) if each.ref == one.ref else each for each in sessions]
    assert broken(plain, moved)
    only = Only(days=tuple(day for day in plain.week.days if day != one.on_date))

    assert not broken(around(plain, moved, Again(only=only)), list(sessions))


def test_the_nearer_the_dearer_a_change_and_the_best_costs_nothing(flow: Flow) -> None:
    plain, sessions = drafted(flow)
    fewer = sessions[1:]
    costs = []
    for nearness in range(len(NEARNESS)):
        terms = check_week(around(plain, sessions, Again(nearness)), fewer).terms
        costs.append(-sum(terms[name] for name in OF_CHANGES))

    assert costs[0] == 0
    assert costs == sorted(costs)
    assert len(set(costs)) == len(costs)


@pytest.mark.slow(5)
def test_planned_again_in_part_the_rest_is_as_it_was(flow: Flow) -> None:
    _plain, before = drafted(flow)
    day = before[0].on_date
    again = Again(1, Only(days=(day,)))
    assert read_again(again.as_json()) == again
    run_id = retrying(
        flow.engines,
        lambda db: request_run(db, flow.id, MONDAY, by=None, now=FRIDAY, seconds=int(PROVING), again=again),
    )

    assert flow.execute(solver())

    assert flow.run(run_id).state == "done"
    _plain, after = drafted(flow)
    rest = [[_face(each) for each in week if each.on_date != day] for week in (before, after)]
    assert rest[0] == rest[1]


def _face(session: SessionContent) -> object:
    return (
        session.ref,
        session.on_date,
        session.start_minute,
        session.space_id,
        session.facilitators,
        session.residents,
    )
