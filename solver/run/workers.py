"""The processes of a solve: searchers that can be killed at any moment, and what they tell.

Each searcher is one process with its own seed. It watches its parent and ends with it. The parent only waits, checks
and tells, so that it hears an interrupt at once whatever the search is in the middle of.
"""

import contextlib
import multiprocessing
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess

from solver.instance.placed import Found
from solver.run.launching import run_searcher
from solver.run.messages import Message, Task

LEAVING = 0.5  # seconds that the killed have, all together, to be gone
PLAIN = "MILIEU_PLAIN_KERNELS"


@dataclass
class Crew:
    """The running searchers. Nobody is told anything new before they have heard the last: whoever compiles or proves
    does not listen, and a full pipe would hold up the parent beyond its time.
    """

    context: BaseContext
    processes: dict[Connection, BaseProcess] = field(default_factory=dict)
    busy: set[Connection] = field(default_factory=set)  # what they were told last they have not heard yet
    owed: dict[Connection, Found] = field(default_factory=dict)

    def start(self, task: Task, context: BaseContext | None = None) -> None:
        mine, theirs = multiprocessing.Pipe()
        process = (context or self.context).Process(target=run_searcher, args=(task, theirs, os.getpid()), daemon=True)  # type: ignore[attr-defined]
        process.start()
        theirs.close()
        self.processes[mine] = process

    def messages(self, seconds: float) -> Iterator[Message]:
        """What has come in, in the order of the searchers, after waiting at most so long. The dead are left out."""
        ready = set(wait(list(self.processes), seconds))
        for connection in list(self.processes):
            if connection in ready:
                try:
                    message: Message = connection.recv()
                except (EOFError, OSError):
                    self._drop(connection)
                    continue
                if message.has_heard:
                    self.busy.discard(connection)
                    if connection in self.owed:
                        self._send(connection, self.owed.pop(connection))
                yield message

    def tell(self, found: Found) -> None:
        """Offer a schedule to all searchers."""
        for connection in list(self.processes):
            if connection in self.busy:
                self.owed[connection] = found
            else:
                self._send(connection, found)

    def _send(self, connection: Connection, found: Found) -> None:
        self.busy.add(connection)
        with contextlib.suppress(OSError, ValueError):
            connection.send(found)

    def _drop(self, connection: Connection) -> None:
        process = self.processes.pop(connection)
        connection.close()
        process.join(0)

    def end(self) -> None:
        for process in self.processes.values():
            process.kill()
        until = time.monotonic() + LEAVING
        for connection, process in self.processes.items():
            process.join(max(0.0, until - time.monotonic()))
            connection.close()
        self.processes.clear()


def forked() -> BaseContext:
    """Forked processes start in a hundredth of a second with the problem in hand; elsewhere they are spawned."""
    return multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")


@contextlib.contextmanager
def crew(context: BaseContext) -> Iterator[Crew]:
    workers = Crew(context)
    try:
        yield workers
    finally:
        workers.end()


@contextlib.contextmanager
def plain_kernels() -> Iterator[BaseContext]:
    """A context whose processes run the kernels as plain Python: slow, but at once, while others compile."""
    os.environ[PLAIN] = "1"
    try:
        yield multiprocessing.get_context("spawn")
    finally:
        del os.environ[PLAIN]
