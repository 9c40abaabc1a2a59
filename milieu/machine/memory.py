"""What was worked out before, by what it depends on: bounded, and shared by the threads of a process.

Every process keeps its own. Nothing here is ever thrown away for being old: what an answer depends on is its key, so
another state of things is another key.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Answer = TypeVar("Answer")


class Memory(Generic[Answer]):
    """The answers that were asked for last, at most `most` of them."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._known: OrderedDict[Hashable, Answer] = OrderedDict()
        self._lock = threading.Lock()

    def known(self, key: Hashable) -> Answer | None:
        """The answer for a key, None where it is not known."""
        with self._lock:
            if key not in self._known:
                return None
            self._known.move_to_end(key)
            return self._known[key]

    def recall(self, key: Hashable, work_out: Callable[[], Answer]) -> Answer:
        """The answer for a key, worked out where it is not known. What raises is not remembered.

        Two threads may work the same answer out at once; none waits for the other's database.
        """
        with self._lock:
            if key in self._known:
                self._known.move_to_end(key)
                return self._known[key]
        answer = work_out()
        with self._lock:
            self._known[key] = answer
            self._known.move_to_end(key)
            while len(self._known) > self._most:
                self._known.popitem(last=False)
        return answer
