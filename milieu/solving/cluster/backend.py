"""Solves on a Dask cluster, and here where the cluster cannot do them: whoever asks is never left without an answer."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import structlog
from distributed import Client, Event, Future, Variable
from distributed.scheduler import KilledWorker

from milieu.ids import new_id
from milieu.settings import Settings
from milieu.solving.backend import SolveBackend
from milieu.solving.cluster.asking import asked, program_resource
from milieu.solving.cluster.program import program
from milieu.solving.cluster.task import (
    Order,
    OtherProgram,
    packed,
    result_of,
    solve_order,
    stopped_at,
    told_at,
)
from milieu.solving.process.child import ChildResult, Interrupted, Progress, SolverChild, Watcher

TRIES = 2  # on the cluster, before a solve is done here
_log = structlog.get_logger(__name__)


class Lost(Exception):
    """The cluster will not answer for a solve. `is_again`: another try there may fare better, on another worker."""

    def __init__(self, why: str, *, is_again: bool) -> None:
        super().__init__(why)
        self.is_again = is_again


@dataclass
class Cluster:
    """A solve is one task on a worker that has the cores, the memory and this very solver free.

    A worker that dies, a scheduler that restarts or a network that parts costs a try: the solve is begun again there,
    then here. So is one that waits longer than `wait_seconds` for a worker. `silence_seconds`: how long nothing may be
    heard of a solve that has begun.
    """

    address: str
    here: SolveBackend
    memory_mb: int = 0
    grace_seconds: float = 5.0
    wait_seconds: float = 60.0
    silence_seconds: float = 15.0
    connect_seconds: float = 5.0
    beat_seconds: float = 0.5
    ending: threading.Event | None = None
    _places: threading.BoundedSemaphore = field(init=False)

    def __post_init__(self) -> None:
        # However many wait for the cluster: what comes back all at once is done here one after another.
        self._places = threading.BoundedSemaphore(1)

    @classmethod
    def of(cls, settings: Settings, ending: threading.Event | None = None) -> "Cluster":
        """As an installation's settings want it."""
        return cls(
            settings.solve_on,
            SolverChild.of(settings, ending),
            memory_mb=settings.solver_memory_mb,
            grace_seconds=settings.solver_grace_seconds,
            wait_seconds=settings.solve_wait_seconds,
            ending=ending,
        )

    def solve(
        self,
        problem: bytes,
        *,
        seconds: float,
        workers: int,
        seed: int,
        start: bytes | None = None,
        watch: Watcher | None = None,
        is_waited_for: bool = False,
    ) -> ChildResult:
        """As SolveBackend says."""
        asked_for = Order(
            attempt="",  # each try has its own
            program=program(),
            problem=packed(problem) or b"",
            start=packed(start),
            seconds=seconds,
            workers=workers,
            seed=seed,
            memory_mb=self.memory_mb,
            grace_seconds=self.grace_seconds,
        )
        avoided: set[str] = set()
        for number in range(1, TRIES + 1):
            order = replace(asked_for, attempt=new_id())
            try:
                with self._client() as client:
                    return _Attempt(self, client, order, watch, is_waited_for, avoided).run()
            except Lost as lost:
                _log.warning("solve.lost", attempt=order.attempt, number=number, why=str(lost))
                if not lost.is_again:
                    break
        return self._solve_here(problem, seconds=seconds, workers=workers, seed=seed, start=start, watch=watch)

    def _solve_here(self, problem: bytes, *, watch: Watcher | None, **given: Any) -> ChildResult:
        while not self._places.acquire(timeout=self.beat_seconds):
            if self.ending is not None and self.ending.is_set():
                raise Interrupted
            if watch is not None and watch(None):
                return stopped_while_waiting()
        try:
            return self.here.solve(problem, watch=watch, **given)
        finally:
            self._places.release()

    @contextmanager
    def _client(self) -> Iterator[Client]:
        """A connection of its own for each attempt: nothing of one that was lost is left for the next."""
        try:
            client = Client(self.address, timeout=self.connect_seconds, set_as_default=False, name="milieu")
        except (OSError, ValueError) as error:  # nobody listens; no certificate
            raise Lost(f"the cluster cannot be reached ({type(error).__name__})", is_again=False) from error
        try:
            yield client
        finally:
            with suppress(Exception):  # what is left of a connection that was lost
                client.close(timeout=2)


