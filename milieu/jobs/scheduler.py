"""The one scheduler of an installation: a tick every ten seconds, a look at the queue of runs every second.

Only `milieu serve` and `milieu scheduler` start one. Several may run: the lease lets one of them see to daily duties,
while queued runs are done by whoever claims them first. APScheduler only beats time; what is due is read from the
database at each beat, so there is nothing to lose between restarts.
"""

import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TypeAlias

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import select

from milieu.clock import Clock, JumpWatch, seconds_passed
from milieu.coordination import lease
from milieu.coordination.adoption import adopt
from milieu.coordination.due import Duty
from milieu.coordination.ledger import REPAIR
from milieu.database import Engines, reading, retrying
from milieu.errors import Busy
from milieu.jobs.daily import Repair, do_duty, find_duties, put_off
from milieu.jobs.workers import Workers
from milieu.machine.refusals import BUSY
from milieu.models import Run
from milieu.settings import Settings

_log = structlog.get_logger(__name__)
_SETTLING_SECONDS = 60.0
_WATCH_SECONDS = 5.0
TICK_LEASES = 10
"""For so many leases one is held on to while a tick is under way: a tick that takes longer hangs, and another clock may
take over."""
PATIENCE = timedelta(minutes=15)
"""How long a day lets people who wait at their pages go first: it wants to be done 35 minutes after it is due."""


RunNext: TypeAlias = Callable[[Engines, Settings, Clock], bool]
KeepReady: TypeAlias = Callable[[Engines, Settings, Clock], int]
"""Makes the sheets anew that lie ready for when the server is down; how many communities had theirs made."""
Besides: TypeAlias = Callable[[Engines, Settings, Clock, int], object]
"""A duty for the whole installation, offered at each beat with the fence held: it sees for itself whether it is due."""


