"""A run from its request to a draft, or to words; stand-ins where the solver hangs, crashes or lies."""

import json
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, func, select, update

from milieu.database import Engines, make_engines, reading, unit_of_work
from milieu.errors import Conflict, Invalid, NotFound
from milieu.models import CommunitySettings, Pin, Plan, PlanPlace, PlanSession, Resident, Run
from milieu.reasons import LIKED
from milieu.services.weeks.plans.planning import FAULT, STAYS, execute_next_run, plan_now, request_run, request_stop
from milieu.services.weeks.plans.solves import CRASHED, TOO_LONG, UNTRUSTED, Ticket, is_ours
from milieu.solving.contents import read_plan
from milieu.solving.problem.document import make_problem
from milieu.solving.process.child import Interrupted, SolverChild
from solver.documents import exchange
from tests.milieu.builders import MONDAY
from tests.milieu.weeks import (
    FRIDAY,
    SECONDS,
    SETTINGS,
    WEDNESDAY,
    Flow,
    answering,
    crashing,
    quick,
    small_flow,
    solver,
)
from tests.referees import Referee, needs_referee

pytestmark = pytest.mark.slow(0.3)

NEXT = MONDAY + timedelta(days=7)


@pytest.fixture
def flow(engines: Engines) -> Flow:
    return small_flow(engines)


@pytest.fixture
def lite(sqlite_url: str) -> Iterator[Flow]:
    """On SQLite alone, where the database makes no difference."""
    engines = make_engines(sqlite_url)
    yield small_flow(engines)
    engines.dispose()


def empty(problem: str, **fields: Any) -> bytes:
    """A schedule document without sessions."""
    document = {
        "format": "milieu-schedule/2",
        "problem": problem,
        "status": "feasible",
        "objective": 0,
        "bound": None,
        "sessions": [],
        "terms": {},
        "relaxed": [],
    }
    return json.dumps({**document, **fields}).encode()


# ---- asking


def test_a_run_is_asked_for_once_a_week_however_often_one_clicks(flow: Flow) -> None:
    first, second, other = flow.request(), flow.request(), flow.request(NEXT)
    run = flow.run(first)

    assert first == second != other
    assert (run.state, run.kind, run.open_week) == ("queued", "plan", "2026-11-30")
    assert run.seed == 202649


def test_two_who_ask_at_the_same_moment_get_the_same_run(flow: Flow) -> None:
    gate, found = threading.Barrier(4), []

    def ask() -> None:
        gate.wait()
        found.append(flow.request())

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(found) == 4
    assert len(set(found)) == 1
    assert len(flow.runs()) == 1


def test_only_weeks_of_a_community_that_are_not_over_can_be_asked_for(lite: Flow) -> None:
    with unit_of_work(lite.engines) as db:
        with pytest.raises(NotFound):
            request_run(db, "nobody", MONDAY, by=None, now=FRIDAY)
        with pytest.raises(Invalid):
            request_run(db, lite.id, MONDAY + timedelta(days=1), by=None, now=FRIDAY)
        with pytest.raises(Conflict):
            request_run(db, lite.id, MONDAY, by=None, now=FRIDAY + timedelta(days=10))
        assert request_run(db, lite.id, MONDAY, by=None, now=FRIDAY + timedelta(days=9))


def test_a_queued_run_is_stopped_at_once_and_an_ended_one_stays(lite: Flow) -> None:
    run_id = lite.request()
    for _ in range(2):
        with unit_of_work(lite.engines) as db:
            request_stop(db, lite.id, run_id, now=FRIDAY)

    assert lite.run(run_id).state == "stopped"
    assert lite.run(run_id).open_week is None
    assert not lite.execute()
    with unit_of_work(lite.engines) as db, pytest.raises(NotFound):
        request_stop(db, lite.id, "nothing", now=FRIDAY)


# ---- a draft


def test_nothing_is_done_where_nothing_waits(lite: Flow) -> None:
    assert not lite.execute()


@needs_referee
@pytest.mark.slow
def test_a_run_ends_in_a_draft_that_the_referee_accepts(flow: Flow, referee: Referee, tmp_path: Path) -> None:
    plan = flow.plan(child=solver(), seconds=SECONDS)
    [run] = flow.runs()
    (tmp_path / "problem.json").write_text(run.problem or "")
    (tmp_path / "schedule.json").write_text(run.schedule or "")

    verdict = referee.judge(tmp_path / "problem.json", tmp_path / "schedule.json")

    assert verdict.broken == ()
    assert verdict.objective == run.objective == plan.objective
    assert verdict.terms == {name: plan.terms.get(name, 0) for name in verdict.terms or {}}
    assert (run.state, run.open_week, run.plan_id) == ("done", None, plan.id)
    assert run.progress is not None
    assert run.progress["points"][-1]["objective"] == run.objective


