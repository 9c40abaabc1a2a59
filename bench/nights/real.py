"""Real nights: communities in one database, the real clock, the real solver; each beside what was forecast of it.

The first night teaches how long searches take, the second is forecast from it.
"""

import time
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import select, update

from bench.nights.many import one_more
from bench.nights.simulation import Morning, Night
from milieu.clock import SystemClock
from milieu.clockwork import make_scheduler
from milieu.coordination import lease
from milieu.coordination.ledger import FINISHED
from milieu.database import Engines, reading, unit_of_work
from milieu.imports.folder import import_folder
from milieu.installation.serving import open_engines
from milieu.jobs.daily import find_duties
from milieu.jobs.turns import expected_of
from milieu.models import Absence, Community, CommunitySettings, LedgerEntry, Run
from milieu.services.weeks.plans.planning import plan_now
from milieu.services.weeks.publishing import publish
from milieu.settings import Settings
from milieu.solving.contents import read_published

MONDAY = date(2026, 11, 30)
FRIDAY = datetime(2026, 11, 27, 15, 0, tzinfo=UTC)
NIGHTS = (datetime(2026, 12, 1, 5, 30, tzinfo=UTC), datetime(2026, 12, 2, 5, 30, tzinfo=UTC))


class Shifted(SystemClock):
    """Goes like the machine's clock and shows another time."""

    def __init__(self, now: datetime) -> None:
        self._shift = now - datetime.now(UTC)

    def now(self) -> datetime:
        return datetime.now(UTC) + self._shift


@dataclass(frozen=True)
class Told:
    """A night, real and forecast: seconds until all were done, how many ended how, and what their solves took."""

    real: float
    forecast: float
    states: dict[str, int]
    search: float
    beside: float


def nights(folder: Path, *, communities: int, places: int, seconds: int) -> list[Told]:
    """Two nights of so many communities of 30 on this machine, each repair with so many seconds."""
    settings = Settings(data_dir=folder / "data", concurrent_runs=places, solver_workers=1)
    engines = open_engines(settings)
    try:
        _make(engines, settings, folder, communities, seconds)
        return [_night(engines, settings, at, places) for at in NIGHTS]
    finally:
        engines.dispose()


def _make(engines: Engines, settings: Settings, folder: Path, communities: int, seconds: int) -> None:
    """So many made-up communities, each with a published week."""
    clock = Shifted(FRIDAY)
    for number in range(communities):
        copy = one_more(folder, f"home-{number}")
        with unit_of_work(engines) as db:
            import_folder(db, copy, now=clock.now())
    with unit_of_work(engines) as db:
        db.execute(update(CommunitySettings).values(repair_seconds=seconds, told_at_most=None))
        ids = list(db.scalars(select(Community.id)))
    for community_id in ids:
        run_id = plan_now(engines, settings, clock, community_id, MONDAY, by=None, seconds=12)
        with unit_of_work(engines) as db:
            run = db.get_one(Run, (community_id, run_id))
            assert run.plan_id is not None, run.message
            publish(db, community_id, run.plan_id, version=1, by=None, now=clock.now())


def _night(engines: Engines, settings: Settings, at: datetime, places: int) -> Told:
    """Somebody of each team falls ill, and the morning comes."""
    with unit_of_work(engines) as db:
        for community_id in db.scalars(select(Community.id)).all():
            published = read_published(db, community_id, MONDAY)
            assert published is not None
            day = at.date() + timedelta(days=1)
            leaders = [
                each for session in published.sessions if session.on_date == day for each in session.facilitators
            ]
            ill = max(sorted(set(leaders)), key=leaders.count)
            db.add(Absence(community_id=community_id, facilitator_id=ill, first_date=day, last_date=day))
        fence = lease.take(db, holder="forecast", seconds=1)
    assert fence is not None
    with reading(engines) as db:
        duties = find_duties(engines, at, fence=fence, places=places)
        expected = expected_of(db, duties, at)
    forecast = Night(places)
    ended = forecast.run(
        [Morning(0.0, each.wanted, each.beside, each.usual or each.wanted, usual=each.usual) for each in expected]
    )
    time.sleep(1.1)  # until the lease is free
    began = time.monotonic()
    scheduler = make_scheduler(engines, settings, Shifted(at))
    scheduler.start()
    try:
        states = _wait(engines, at.date(), len(duties))
    finally:
        real = time.monotonic() - began
        scheduler.stop()
    with reading(engines) as db:
        runs = list(db.scalars(select(Run).where(Run.kind == "repair", Run.requested_at >= at)))
    search = sum(run.seconds or 0.0 for run in runs) / max(1, len(runs))
    return Told(real, ended[-1].at, states, search, real * places / max(1, len(runs)) - search)


def _wait(engines: Engines, day: date, count: int) -> dict[str, int]:
    while True:
        with reading(engines) as db:
            entries = db.scalars(select(LedgerEntry.state).where(LedgerEntry.local_day == day)).all()
        if len(entries) >= count and all(state in FINISHED for state in entries):
            return {state: list(entries).count(state) for state in sorted(set(entries))}
        time.sleep(0.1)
