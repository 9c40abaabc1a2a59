"""The published week held against the facts of the day: no change without need, never empty."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, func, select, update

from milieu.coordination import ledger
from milieu.coordination.due import Duty
from milieu.database import Engines, make_engines, reading, retrying, unit_of_work
from milieu.errors import Busy, NotFound
from milieu.models import (
    Absence,
    Attendance,
    CommunitySettings,
    Fence,
    LedgerEntry,
    Outbreak,
    Publication,
    PublishedDay,
    Run,
)
from milieu.services import republishing
from milieu.services.republishing import MENDED, MENDED_SIMPLY, Outcome, repair_day, repair_now
from milieu.services.weeks.editions import digest_of
from milieu.solving.problem.document import make_problem
from milieu.solving.process.child import ChildResult, SolverChild
from solver.model import check
from tests.milieu.builders import MONDAY, CommunityBuilder
from tests.milieu.weeks import FENCE, SECONDS, SETTINGS, WEDNESDAY, Flow, crashing, quick, small_flow, solver
from tests.referees import Referee, needs_referee

pytestmark = pytest.mark.slow(0.7)

DAY = timedelta(days=1)
NEXT = MONDAY + 7 * DAY
TODAY = MONDAY + 2 * DAY


class Forbidden(SolverChild):
    """A solver that nobody may ask."""

    def solve(self, *given: Any, **more: Any) -> ChildResult:
        raise AssertionError("a solve that nothing called for")


@pytest.fixture
def flow(engines: Engines) -> Flow:
    """This week published on the Friday before; it is Wednesday, half past five."""
    return published(small_flow(engines))


@pytest.fixture
def lite(sqlite_url: str) -> Iterator[Flow]:
    """The same on SQLite alone, where the database makes no difference."""
    engines = make_engines(sqlite_url)
    yield published(small_flow(engines))
    engines.dispose()


def published(flow: Flow) -> Flow:
    flow.publish_week()
    return flow.at(WEDNESDAY)


@contextmanager
def edit(flow: Flow) -> Iterator[CommunityBuilder]:
    with unit_of_work(flow.engines) as db:
        flow.elm.db = db
        yield flow.elm


def repair(flow: Flow, child: SolverChild | None = None, *, fence: int = FENCE, day: date = TODAY) -> Outcome:
    """The duty of a day as the clock does it: claimed, then done."""

    def claim(db: Any) -> bool:
        return ledger.claim(db, flow.id, day, due_at=flow.clock.now(), fence=fence, now=flow.clock.now())

    retrying(flow.engines, claim)
    return repair_day(
        flow.engines, Duty(flow.id, day, flow.clock.now(), fence), SETTINGS, flow.clock, child=child or quick()
    )


def away(flow: Flow, name: str, first: date = TODAY, last: date = NEXT) -> None:
    with edit(flow) as elm:
        ids = {"community_id": elm.id, "facilitator_id": elm.facilitators[name].id}
        elm.add(Absence(**ids, first_date=first, last_date=last))


def count(flow: Flow, table: Any) -> int:
    with reading(flow.engines) as db:
        return db.scalar(select(func.count()).select_from(table)) or 0


def entry(flow: Flow) -> LedgerEntry | None:
    with reading(flow.engines) as db:
        return db.scalar(select(LedgerEntry))


def led_by(flow: Flow, name: str) -> set[str]:
    leader = flow.elm.facilitators[name].id
    return {ref for ref, each in flow.sessions().items() if leader in each.facilitators}


# ---- nothing without need


def test_where_nothing_is_published_a_person_is_waited_for(engines: Engines) -> None:
    flow = small_flow(engines).at(WEDNESDAY)
    flow.plan()

    assert repair(flow, Forbidden()).state == "waiting"
    assert count(flow, Publication) == 0


def test_unchanged_facts_publish_nothing_and_ask_no_solver(flow: Flow) -> None:
    first = flow.published().publication.id
    outcome = repair(flow, Forbidden())

    assert (outcome.state, outcome.publication_id) == ("unchanged", first)
    assert count(flow, Publication) == 1


def test_what_happened_is_no_change_of_facts(lite: Flow) -> None:
    session = min(lite.sessions().values(), key=lambda each: (each.on_date, each.start_minute))
    with edit(lite) as elm:
        for number, resident in enumerate(session.residents):
            elm.add(
                Attendance(
                    community_id=elm.id,
                    session_ref=session.ref,
                    on_date=session.on_date,
                    resident_id=resident,
                    outcome="declined",
                    key=f"tap {number}",
                    number=1,
                    tapped_at=WEDNESDAY,
                    marked_at=WEDNESDAY,
                )
            )

    assert repair(lite, Forbidden()).state == "unchanged"


def test_a_change_that_nothing_follows_from_is_looked_at_once(lite: Flow) -> None:
    with edit(lite) as elm:
        elm.busy(elm.residents["ada"], "22:00", "23:00")
    first = repair(lite)
    second = repair(lite.at(WEDNESDAY + DAY), Forbidden(), day=TODAY + DAY)

    assert (first.state, second.state) == ("unchanged", "unchanged")
    assert first.run_id is not None
    assert count(lite, Publication) == 1


def test_a_change_back_is_no_change(lite: Flow) -> None:
    with edit(lite) as elm:
        busy = elm.busy(elm.residents["ada"], "22:00", "23:00")
    with unit_of_work(lite.engines) as db:
        db.delete(db.merge(busy))

    assert repair(lite, Forbidden()).state == "unchanged"


def test_a_community_that_is_not_there_is_not_found(lite: Flow) -> None:
    with pytest.raises(NotFound):
        repair_day(lite.engines, Duty("nobody", TODAY, lite.clock.now(), FENCE), SETTINGS, lite.clock)


# ---- mended and published


@needs_referee
def test_a_leader_who_is_away_changes_only_the_sessions_they_lead(flow: Flow, referee: Referee, tmp_path: Any) -> None:
    before, led = flow.sessions(), led_by(flow, "finn")
    past = {ref for ref, each in before.items() if each.on_date < TODAY}
    away(flow, "finn")
    outcome = repair(flow)
    after = flow.sessions()
    run = flow.run(outcome.run_id or "")
    (tmp_path / "problem.json").write_text(run.problem or "")
    (tmp_path / "schedule.json").write_text(run.schedule or "")

    assert outcome.state == "published"
    assert referee.judge(tmp_path / "problem.json", tmp_path / "schedule.json").broken == ()
    assert led - past
    assert all(after[ref] == before[ref] for ref in past)
    others = before.keys() - led
    assert all(after[ref] == before[ref] for ref in others)
    finn = flow.elm.facilitators["finn"].id
    assert not any(finn in each.facilitators for ref, each in after.items() if ref not in past)


def test_a_repair_is_the_next_publication_from_today_on(flow: Flow) -> None:
    first = flow.published().publication
    away(flow, "finn")
    outcome = repair(flow)
    second = flow.published()
    with reading(flow.engines) as db:
        pointers = {row.on_date: row.publication_id for row in db.scalars(select(PublishedDay))}

    assert outcome == Outcome("published", second.publication.id, MENDED, second.publication.run_id)
    assert (second.publication.kind, second.publication.number) == ("repair", 2)
    assert (second.publication.previous_id, second.publication.fence) == (first.id, FENCE)
    assert second.publication.digest == digest_of(second.sessions)
    assert second.publication.changes is not None
    assert second.publication.changes["label"] == MENDED
    assert [pointers[MONDAY + n * DAY] for n in range(7)] == [first.id] * 2 + [second.publication.id] * 5


def test_the_ledger_ends_in_the_unit_that_publishes(flow: Flow) -> None:
    away(flow, "finn")
    outcome = repair(flow)
    found = entry(flow)

    assert found is not None
    assert (found.state, found.publication_id, found.message) == ("published", outcome.publication_id, MENDED)


def test_done_again_it_comes_to_the_same(lite: Flow) -> None:
    away(lite, "finn")
    repair(lite)

    assert repair(lite, Forbidden(), fence=FENCE).state == "unchanged"
    assert count(lite, Publication) == 2


def test_after_hours_of_silence_it_is_mended_later_the_same_day(lite: Flow) -> None:
    away(lite, "finn")
    noon = WEDNESDAY + timedelta(hours=7)
    before = lite.sessions()
    repair(lite.at(noon))
    after = lite.sessions()

    begun = {ref for ref, each in before.items() if (each.on_date, each.start_minute) < (TODAY, 12 * 60 + 30)}
    assert all(after[ref] == before[ref] for ref in begun)


def test_who_has_died_is_invited_no_more_and_stays_in_what_was(lite: Flow) -> None:
    ada = lite.elm.residents["ada"].id
    before = {ref for ref, each in lite.sessions().items() if ada in each.residents}
    with edit(lite) as elm:
        row = elm.db.merge(elm.residents["ada"])
        row.left_on, row.left_reason = TODAY, "died"
    repair(lite)
    after = lite.sessions()

    assert any(after[ref].on_date >= TODAY for ref in before if ref in after)
    for ref in before & after.keys():
        assert (ada in after[ref].residents) is (after[ref].on_date < TODAY)


def test_who_arrives_today_is_invited_from_today_on(lite: Flow) -> None:
    with edit(lite) as elm:
        gus = elm.resident("gus", arrived_on=TODAY)
        for activity in elm.activities.values():
            elm.wish(gus, elm.db.merge(activity), 5)
    repair(lite)
    with reading(lite.engines) as db:
        problem = make_problem(db, lite.id, MONDAY, WEDNESDAY, repair=True).document
    invited = [each.on_date for each in lite.sessions().values() if gus.id in each.residents]

    assert [row.id for row in problem.residents if row.id == gus.id]
    assert all(day >= TODAY for day in invited)


def test_an_outbreak_in_the_week_separates_its_living_group(lite: Flow) -> None:
    garden = lite.elm.groups["garden"].id
    home = {row.id: row.living_group_id for row in lite.elm.residents.values()}
    mixed = [each for each in lite.sessions().values() if len({home[one] == garden for one in each.residents}) > 1]
    with edit(lite) as elm:
        elm.add(Outbreak(community_id=elm.id, living_group_id=garden, valid_from=TODAY))
    outcome = repair(lite)

    assert any(each.on_date >= TODAY for each in mixed)
    assert outcome.state == "published"
    for each in lite.sessions().values():
        if each.on_date >= TODAY:
            assert len({home[one] == garden for one in each.residents}) == 1


def test_published_weeks_to_come_are_checked_too(lite: Flow) -> None:
    lite.publish_week(NEXT)
    away(lite, "finn", NEXT, NEXT + 6 * DAY)
    outcome = repair(lite)

    assert outcome.state == "published"
    assert lite.published(MONDAY).publication.kind == "week"
    assert lite.published(NEXT).publication.kind == "repair"
    assert not led_by_in(lite, "finn", NEXT)


def led_by_in(flow: Flow, name: str, week: date) -> list[str]:
    leader = flow.elm.facilitators[name].id
    return [each.ref for each in flow.sessions(week).values() if leader in each.facilitators]


def test_of_several_weeks_the_day_tells_of_the_present_one(lite: Flow, monkeypatch: pytest.MonkeyPatch) -> None:
    lite.publish_week(NEXT)
    away(lite, "finn", TODAY, NEXT + 6 * DAY)
    monkeypatch.setattr(
        republishing, "mend", lambda source, mend=republishing.mend: mend(source) if source.week.start == NEXT else None
    )
    outcome = repair(lite, crashing())

    assert (outcome.state, outcome.publication_id) == ("kept", lite.published(MONDAY).publication.id)
    assert lite.published(NEXT).publication.kind == "repair"


def test_a_week_that_is_over_is_left_alone(lite: Flow) -> None:
    away(lite, "finn")

    assert repair(lite.at(WEDNESDAY + 7 * DAY), Forbidden(), day=TODAY + 7 * DAY).state == "waiting"


def test_in_a_week_of_a_clock_change_times_stay_on_the_wall(engines: Engines) -> None:
    flow = small_flow(engines, datetime(2026, 3, 20, 9, 0, tzinfo=WEDNESDAY.tzinfo))
    spring = date(2026, 3, 23)  # London's clocks go forward on Sunday the 29th
    flow.publish_week(spring)
    before = {ref: (each.on_date, each.start_minute) for ref, each in flow.sessions(spring).items()}
    flow.at(datetime(2026, 3, 25, 5, 30, tzinfo=WEDNESDAY.tzinfo))
    with edit(flow) as elm:
        elm.busy(elm.residents["ada"], "22:00", "23:00")
        ids = {"community_id": elm.id, "facilitator_id": elm.facilitators["gita"].id}
        elm.add(Absence(**ids, first_date=spring + 6 * DAY, last_date=spring + 6 * DAY))
    repair(flow, day=date(2026, 3, 25))
    after = flow.sessions(spring)

    assert {ref: (each.on_date, each.start_minute) for ref, each in after.items() if ref in before} == before


# ---- asked for by a person


def test_a_person_can_ask_at_any_time(lite: Flow) -> None:
    away(lite, "finn")
    director = "nobody in particular"
    outcome = repair_now(lite.engines, lite.id, MONDAY, settings=SETTINGS, clock=lite.clock, by=director, child=quick())

    assert outcome.state == "published"
    assert lite.published().publication.published_by == director
    assert entry(lite) is None


def test_a_second_click_is_told_that_it_is_under_way(lite: Flow) -> None:
    away(lite, "finn")
    with unit_of_work(lite.engines) as db:
        db.add(
            Run(
                community_id=lite.id,
                kind="repair",
                state="running",
                week_start=MONDAY,
                open_week="r20261130",
                requested_at=WEDNESDAY,
                seconds_limit=2,
                seed=1,
            )
        )

    with pytest.raises(Busy, match="right now"):
        repair(lite, Forbidden())


# ---- what can go wrong


def test_a_solver_that_breaks_off_leaves_what_still_holds(lite: Flow) -> None:
    first = lite.published().publication.id
    with edit(lite) as elm:
        elm.busy(elm.residents["ada"], "22:00", "23:00")
    outcome = repair(lite, crashing())
    again = repair(lite, quick())

    assert (outcome.state, outcome.publication_id) == ("unchanged", first)
    assert lite.run(outcome.run_id or "").state == "failed"
    assert again.run_id is not None  # what was not solved is solved at the next chance


def test_where_no_schedule_can_be_had_simple_rules_take_out_what_cannot_be(flow: Flow) -> None:
    before, led = flow.sessions(), led_by(flow, "finn")
    away(flow, "finn")
    with edit(flow) as elm:
        elm.refusal(elm.residents["cleo"], activity=elm.activities["walk"])
    outcome = repair(flow, crashing())
    after = flow.sessions()
    cleo, walk = flow.elm.residents["cleo"].id, flow.elm.activities["walk"].id

    assert (outcome.state, outcome.message) == ("published", MENDED_SIMPLY)
    assert after.keys() <= before.keys()
    assert {ref for ref in before.keys() - after.keys() if ref not in led} == set()
    for ref, each in after.items():
        is_past = each.on_date < TODAY
        gone = {cleo} if each.activity_id == walk and not is_past else set()
        assert set(each.residents) == set(before[ref].residents) - gone
    assert flow.published().publication.changes is not None
    assert flow.published().publication.changes["label"] == MENDED_SIMPLY


def test_what_simple_rules_leave_keeps_every_rule_of_safety(lite: Flow) -> None:
    with edit(lite) as elm:
        for row in elm.residents.values():
            resident = elm.db.merge(row)
            resident.wheelchair, resident.support, resident.max_per_day = True, 3, 1
        elm.tie(elm.residents["ada"], elm.residents["esi"], None)
        for space in map(elm.db.merge, elm.spaces.values()):
            space.capacity, space.wheelchair_places = 3, 2
        for leader in map(elm.db.merge, elm.facilitators.values()):
            leader.support, leader.max_sessions_per_day = 7, 1
    outcome = repair(lite, crashing())
    with reading(lite.engines) as db:
        source = make_problem(db, lite.id, MONDAY, WEDNESDAY, repair=True)
    left = check.broken(source.document, source.document.previous)

    assert outcome.state == "published"
    assert [each for each in left if check.relaxation(each) is None] == []
    assert lite.sessions()


def test_where_nothing_at_all_can_be_had_the_last_good_week_stands(lite: Flow, monkeypatch: pytest.MonkeyPatch) -> None:
    first = lite.published().publication.id
    away(lite, "finn")
    monkeypatch.setattr(republishing, "mend", lambda source: None)
    outcome = repair(lite, crashing())

    assert (outcome.state, outcome.publication_id) == ("kept", first)
    assert outcome.message
    assert count(lite, Publication) == 1


def test_who_is_no_longer_the_scheduler_publishes_nothing(flow: Flow) -> None:
    away(flow, "finn")

    class Overtaken(SolverChild):
        def solve(self, *given: Any, **more: Any) -> ChildResult:
            with unit_of_work(flow.engines) as db:
                db.get_one(Fence, "scheduler").fence = FENCE + 1
            return super().solve(*given, **more)

    with pytest.raises(ledger.FenceLost):
        repair(flow, Overtaken(quick().command, beat_seconds=0.05))

    assert count(flow, Publication) == 1
    [_, run] = flow.runs()
    assert (run.state, run.open_week) == ("failed", None)


@pytest.mark.slow(2)
def test_a_week_published_by_a_person_meanwhile_is_not_overwritten(flow: Flow) -> None:
    with edit(flow) as elm:
        elm.refusal(elm.db.merge(elm.residents["cleo"]), activity=elm.activities["choir"])
        elm.refusal(elm.db.merge(elm.residents["cleo"]), activity=elm.activities["walk"])

    class Overtaken(SolverChild):
        def solve(self, *given: Any, **more: Any) -> ChildResult:
            result = super().solve(*given, **more)
            flow.publish_week()
            return result

    with pytest.raises(Busy):
        repair(flow, Overtaken(quick().command, beat_seconds=0.05))

    assert [row.kind for row in _publications(flow)] == ["week", "week"]


def _publications(flow: Flow) -> list[Publication]:
    with reading(flow.engines) as db:
        return list(db.scalars(select(Publication).order_by(Publication.number)))


def test_facts_that_change_while_it_is_solved_are_not_published_over(lite: Flow) -> None:
    away(lite, "gita")

    class Overtaken(SolverChild):
        def solve(self, *given: Any, **more: Any) -> ChildResult:
            result = super().solve(*given, **more)
            away(lite, "finn")
            return result

    with pytest.raises(Busy):
        repair(lite, Overtaken(quick().command, beat_seconds=0.05))
    assert count(lite, Publication) == 1
    assert repair(lite).state == "published"


def test_killed_at_any_step_the_week_is_old_or_new_and_the_next_try_ends_it(lite: Flow) -> None:
    """Every statement that writes fails once; what stays open is closed as the clock's keeper does."""
    away(lite, "finn")
    first = lite.published().publication.id
    steps = 0

    class Killed(BaseException):
        pass

    while steps < 300:
        seen = 0

        def kill(*_: Any, stop_at: int = steps) -> None:
            nonlocal seen
            seen += 1
            if seen > stop_at:
                raise Killed

        event.listen(lite.engines.write, "before_cursor_execute", kill)
        try:
            repair_now(lite.engines, lite.id, MONDAY, settings=SETTINGS, clock=lite.clock, by=None, child=quick())
        except Killed:
            steps += 7
        else:
            break
        finally:
            event.remove(lite.engines.write, "before_cursor_execute", kill)
        week = lite.published()
        assert week.publication.id == first
        assert digest_of(week.sessions) == week.publication.digest
        with unit_of_work(lite.engines) as db:
            for run in db.scalars(select(Run).where(Run.state == "running")):
                run.state, run.open_week = "failed", None

    assert steps > 20
    assert lite.published().publication.number == 2