def test_the_draft_holds_the_schedules_sessions_under_names_of_their_own(flow: Flow) -> None:
    plan = flow.plan()
    answer = exchange.read_schedule((flow.runs()[0].schedule or "").encode())
    with reading(flow.engines) as db:
        contents = read_plan(db, plan)

    def face(activity: str, day: int, start: int, residents: tuple[str, ...]) -> tuple[object, ...]:
        return activity, day, start, tuple(sorted(residents))

    assert Counter(face(row.activity, row.day, row.begin, row.residents) for row in answer.sessions) == Counter(
        face(each.activity_id, (each.on_date - MONDAY).days, each.start_minute, each.residents) for each in contents
    )
    assert all(each.ref.startswith("2026-W49-") for each in contents)
    assert len({each.ref for each in contents}) == len(contents) > 0


def test_every_place_has_a_true_reason(lite: Flow) -> None:
    plan = lite.plan()
    with reading(lite.engines) as db:
        contents = read_plan(db, plan)
        source = make_problem(db, lite.id, MONDAY, FRIDAY, repair=False)
    interests = {row.id: row.interests for row in source.document.residents}
    places = [(each, place) for each in contents for place in each.places]

    assert all(place.reasons for _, place in places)
    for each, place in places:
        said = {reason.code: reason.amount for reason in place.reasons}
        liking = interests[place.resident_id].get(each.activity_id, 0)
        assert said.get("wish", 0) == (liking if liking >= LIKED else 0)


def test_a_new_draft_takes_the_place_of_the_older_one(flow: Flow) -> None:
    older, newer = flow.plan(), flow.plan()
    with reading(flow.engines) as db:
        states = {row.id: row.state for row in db.scalars(select(Plan))}

    assert states == {older.id: "set aside", newer.id: "draft"}


def test_refs_of_two_runs_never_meet(lite: Flow) -> None:
    lite.plan()
    lite.plan()
    with reading(lite.engines) as db:
        refs = list(db.scalars(select(PlanSession.ref)))

    assert len(set(refs)) == len(refs)


def test_a_week_that_is_partly_past_is_planned_from_now_on(lite: Flow) -> None:
    plan = lite.at(WEDNESDAY + timedelta(hours=6)).plan()
    with reading(lite.engines) as db:
        contents = read_plan(db, plan)

    assert contents
    assert min((each.on_date, each.start_minute) for each in contents) >= (MONDAY + timedelta(days=2), 11 * 60 + 30)


def test_what_was_left_out_of_the_demands_is_told_by_name(lite: Flow) -> None:
    with unit_of_work(lite.engines) as db:
        lite.elm.db = db
        lite.elm.requirement(lite.elm.residents["ada"], lite.elm.activities["chess"])
        lite.elm.refusal(lite.elm.residents["ada"], activity=lite.elm.activities["chess"])
        fixed = {"activity": lite.elm.activities["choir"].id, "day": 1, "start": "05:00"}
        pin = {"community_id": lite.id, "week_start": MONDAY, "session_ref": "choir-1", "made_at": FRIDAY}
        db.add(Pin(**pin, kind="session", fixed=fixed))
    lite.plan()
    [run] = lite.runs()

    assert run.because is not None
    assert run.because["notes"] == [
        "Ada Made-Up has said no to Chess, so that their care plan's demand for it is left out.",
        "Choir on Tuesday at 05:00 cannot be held as it was fixed; it is planned freely.",
    ]


