"""What can be done about a fact: found by one run, equal to what can be counted, published once, refused when stale."""

from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from milieu.clock import seconds_passed
from milieu.database import Engines, reading, retrying
from milieu.errors import Conflict, NotFound
from milieu.models import Choice, CommunitySettings, Plan, Publication, PublishedChange, Run, Wish
from milieu.queries.week.choices import waiting_choices
from milieu.reasons import LOVED
from milieu.services.choices import BEST, CHOICES, FEWEST, LEAVE
from milieu.services.choices.asking import request_choices
from milieu.services.choices.comparing import Comparison, compare_choices
from milieu.services.choices.deciding import publish_choice
from milieu.services.choices.finding import find_choices
from milieu.services.facts import telling
from milieu.services.facts.stretch import Stretch
from milieu.services.teller import Teller
from milieu.services.weeks.plans.planning import execute_next_run, request_stop
from milieu.solving.answer.checking import check_week
from milieu.solving.contents import SessionContent, read_plan
from milieu.solving.problem.document import REPAIR_WEIGHTS, make_problem
from milieu.solving.process.child import ChildResult, SolverChild
from solver.documents.exchange import ScheduleDocument, write_schedule
from tests.milieu.builders import MONDAY
from tests.milieu.weeks import SETTINGS, WEDNESDAY, Flow, crashing, quick, small_flow, solver
from tests.referees import Referee, needs_referee

pytestmark = pytest.mark.slow(0.8)

TODAY = WEDNESDAY.date()
SUNDAY = MONDAY + timedelta(days=6)


@pytest.fixture
def flow(engines: Engines) -> Flow:
    """A week that was published on the Friday before; it is Wednesday, half past five."""
    made = small_flow(engines)
    made.publish_week()
    return made.at(WEDNESDAY)


def away(flow: Flow, name: str = "finn") -> None:
    """Somebody who leads is away from today on, and says so."""
    who, teller = flow.elm.facilitators[name].id, Teller(flow.id, None, WEDNESDAY)
    retrying(flow.engines, lambda db: telling.tell_absence(db, teller, who, Stretch(TODAY, SUNDAY)))


def ask(flow: Flow) -> str:
    return retrying(flow.engines, lambda db: request_choices(db, flow.id, MONDAY, by=None, now=flow.clock.now()))


def execute(flow: Flow, child: SolverChild | None = None) -> bool:
    return execute_next_run(flow.engines, SETTINGS, flow.clock, child=child or quick(), others={CHOICES: find_choices})


def compare(flow: Flow) -> Comparison:
    with reading(flow.engines) as db:
        return compare_choices(db, flow.id, MONDAY, flow.clock.now())


def publish(flow: Flow, choice_id: str) -> str:
    return retrying(flow.engines, lambda db: publish_choice(db, flow.id, choice_id, by=None, now=flow.clock.now()))


def contents(flow: Flow, choice_id: str) -> dict[str, SessionContent]:
    with reading(flow.engines) as db:
        choice = db.get_one(Choice, {"community_id": flow.id, "id": choice_id})
        plan = db.get_one(Plan, {"community_id": flow.id, "id": choice.plan_id})
        return {each.ref: each for each in read_plan(db, plan)}


def told_otherwise(before: dict[str, SessionContent], after: dict[str, SessionContent]) -> set[str]:
    """Who is told something else of a session to come, counted from the two weeks alone."""
    told: set[str] = set()
    for ref, was in before.items():
        if was.on_date < TODAY:
            continue
        now = after.get(ref)
        for resident in was.residents:
            place = None if now is None or resident not in now.residents else now
            if place is None or (place.on_date, place.start_minute, place.space_id) != (
                was.on_date,
                was.start_minute,
                was.space_id,
            ):
                told.add(resident)
    return told


def loved(flow: Flow) -> set[tuple[str, str]]:
    with reading(flow.engines) as db:
        wishes = db.scalars(select(Wish).where(Wish.strength >= LOVED)).all()
    return {(each.resident_id, each.activity_id) for each in wishes}


def invitations(week: dict[str, SessionContent]) -> Counter[tuple[str, str]]:
    return Counter((who, each.activity_id) for each in week.values() if each.on_date >= TODAY for who in each.residents)


