"""One solve of a run: its problem sent to a child, its progress kept, its answer read twice. No transaction waits."""

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, TypeVar

import structlog
from sqlalchemy import select, update

from milieu.clock import Clock, seconds_passed
from milieu.database import DbSession, Engines, reading, retrying, unit_of_work, was_taken
from milieu.errors import Busy, Unwritable
from milieu.machine.faults import trace_told
from milieu.models import Run
from milieu.solving.answer.answers import Untrusted, read_answer
from milieu.solving.backend import SolveBackend
from milieu.solving.problem.document import ProblemSource
from milieu.solving.process.child import ChildResult, Progress
from solver.documents.exchange import ScheduleDocument

T = TypeVar("T")
PLAN = "plan"
MOST_POINTS = 200
_BEAT = timedelta(seconds=5)
_PATIENCE = 1.0  # seconds that a beat waits for who writes: another comes
_BESIDE = 900.0  # seconds that a run may take besides its search; after that it counts as hung
_log = structlog.get_logger(__name__)

NO_TIME = "No week was found in the time given."
TOO_LONG = "Planning took too long and was ended."
CRASHED = "Planning broke off by itself."
UNTRUSTED = "The answer of the planning could not be trusted and was thrown away."
STOPPED = "Planning was stopped before a week was found."


@dataclass(frozen=True)
class Ticket:
    """A run that is ours to do, as long as its row says that `worker` runs it; `kind` as the row has it.

    `is_waited_for`: a person waits for it, so that it goes before what the clock does by itself.
    """

    community_id: str
    run_id: str
    worker: str
    seconds: int
    workers: int
    seed: int
    kind: str = PLAN
    is_waited_for: bool = True


@dataclass(frozen=True)
class Solved:
    """What a solve came to. `schedule` keeps every rule; None where there is none, and `message` says why.

    `proof` is the answer that says that no schedule keeps all demands, where that is proved. `clues` is what the solver
    says of why it found none though nothing is proved. `raw` is the answer as it was written, None where it cannot be
    believed.
    """

    schedule: ScheduleDocument | None
    message: str
    was_stopped: bool
    seconds: float
    raw: bytes | None = None
    proof: ScheduleDocument | None = None
    clues: tuple[str, ...] = ()


def solve(
    engines: Engines,
    clock: Clock,
    ticket: Ticket,
    source: ProblemSource,
    child: SolveBackend,
    *,
    start: bytes | None = None,
    seconds: float | None = None,
) -> Solved:
    """Send the problem to where solves run and wait for it. Raises nothing of theirs; their faults are words.

    It searches for so many `seconds`, None: for all of the run's.
    """
    retrying(engines, lambda db: _note_problem(db, ticket, source, clock))
    watch = _Watch(engines, clock, ticket)
    result = child.solve(
        source.raw,
        seconds=ticket.seconds if seconds is None else seconds,
        workers=ticket.workers,
        seed=ticket.seed,
        start=start,
        watch=watch,
        is_waited_for=ticket.is_waited_for,
    )
    solved = read(source, result)
    _log.info(
        "run.solved",
        run=ticket.run_id,
        community=ticket.community_id,
        status=result.status,
        seconds=round(result.seconds, 2),
        stopped=result.was_stopped,
        killed=result.was_killed,
        found=solved.schedule is not None,
    )
    return solved


def read(source: ProblemSource, result: ChildResult) -> Solved:
    """What a child's end means. Nothing that it wrote is used unless it is true of this problem."""

    def without(message: str) -> Solved:
        return Solved(None, message, result.was_stopped, result.seconds)

    if result.was_killed:
        return without(TOO_LONG)
    died_of_asking = result.was_stopped and result.status == -signal.SIGTERM
    if died_of_asking and result.schedule is None:  # before it could listen; with a schedule, after it had written
        return without(STOPPED)
    if not died_of_asking and result.status not in (0, 3, 4):
        _log.error("run.crashed", status=result.status, **trace_told(result.error))
        return without(CRASHED)
    try:
        answer = read_answer(source, result.schedule)
    except Untrusted as reason:
        _log.error("run.untrusted", reason=reason.code, rules=list(reason.rules))
        return without(UNTRUSTED)
    if answer.status == "infeasible":
        return Solved(None, "", result.was_stopped, result.seconds, result.schedule, proof=answer)
    if answer.status == "unknown":
        return replace(without(STOPPED if result.was_stopped else NO_TIME), clues=answer.because or ())
    return Solved(answer, "", result.was_stopped, result.seconds, result.schedule)