@pytest.mark.parametrize("has_sentences", [True, False])
def test_an_impossible_week_is_told_by_name_and_the_old_draft_stays(
    lite: Flow, tmp_path: Path, has_sentences: bool
) -> None:
    plan = lite.plan()
    ada, choir = lite.elm.residents["ada"].id, lite.elm.activities["choir"].id
    with unit_of_work(lite.engines) as db:
        lite.elm.db = db
        lite.elm.requirement(lite.elm.residents["ada"], lite.elm.activities["choir"])
    with reading(lite.engines) as db:
        problem = make_problem(db, lite.id, MONDAY, FRIDAY, repair=False)
    conflict = [{"rule": "R6", "activity": choir}, {"rule": "R14", "resident": ada, "activity": choir}]
    because = {"because": [f"Nobody can bring {ada} to {choir}."]} if has_sentences else {}
    proof = empty(problem.digest, status="infeasible", objective=None, conflict=conflict, **because)

    run_id = lite.request()
    lite.execute(answering(tmp_path, proof, status=3))
    run = lite.run(run_id)
    with reading(lite.engines) as db:
        draft = db.scalar(select(Plan.id).where(Plan.state == "draft"))

    assert (run.state, run.message, draft) == ("impossible", STAYS, plan.id)
    assert run.because is not None
    assert run.because["because"] == (
        ["Nobody can bring Ada Made-Up to Choir."]
        if has_sentences
        else ["Choir should be held as often as is asked for.", "Ada Made-Up's care plan asks for Choir."]
    )


# ---- what can go wrong


def ended(flow: Flow, child: SolverChild) -> Run:
    """Plan well once, then again with a broken solver; the second run."""
    flow.plan()
    run_id = flow.request()
    assert flow.execute(child)
    with reading(flow.engines) as db:
        assert len(list(db.scalars(select(Plan)))) == 1
        assert db.scalar(select(Plan.state)) == "draft"
    run = flow.run(run_id)
    assert run.open_week is None
    assert run.schedule is None
    return run


@pytest.mark.slow(2)
def test_a_solver_that_crashes_leaves_the_old_draft_and_words(lite: Flow) -> None:
    run = ended(lite, crashing())

    assert (run.state, run.message) == ("failed", f"{CRASHED} {STAYS}")


def test_a_week_is_searched_for_as_long_as_its_size_asks(lite: Flow) -> None:
    def seconds(plan_seconds: int | None) -> int:
        with unit_of_work(lite.engines) as db:
            db.execute(update(CommunitySettings).values(plan_seconds=plan_seconds))
            run_id = request_run(db, lite.id, NEXT, by=None, now=FRIDAY)
            found = db.get_one(Run, (lite.id, run_id)).seconds_limit
            db.execute(delete(Run))
        return found

    assert (seconds(None), seconds(7)) == (15, 7)

    with unit_of_work(lite.engines) as db:
        lite.elm.db = db
        for number in range(100 - db.scalar(select(func.count(Resident.id)))):
            lite.elm.resident(f"somebody-{number}")
    assert (seconds(None), seconds(7)) == (30, 7)


def test_a_solver_that_hangs_is_ended_and_leaves_the_old_draft_and_words(lite: Flow) -> None:
    hang = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(99)"
    with unit_of_work(lite.engines) as db:
        run_id = request_run(db, lite.id, NEXT, by=None, now=FRIDAY, seconds=1)
    lite.execute(SolverChild((sys.executable, "-c", hang), grace_seconds=0.2, beat_seconds=0.05))

    assert lite.run(run_id).message == f"{TOO_LONG} {STAYS}"


@pytest.mark.parametrize(
    "forge",
    [
        lambda problem, choir: b"",
        lambda problem, choir: b'{"format": "milieu-sch',
        lambda problem, choir: b"\xff\xfe\x00",
        lambda problem, choir: empty("0" * 64),
        lambda problem, choir: empty(problem, objective=1),
        lambda problem, choir: empty(problem, status="optimal"),
        lambda problem, choir: empty(problem, more=1),
        lambda problem, choir: empty(problem),
        lambda problem, choir: empty(problem, relaxed=[{"rule": "R6", "activity": choir, "by": 1}]),
        lambda problem, choir: empty(problem, status="infeasible", objective=None),
    ],
    ids=[
        "nothing",
        "cut off",
        "no text",
        "another problem",
        "false score",
        "false proof",
        "unknown key",
        "a broken rule",
        "relaxed unasked",
        "no conflict",
    ],
)
def test_an_answer_that_is_not_true_of_this_problem_is_thrown_away(lite: Flow, tmp_path: Path, forge: Any) -> None:
    with reading(lite.engines) as db:
        digest = make_problem(db, lite.id, MONDAY, FRIDAY, repair=False).digest

    run = ended(lite, answering(tmp_path, forge(digest, lite.elm.activities["choir"].id)))

    assert (run.state, run.message) == ("failed", f"{UNTRUSTED} {STAYS}")