def test_three_choices_say_what_can_be_counted_from_their_weeks(flow: Flow) -> None:
    away(flow)
    ask(flow)
    assert execute(flow)

    found, before = compare(flow), flow.sessions()
    assert [each.kind for each in found.choices] == [LEAVE, FEWEST, BEST]
    assert not found.is_open
    finn = flow.elm.facilitators["finn"].id
    led = {ref for ref, each in before.items() if finn in each.facilitators and each.on_date >= TODAY}
    assert {each.session.ref for each in found.standing} == led
    assert led
    for choice in found.choices:
        after = contents(flow, choice.id)
        assert choice.told == len(told_otherwise(before, after))
        was, now = invitations(before), invitations(after)
        assert {(each.resident_id, each.title) for each in choice.loses} == {
            (who, next(row.name for row in flow.elm.activities.values() if row.id == what))
            for who, what in loved(flow)
            if now[who, what] < was[who, what]
        }
        assert not any(finn in each.facilitators for each in after.values() if each.on_date >= TODAY)
        past = {ref: each for ref, each in before.items() if each.on_date < TODAY}
        assert {ref: each for ref, each in after.items() if each.on_date < TODAY} == past
    leave, fewest, _best = found.choices
    assert {each.ref for each in leave.changes.sessions} == led
    assert {each.kind for each in leave.changes.sessions} == {"cancelled"}
    assert fewest.told <= leave.told


def test_the_solver_itself_finds_them_and_the_best_is_worth_no_less(flow: Flow) -> None:
    retrying(flow.engines, lambda db: setattr(db.get_one(CommunitySettings, flow.id), "repair_seconds", 12))
    away(flow)
    run_id = ask(flow)
    assert execute(flow, solver())

    assert flow.run(run_id).state == "done"
    with reading(flow.engines) as db:
        rows = db.execute(
            select(Choice.kind, Plan.objective).join(Plan, Plan.id == Choice.plan_id).where(Choice.run_id == run_id)
        )
        worth = {row.kind: row.objective for row in rows}
    assert worth[BEST] >= worth[FEWEST]
    told = {each.kind: each.told for each in compare(flow).choices}
    assert told[FEWEST] <= told[BEST]
    assert told[FEWEST] <= told[LEAVE]


@needs_referee
def test_the_referee_counts_the_same_changes_of_each_choice(flow: Flow, referee: Referee, tmp_path: Path) -> None:
    away(flow)
    ask(flow)
    execute(flow)
    with reading(flow.engines) as db:
        source = make_problem(db, flow.id, MONDAY, WEDNESDAY, repair=True)
    (tmp_path / "problem.json").write_bytes(source.raw)
    for choice in compare(flow).choices:
        checked = check_week(source, contents(flow, choice.id).values())
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

        assert verdict.terms == checked.terms
        counts = choice.changes.counts
        told = {"cancel": "cancelled", "move": "moved", "relocate": "relocated", "drop": "withdrawn"}
        assert {name: verdict.terms[name] for name in told} == {
            name: -REPAIR_WEIGHTS[name] * counts[kind] for name, kind in told.items()
        }
        if choice.kind != LEAVE:
            assert verdict.broken == ()


def test_a_choice_is_published_once_as_a_repair_that_keeps_the_fact(flow: Flow) -> None:
    away(flow)
    ask(flow)
    execute(flow)
    fewest = compare(flow).choices[1]

    first, again = publish(flow, fewest.id), publish(flow, fewest.id)

    assert first == again
    published = flow.published()
    assert (published.publication.id, published.publication.kind) == (first, "repair")
    assert {each.ref: each.residents for each in published.sessions} == {
        ref: each.residents for ref, each in contents(flow, fewest.id).items()
    }
    with reading(flow.engines) as db:
        kept = db.scalars(select(PublishedChange).where(PublishedChange.publication_id == first)).all()
    assert kept
    assert any(cause["kind"] == "staff" for each in kept for cause in (each.because or {})["causes"])
    assert compare(flow).published == FEWEST


def test_a_choice_of_a_week_that_was_published_anew_is_refused(flow: Flow) -> None:
    away(flow)
    ask(flow)
    execute(flow)
    leave, fewest, _best = compare(flow).choices
    publish(flow, leave.id)

    with pytest.raises(Conflict, match="published anew"):
        publish(flow, fewest.id)

    assert compare(flow).is_overtaken
    assert flow.published().publication.plan_id != fewest.id
    with pytest.raises(NotFound):
        publish(flow, "nothing")


