"""The tick: what is due is done once, one community's trouble is its own, a jump of the clock publishes nothing."""

import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError

from milieu.clock import Clock
from milieu.coordination import lease, ledger
from milieu.coordination.adoption import adopt
from milieu.coordination.due import Duty
from milieu.database import Engines, make_engines, reading, retrying, unit_of_work
from milieu.errors import Busy, Invalid
from milieu.jobs.daily import do_duty, find_duties
from milieu.jobs.scheduler import TICK_LEASES, Scheduler
from milieu.jobs.workers import Workers
from milieu.models import CommunitySettings, Lease, LedgerEntry, ListUpload, Run
from milieu.services.republishing import Outcome
from milieu.settings import Settings
from tests.milieu.builders import NOW, FixedClock, ShiftedClock, community, small_community
from tests.patience import PATIENCE

SETTINGS = Settings(tick_seconds=0.2, concurrent_runs=2)
TODAY = NOW.date()
UNCHANGED = Outcome("unchanged", None, "")


@dataclass
class Repairs:
    """Stands where the repair of a week stands, and remembers what it was asked."""

    fails_for: str = ""
    asked: list[tuple[str, date]] = field(default_factory=list)

    def __call__(self, engines: Engines, duty: Duty, settings: Settings, clock: Clock) -> Outcome:
        self.asked.append((duty.community_id, duty.local_day))
        if duty.community_id == self.fails_for:
            raise Invalid("This community's roster cannot be read.")
        return UNCHANGED


def no_runs(_engines: Engines, _settings: Settings, _clock: Clock) -> bool:
    return False


def communities(engines: Engines, *keys: str) -> list[str]:
    with unit_of_work(engines) as db:
        return [community(db, key).id for key in keys]


def states(engines: Engines) -> dict[tuple[str, date], str]:
    with reading(engines) as db:
        return {(row.community_id, row.local_day): row.state for row in db.scalars(select(LedgerEntry))}


def do_all(engines: Engines, now: datetime, repair: Repairs, *, fence: int = 1) -> None:
    for duty in find_duties(engines, now, fence=fence):
        do_duty(duty, engines=engines, settings=SETTINGS, clock=FixedClock(now), repair=repair)


@pytest.fixture
def held(engines: Engines) -> Engines:
    with unit_of_work(engines) as db:
        lease.take(db, holder="ann", seconds=30)
    return engines


def test_day_is_done_once(held: Engines) -> None:
    [elm] = communities(held, "elm")
    repairs = Repairs()

    do_all(held, NOW, repairs)
    do_all(held, NOW + timedelta(hours=3), repairs)

    assert repairs.asked == [(elm, TODAY)]
    assert states(held) == {(elm, TODAY): "unchanged"}


def test_duties_of_the_installation_are_offered_to_who_holds_the_lease_alone(engines: Engines) -> None:
    offered: list[tuple[str, int]] = []

    def note(holder: str) -> dict[str, Callable[[Engines, Settings, Clock, int], object]]:
        return {"backup": lambda _engines, _settings, _clock, fence: offered.append((holder, fence))}

    ann, ben = (
        Scheduler(engines, SETTINGS, FixedClock(NOW), repair=Repairs(), run_next=no_runs, besides=note(holder))
        for holder in ("ann", "ben")
    )
    assert [ann.tick(), ben.tick()] == [1, None]
    ann.stop()
    assert ben.tick() == 2
    ben.stop()

    assert offered == [("ann", 1), ("ben", 2)]


def test_lists_that_have_expired_are_gone_with_the_morning(held: Engines) -> None:
    with unit_of_work(held) as db:
        elm = community(db, "elm")
        by = elm.account("director").id
        given = {"community_id": elm.id, "account_id": by, "at": NOW, "names": [], "sheets": b"x"}
        db.add_all([ListUpload(**given, expires_at=NOW), ListUpload(**given, expires_at=NOW + timedelta(days=1))])

    do_all(held, NOW, Repairs())

    with reading(held) as db:
        assert [row.expires_at for row in db.scalars(select(ListUpload))] == [NOW + timedelta(days=1)]