def test_a_fault_of_our_own_ends_the_run_and_is_raised(lite: Flow, monkeypatch: pytest.MonkeyPatch) -> None:
    run_id = lite.request()
    monkeypatch.setattr("milieu.services.weeks.plans.planning.names_of", lambda *_: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        lite.execute()

    assert (lite.run(run_id).state, lite.run(run_id).message) == ("failed", f"{FAULT} {STAYS}")


def test_a_week_that_ends_while_its_run_waits_is_told(lite: Flow) -> None:
    run_id = lite.request()
    lite.at(FRIDAY + timedelta(days=30)).execute()

    assert lite.run(run_id).state == "failed"
    assert "over" in lite.run(run_id).message


@pytest.mark.slow
def test_a_run_that_is_stopped_keeps_the_best_found_so_far(lite: Flow) -> None:
    with unit_of_work(lite.engines) as db:
        run_id = request_run(db, lite.id, MONDAY, by=None, now=FRIDAY, seconds=60)

    class Impatient(SolverChild):
        def solve(self, problem: bytes, *, watch: Any = None, **more: Any) -> Any:
            def stop_once_there_is_a_schedule(progress: Any) -> bool:
                if progress is not None and progress.objective is not None:
                    with unit_of_work(lite.engines) as db:
                        request_stop(db, lite.id, run_id, now=FRIDAY)
                return bool(watch(progress))

            return super().solve(problem, watch=stop_once_there_is_a_schedule, **more)

    real = solver()
    lite.execute(Impatient(real.command, beat_seconds=0.1))
    run = lite.run(run_id)

    assert run.state in ("stopped", "done")  # done where it was proved the best before it heard
    assert run.plan_id is not None
    assert (run.seconds or 99) < 30


def test_a_run_that_another_worker_has_taken_over_leaves_nothing(lite: Flow, tmp_path: Path) -> None:
    run_id = lite.request()

    class Paused(SolverChild):
        def solve(self, *given: Any, **more: Any) -> Any:
            with unit_of_work(lite.engines) as db:
                db.execute(update(Run).values(worker="somebody else"))
            return super().solve(*given, **more)

    lite.execute(Paused(quick().command, beat_seconds=0.1))
    with reading(lite.engines) as db:
        plans = list(db.scalars(select(Plan)))

    assert plans == []
    assert (lite.run(run_id).state, lite.run(run_id).worker) == ("running", "somebody else")


def test_a_run_under_way_when_the_server_ends_is_queued_again(lite: Flow) -> None:
    run_id, ending = lite.request(), threading.Event()
    ending.set()

    with pytest.raises(Interrupted):
        lite.execute(replace(quick(), ending=ending))

    assert lite.run(run_id).state == "queued"
    assert lite.execute()
    assert lite.run(run_id).state == "done"


def test_what_a_killed_process_left_is_taken_up_by_who_plans_next(lite: Flow) -> None:
    run_id = lite.request()
    with unit_of_work(lite.engines) as db:
        db.execute(update(Run).values(state="running", worker="dead", heartbeat_at=FRIDAY))
    lite.at(FRIDAY + timedelta(seconds=31))
    done = plan_now(lite.engines, SETTINGS, lite.clock, lite.id, MONDAY, by=None, child=quick())

    assert done == run_id
    assert lite.run(run_id).state == "done"


def test_of_two_who_look_for_work_one_gets_it(flow: Flow) -> None:
    flow.request()
    gate, done = threading.Barrier(2), []

    def work() -> None:
        gate.wait()
        done.append(execute_next_run(flow.engines, SETTINGS, flow.clock, child=quick()))

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with reading(flow.engines) as db:
        places = list(db.scalars(select(PlanPlace.id)))

    assert sorted(done) == [False, True]
    assert len(flow.runs()) == 1
    assert places


def test_the_condition_of_ownership_names_community_run_state_and_worker(lite: Flow) -> None:
    run_id = lite.request()
    ticket = Ticket(lite.id, run_id, "me", 1, 1, 1)
    with unit_of_work(lite.engines) as db:
        found = []
        for state, worker in (("queued", "me"), ("running", "other"), ("running", "me"), ("done", "me")):
            db.execute(update(Run).values(state=state, worker=worker))
            found.append(db.scalar(select(Run.id).where(*is_ours(ticket))) is not None)

    assert found == [False, False, True, False]