@dataclass
class _Attempt:
    """One try of a solve on the cluster, from its submission to its answer.

    `avoided` are the addresses of workers that lost it before; those that it meets are added.
    """

    cluster: Cluster
    client: Client
    order: Order
    watch: Watcher | None
    is_waited_for: bool
    avoided: set[str]
    _word: dict[str, Any] = field(default_factory=dict)
    _turns: set[str] = field(default_factory=set)
    _heard_at: float = 0.0
    _began_at: float | None = None
    _asked_at: float | None = None

    def run(self) -> ChildResult:
        """Raises Lost, Interrupted, and whatever the watcher raises."""
        future = self._submit(self._fit_workers())
        told = Variable(told_at(self.order.attempt), client=self.client)
        event = Event(stopped_at(self.order.attempt), client=self.client)
        since = time.monotonic()
        try:
            while (result := self._answer(future)) is None:
                self._listen(told)
                self._look(since)
                if self.watch is not None and self.watch(self._progress()) and self._asked_at is None:
                    self._asked_at = time.monotonic()
                    if self._began_at is None:
                        return stopped_while_waiting()
                    event.set()
        except (OSError, RuntimeError) as error:  # the connection broke; TimeoutError is an OSError
            raise Lost(f"the connection broke ({type(error).__name__})", is_again=True) from error
        finally:
            with suppress(Exception):  # nobody may be there any more to be told
                future.cancel()
                told.delete()
                event.clear()
        self._tell_last(result)
        return result

    def _submit(self, workers: list[str]) -> Future[dict[str, Any]]:
        resources = asked(self.order.workers, self.order.memory_mb)
        return self.client.submit(
            solve_order,
            asdict(self.order),
            key=f"solve-{self.order.attempt}",
            resources=resources,
            workers=workers,
            priority=1 if self.is_waited_for else 0,
            pure=False,
        )

    def _fit_workers(self) -> list[str]:
        """The addresses of the workers that can do it. Raises Lost at once where there is none."""
        wanted = asked(self.order.workers, self.order.memory_mb)
        found = self.client.scheduler_info(n_workers=-1)["workers"]
        have = {address: each["resources"] for address, each in found.items() if address not in self.avoided}
        if not have:
            raise Lost("the cluster has no worker" if not found else "it has no other worker", is_again=False)
        ours = {address: resources for address, resources in have.items() if program_resource() in resources}
        if not ours:
            raise Lost(f"no worker has the solver {program()}", is_again=False)
        fit = [
            address
            for address, resources in ours.items()
            if all(resources.get(name, 0) >= amount for name, amount in wanted.items())
        ]
        if not fit:
            raise Lost("no worker is large enough", is_again=False)
        return fit

    def _answer(self, future: Future[dict[str, Any]]) -> ChildResult | None:
        """The result, after waiting a beat for it; None where there is none yet."""
        try:
            return result_of(future.result(timeout=self.cluster.beat_seconds))
        except TimeoutError:
            return None
        except (CancelledError, KilledWorker) as error:  # the scheduler knows it no more; its workers died of it
            raise Lost(f"the task is gone ({type(error).__name__})", is_again=True) from error
        except OtherProgram as error:
            raise Lost(str(error), is_again=False) from error
        except Exception as error:  # whatever a worker's own machine refuses: a full disk, no processes
            raise Lost(f"the worker failed ({type(error).__name__})", is_again=True) from error

    def _listen(self, told: Variable) -> None:
        """Hear the newest word of the worker, if there is a new one."""
        now = time.monotonic()
        try:
            word = told.get(timeout=self.cluster.beat_seconds if self._began_at is not None else 0.1)
        except TimeoutError:
            return
        if word == self._word:
            return
        if word["begun"] not in self._turns:  # for the first time, or anew because the worker of before died
            self._turns.add(word["begun"])
            self.avoided.add(word["worker"])
            self._began_at = now
        self._word, self._heard_at = word, now

    def _look(self, since: float) -> None:
        """Raise Interrupted where this process ends, Lost where no answer is to be hoped for."""
        cluster, now = self.cluster, time.monotonic()
        if cluster.ending is not None and cluster.ending.is_set():
            raise Interrupted
        if self._began_at is None:
            if now - since > cluster.wait_seconds:
                raise Lost(f"no worker was free within {cluster.wait_seconds:g} s", is_again=False)
            return
        if now - self._heard_at > cluster.silence_seconds:
            raise Lost(f"nothing was heard for {cluster.silence_seconds:g} s", is_again=True)
        if len(self._turns) > TRIES:
            raise Lost("its workers died one after another", is_again=False)
        allowed = self.order.seconds * 1.05 + 2 + 2 * cluster.grace_seconds + cluster.silence_seconds
        if now - self._began_at > allowed:
            raise Lost(f"no answer after {allowed:.0f} s", is_again=False)

    def _progress(self) -> Progress | None:
        told = self._word.get("progress")
        return None if told is None else Progress(**told)

    def _tell_last(self, result: ChildResult) -> None:
        """Let the watcher have the last progress, as a child's watcher has it."""
        if self.watch is not None and (last := self._progress()) is not None:
            self.watch(last)


def stopped_while_waiting() -> ChildResult:
    """What becomes of a solve that was stopped before any machine had begun it."""
    return ChildResult(-15, None, "", 0.0, was_stopped=True)