def test_nothing_is_done_before_publishing_time(held: Engines) -> None:
    communities(held, "elm")  # London in winter: 05:30 is 05:30 UTC
    repairs = Repairs()

    do_all(held, NOW.replace(hour=5, minute=29), repairs)
    assert repairs.asked == []

    do_all(held, NOW.replace(hour=5, minute=30), repairs)
    assert len(repairs.asked) == 1


def test_each_community_has_its_own_morning(held: Engines) -> None:
    with unit_of_work(held) as db:
        elm = community(db, "elm").id
        maple = community(db, "maple", timezone="America/New_York").id
    repairs = Repairs()

    do_all(held, NOW.replace(hour=6), repairs)
    assert repairs.asked == [(elm, TODAY)]

    do_all(held, NOW.replace(hour=10, minute=30), repairs)
    assert repairs.asked == [(elm, TODAY), (maple, TODAY)]


def test_after_days_away_only_today_is_caught_up_on(held: Engines) -> None:
    [elm] = communities(held, "elm")
    repairs = Repairs()
    do_all(held, NOW - timedelta(days=3), repairs)

    do_all(held, NOW, repairs)

    assert repairs.asked == [(elm, TODAY - timedelta(days=3)), (elm, TODAY)]
    assert states(held) == {
        (elm, TODAY - timedelta(days=3)): "unchanged",
        (elm, TODAY - timedelta(days=2)): "missed",
        (elm, TODAY - timedelta(days=1)): "missed",
        (elm, TODAY): "unchanged",
    }


@pytest.mark.slow(1.3)
def test_poisoned_community_backs_off_alone(held: Engines) -> None:
    elm, oak, yew = communities(held, "elm", "oak", "yew")
    repairs = Repairs(fails_for=oak)

    now = NOW
    while now < NOW + timedelta(hours=1):
        do_all(held, now, repairs)
        now += timedelta(seconds=10)

    assert Counter(repairs.asked) == {(elm, TODAY): 1, (oak, TODAY): ledger.ATTEMPTS, (yew, TODAY): 1}
    assert states(held) == {(elm, TODAY): "unchanged", (oak, TODAY): "parked", (yew, TODAY): "unchanged"}
    with reading(held) as db:
        message = db.scalar(select(LedgerEntry.message).where(LedgerEntry.community_id == oak))
    assert message == "This community's roster cannot be read."


def busy() -> Busy:
    """What a unit raises whose database was taken."""
    refused = Busy("The database is busy.")
    refused.__cause__ = OperationalError("", None, Exception("database is locked"))
    return refused


@pytest.mark.slow(1.3)
def test_day_for_which_the_database_was_too_busy_is_done_as_soon_as_it_is_free(held: Engines) -> None:
    [elm] = communities(held, "elm")
    asked, now = list[datetime](), NOW

    def repair(_engines: Engines, _duty: Duty, _settings: Settings, clock: Clock) -> Outcome:
        asked.append(clock.now())
        if len(asked) <= ledger.ATTEMPTS + 1:
            raise busy()
        return UNCHANGED

    while now < NOW + timedelta(hours=1):
        for duty in find_duties(held, now, fence=1):
            do_duty(duty, engines=held, settings=SETTINGS, clock=FixedClock(now), repair=repair)
        now += timedelta(seconds=30)

    assert (states(held), len(asked)) == ({(elm, TODAY): "unchanged"}, ledger.ATTEMPTS + 2)


def test_week_that_is_overtaken_each_time_is_given_up(held: Engines) -> None:
    [elm] = communities(held, "elm")

    def repair(*_: object) -> Outcome:
        raise Busy("The week has changed meanwhile.")

    now = NOW
    while now < NOW + timedelta(hours=1):
        for duty in find_duties(held, now, fence=1):
            do_duty(duty, engines=held, settings=SETTINGS, clock=FixedClock(now), repair=repair)
        now += timedelta(minutes=1)

    assert states(held) == {(elm, TODAY): "parked"}