class Scheduler:
    """Beats time for one installation; `repair` and `run_next` are the services that do the work, `keep_ready` sees
    to the sheets on this machine, wherever the lease is.

    `stopping` is set by `stop`: solves that watch it end then.
    """

    def __init__(
        self,
        engines: Engines,
        settings: Settings,
        clock: Clock,
        *,
        repair: Repair,
        run_next: RunNext,
        keep_ready: KeepReady | None = None,
        besides: Mapping[str, Besides] | None = None,
        stopping: threading.Event | None = None,
    ) -> None:
        self._engines, self._settings, self._clock = engines, settings, clock
        self._repair, self._run_next, self._keep_ready = repair, run_next, keep_ready
        self._holder = lease.new_holder()
        self._workers = Workers(settings.concurrent_runs)
        self._besides = dict(besides or {})
        self._besides_workers = Workers(max(1, len(self._besides)))  # threads of their own: no solve waits for a backup
        self._stopping = stopping or threading.Event()
        self._watch = JumpWatch(clock.now())
        self._settled_from = 0.0
        self._ticks_since: float | None = None  # while the lease is held and a tick under way, from when
        self._is_to_wake = threading.Event()  # from when the clock was set back until a tick begins
        self._due: list[Duty] = []
        self._unended: list[Duty] = []  # that failed, and whose rows say "running" still, for nothing could be saved
        self._runs_begun = 0
        self._beginning = threading.Lock()
        self._beat = BackgroundScheduler(
            timezone=UTC, job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1}
        )
        self._watcher = threading.Thread(target=self._watch_clock, name="clock watch", daemon=True)

    def start(self) -> None:
        """Begin to beat; the first tick comes at once."""
        self._beat.add_job(self.tick, "interval", seconds=self._settings.tick_seconds, id="tick", next_run_time=_soon())
        self._beat.add_job(self.begin, "interval", seconds=1, id="queue")
        self._beat.add_job(self.keep_lease, "interval", seconds=self._settings.lease_seconds / 3, id="lease")
        if self._keep_ready is not None:
            self._beat.add_job(self.keep_ready, "interval", seconds=self._settings.tick_seconds, id="sheets")
        self._beat.start()
        self._watcher.start()

    def stop(self, *, seconds: float = 10.0) -> bool:
        """Begin nothing more, wait so long for what is under way, and give up the lease; whether all has ended."""
        self._stopping.set()
        if self._beat.running:
            self._beat.pause()  # else it may still submit a beat to the threads that are being ended
            self._beat.shutdown(wait=True)
        has_ended = self._workers.join(seconds) and self._besides_workers.join(seconds)
        try:
            retrying(self._engines, lambda db: lease.give_up(db, holder=self._holder))
        except Busy:
            _log.warning("lease.not_given_up")
        return has_ended

    def tick(self) -> int | None:
        """One beat: renew the lease, find what is due, begin what there is room for. The fence, None where not held."""
        self._is_to_wake.clear()
        fence = retrying(
            self._engines, lambda db: lease.take(db, holder=self._holder, seconds=self._settings.lease_seconds)
        )
        self._due = []
        if fence is None or seconds_passed() < self._settled_from:
            return fence
        self._ticks_since = seconds_passed()
        try:
            self._look(fence)
        finally:
            self._ticks_since = None
        return fence

    def _look(self, fence: int) -> None:
        """Find what is due, begin what there is room for."""
        now = self._clock.now()
        retrying(self._engines, lambda db: adopt(db, now))
        self._end_unended()
        self._due = find_duties(self._engines, now, fence=fence, places=self._settings.concurrent_runs)
        self.begin()
        for name, work in self._besides.items():
            self._besides_workers.offer(name, partial(work, self._engines, self._settings, self._clock, fence))

    def keep_lease(self) -> bool:
        """A beat of its own: hold on to the lease while a tick takes long; whether it was held on to."""
        since = self._ticks_since
        if since is None or seconds_passed() - since > TICK_LEASES * self._settings.lease_seconds:
            return False
        seconds = self._settings.lease_seconds
        return retrying(self._engines, lambda db: lease.keep(db, holder=self._holder, seconds=seconds))

    def begin(self) -> None:
        """Begin what a worker is free for: first a run that people wait for, then what is due today.

        What has been due for long goes before them.
        """
        with self._beginning:
            self._begin_duties(due_before=self._clock.now() - PATIENCE)
            if not self._stopping.is_set() and self._workers.is_free() and self._has_queued_run():
                self._runs_begun += 1
                run_next = partial(self._run_next, self._engines, self._settings, self._clock)
                self._workers.offer(f"run {self._runs_begun}", run_next)
            self._begin_duties()

    def _begin_duties(self, *, due_before: datetime | None = None) -> None:
        """Begin duties in their order while a worker is free, all or those that were due before a moment."""
        while not self._stopping.is_set() and (due := self._due):  # a look puts another list there meanwhile
            duty = due[0]
            if due_before is not None and (duty.due_at > due_before or duty.kind != REPAIR):
                return
            if not self._workers.offer(f"day of {duty.community_id}", partial(self._do, duty)):
                return
            due.pop(0)

    def keep_ready(self) -> int:
        """Another beat: see to the sheets that lie ready. A beat that is under way makes the next one wait."""
        if self._keep_ready is None or self._stopping.is_set() or seconds_passed() < self._settled_from:
            return 0
        return self._keep_ready(self._engines, self._settings, self._clock)

    def _do(self, duty: Duty) -> str:
        try:
            return do_duty(duty, engines=self._engines, settings=self._settings, clock=self._clock, repair=self._repair)
        except Exception:
            self._unended.append(duty)
            raise

    def _end_unended(self) -> None:
        """Put off what could not be put off when it failed: it would count as under way until another clock comes."""
        while self._unended:
            put_off(self._engines, self._unended[0], BUSY, self._clock, is_busy=True)
            self._unended.pop(0)

    def _has_queued_run(self) -> bool:
        with reading(self._engines) as db:
            return db.scalar(select(Run.id).where(Run.state == "queued").limit(1)) is not None

    def note_clock(self, now: datetime, passed: float) -> float:
        """Compare the wall clock with the time that passed; after a jump nothing is begun for a minute.

        Somebody who sets the clock wrong and right again within that minute has published nothing early.
        """
        jump = self._watch.jump(now, passed)
        if jump:
            _log.error("clock.jumped", seconds=round(jump))
            self._settled_from = passed + _SETTLING_SECONDS
        return jump

    def _watch_clock(self) -> None:
        while not self._clock.wait(self._stopping, _WATCH_SECONDS):
            if self.note_clock(self._clock.now(), seconds_passed()) < 0:
                self._is_to_wake.set()
            if self._is_to_wake.is_set() and self._beat.running:
                # APScheduler sleeps until its next wall-clock time comes again: after an hour back, for an hour. A tick
                # that is under way makes it leave this one out: asked again until one has begun.
                for job in self._beat.get_jobs():
                    job.modify(next_run_time=_soon())


def _soon() -> datetime:
    return datetime.now(UTC) + timedelta(milliseconds=10)
