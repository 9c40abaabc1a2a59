"""Computing of passwords' hashes: few at once, a short queue before them, and "just a moment" when it is full.

A hash takes 19 MiB and a core for 40 ms. It is computed by threads of its own, never more than the processors less one:
what an allocator keeps for a thread is kept so often and no oftener, and the pages keep a processor. Whoever waits for
one holds a thread of the server, so no more wait than half of those.
"""

import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

from flask import current_app
from flask_babel import gettext as _

from milieu.errors import Busy
from web.binding import bound

T = TypeVar("T")
_KEY = "milieu_hashing"
_making = threading.Lock()


class HashQueue:
    """At most `workers` computed at once and `waiting` more waiting."""

    def __init__(self, workers: int, waiting: int) -> None:
        self._pool = ThreadPoolExecutor(workers, "hashing")
        self._places = threading.BoundedSemaphore(workers + waiting)

    @contextmanager
    def place(self) -> Iterator["HashQueue"]:
        """A place in the queue, for as long as the block lasts. Raises Busy where there is none: nothing was tried."""
        if not self._places.acquire(blocking=False):
            raise Busy(_("Many people are signing in just now. Please try again in a few seconds."))
        try:
            yield self
        finally:
            self._places.release()

    def compute(self, work: Callable[..., T], *arguments: object) -> T:
        """Do it in the queue's own thread, and wait for it; only within a `place`."""
        return self._pool.submit(work, *arguments).result()


def hash_queue() -> HashQueue:
    """The application's one queue, for every use: signing in, changing and resetting a password."""
    with _making:
        if _KEY not in current_app.extensions:
            workers = max(1, (os.cpu_count() or 1) - 1)
            waiting = max(1, bound().settings.threads // 2 - workers)
            current_app.extensions[_KEY] = HashQueue(workers, waiting)
        queue: HashQueue = current_app.extensions[_KEY]
    return queue