def test_a_choice_that_another_fact_stands_against_by_now_is_refused_and_told(flow: Flow) -> None:
    away(flow)
    ask(flow)
    execute(flow)
    fewest = compare(flow).choices[1]
    away(flow, "gita")

    with pytest.raises(Conflict, match="cannot be held any more") as refused:
        publish(flow, fewest.id)

    assert any("Gita Made-Up is not there" in each for each in refused.value.because)
    found = compare(flow)
    assert found.is_older
    assert not found.choices[1].can_be_held


def test_another_fact_while_they_are_found_begins_anew(flow: Flow) -> None:
    away(flow)
    first = ask(flow)
    assert ask(flow) == first  # it waits: it will go by the facts of when it begins

    class Told(SolverChild):
        def solve(self, *given: object, **more: object) -> object:  # type: ignore[override]
            flow.clock.advance(seconds=1)
            ask(flow)
            return quick().solve(*given, **more)  # type: ignore[arg-type]

    execute(flow, Told())

    assert flow.run(first).state == "stopped"
    with reading(flow.engines) as db:
        runs = db.scalars(select(Run).where(Run.kind == CHOICES).order_by(Run.requested_at, Run.id)).all()
        assert sorted(each.state for each in runs) == ["queued", "stopped"]
        assert [each.kind for each in db.scalars(select(Choice).where(Choice.run_id == first))] == [LEAVE]
    assert execute(flow)
    assert len(compare(flow).choices) == 3


def test_where_the_solver_fails_what_can_be_left_is_there_all_the_same(flow: Flow) -> None:
    away(flow)
    run_id = ask(flow)
    execute(flow, crashing())

    found = compare(flow)
    assert flow.run(run_id).state == "failed"
    assert [each.kind for each in found.choices] == [LEAVE]
    assert found.message.endswith("What is published stands as it is.")
    publish(flow, found.choices[0].id)
    assert flow.published().publication.kind == "repair"


def test_asked_to_stop_before_it_began_it_has_nothing(flow: Flow) -> None:
    away(flow)
    run_id = ask(flow)
    retrying(flow.engines, lambda db: request_stop(db, flow.id, run_id, now=WEDNESDAY))

    assert not execute(flow)
    assert compare(flow).choices == ()


def test_nothing_is_asked_of_a_week_that_is_not_published_or_is_over(flow: Flow) -> None:
    def request(week_offset: int) -> str:
        week = MONDAY + timedelta(weeks=week_offset)
        return retrying(flow.engines, lambda db: request_choices(db, flow.id, week, by=None, now=WEDNESDAY))

    with pytest.raises(Conflict, match="Nothing is published"):
        request(1)
    with pytest.raises(Conflict, match="over"):
        request(-1)


def test_a_week_waits_until_one_is_published(flow: Flow) -> None:
    def waiting() -> list[tuple[bool]]:
        with reading(flow.engines) as db:
            return [(each.is_open,) for each in waiting_choices(db, flow.id, TODAY)]

    assert waiting() == []
    away(flow)
    ask(flow)
    assert waiting() == [(True,)]
    execute(flow)
    assert waiting() == [(False,)]
    publish(flow, compare(flow).choices[0].id)
    assert waiting() == []
    with reading(flow.engines) as db:
        assert len(db.scalars(select(Publication)).all()) == 2


def test_all_of_it_takes_the_runs_seconds_not_the_two_solves_alone(flow: Flow) -> None:
    retrying(flow.engines, lambda db: setattr(db.get_one(CommunitySettings, flow.id), "repair_seconds", 10))
    away(flow)
    run_id = ask(flow)
    asked: list[tuple[float, float]] = []
    begun = seconds_passed()

    class Noting(SolverChild):
        def solve(self, problem: bytes, *, seconds: float, **more: Any) -> ChildResult:
            asked.append((seconds, seconds_passed() - begun))
            return quick().solve(problem, seconds=seconds, **more)

    execute(flow, Noting())

    (first, first_at), (second, second_at) = asked
    assert first == pytest.approx(3.5)
    assert 10 - 2 * second_at <= second < 10 - (second_at - first_at) / 2
    with reading(flow.engines) as db:
        kept = dict(db.execute(select(Choice.kind, Choice.seconds).where(Choice.run_id == run_id)).tuples().all())
    assert 0 < kept[LEAVE] <= kept[FEWEST] <= kept[BEST]