def is_ours(ticket: Ticket) -> tuple[Any, ...]:
    """The condition under which a run's row may still be written by who took it."""
    return (
        Run.community_id == ticket.community_id,
        Run.id == ticket.run_id,
        Run.state == "running",
        Run.worker == ticket.worker,
    )


def hold_run(db: DbSession, ticket: Ticket) -> bool:
    """Keep a run's row until the unit ends, so that nobody takes it for dead meanwhile; False where it is not ours.

    To be the first statement: PostgreSQL refuses whoever comes to the row after a beat that they do not see yet.
    """
    return db.scalar(select(Run.id).where(*is_ours(ticket)).with_for_update()) is not None


@contextmanager
def beating(engines: Engines, clock: Clock, ticket: Ticket, *, every: float = _BEAT.total_seconds()) -> Iterator[None]:
    """Say that a run lives while it reads, checks and writes, too: on a slow machine that takes long.

    The clock would give it to another else, who would be as slow, until it had failed for good.
    """
    ended, until = threading.Event(), seconds_passed() + ticket.seconds + _BESIDE

    def beat() -> None:
        while not ended.wait(every) and seconds_passed() < until:
            try:
                with unit_of_work(engines, patience=_PATIENCE) as db:
                    db.execute(update(Run).where(*is_ours(ticket)).values(heartbeat_at=clock.now()))
            except Busy:
                continue

    thread = threading.Thread(target=beat, name=f"beat of {ticket.run_id}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def persisting(engines: Engines, work: Callable[[DbSession], T], *, seconds: float = 60.0) -> T:
    """`retrying` for what took long to find, so that it is not lost to somebody else's long write: where the database
    is taken it goes on for so long. Refusals that `work` itself raises are none of that.
    """
    until = seconds_passed() + seconds
    while True:
        try:
            return retrying(engines, work)
        except Busy as refused:
            if isinstance(refused, Unwritable) or not was_taken(refused) or seconds_passed() >= until:
                raise
        time.sleep(0.2)


def _note_problem(db: DbSession, ticket: Ticket, source: ProblemSource, clock: Clock) -> None:
    db.execute(
        update(Run)
        .where(*is_ours(ticket))
        .values(problem=source.raw.decode(), facts_digest=source.facts_digest, heartbeat_at=clock.now())
    )


@dataclass
class _Watch:
    """Keeps a run's progress in its row and listens for the wish to stop, twice a second."""

    engines: Engines
    clock: Clock
    ticket: Ticket
    _points: list[dict[str, Any]] = field(default_factory=list)
    _said: Progress | None = None
    _beat_at: float = 0.0

    def __call__(self, progress: Progress | None) -> bool:
        try:
            if progress != self._said or seconds_passed() - self._beat_at > _BEAT.total_seconds():
                return self._write(progress)
            with reading(self.engines) as db:
                return self._is_over(db)
        except Busy:  # what is not kept now is kept with the next line; the solve goes on
            return False

    def _write(self, progress: Progress | None) -> bool:
        values: dict[str, Any] = {"heartbeat_at": self.clock.now()}
        points = self._points
        if progress is not None and progress != self._said:
            point = {"seconds": progress.seconds, "objective": progress.objective, "bound": progress.bound}
            points = _thinned([*points, point])
            values |= {"progress": {"points": points}, "objective": progress.objective, "bound": progress.bound}
        with unit_of_work(self.engines) as db:
            is_over = self._is_over(db)
            db.execute(update(Run).where(*is_ours(self.ticket)).values(**values))
        self._points, self._said, self._beat_at = points, progress, seconds_passed()
        return is_over

    def _is_over(self, db: DbSession) -> bool:
        """Whether somebody asked to stop, or the run is no longer ours."""
        row = db.execute(select(Run.stop_requested_at).where(*is_ours(self.ticket))).one_or_none()
        return row is None or row.stop_requested_at is not None


def _thinned(points: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """At most so many points: of too many, every second of the older ones goes."""
    return points if len(points) <= MOST_POINTS else [*points[:-1:2], points[-1]]