# ---- with the real solver


@needs_referee
@pytest.mark.slow
def test_the_solver_itself_changes_only_what_a_leaders_absence_forces(
    sqlite_url: str, referee: Referee, tmp_path: Any
) -> None:
    engines = make_engines(sqlite_url)
    flow = small_flow(engines)
    flow.publish(flow.plan(child=solver(), seconds=SECONDS))
    before, led = flow.at(WEDNESDAY).sessions(), led_by(flow, "gita")
    with edit(flow) as elm:
        elm.db.execute(_seconds(flow))
    away(flow, "gita")
    outcome = repair(flow, solver())
    after = flow.sessions()
    if outcome.run_id is not None:
        run = flow.run(outcome.run_id)
        (tmp_path / "problem.json").write_text(run.problem or "")
        (tmp_path / "schedule.json").write_text(run.schedule or "")
        assert referee.judge(tmp_path / "problem.json", tmp_path / "schedule.json").broken == ()
    engines.dispose()

    others = before.keys() - led
    assert all(set(after[ref].residents) >= set(before[ref].residents) for ref in others)
    assert all(
        (after[ref].on_date, after[ref].start_minute) == (before[ref].on_date, before[ref].start_minute)
        for ref in others
    )


def _seconds(flow: Flow) -> Any:
    return update(CommunitySettings).where(CommunitySettings.community_id == flow.id).values(repair_seconds=SECONDS)