@pytest.mark.slow(0.5)
def test_day_whose_failure_could_not_be_saved_is_not_under_way_for_ever(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    engines = make_engines(sqlite_url)
    [elm] = communities(engines, "elm")
    monkeypatch.setattr("milieu.database.BUSY_SECONDS", 0)
    other, clock = make_engines(sqlite_url), FixedClock(NOW)
    somebody = other.write.connect()

    def repair(*_: object) -> Outcome:
        somebody.begin()  # an import that takes longer than anybody waits
        raise busy()

    scheduler = Scheduler(engines, SETTINGS, clock, repair=repair, run_next=no_runs)
    scheduler.tick()
    assert scheduler._workers.join(PATIENCE)
    somebody.close()
    assert states(engines) == {(elm, TODAY): "running"}

    scheduler.tick()

    assert states(engines) == {(elm, TODAY): "due"}
    scheduler.stop()
    other.dispose()
    engines.dispose()


def test_community_with_an_unknown_zone_stops_nobody(held: Engines) -> None:
    with unit_of_work(held) as db:
        community(db, "elm", timezone="Europe/Atlantis")
        oak = community(db, "oak").id
    repairs = Repairs()

    do_all(held, NOW, repairs)

    assert repairs.asked == [(oak, TODAY)]


@pytest.mark.parametrize("jump", [timedelta(hours=-1), timedelta(days=-1), timedelta(days=1), timedelta(days=3653)])
def test_clock_that_jumps_and_comes_back_does_no_day_twice(held: Engines, jump: timedelta) -> None:
    communities(held, "elm")
    repairs = Repairs()

    for now in (NOW, NOW + jump, NOW + timedelta(minutes=1), NOW + timedelta(minutes=2)):
        do_all(held, now, repairs)

    assert max(Counter(repairs.asked).values()) == 1
    assert len(states(held)) <= 33


def test_nothing_is_begun_for_a_minute_after_a_jump(sqlite_url: str) -> None:
    engines = make_engines(sqlite_url)
    communities(engines, "elm")
    repairs = Repairs()
    scheduler = Scheduler(engines, SETTINGS, FixedClock(NOW), repair=repairs, run_next=no_runs)
    passed = time.monotonic()

    assert scheduler.note_clock(NOW + timedelta(days=1), passed) > 86_000
    assert scheduler.tick() == 1

    assert repairs.asked == []
    assert states(engines) == {}


def test_clock_set_back_does_not_put_the_scheduler_to_sleep(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # APScheduler sleeps until its next wall-clock time comes again: set back an hour, it would beat no more for an hour
    monkeypatch.setattr("milieu.jobs.scheduler._WATCH_SECONDS", 0.2)
    engines, clock = make_engines(sqlite_url), ShiftedClock(NOW)
    scheduler = Scheduler(
        engines, Settings(tick_seconds=3600, lease_seconds=10_800), clock, repair=Repairs(), run_next=no_runs
    )
    scheduler.start()
    first = beat_after(engines, None)

    clock.turn(timedelta(hours=-1))

    assert beat_after(engines, first) > first
    scheduler.stop()


def beat_after(engines: Engines, before: datetime | None) -> datetime:
    deadline = time.monotonic() + PATIENCE
    while True:
        with reading(engines) as db:
            beat = lease.last_beat(db)
        if beat is not None and (before is None or beat > before):
            return beat
        assert time.monotonic() < deadline, "no beat"
        threading.Event().wait(0.05)


def test_publishing_time_that_is_moved_makes_no_second_run(held: Engines) -> None:
    communities(held, "elm")
    repairs = Repairs()
    do_all(held, NOW, repairs)

    with unit_of_work(held) as db:
        db.execute(update(CommunitySettings).values(publish_minute=600))
    do_all(held, NOW.replace(hour=11), repairs)

    assert len(repairs.asked) == 1


def test_three_schedulers_do_each_day_once(database_url: str) -> None:
    engines = make_engines(database_url)
    communities(engines, "elm", "oak", "yew")
    repairs = Repairs()
    clock = ShiftedClock(NOW)
    schedulers = [
        Scheduler(make_engines(database_url), SETTINGS, clock, repair=repairs, run_next=no_runs) for _ in range(3)
    ]

    for scheduler in schedulers:
        scheduler.start()
    deadline = time.monotonic() + PATIENCE
    while len(states(engines)) < 3 or set(states(engines).values()) != {"unchanged"}:
        assert time.monotonic() < deadline, states(engines)
        threading.Event().wait(0.1)
    ended = [scheduler.stop() for scheduler in schedulers]

    assert ended == [True, True, True]
    assert sorted(Counter(repairs.asked).values()) == [1, 1, 1]


def test_paused_holder_that_comes_back_is_refused(held: Engines) -> None:
    [elm] = communities(held, "elm")
    [paused] = find_duties(held, NOW, fence=1)
    repairs = Repairs()

    class TakenOverMeanwhile(Repairs):
        def __call__(self, *_given: object) -> Outcome:
            with unit_of_work(held) as db:
                db.execute(update(Lease).values(expires_at=NOW - timedelta(days=999)))
            with unit_of_work(held) as db:
                assert lease.take(db, holder="bob", seconds=30) == 2
            do_all(held, NOW, repairs, fence=2)
            return Outcome("published", None, "")

    state = do_duty(paused, engines=held, settings=SETTINGS, clock=FixedClock(), repair=TakenOverMeanwhile())

    assert state == ""
    assert repairs.asked == [(elm, TODAY)]
    assert states(held) == {(elm, TODAY): "unchanged"}


def test_stopped_scheduler_leaves_the_lease_to_the_next(sqlite_url: str) -> None:
    engines = make_engines(sqlite_url)
    first = Scheduler(engines, SETTINGS, FixedClock(), repair=Repairs(), run_next=no_runs)
    second = Scheduler(engines, SETTINGS, FixedClock(), repair=Repairs(), run_next=no_runs)
    assert (first.tick(), second.tick()) == (1, None)

    first.stop()

    assert second.tick() == 2


def test_a_look_that_comes_while_duties_are_begun_costs_neither_a_beat(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    engines = make_engines(sqlite_url)
    communities(engines, "elm", "oak")
    repairs = Repairs()
    scheduler = Scheduler(engines, SETTINGS, FixedClock(NOW), repair=repairs, run_next=no_runs)
    offer = Workers.offer

    def offer_and_look(workers: Workers, name: str, work: Callable[[], object]) -> bool:
        scheduler._due = []  # as the next look does first
        return offer(workers, name, work)

    monkeypatch.setattr(Workers, "offer", offer_and_look)
    assert scheduler.tick() == 1
    scheduler.stop()

    assert len(repairs.asked) == 1


@pytest.mark.parametrize(("hangs_for", "is_kept"), [(0, True), (TICK_LEASES * SETTINGS.lease_seconds + 1, False)])
def test_lease_is_held_on_to_while_a_look_takes_long_but_not_while_it_hangs(
    engines: Engines, monkeypatch: pytest.MonkeyPatch, hangs_for: float, is_kept: bool
) -> None:
    ann, ben = (
        Scheduler(engines, SETTINGS, FixedClock(NOW), repair=Repairs(), run_next=no_runs) for _who in ("ann", "ben")
    )
    kept: list[bool] = []

    def look(*_given: object, **_named: object) -> list[Duty]:
        began = time.monotonic()
        monkeypatch.setattr("milieu.jobs.scheduler.seconds_passed", lambda: began + hangs_for)
        for _third in range(4):
            with unit_of_work(engines) as db:
                until = db.scalars(select(Lease.expires_at)).one()
                db.execute(update(Lease).values(expires_at=until - timedelta(seconds=SETTINGS.lease_seconds / 3)))
            kept.append(ann.keep_lease())
        return []

    monkeypatch.setattr("milieu.jobs.scheduler.find_duties", look)
    assert ann.tick() == 1
    monkeypatch.undo()

    assert kept == [is_kept] * 4
    assert ben.tick() == (None if is_kept else 2)
    assert not ann.keep_lease()  # between two looks a lease runs out as it always does


@pytest.mark.parametrize(("minute", "expected"), [(40, ["run", "day"]), (50, ["day", "run"])])
def test_who_waits_at_a_page_goes_before_a_day_that_is_not_long_due(
    sqlite_url: str, minute: int, expected: list[str]
) -> None:
    engines = make_engines(sqlite_url)
    [elm] = communities(engines, "elm")
    with unit_of_work(engines) as db:
        db.add(run(elm, state="queued", heartbeat_at=None))
    order: list[str] = []

    class Noted(Repairs):
        def __call__(self, *_given: object) -> Outcome:
            order.append("day")
            return UNCHANGED

    def run_next(_engines: Engines, _settings: Settings, _clock: Clock) -> bool:
        with unit_of_work(engines) as db:
            db.execute(update(Run).values(state="done", open_week=None))
        order.append("run")
        return True

    clock = ShiftedClock(NOW.replace(hour=5, minute=minute))  # it was due at half past
    scheduler = Scheduler(
        engines, Settings(tick_seconds=0.2, concurrent_runs=1), clock, repair=Noted(), run_next=run_next
    )
    scheduler.tick()
    until = time.monotonic() + PATIENCE
    while len(order) < 2 and time.monotonic() < until:
        time.sleep(0.01)
        scheduler.begin()
    scheduler.stop()

    assert order == expected


def run(community_id: str, **fields: object) -> Run:
    given = {
        "kind": "plan",
        "state": "running",
        "week_start": date(2026, 12, 7),
        "open_week": "2026-12-07",
        "requested_at": NOW,
        "started_at": NOW,
        "heartbeat_at": NOW,
        "worker": "w",
        "seconds_limit": 3,
        "seed": 1,
        **fields,
    }
    return Run(community_id=community_id, **given)


def one_run(engines: Engines) -> Run:
    with reading(engines) as db:
        return db.scalars(select(Run)).one()


def test_run_whose_worker_lives_is_left_alone(engines: Engines) -> None:
    [elm] = communities(engines, "elm")
    with unit_of_work(engines) as db:
        db.add(run(elm))

    retrying(engines, lambda db: adopt(db, NOW + timedelta(seconds=30)))

    assert (one_run(engines).state, one_run(engines).worker) == ("running", "w")


def test_run_whose_worker_died_is_begun_again_once_and_then_failed_in_words(engines: Engines) -> None:
    [elm] = communities(engines, "elm")
    with unit_of_work(engines) as db:
        db.add(run(elm))

    retrying(engines, lambda db: adopt(db, NOW + timedelta(seconds=31)))
    assert (one_run(engines).state, one_run(engines).open_week) == ("queued", "2026-12-07")

    later = NOW + timedelta(minutes=5)
    with unit_of_work(engines) as db:
        db.execute(update(Run).values(state="running", heartbeat_at=later, worker="v"))
    retrying(engines, lambda db: adopt(db, later + timedelta(seconds=31)))

    ended = one_run(engines)
    assert (ended.state, ended.open_week, ended.finished_at) == ("failed", None, later + timedelta(seconds=31))
    assert "stopped twice" in ended.message


@pytest.mark.parametrize(
    ("fields", "state"),
    [({"kind": "repair"}, "failed"), ({"stop_requested_at": NOW}, "stopped")],
)
def test_repair_and_stopped_run_are_not_begun_again(engines: Engines, fields: dict[str, object], state: str) -> None:
    [elm] = communities(engines, "elm")
    with unit_of_work(engines) as db:
        db.add(run(elm, **fields))

    retrying(engines, lambda db: adopt(db, NOW + timedelta(seconds=31)))

    assert (one_run(engines).state, one_run(engines).open_week) == (state, None)


def test_duties_name_the_moment_they_were_due(held: Engines) -> None:
    with unit_of_work(held) as db:
        elm = small_community(db).id

    assert find_duties(held, NOW, fence=1) == [Duty(elm, TODAY, NOW.replace(hour=5, minute=30), 1)]
