"""What a worker of the cluster does: one solve in a child of its own. It gets documents and numbers, and no database.

Everything that goes over the network is numbers, text and bytes; documents are compressed.
"""

import time
import zlib
from dataclasses import asdict, dataclass
from typing import Any

import structlog
from distributed import Event, Variable, Worker, get_worker
from distributed.core import Status
from distributed.worker import thread_state

from milieu.ids import new_id
from milieu.solving.cluster.program import program
from milieu.solving.process.child import ChildResult, Progress, SolverChild

BEAT = 0.5  # seconds between two words of a worker to whoever waits for its solve
_log = structlog.get_logger(__name__)


class OtherProgram(Exception):
    """This worker has another solver than who asks."""


@dataclass(frozen=True)
class Order:
    """One solve, as it travels. `attempt` names it: the variable that holds its progress and the event that asks it to
    stop are called so.
    """

    attempt: str
    program: str
    problem: bytes
    start: bytes | None
    seconds: float
    workers: int
    seed: int
    memory_mb: int
    grace_seconds: float


def packed(document: bytes | None) -> bytes | None:
    """A document as it travels."""
    return None if document is None else zlib.compress(document)


def unpacked(document: bytes | None) -> bytes | None:
    """A document as it is read."""
    return None if document is None else zlib.decompress(document)


def solve_order(order: dict[str, Any]) -> dict[str, Any]:
    """Do an order, given by its fields; the fields of its ChildResult, the schedule packed. Raises OtherProgram."""
    given = Order(**order)
    if given.program != program():
        raise OtherProgram(f"this worker has the solver {program()}, asked for is {given.program}")
    worker, key = get_worker(), thread_state.key
    told, is_stopped = Variable(told_at(given.attempt)), Event(stopped_at(given.attempt))
    word: dict[str, Any] = {"begun": new_id(), "worker": worker.address, "beats": 0, "progress": None}
    told.set(word)
    child = SolverChild(memory_mb=given.memory_mb, grace_seconds=given.grace_seconds, beat_seconds=BEAT)

    def watch(progress: Progress | None) -> bool:
        if not _is_wanted(worker, key):
            raise _Unwanted
        nonlocal word
        word = word | {"beats": word["beats"] + 1, "progress": None if progress is None else asdict(progress)}
        told.set(word)
        return bool(is_stopped.is_set())

    problem = unpacked(given.problem)
    assert problem is not None
    began = time.monotonic()
    try:
        result = child.solve(
            problem,
            seconds=given.seconds,
            workers=given.workers,
            seed=given.seed,
            start=unpacked(given.start),
            watch=watch,
        )
    except _Unwanted:
        _log.warning("solve.unwanted", attempt=given.attempt, seconds=round(time.monotonic() - began, 1))
        raise
    return asdict(result) | {"schedule": packed(result.schedule)}


def told_at(attempt: str) -> str:
    """The name of the variable that holds the newest word of an attempt's worker.

    In it `begun` names the turn that the worker is at (a task whose worker dies is begun again elsewhere), `worker` its
    address, `beats` counts its words, and `progress` has the fields of a Progress.
    """
    return f"progress {attempt}"


def stopped_at(attempt: str) -> str:
    """The name of the event that asks an attempt to stop."""
    return f"stop {attempt}"


def result_of(told: dict[str, Any]) -> ChildResult:
    """What `solve_order` has told."""
    return ChildResult(**told | {"schedule": unpacked(told["schedule"])})


class _Unwanted(Exception):
    """Nobody waits for this solve any more: it was given up, or the scheduler is gone."""


def _is_wanted(worker: Worker, key: Any) -> bool:
    """Whether the scheduler still holds a task of this worker to be its own."""
    task = worker.state.tasks.get(key)
    return worker.status == Status.running and task is not None and task.state == "executing"
