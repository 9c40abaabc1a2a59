"""A few threads that wait for solves; the solving itself is in children of theirs."""

import threading
from collections.abc import Callable

import structlog

from milieu.machine.faults import trace_of
from milieu.solving.process.child import Interrupted

_log = structlog.get_logger(__name__)


class Workers:
    """At most `size` pieces of work at a time, each in a thread; no queue: what is refused is offered again."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._lock = threading.Lock()
        self._threads: dict[str, threading.Thread] = {}

    def is_free(self) -> bool:
        """Whether another piece of work would be taken."""
        with self._lock:
            return len(self._threads) < self._size

    def offer(self, name: str, work: Callable[[], object]) -> bool:
        """Begin a piece of work unless all are taken or one of that name is under way."""
        with self._lock:
            if len(self._threads) >= self._size or name in self._threads:
                return False
            thread = threading.Thread(target=self._do, args=(name, work), name=name, daemon=True)
            self._threads[name] = thread
        thread.start()
        return True

    def join(self, seconds: float) -> bool:
        """Wait until all work has ended, for so many seconds in all; whether it has."""
        with self._lock:
            waited_for = list(self._threads.values())
        for thread in waited_for:
            thread.join(seconds / max(1, len(waited_for)))
        return not any(thread.is_alive() for thread in waited_for)

    def _do(self, name: str, work: Callable[[], object]) -> None:
        try:
            work()
        except Interrupted:  # handed back by whoever raised it
            _log.info("worker.interrupted", work=name)
        except Exception as error:  # the outermost loop of a worker: the next piece of work must find it free
            _log.error("worker.failed", work=name, **trace_of(error))
        finally:
            with self._lock:
                del self._threads[name]
